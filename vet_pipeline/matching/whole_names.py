"""Given names of more than one word: "Maria Elena" isn't "Maria Isabel".

Elsewhere the first word stands for the given name, since most people use no other. In many families
it is the one word that all of a house have: a saint's, a generation's, Thi and Van, Mohammed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.arrays import Bools, Codes
from vet_pipeline.matching.keys import Column, Vocabulary
from vet_pipeline.matching.names import NameLevel, name_levels
from vet_pipeline.matching.nicknames import often_two

if TYPE_CHECKING:
    from vet_pipeline.matching.profiles import People


@dataclass
class _Persons:
    """One person of each of some rows."""

    first: Codes
    whole: Codes
    further: Codes
    last: Codes

    @classmethod
    def of(cls, people: People, rows: Codes, place: int) -> _Persons:
        """place: 0 is whom the rows name first, 1 the other one of a couple."""
        if place:
            first, whole, further = people.second, people.second_whole, people.second_further
        else:
            first, whole, further = people.first, people.whole, people.further
        return cls(first[rows], whole[rows], further[rows], people.last[rows])


def further_names_differ(people: People, left: Codes, right: Codes) -> Bools:
    """Whether what follows the first word of both given names is of two people.

    An initial agrees with a name, and whoever leaves the further names away says nothing. "Minjun"
    is written in one word: what follows "Min" in the other row is compared with the rest of it. So
    is the surname where the two stand in each other's place. Of couples it is whether nobody of
    the one is anybody of the other, though a first word is the same.
    """
    found = np.zeros(len(left), dtype=bool)
    said = [
        (people.further[rows] > 0) | (people.second_further[rows] > 0) for rows in (left, right)
    ]
    couples = (people.second[left] > 0) | (people.second[right] > 0)
    at = np.flatnonzero((said[0] | said[1]) & ~couples)
    one, other = (_Persons.of(people, rows[at], 0) for rows in (left, right))
    found[at] = _differ(people.names, one, other)
    at = np.flatnonzero((said[0] | said[1]) & couples)
    alike, same = persons_alike(people, left[at], right[at], NameLevel.INITIAL)
    found[at] = alike.any(axis=(0, 1)) & ~same.any(axis=(0, 1))
    return found


def called_by_a_further_name(people: People, left: Codes, right: Codes) -> Bools:
    """Whether the one goes by what follows the other's first word: Henry, and William Henry.

    Or by a form of it (Maria Guadalupe is Lupe). It may be the daughter who was named so.
    """
    given = np.concatenate([people.first[left], people.first[right]])
    further = np.concatenate([people.further[right], people.further[left]])
    level = name_levels(given, further, people.names, given=True)
    return np.asarray((level >= NameLevel.NICKNAME).reshape(2, -1).any(axis=0))


def same_couple(people: People, left: Codes, right: Codes) -> Bools:
    """Whether both rows name two persons, and the same two.

    No initial or slip is among their names, and no form that is another's in many a house.
    """
    found = (people.second[left] > 0) & (people.second[right] > 0)
    at = np.flatnonzero(found)
    _, same = persons_alike(people, left[at], right[at], NameLevel.NICKNAME)
    texts, named = people.names.texts, (people.first, people.second)
    for i, j in product((0, 1), repeat=2):
        pairs = zip(named[i][left[at]].tolist(), named[j][right[at]].tolist(), strict=True)
        found_two = [(texts[a], texts[b]) in often_two() for a, b in pairs]
        same[i, j] &= ~np.array(found_two, dtype=bool)
    found[at] = (same[0, 0] & same[1, 1]) | (same[0, 1] & same[1, 0])
    return found


def persons_alike(
    people: People, left: Codes, right: Codes, level: NameLevel
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Whether each person of the one row is as alike as `level` to each of the other row.

    By the first words of the given names; and by all of them. Axes: person, person, pair.
    """
    alike, same = np.zeros((2, 2, 2, len(left)), dtype=bool)
    for i, j in product((0, 1), repeat=2):
        one, other = _Persons.of(people, left, i), _Persons.of(people, right, j)
        alike[i, j] = name_levels(one.first, other.first, people.names, given=True) >= level
        same[i, j] = alike[i, j]
        at = np.flatnonzero(alike[i, j])
        one, other = (_Persons.of(people, rows[at], k) for rows, k in ((left, i), (right, j)))
        same[i, j, at] = ~_differ(people.names, one, other)
    return alike, same


def _differ(names: Vocabulary, one: _Persons, other: _Persons) -> Bools:
    """Whether the further names of these pairs of persons are of two people."""
    found = np.zeros(len(one.first), dtype=bool)
    # "Abd el-Aziz" and "Abdelaziz": which of its letters are a particle, the joined one doesn't
    # say.
    said = ((one.further > 0) | (other.further > 0)) & (one.whole != other.whole)
    pairs, place = [], []
    for at in np.flatnonzero(said).tolist():
        rests = _rests(names.texts, one, other, at)
        if rests is not None:
            place.append(at)
            pairs.append(rests)
    if not pairs:
        return found
    words = [word for rests in pairs for word in rests]
    vocabulary, (codes,) = Vocabulary.of(Column(np.arange(len(words), dtype=np.int32), words))
    level = name_levels(codes[::2], codes[1::2], vocabulary, given=True)
    found[place] = (level > NameLevel.MISSING) & (level < NameLevel.INITIAL)
    return found


def _rests(texts: list[str], one: _Persons, other: _Persons, at: int) -> tuple[str, str] | None:
    """What follows the first words of two given names, where both have it."""
    rest_one, rest_other = texts[one.further[at]], texts[other.further[at]]
    if rest_one and rest_other:
        return rest_one, rest_other
    if rest_other:
        one, other, rest_one = other, one, rest_other
    first = texts[one.first[at]]
    swapped = other.first[at] == one.last[at]
    whole = texts[other.last[at] if swapped else other.first[at]]
    # Kim P is a form of Kimberly.
    if min(len(first), len(rest_one)) > 1 and len(whole) > len(first) and whole.startswith(first):
        return rest_one, whole[len(first) :]
    return None
