"""Home pets that no pet of a PIMS client can be, because other animals have them.

A shelter has thousands of pets, and as many new ones in a year: what is said of an owner and a pet
must not be said of each two pets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from vet_pipeline.matching.arrays import Bools, Codes, Wide
from vet_pipeline.matching.cells import places, text

if TYPE_CHECKING:
    from vet_pipeline.matching.contract import Side


@dataclass(frozen=True)
class TakenPets:
    """Pairs of rows that `Side.taken` of the PIMS side forbids."""

    owner: Codes  # of each PIMS pet, a number
    pairs: Wide  # owner and home row in one number
    said_same: Wide  # home and PIMS row in one number: a person's word goes before

    @classmethod
    def of(cls, home: Side, pims: Side, same: set[tuple[int, int]]) -> TakenPets:
        """Coded by the pets' rows. `same`: pairs of rows; PIMS rows count on from the home ones."""
        nothing = np.zeros(0, dtype=np.int64)
        if not pims.taken:
            return cls(np.zeros(0, dtype=np.int32), nothing, nothing)
        owners, pets = (
            pa.array(column, pa.string()) for column in zip(*sorted(pims.taken), strict=True)
        )
        distinct = owners.unique()
        at_owner = places(owners, distinct)
        at_home = places(pets, text(home.pets, "pet_id"))
        there = at_home >= 0
        split = len(home.pets)
        return cls(
            places(text(pims.pets, "client_id"), distinct),
            _one_number(at_owner[there], at_home[there]),
            np.array([h << 32 | p - split for h, p in same], dtype=np.int64),
        )

    def are(self, home: Any, pims: Any) -> Bools:
        """Whether each pair of rows, each side's counted from 0, is forbidden."""
        if not len(self.pairs):
            return np.zeros(len(home), dtype=bool)
        forbidden = np.isin(_one_number(self.owner[pims], home), self.pairs)
        return np.asarray(forbidden & ~np.isin(_one_number(home, pims), self.said_same))


def _one_number(high: Any, low: Any) -> Wide:
    return np.asarray(high.astype(np.int64) << 32 | low.astype(np.int64))
