"""What forbids the machine to link two pets of linked owners: one function for each veto.

As of clients (`client_vetoes`): a veto forbids the link, not the asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.animals import UNKNOWN_DAY
from vet_pipeline.matching.arrays import Bools, Codes, Matrix, Wide
from vet_pipeline.matching.names import NameLevel
from vet_pipeline.matching.pet_comparisons import known_days_differ, same_known_day
from vet_pipeline.matching.pet_names import are_two_names, without_surname
from vet_pipeline.matching.pets import COMMON, PET_FEATURES

if TYPE_CHECKING:
    from vet_pipeline.matching.animals import Animals


#: From so many animals on an owner is a shelter or a breeder, where names come back: COMMON ones, or those of
#: which so many are expected among the owner's.
MANY = 16
NAMESAKES = 0.25


@dataclass
class PetPairs:
    """Pairs of pet rows and what they agree on."""

    animals: Animals
    left: Codes
    right: Codes
    levels: Matrix
    impossible: Bools  # their life dates contradict
    surname: Codes  # of each pet's owner, a code; 0 without an owner
    surnames: list[str]  # what the codes are

    @property
    def rows(self) -> tuple[Animals, Codes, Codes]:
        """Whose rows they are, for what looks at more than levels."""
        return self.animals, self.left, self.right

    def means(self, feature: str, word: str) -> Bools:
        """Whether the level of a feature is the one called so."""
        level = self.levels[:, list(PET_FEATURES).index(feature)]
        return np.asarray(level == PET_FEATURES[feature].index(word))

    def name(self, row: int) -> str:
        """A pet's name without its owner's surname: "Rex Miller" may be Rex Bear of the Millers."""
        text = self.animals.names.texts[self.animals.name[row]]
        return without_surname(text, self.surnames[self.surname[row]])


def pet_vetoes(pairs: PetPairs) -> dict[str, Bools]:
    """Each veto and which pairs it holds apart; of several a person is told the last."""
    animals, left, right = pairs.rows
    return {
        "name_common": name_common(pairs),
        "birth_dates_differ": known_days_differ(animals, left, right),
        # Rex and Rex II; an equal birth date doesn't help, for littermates have it.
        "numbers_differ": animals.numbered[left] != animals.numbered[right],
        "names_only_alike": names_only_alike(pairs),
        "species_differ": pairs.means("species", "different"),
        "names_differ": pairs.means("name", "different"),
        "life_dates_contradict": pairs.impossible,
    }


def name_common(pairs: PetPairs) -> Bools:
    """Whether either pet is one of very many of its owner, who may have another of that name.

    What says that it isn't are two birth dates; where the owner has so many that there surely is
    another one, one day that both know.
    """
    animals, left, right = pairs.rows
    count = np.bincount(animals.owner[animals.owner >= 0], minlength=1)
    both = np.maximum(count[animals.owner[left]], count[animals.owner[right]])
    one, other = animals.head[left], animals.head[right]
    named = np.maximum(animals.common[one], animals.common[other])  # one of them may have a slip
    others = both * (named - 1 - (one == other)) / max(animals.all_rows, 1)
    undated = (animals.born[left] == UNKNOWN_DAY) | (animals.born[right] == UNKNOWN_DAY)
    found = (both >= MANY) & (named > COMMON * animals.all_rows) & undated
    at = np.flatnonzero((both >= MANY) & (others > NAMESAKES))
    found[at] |= ~same_known_day(animals, left[at], right[at])
    return np.asarray(found)


def names_only_alike(pairs: PetPairs) -> Bools:
    """Names that look alike and are two (Lucy, Lucky); or an owner has a pet of either."""
    found = np.zeros(len(pairs.left), dtype=bool)
    level = pairs.levels[:, list(PET_FEATURES).index("name")]
    at = np.flatnonzero((level > NameLevel.DIFFERENT) & (level < NameLevel.SAME))
    namesake = _beside_namesake(pairs)
    seen: dict[tuple[str, str], bool] = {}
    rows = zip(at.tolist(), pairs.left[at].tolist(), pairs.right[at].tolist(), strict=True)
    for place, left, right in rows:
        names = one, other = pairs.name(left), pairs.name(right)
        if names not in seen:
            seen[names] = are_two_names(one, other)
        found[place] = seen[names] or (namesake[place] and one != other)
    return found


def _beside_namesake(pairs: PetPairs) -> Bools:
    """Whether one name has a word more, and one of the two owners has a pet of either name.

    Jasper Rose isn't Jasper where the same PIMS client has a Jasper, too, whatever litter they are
    of.
    """
    animals, left, right = pairs.rows
    size = np.int64(len(animals.names.texts))

    def named(keeper: Any, name: Any) -> Wide:
        return np.asarray(animals.owner[keeper].astype(np.int64) * size + animals.name[name])

    rows = np.flatnonzero((animals.owner >= 0) & (animals.name > 0))
    there = named(rows, rows)
    found = np.isin(named(right, left), there) | np.isin(named(left, right), there)
    found &= animals.head[left] == animals.head[right]
    return np.asarray(found & (animals.name[left] != animals.name[right]))


def one_is_called_so(pairs: PetPairs) -> Bools:
    """Whether the name of the one is noted beside the other's: asked about, whatever the bits say.

    A horse or show dog has its registered name in the PIMS with its call name behind it, and that
    alone in the web shop: as a new pet it would stand twice.
    """
    animals, left, right = pairs.rows
    found = np.zeros(len(left), dtype=bool)
    for one, other in ((left, right), (right, left)):
        found |= (animals.called[one] > 0) & (animals.called[one] == animals.name[other])
    kinds = animals.species[left], animals.species[right]
    return np.asarray(found & ((kinds[0] == kinds[1]) | (np.minimum(*kinds) == 0)))
