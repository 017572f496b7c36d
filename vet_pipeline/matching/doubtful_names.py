"""Names that may be those of two people of one house though no list knows both of them.

Known names are told apart by `names.two_names`. Of others the end says most: brother and sister,
man and wife have one stem in many languages (Stanislav and Stanislava, Haruki and Haruko, Jianguo
and Jianhua).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from os.path import commonprefix

import numpy as np

from vet_pipeline.matching.arrays import Bools, Codes, Levels
from vet_pipeline.matching.names import NameLevel, name_levels
from vet_pipeline.matching.nicknames import perhaps_he_and_she
from vet_pipeline.matching.profiles import People

#: So many letters at the end of the shorter of two names that differ there alone may be another
#: name's.
ENDING = 2


@dataclass
class Doubt:
    """Of each pair of clients; `decide.client_vetoes` says what is needed against it."""

    initial: Bools  # one of the two is an initial
    ending: Bools  # names that differ in their end
    unknown: Bools  # names that look alike, neither of them known
    surnames: Bools  # two of each row, of which one is in both, as mother and daughter have them

    @classmethod
    def of(cls, people: People, left: Codes, right: Codes, level: Levels) -> Doubt:
        """level: of the given names. Of a couple's account the other one may be meant."""
        single = (people.second[left] == 0) & (people.second[right] == 0)
        alike = np.isin(level, (NameLevel.FUZZY, NameLevel.PREFIX, NameLevel.NEAR))
        at = np.flatnonzero(single & alike)
        one, other = people.first[left[at]], people.first[right[at]]
        known, texts = people.names.given, people.names.texts
        unknown, ending = np.zeros((2, len(left)), dtype=bool)
        unknown[at] = ~known[one] & ~known[other]
        pairs = zip(one.tolist(), other.tolist(), unknown[at].tolist(), strict=True)
        ending[at] = [
            perhaps_he_and_she(texts[a], texts[b]) or (new and _one_stem(texts[a], texts[b]))
            for a, b, new in pairs
        ]
        initial = single & (level == NameLevel.INITIAL)
        return cls(initial, ending, unknown, single & _one_in_both(people, left, right))


def _one_in_both(people: People, left: Codes, right: Codes) -> Bools:
    """Lopez Mendoza and Ibarra Lopez; not Lopez-Mendoza and Mendoza Lopez, or a slip in one."""
    parts = people.last_head, people.last_tail
    found = (people.last[left] != people.last[right]) & (people.last[left] > 0)
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
