"""The trained engine: candidates, first look, rivals, second look, verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vet_pipeline.matching.animals import animals
from vet_pipeline.matching.arrays import Bits, Bools, Codes, Kinds, Matrix, Places, Texts
from vet_pipeline.matching.candidates import client_pairs
from vet_pipeline.matching.client_vetoes import Pairs, client_vetoes, same_household_pets
from vet_pipeline.matching.evidence import evidence_json
from vet_pipeline.matching.features import (
    CLIENT_FEATURES,
    CLIENT_VERDICT_FEATURES,
    client_features,
)
from vet_pipeline.matching.model import load_model
from vet_pipeline.matching.owners import owner_rows
from vet_pipeline.matching.pet_vetoes import PetPairs, one_is_called_so, pet_vetoes
from vet_pipeline.matching.pets import pet_features, pet_pairs, pet_verdict_features
from vet_pipeline.matching.profiles import people
from vet_pipeline.matching.rivals import best_rivals, of_several_people
from vet_pipeline.matching.second_look import MARGIN_WORDS, RIVALS, second_look
from vet_pipeline.matching.verdicts import LINK, NONE, POSSIBLE, Verdicts, judge

if TYPE_CHECKING:
    from vet_pipeline.matching.animals import Animals
    from vet_pipeline.matching.contract import MatchSettings, Side
    from vet_pipeline.matching.model import Model
    from vet_pipeline.matching.owners import Owners
    from vet_pipeline.matching.profiles import People
    from vet_pipeline.matching.taken_pets import TakenPets


@dataclass
class Practice:
    """Both sides coded once, for clients and pets alike."""

    people: People
    animals: Animals
    pims_owners: Codes  # `owner_rows` of the PIMS side

    @classmethod
    def of(cls, home: Side, pims: Side) -> Practice:
        """Code both sides."""
        owners = owner_rows(home), owner_rows(pims)
        return cls(people(home, pims), animals(home, pims, owners), owners[1])


def model_version() -> str:
    """The version of the model files, as recorded with every link."""
    return load_model("client_verdict").version


def client_looks(practice: Practice, left: Codes, right: Codes) -> tuple[Matrix, Bits, Matrix]:
    """Levels, bits of the first look, and levels of the second look of candidate pairs."""
    first = load_model("client_evidence")
    levels = client_features(practice.people, practice.animals, left, right)

    def likeness(one: Codes, other: Codes) -> Bits:
        return first.bits(client_features(practice.people, practice.animals, one, other))

    bits = first.bits(levels)
    rivals = best_rivals(left, right, bits, likeness)
    second = second_look(levels, CLIENT_FEATURES, CLIENT_VERDICT_FEATURES, bits, rivals)
    return levels, bits, second


def client_verdicts(
    practice: Practice,
    excluded: set[tuple[int, int]],
    linked: set[tuple[int, int]],
    settings: MatchSettings,
) -> tuple[Verdicts, dict[str, int]]:
    """Judged pairs of clients; `excluded` pairs of rows are not looked at (a person said no).

    linked: pairs of rows that are linked already.
    """
    split = practice.people.home_rows
    left, right, too_common = client_pairs(practice.people, practice.animals)
    left, right = _without(excluded, left, right)
    notes = {"values_too_common": sum(too_common.values()), "client_pairs": len(left)}
    if not len(left):
        return Verdicts.none(), notes
    levels, first_bits, second = client_looks(practice, left, right)
    model = load_model("client_verdict")
    bits = model.bits(second)
    pairs = Pairs(practice.people, left, right, levels)
    verdict, reason = judge(
        bits,
        client_vetoes(pairs),
        _close(second),
        _or(settings.client_link_bits, model.thresholds["link"]),
        _or(settings.client_possible_bits, model.thresholds["possible"]),
    )
    verdict[same_household_pets(pairs) & (verdict == NONE)] = POSSIBLE
    several = of_several_people(practice.people, left, right, verdict == LINK, linked)
    verdict[several], reason[several] = POSSIBLE, "rival"
    looks = _Looks(load_model("client_evidence"), levels, first_bits, second, bits)
    return _at_least_possible(looks, left, (right - split).astype(np.int32), verdict, reason), notes


def pet_verdicts(
    practice: Practice,
    owners: Owners,
    excluded: set[tuple[int, int]],
    taken: TakenPets,
    settings: MatchSettings,
) -> tuple[Verdicts, dict[str, int]]:
    """Judged pairs of pets inside linked owners; `excluded` as for clients.

    Owners need not be among the clients: a person may have linked them before.
    """
    split = practice.animals.home_rows
    home_client = np.concatenate([owners.home, owners.pims])
    # Only these can be in a pair; how common a name is was counted among all.
    rows = np.flatnonzero(home_client > 0)
    owner = np.concatenate([owners.home, owners.pims_owner + len(owners.clients)])[rows]
    animals = practice.animals.part(rows, owner.astype(np.int32))
    left, right, too_common = pet_pairs(animals, home_client[rows])
    if excluded:
        at = {row: place for place, row in enumerate(rows.tolist())}
        excluded = {(at[h], at[p]) for h, p in excluded if h in at and p in at}
    left, right = _without(excluded, left, right)
    free = ~taken.are(rows[left], rows[right] - split)
    left, right = left[free], right[free]
    notes = {"pet_values_too_common": too_common, "pet_pairs": len(left)}
    if not len(left):
        return Verdicts.none(), notes
    levels, impossible = pet_features(animals, left, right)
    first, model = load_model("pet_evidence"), load_model("pet_verdict")
    first_bits = first.bits(levels)
    second = pet_verdict_features(animals, left, right, levels, first_bits)
    bits = np.where(impossible, np.minimum(model.bits(second), -1.0), model.bits(second))
    surname = _surnames(practice, rows)
    pairs = PetPairs(animals, left, right, levels, impossible, surname, practice.people.names.texts)
    verdict, reason = judge(
        bits,
        pet_vetoes(pairs),
        _close(second),
        _or(settings.pet_link_bits, model.thresholds["link"]),
        _or(settings.pet_possible_bits, model.thresholds["possible"]),
    )
    called = one_is_called_so(pairs) & ~impossible
    verdict[called & (verdict == NONE)] = POSSIBLE
    looks = _Looks(first, levels, first_bits, second, bits)
    at_home, at_pims = rows[left].astype(np.int32), (rows[right] - split).astype(np.int32)
    return _at_least_possible(looks, at_home, at_pims, verdict, reason), notes


@dataclass
class _Looks:
    """What the model has seen of pairs, at its first look and at its second."""

    first: Model
    levels: Matrix
    first_bits: Bits
    second: Matrix
    bits: Bits

    def evidence(self, pairs: Places) -> tuple[list[str], Places]:
        """As JSON texts, and which is whose."""
        margins = self.second[pairs][:, RIVALS]
        gained = (self.bits - self.first_bits)[pairs]
        return evidence_json(self.first, self.levels[pairs], margins, MARGIN_WORDS, gained)


def _at_least_possible(
    looks: _Looks, home: Codes, pims: Codes, verdict: Kinds, reason: Texts
) -> Verdicts:
    """The pairs that a person or the result sees; `home` and `pims`: their rows on either side."""
    shown = np.flatnonzero(verdict > NONE)
    return Verdicts(
        home[shown],
        pims[shown],
        verdict[shown],
        looks.bits[shown],
        reason[shown],
        lambda at: looks.evidence(shown[at]),
    )


def _surnames(practice: Practice, animals: Places) -> Codes:
    """Of each animal its owner's, as a code; 0 without an owner."""
    owner = practice.animals.owner[animals]
    surname = np.zeros(len(animals), dtype=np.int32)
    surname[owner >= 0] = practice.people.last[owner[owner >= 0]]
    return surname


def _without(excluded: set[tuple[int, int]], left: Codes, right: Codes) -> tuple[Codes, Codes]:
    """The pairs of rows that aren't excluded."""
    if not excluded:
        return left, right
    keep = np.array(
        [pair not in excluded for pair in zip(left.tolist(), right.tolist(), strict=True)],
        dtype=bool,
    )
    return left[keep], right[keep]


def _close(second: Matrix) -> Bools:
    """Whether a rival on either side is nearly as good or better."""
    limit = MARGIN_WORDS.index("worse")
    close = (second[:, RIVALS] > 0) & (second[:, RIVALS] <= limit)
    return np.asarray(close.any(axis=1))


def _or(chosen: float | None, default: float) -> float:
    return default if chosen is None else chosen
