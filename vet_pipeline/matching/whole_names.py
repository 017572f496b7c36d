"""Given names of more than one word: "Maria Elena" isn't "Maria Isabel".

Elsewhere the first word stands for the given name, since most people use no other. In many families
it is the one word that all of a house have: a saint's, a generation's, Thi and Van, Mohammed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vet_pipeline.matching.arrays import Bools, Codes
from vet_pipeline.matching.keys import Column, Vocabulary
from vet_pipeline.matching.names import NameLevel, name_levels

if TYPE_CHECKING:
    from vet_pipeline.matching.profiles import People


def further_names_differ(people: People, left: Codes, right: Codes) -> Bools:
    """Whether what follows the first word of both given names is of two people.

    An initial agrees with a name, and whoever leaves the further names away says nothing. "Minjun"
    is written in one word: what follows "Min" in the other row is compared with the rest of it. So
    is the surname where the two stand in each other's place. Not looked at where somebody else of a
    joint account may be meant.
    """
    found = np.zeros(len(left), dtype=bool)
    said = (people.further[left] > 0) | (people.further[right] > 0)
    said &= (people.second[left] == 0) & (people.second[right] == 0)
    # "Abd el-Aziz" and "Abdelaziz": which of its letters are a particle, the joined one doesn't
    # say.
    said &= people.whole[left] != people.whole[right]
    at = np.flatnonzero(said)
    one, other = left[at], right[at]
    texts, pairs, place = people.names.texts, [], []
    for here, a, b in zip(at.tolist(), one.tolist(), other.tolist(), strict=True):
        rests = _rests(texts, people, a, b)
        if rests is not None:
            place.append(here)
            pairs.append(rests)
    if not pairs:
        return found
    words = [word for rests in pairs for word in rests]
    vocabulary, (codes,) = Vocabulary.of(Column(np.arange(len(words), dtype=np.int32), words))
    level = name_levels(codes[::2], codes[1::2], vocabulary, given=True)
    found[place] = (level > NameLevel.MISSING) & (level < NameLevel.INITIAL)
    return found


def _rests(texts: list[str], people: People, a: int, b: int) -> tuple[str, str] | None:
    """What follows the first words of two given names, where both have it."""
    rest_a, rest_b = texts[people.further[a]], texts[people.further[b]]
    if rest_a and rest_b:
        return rest_a, rest_b
    if rest_b:
        a, b, rest_a = b, a, rest_b
    first = texts[people.first[a]]
    swapped = people.first[b] == people.last[a]
    whole = texts[people.last[b] if swapped else people.first[b]]
    # Kim P is a form of Kimberly.
    if min(len(first), len(rest_a)) > 1 and len(whole) > len(first) and whole.startswith(first):
        return rest_a, whole[len(first) :]
    return None
