"""Counting what a matcher decided against the truth, as linkage data count it: per PIMS row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.matching.labelled import has_counterpart, same_client
from vet_pipeline.matching.bounds import upper_bound


@dataclass
class Score:
    """Counts of one record kind on one draw."""

    rows: int
    counterparts: int  # rows that have one
    links: int  # neutral ones left out
    true: int
    false: int
    neutral: int
    possible: int
    true_or_possible: int
    false_in_household: int = 0

    @property
    def recall(self) -> float:
        """Rows linked rightly among those that have a counterpart."""
        return self.true / max(self.counterparts, 1)

    @property
    def recall_with_possible(self) -> float:
        """The same, with those whose right one is shown to a person."""
        return self.true_or_possible / max(self.counterparts, 1)

    @property
    def precision(self) -> float:
        """Right links among all that are right or false."""
        return self.true / max(self.links, 1)

    @property
    def false_per_thousand(self) -> float:
        """False links per 1,000."""
        return 1000 * self.false / max(self.links, 1)

    @property
    def false_at_most(self) -> float:
        """Upper 95 % bound of false links per 1,000."""
        return 1000 * upper_bound(self.false, self.links)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.true / max(self.links + self.counterparts, 1)

    def __add__(self, other: Score) -> Score:
        return Score(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


def score_clients(
    result: pd.DataFrame, home_truth: pd.DataFrame, pims_truth: pd.DataFrame
) -> Score:
    """Truth frames: client_id, account, holder, household."""
    truth = _truths(result, home_truth, pims_truth)
    false = result[((result["decision"] == "linked") & (truth == 0)).to_numpy()]
    one = home_truth.set_index("client_id")["household"].reindex(false["home_id"]).to_numpy()
    other = pims_truth.set_index("client_id")["household"].reindex(false["pims_id"]).to_numpy()
    linked = (result["decision"] == "linked").to_numpy()
    possible = (result["decision"] == "possible").to_numpy()
    has = has_counterpart(home_truth, pims_truth)
    reached = result.loc[(linked | possible) & (truth == 1), "pims_id"].nunique()
    return Score(
        rows=len(pims_truth),
        counterparts=int(has.sum()),
        links=int((linked & (truth != -1)).sum()),
        true=int((linked & (truth == 1)).sum()),
        false=int((linked & (truth == 0)).sum()),
        neutral=int((linked & (truth == -1)).sum()),
        possible=int(result.loc[possible, "pims_id"].nunique()),
        true_or_possible=int(reached),
        false_in_household=int((one == other).sum()),
    )


def score_pets(
    pets: pd.DataFrame,
    clients: pd.DataFrame,
    home_pets: pd.DataFrame,
    pims_pets: pd.DataFrame,
    home_truth: pd.DataFrame,
    pims_truth: pd.DataFrame,
) -> Score:
    """Over pets whose owners are linked; *_pets: pet_id, client_id, *_truth: pet_id, pet."""
    linked_clients = clients[clients["decision"] == "linked"]
    owner = dict(zip(linked_clients["pims_id"], linked_clients["home_id"], strict=True))
    home_pet = home_truth.set_index("pet_id")["pet"]
    pims_pet = pims_truth.set_index("pet_id")["pet"]
    of_home: dict[str, set[Any]] = {}
    for pet_id, client in zip(home_pets["pet_id"], home_pets["client_id"], strict=True):
        of_home.setdefault(client, set()).add(home_pet[pet_id])
    inside = [
        (pet_id, pims_pet[pet_id] in of_home.get(owner[client], ()))
        for pet_id, client in zip(pims_pets["pet_id"], pims_pets["client_id"], strict=True)
        if client in owner
    ]
    counterparts = {pet_id for pet_id, there in inside if there}
    rows = pets[pets["home_id"].notna()]
    same = (
        home_pet.reindex(rows["home_id"]).to_numpy() == pims_pet.reindex(rows["pims_id"]).to_numpy()
    )
    linked = (rows["decision"] == "linked").to_numpy()
    return Score(
        rows=len(inside),
        counterparts=len(counterparts),
        links=int(linked.sum()),
        true=int((linked & same).sum()),
        false=int((linked & ~same).sum()),
        neutral=0,
        possible=int(rows.loc[~linked, "pims_id"].nunique()),
        true_or_possible=int(rows.loc[same, "pims_id"].nunique()),
    )


def _truths(result: pd.DataFrame, home: pd.DataFrame, pims: pd.DataFrame) -> Any:
    there = result["home_id"].notna().to_numpy()
    one = home.set_index("client_id").loc[result.loc[there, "home_id"]]
    other = pims.set_index("client_id").loc[result.loc[there, "pims_id"]]
    truth = np.zeros(len(result), dtype=int)
    truth[there] = same_client(one, other)
    return truth
