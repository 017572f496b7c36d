"""How alike two names are: one level per distinct pair of texts."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from vet_pipeline.matching.arrays import Bools, Codes, Wide
from vet_pipeline.matching.keys import coded
from vet_pipeline.matching.nicknames import (
    he_and_she,
    known_nicknames,
    slips_of_forms,
    two_listed,
    without_a_letter,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vet_pipeline.matching.keys import Vocabulary


class NameLevel(IntEnum):
    """From nothing known to the same; bigger is more alike."""

    MISSING = 0
    DIFFERENT = 1
    FUZZY = 2  # alike to the eye, too far for a slip of the hand; Mary and Mark
    INITIAL = 3  # "J" and "John"
    PREFIX = 4  # "Alex" and "Alexandra", one part of a double surname
    NEAR = 5  # one slip, two in long names
    NICKNAME = 6
    SAME = 7


# Plain numbers for loops and masks: looking up a member of an enum takes as long as comparing.
_MISSING, _DIFFERENT = int(NameLevel.MISSING), int(NameLevel.DIFFERENT)
_FUZZY, _INITIAL = int(NameLevel.FUZZY), int(NameLevel.INITIAL)
_PREFIX, _NEAR = int(NameLevel.PREFIX), int(NameLevel.NEAR)
_NICKNAME, _SAME = int(NameLevel.NICKNAME), int(NameLevel.SAME)

#: Jaro-Winkler above which two names look alike at all; below, they are wholly different.
ALIKE = 0.80


def name_levels(left: Codes, right: Codes, vocabulary: Vocabulary, *, given: bool) -> Codes:
    """NameLevel of each pair of codes; nicknames count for given names only."""
    levels = np.where(left == right, _SAME, _DIFFERENT).astype(np.int32)
    levels[(left == 0) | (right == 0)] = _MISSING
    open_at = np.flatnonzero(levels == _DIFFERENT)

    def look(one: Wide, other: Wide) -> Codes:
        return _open_levels(one, other, vocabulary, given=given)

    levels[open_at] = _once(left[open_at], right[open_at], look)
    return levels


def _once(left: Codes, right: Codes, look: Callable[[Wide, Wide], Any]) -> Any:
    """What `look` finds in each pair of codes, looking at each distinct pair once."""
    if not len(left):
        return np.zeros(0, dtype=bool)
    pairs, place = coded(left.astype(np.int64) << 32 | right)
    return look(pairs >> 32, pairs & 0xFFFFFFFF)[place]


def _open_levels(one: Wide, other: Wide, vocabulary: Vocabulary, *, given: bool) -> Codes:
    """Levels of pairs of different texts, both known."""
    levels = np.full(len(one), _DIFFERENT, dtype=np.int32)
    texts, size, letter = vocabulary.texts, vocabulary.sizes, vocabulary.letters
    shorter, longer = np.minimum(size[one], size[other]), np.maximum(size[one], size[other])
    same_letter = letter[one] == letter[other]
    a, b = [texts[i] for i in one.tolist()], [texts[i] for i in other.tolist()]
    alike = cpdist(a, b, scorer=JaroWinkler.similarity, score_cutoff=0.7, dtype=np.float32)
    levels[alike >= ALIKE] = _FUZZY
    for i in np.flatnonzero(same_letter & (shorter >= 3) & (shorter < longer)).tolist():
        if a[i].startswith(b[i]) or b[i].startswith(a[i]):
            levels[i] = _PREFIX
    close = np.flatnonzero((alike >= 0.7) & (longer >= 4) & (longer - shorter <= 2))
    if len(close):
        near_a, near_b = [a[i] for i in close.tolist()], [b[i] for i in close.tolist()]
        slips = cpdist(near_a, near_b, scorer=OSA.distance, score_cutoff=2, dtype=np.int32)
        two = (slips == 2) & (shorter[close] >= 6) & (alike[close] >= 0.85)
        levels[close[(slips <= 1) | two]] = _NEAR
    single = shorter == 1
    levels[single] = np.where(same_letter[single], _INITIAL, _DIFFERENT)
    if given:
        formed = vocabulary.formed[one] | vocabulary.formed[other]
        _add_nicknames(levels, a, b, np.flatnonzero(~single & formed))
        _add_initials(levels, a, b, np.flatnonzero(single & (longer > 1) & formed))
        alike_only = np.flatnonzero((levels == _NEAR) | (levels == _PREFIX))
        left, right = (side[alike_only].astype(np.int32) for side in (one, other))
        levels[alike_only[two_names(left, right, vocabulary)]] = _FUZZY
    return levels


def two_names(left: Codes, right: Codes, vocabulary: Vocabulary) -> Bools:
    """Whether both are known given names, and no forms of one: no slip makes Mary of Mark."""
    found = vocabulary.given[left] & vocabulary.given[right]
    at = np.flatnonzero(found)
    alike = np.flatnonzero(vocabulary.spelled_alike(left[at], right[at]))
    found[at[alike]] = _two_by_spelling(left[at[alike]], right[at[alike]], vocabulary)
    at = np.flatnonzero(found)
    one, other = left[at], right[at]
    known = known_nicknames()
    found[at] = ~(
        nicknames(one, other, vocabulary, known) | nicknames(other, one, vocabulary, known)
    )
    # A slip seldom makes a woman's name of a man's: Fernando, Fernanda.
    unknown = np.flatnonzero(~found)
    pairs = zip(left[unknown].tolist(), right[unknown].tolist(), strict=True)
    texts = vocabulary.texts
    found[unknown] = [he_and_she(texts[a], texts[b]) for a, b in pairs]
    return np.asarray(found)


def _two_by_spelling(left: Codes, right: Codes, vocabulary: Vocabulary) -> Bools:
    listed, texts = two_listed(), vocabulary.texts
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return np.array([(texts[a], texts[b]) in listed for a, b in pairs], dtype=bool)


def one_slip(left: Codes, right: Codes, vocabulary: Vocabulary) -> Bools:
    """Whether one slip of the hand makes one text of the other; for names too short for NEAR."""
    texts = vocabulary.texts

    def look(one: Wide, other: Wide) -> Bools:
        a, b = ([texts[i] for i in side.tolist()] for side in (one, other))
        slips = cpdist(a, b, scorer=OSA.distance, score_cutoff=1, dtype=np.int32)
        return np.asarray(slips <= 1)

    return np.asarray(_once(left, right, look))


def nicknames(
    left: Codes, right: Codes, vocabulary: Vocabulary, known: Mapping[str, frozenset[str]]
) -> Bools:
    """Whether one text is a `known` form of the other."""
    texts = vocabulary.texts

    def look(one: Wide, other: Wide) -> Bools:
        pairs = zip(one.tolist(), other.tolist(), strict=True)
        return np.array([texts[b] in known.get(texts[a], ()) for a, b in pairs], dtype=bool)

    found = vocabulary.formed[left] & vocabulary.formed[right]
    found[found] = _once(left[found], right[found], look)
    return np.asarray(found)


def _add_initials(levels: Codes, a: list[str], b: list[str], at: Wide) -> None:
    """Initials of other forms: W may be Bill's."""
    known = known_nicknames()
    for i in at.tolist():
        letter, name = (a[i], b[i]) if len(a[i]) == 1 else (b[i], a[i])
        if any(form[0] == letter for form in known.get(name, ())):
            levels[i] = _INITIAL


def _add_nicknames(levels: Codes, a: list[str], b: list[str], at: Wide) -> None:
    known = known_nicknames()
    different = (levels == _DIFFERENT).tolist()
    for i in at.tolist():
        one, other = a[i], b[i]
        forms = known.get(one)
        if forms and other in forms:
            levels[i] = _NICKNAME
        elif different[i] and (
            (forms and not slips_of_forms(one).isdisjoint(without_a_letter(other)))
            or (other in known and not slips_of_forms(other).isdisjoint(without_a_letter(one)))
        ):
            levels[i] = _FUZZY
