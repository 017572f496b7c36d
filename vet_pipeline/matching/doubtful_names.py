"""Names that may be those of two people of one house though no list knows both of them.

Known names are told apart by `names.two_names`. Of others the end says most: brother and sister,
man and wife have one stem in many languages (Stanislav and Stanislava, Haruki and Haruko, Jianguo
and Jianhua).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from os.path import commonprefix
from typing import Any

import numpy as np

from vet_pipeline.matching.arrays import Bools, Codes, Levels, Places
from vet_pipeline.matching.comparisons import NameLevels
from vet_pipeline.matching.keys import Column, Vocabulary
from vet_pipeline.matching.lists import BEFORE_NAMES, FAMILY_NAMES
from vet_pipeline.matching.names import NameLevel, name_levels, two_names
from vet_pipeline.matching.nicknames import perhaps_he_and_she, seldom_one
from vet_pipeline.matching.profiles import People

#: So many letters at the end of the shorter of two names that differ there alone may be another
#: name's.
ENDING = 2


@dataclass
class Doubt:
    """Of each pair of clients; `client_vetoes` says what is needed against it."""

    nameless: Bools  # one of the two names nobody, nor an organisation
    initial: Bools  # one of the two is an initial
    ending: Bools  # names that differ in their end
    seldom_one: Bools  # forms of one name by the book alone
    unknown: Bools  # names that look alike, neither of them known
    surnames: Bools  # two of each row, of which one is in both, as mother and daughter have them

    @classmethod
    def of(cls, people: People, left: Codes, right: Codes, level: Levels) -> Doubt:
        """level: of the given names. Of a couple it is the doubt of whoever is most alike."""
        at, one, other = _most_alike(people, left, right, level)
        known, texts = people.names.given, people.names.texts
        named = [(texts[a], texts[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
        alike = np.isin(level[at], (NameLevel.FUZZY, NameLevel.PREFIX, NameLevel.NEAR))
        unknown = alike & ~known[one] & ~known[other]
        ending = [
            looks and (perhaps_he_and_she(*pair) or (new and _one_stem(*pair)))
            for pair, looks, new in zip(named, alike.tolist(), unknown.tolist(), strict=True)
        ]

        def all_of(found: Any) -> Bools:
            count = np.bincount(at, minlength=len(left))
            return np.asarray((np.bincount(at, found, len(left)) == count) & (count > 0))

        organised = (people.organisation[left] > 0) | (people.organisation[right] > 0)
        return cls(
            nameless=(level == NameLevel.MISSING) & ~organised,
            initial=all_of(level[at] == NameLevel.INITIAL),
            ending=all_of(ending),
            seldom_one=all_of([pair in seldom_one() for pair in named]),
            unknown=all_of(unknown),
            surnames=_one_in_both(people, left, right),
        )


def either_order(people: People, left: Codes, right: Codes) -> Bools:
    """Of names that stand in each other's place whether either may be the given name.

    Where a son has his father's name behind his own, Thomas George has a son George Thomas. A
    surname that people are known to be called by, too, isn't one that many more have as a surname
    here, nor one of FAMILY_NAMES.
    """
    given = people.names.given & (2 * people.called >= people.surnamed)
    given &= ~people.names.among(FAMILY_NAMES)
    found = given[people.first[left]] & given[people.last[left]]
    return np.asarray(found & given[people.first[right]] & given[people.last[right]])


def family_name_first(people: People, left: Codes, right: Codes) -> Bools:
    """Whether all of a family bear the given name first, and the surnames are two given names.

    Li, Wei and Li, Wen: the family's name stands before the given name; and perhaps *Van*, which
    as a surname's is a part of it, between them.
    """
    found = (people.first[left] == people.first[right]) & (people.last[left] != people.last[right])
    found &= people.names.among(FAMILY_NAMES | BEFORE_NAMES)[people.first[left]]
    at = np.flatnonzero(found)
    if len(at):
        tails = np.stack([people.last_tail[left[at]], people.last_tail[right[at]]], axis=1)
        words = [people.names.texts[code].removeprefix("van") for code in tails.ravel().tolist()]
        vocabulary, (codes,) = Vocabulary.of(Column(np.arange(len(words), dtype=np.int32), words))
        found[at] = two_names(codes[::2], codes[1::2], vocabulary)
        found[at] &= codes[::2] != codes[1::2]
    return np.asarray(found)


def titles_differ(people: People, left: Codes, right: Codes) -> Bools:
    """Whether it is Mr J and Mrs J, or Mr and Mrs, of one surname: the title is all that tells.

    Beside two whole names it tells nothing: who fills a form in leaves the first of its titles.
    """
    one, other = people.titled[left], people.titled[right]
    found = (one != other) & (one > 0) & (other > 0)
    for rows in (left, right):
        found &= people.second[rows] == 0
    short = people.names.sizes < 2
    return np.asarray(found & (short[people.first[left]] | short[people.first[right]]))


def branches_differ(people: People, left: Codes, right: Codes) -> Bools:
    """Whether organisations say that they are two of several: barn 1 and 2; not K9 and K-9."""
    one, other = people.branch[left], people.branch[right]
    differ = people.organisation[left] != people.organisation[right]
    return np.asarray(differ & (one != other) & (one > 0) & (other > 0))


def written_twice(people: People, left: Codes, right: Codes, names: NameLevels) -> Bools:
    """Whether two given names are one beyond doubt: in the surname's place, or in two words.

    A number or email that only these two rows hold isn't a household's. A form may be somebody
    else's (Steph is Stephen, and his wife Stephanie), and so may what looks like a slip: Michele is
    Michael's wife.
    """
    found = (names.first == NameLevel.SAME) & (people.first[left] != people.first[right])
    found &= names.last >= NameLevel.NEAR
    for rows in (left, right):
        found &= (people.second[rows] == 0) & (people.organisation[rows] == 0)
    at = np.flatnonzero(found)
    form, other_form = people.forms(np.concatenate([left[at], right[at]])).reshape(2, -1)
    found[at] = (form != other_form) & (form > 0) & (other_form > 0)
    return np.asarray(found)


def _most_alike(
    people: People, left: Codes, right: Codes, level: Levels
) -> tuple[Places, Codes, Codes]:
    """Pairs of rows whose names aren't the same, and the given names that make their level."""
    doubtful = (level > NameLevel.DIFFERENT) & (level < NameLevel.SAME)
    couples = (people.second[left] > 0) | (people.second[right] > 0)
    at = np.flatnonzero(doubtful & ~couples)
    found = [(at, people.first[left[at]], people.first[right[at]])]
    at = np.flatnonzero(doubtful & couples)
    for here, there in product((people.first, people.second), repeat=2):
        one, other = here[left[at]], there[right[at]]
        best = name_levels(one, other, people.names, given=True) == level[at]
        found.append((at[best], one[best], other[best]))
    at, one, other = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return at, one, other


def _one_in_both(people: People, left: Codes, right: Codes) -> Bools:
    """Lopez Mendoza and Ibarra Lopez; not Lopez-Mendoza and Mendoza Lopez, or a slip in one."""
    parts = people.last_head, people.last_tail
    found = people.last[left] > 0
    for one, other in product((people.last, people.second_last), repeat=2):
        found &= (one[left] != other[right]) | (one[left] == 0)
    for rows in (left, right):
        found &= parts[0][rows] != parts[1][rows]
    at = np.flatnonzero(found)
    alike = {
        (i, j): _alike(people, parts[i][left[at]], parts[j][right[at]])
        for i, j in product((0, 1), repeat=2)
    }
    both = (alike[0, 0] & alike[1, 1]) | (alike[0, 1] & alike[1, 0])
    found[at] = np.any(list(alike.values()), axis=0) & ~both
    return np.asarray(found)


def _alike(people: People, one: Codes, other: Codes) -> Bools:
    return np.asarray(name_levels(one, other, people.names, given=False) > NameLevel.FUZZY)


def _one_stem(one: str, other: str) -> bool:
    return len(commonprefix([one, other])) >= min(len(one), len(other)) - ENDING
