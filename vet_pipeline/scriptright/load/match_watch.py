"""Whether matches can be trusted where nobody knows the truth. Pure: frames in, counts out.

On a first load made-up clients who can't be anybody are matched as well, and the scores are
compared with those that the model knows. Where they look unlike, the machine links nothing
(asked_instead.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from vet_pipeline.matching import MatchResult, MatchSettings, Side
from vet_pipeline.matching.contract import CLIENT_FIELDS, PET_FIELDS

if TYPE_CHECKING:
    from vet_pipeline.matching import DecoyEstimate, Drift

Rows = np.ndarray[Any, np.dtype[np.int64]]

DECOYS = 1_000  # enough to see a rate of one in 300
# Decoys meet so many clients of the PIMS, drawn by their ids: a bigger practice costs no more.
# Most false links of a decoy are to the client it was made of, who is among them.
_MEET_AT_MOST = 4_000
_DEFAULT = MatchSettings()


@dataclass(frozen=True, slots=True)
class Watched:
    """What was measured on a first load's matches."""

    estimate: DecoyEstimate
    drift: Drift

    def counts(self) -> dict[str, int]:
        """Whole numbers for the ledger, rates per million and per mille.

        What says nothing is left out: no decoys could be made, or too few records have a score.
        """
        from vet_pipeline.matching.drift import ENOUGH

        found: dict[str, int] = {}
        if self.estimate.decoys:
            found["decoys"] = self.estimate.decoys
            found["decoys_linked"] = self.estimate.linked
            found["decoys_linked_at_most_per_million"] = round(self.estimate.upper_bound * 1e6)
        if self.drift.scored >= ENOUGH:
            found["scores_compared"] = self.drift.scored
            found["score_drift_per_mille"] = round(self.drift.index * 1000)
            found["score_drift_limit_per_mille"] = round(self.drift.limit * 1000)
            found["scores_unlike"] = int(self.drift.unlike)
        return found


class Watch(Protocol):
    """`watch_matches`, or that with a practice's settings bound."""

    def __call__(self, home: Side, pims: Side, result: MatchResult) -> Watched:
        """Measure; pure."""


def watch_matches(
    home: Side, pims: Side, result: MatchResult, *, settings: MatchSettings = _DEFAULT
) -> Watched:
    """The estimated rate of false links, and how unlike the scores are."""
    from vet_pipeline.matching import estimate_false_links, score_drift  # first loads alone

    estimate = estimate_false_links(drawn(home), drawn(pims), count=DECOYS, settings=settings)
    return Watched(estimate, score_drift(result.clients))


def drawn(side: Side) -> Side:
    """At most _MEET_AT_MOST clients with their pets; the same ones every time."""
    if len(side.clients) <= _MEET_AT_MOST:
        return side
    ids = side.clients["client_id"]
    objects = ids.to_numpy(dtype=object)
    # Text has the same hash either way; pandas would first look for repeated ids.
    order = pd.util.hash_array(objects, categorize=ids.dtype.type is not str)
    last = np.partition(order, _MEET_AT_MOST - 1)[_MEET_AT_MOST - 1]
    before, same = np.flatnonzero(order < last), np.flatnonzero(order == last)
    rows = np.sort(np.r_[before, same[: _MEET_AT_MOST - len(before)]])
    clients = _rows(side.clients, ("client_id", *CLIENT_FIELDS), rows)
    of_drawn = side.pets["client_id"].isin(clients["client_id"]).to_numpy(dtype=bool)
    pets = _rows(side.pets, ("pet_id", "client_id", *PET_FIELDS), np.flatnonzero(of_drawn))
    return Side(clients, pets)


def _rows(frame: pd.DataFrame, columns: tuple[str, ...], rows: Rows) -> pd.DataFrame:
    """These rows of the columns that are there, numbered anew."""
    kept = [column for column in columns if column in frame.columns]
    return frame[kept].iloc[rows].reset_index(drop=True)
