"""Draws as the engine sees them, with the truth of every candidate pair beside its levels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.matching import TODAY
from benchmarks.matching.draws import Draw
from vet_pipeline.matching.candidates import client_pairs
from vet_pipeline.matching.engine import Practice
from vet_pipeline.matching.features import client_features
from vet_pipeline.matching.files import side_of
from vet_pipeline.matching.keys import texts
from vet_pipeline.matching.pets import pet_features, pet_pairs

Array = np.ndarray[Any, Any]


@dataclass
class Labelled:
    """Candidate pairs of one draw: rows, levels, truth (1 same, 0 not, -1 neutral)."""

    practice: Practice
    left: Array
    right: Array
    levels: Array
    truth: Array
    matched: Array  # per PIMS row: whether it has a counterpart at all
    pet_left: Array
    pet_right: Array
    pet_levels: Array
    pet_truth: Array


def same_client(one: Any, other: Any) -> Array:
    """1 same, 0 not, -1 neutral (the other spouse of one account), row by row."""
    account = one["account"].to_numpy() == other["account"].to_numpy()
    a, b = one["holder"].to_numpy(), other["holder"].to_numpy()
    agree = (a == b) | (a == "joint") | (b == "joint")
    return np.where(account, np.where(agree, 1, -1), 0)


def label(draw: Draw) -> Labelled:
    """Normalize, compare and label a draw; pets inside truly same owners."""
    home = side_of(draw.home_clients, draw.home_pets, read_on=TODAY).side
    pims = side_of(draw.pims_clients, draw.pims_pets, read_on=TODAY).side
    practice = Practice.of(home, pims)
    left, right, _ = client_pairs(practice.people, practice.animals)
    split = len(home.clients)
    home_truth = _aligned(draw.home_truth, "client_id", texts(home.clients, "client_id"))
    pims_truth = _aligned(draw.pims_truth, "client_id", texts(pims.clients, "client_id"))
    truth = same_client(home_truth.iloc[left], pims_truth.iloc[right - split])
    owners_home, owners_pims = left[truth == 1], right[truth == 1]
    link = np.full(len(practice.people) + 1, -1, dtype=np.int64)  # the last one: no owner
    link[owners_pims] = owners_home
    owner = practice.animals.owner
    group = np.where(np.arange(len(owner)) < len(home.pets), owner, link[owner])
    pet_left, pet_right, _ = pet_pairs(practice.animals, group)
    pets_home = _aligned(draw.home_pet_truth, "pet_id", texts(home.pets, "pet_id"))["pet"]
    pets_pims = _aligned(draw.pims_pet_truth, "pet_id", texts(pims.pets, "pet_id"))["pet"]
    pet_truth = pets_home.to_numpy()[pet_left] == pets_pims.to_numpy()[pet_right - len(home.pets)]
    return Labelled(
        practice,
        left,
        right,
        client_features(practice.people, practice.animals, left, right),
        truth,
        has_counterpart(draw.home_truth, pims_truth),
        pet_left,
        pet_right,
        pet_features(practice.animals, pet_left, pet_right)[0],
        pet_truth.astype(int),
    )


def without(draw: Draw, *fields: str) -> Draw:
    """The draw as if the home file kept no `pets`, `phones` or `emails`: practices differ in that."""
    clients = draw.home_clients.copy()
    blank = {"phones": ["phone1", "phone2"], "emails": ["email"]}
    for field in fields:
        clients[blank.get(field, [])] = ""
    changed = {"home_clients": clients}
    if "pets" in fields:
        changed["home_pets"] = draw.home_pets.iloc[:0]
        changed["home_pet_truth"] = draw.home_pet_truth.iloc[:0]
    return replace(draw, name=f"{draw.name}, no {' and '.join(fields)}", **changed)


def has_counterpart(home_truth: pd.DataFrame, pims_truth: pd.DataFrame) -> Array:
    """Per PIMS row, whether a home row is the same client."""
    holders = home_truth.groupby("account")["holder"].agg(set).to_dict()
    return np.array(
        [
            bool(there := holders.get(account))
            and (holder in there or "joint" in there or holder == "joint")
            for account, holder in zip(pims_truth["account"], pims_truth["holder"], strict=True)
        ],
        dtype=bool,
    )


def _aligned(truth: pd.DataFrame, key: str, ids: Array) -> pd.DataFrame:
    return truth.set_index(key).loc[ids].reset_index()
