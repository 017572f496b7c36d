"""The trained engine: candidates, first look, rivals, second look, verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.animals import animals
from vet_pipeline.matching.arrays import Bits, Bools, Codes, Kinds, Matrix, Places, Texts, Wide
from vet_pipeline.matching.candidates import client_pairs
from vet_pipeline.matching.client_vetoes import Pairs, asked_whatever_the_bits, client_vetoes
from vet_pipeline.matching.evidence import evidence_json
from vet_pipeline.matching.features import (
    CLIENT_FEATURES,
    CLIENT_VERDICT_FEATURES,
    client_features,
)
from vet_pipeline.matching.model import load_model
from vet_pipeline.matching.owners import owner_rows
from vet_pipeline.matching.pet_vetoes import PetPairs, one_is_called_so, pet_vetoes
from vet_pipeline.matching.pets import pet_features, pet_pairs, pet_second_look
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

    sides: tuple[Side, Side]  # home, PIMS
    people: People
    animals: Animals
    pims_owners: Codes  # `owner_rows` of the PIMS side

    @classmethod
    def of(cls, home: Side, pims: Side) -> Practice:
        """Code both sides."""
        owners = owner_rows(home), owner_rows(pims)
        return cls((home, pims), people(home, pims), animals(home, pims, owners), owners[1])


def model_version() -> str:
    """The version of the model files, as recorded with every link."""
    return load_model("client_verdict").version


def client_second_look(
    practice: Practice, left: Codes, right: Codes, levels: Matrix, first: Model
) -> Matrix:
    """Levels of the second look of candidate pairs; `levels` and `first`: those of the first."""

    def likeness(one: Codes, other: Codes) -> Bits:
        return first.bits(client_features(practice.people, practice.animals, one, other))

    bits = first.bits(levels)
    rivals = best_rivals(left, right, bits, likeness)
    return second_look(levels, CLIENT_FEATURES, CLIENT_VERDICT_FEATURES, bits, rivals)


def client_verdicts(
    practice: Practice,
    excluded: set[tuple[int, int]],
    linked: set[tuple[int, int]],
    settings: MatchSettings,
) -> tuple[Verdicts, dict[str, int]]:
    """Judged pairs of clients; `excluded` pairs of rows are not looked at (a person said no).

    linked: pairs of rows that are linked already.
    """
    left, right, too_common = client_pairs(practice.people, practice.animals)
    open_still = ~_among(excluded, left, right)
    left, right = left[open_still], right[open_still]
    notes = {"values_too_common": sum(too_common.values()), "client_pairs": len(left)}
    if not len(left):
        return Verdicts.none(), notes
    first = load_model("client_evidence")
    levels = client_features(practice.people, practice.animals, left, right)
    second = client_second_look(practice, left, right, levels, first)
    looks = _Looks(first, levels, load_model("client_verdict"), second)
    pairs = Pairs(practice.people, left, right, levels)
    chosen = settings.client_link_bits, settings.client_possible_bits
    verdict, reason = looks.judged(client_vetoes(pairs), *chosen)
    verdict[asked_whatever_the_bits(pairs) & (verdict == NONE)] = POSSIBLE
    several = of_several_people(practice.people, left, right, verdict == LINK, linked)
    verdict[several], reason[several] = POSSIBLE, "rival"
    pims = (right - practice.people.home_rows).astype(np.int32)
    return looks.shown(left, pims, verdict, reason), notes


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
    rows, animals, home_client = _of_linked_owners(practice, owners)
    left, right, too_common = pet_pairs(animals, home_client)
    split = practice.animals.home_rows
    open_still = ~_among(excluded, rows[left], rows[right])
    open_still &= ~taken.are(rows[left], rows[right] - split)
    left, right = left[open_still], right[open_still]
    notes = {"pet_values_too_common": too_common, "pet_pairs": len(left)}
    if not len(left):
        return Verdicts.none(), notes
    first = load_model("pet_evidence")
    levels, impossible = pet_features(animals, left, right)
    second = pet_second_look(animals, left, right, levels, first.bits(levels))
    looks = _Looks(first, levels, load_model("pet_verdict"), second)
    looks.bits[impossible] = np.minimum(looks.bits[impossible], -1.0)
    surnames = _surnames(practice, rows), practice.people.names.texts
    pairs = PetPairs(animals, left, right, levels, impossible, *surnames)
    chosen = settings.pet_link_bits, settings.pet_possible_bits
    verdict, reason = looks.judged(pet_vetoes(pairs), *chosen)
    verdict[one_is_called_so(pairs) & ~impossible & (verdict == NONE)] = POSSIBLE
    home, pims = rows[left].astype(np.int32), (rows[right] - split).astype(np.int32)
    return looks.shown(home, pims, verdict, reason), notes


class _Looks:
    """What the models see of pairs, at the first look and at the second."""

    def __init__(self, first: Model, levels: Matrix, model: Model, second: Matrix) -> None:
        self._first, self._levels = first, levels
        self._model, self._second = model, second
        self.bits = model.bits(second)

    def judged(
        self, vetoes: dict[str, Bools], link: float | None, possible: float | None
    ) -> tuple[Kinds, Texts]:
        """`judge` at a practice's thresholds, by default the model's."""
        usual = self._model.thresholds
        return judge(
            self.bits,
            vetoes,
            _close(self._second),
            usual["link"] if link is None else link,
            usual["possible"] if possible is None else possible,
        )

    def shown(self, home: Codes, pims: Codes, verdict: Kinds, reason: Texts) -> Verdicts:
        """The pairs that are possible at least; `home` and `pims`: their rows on either side."""
        at = np.flatnonzero(verdict > NONE)
        return Verdicts(
            home[at],
            pims[at],
            verdict[at],
            self.bits[at],
            reason[at],
            lambda places: self._evidence(at[places]),
        )

    def _evidence(self, pairs: Places) -> tuple[list[str], Places]:
        """As JSON texts, and which is whose."""
        levels = self._levels[pairs]
        margins = self._second[pairs][:, RIVALS]
        gained = self.bits[pairs] - self._first.bits(levels)
        return evidence_json(self._first, levels, margins, MARGIN_WORDS, gained)


def _of_linked_owners(practice: Practice, owners: Owners) -> tuple[Places, Animals, Wide]:
    """Rows of the pets that can be in a pair, these pets, and the home client of each.

    How common a name is stays as among all.
    """
    home_client = np.concatenate([owners.home, owners.pims])
    rows = np.flatnonzero(home_client > 0)
    owner = np.concatenate([owners.home, owners.pims_owner + len(owners.clients)])[rows]
    return rows, practice.animals.part(rows, owner.astype(np.int32)), home_client[rows]


def _surnames(practice: Practice, animals: Places) -> Codes:
    """Of each animal its owner's, as a code; 0 without an owner."""
    owner = practice.animals.owner[animals]
    surname = np.zeros(len(animals), dtype=np.int32)
    surname[owner >= 0] = practice.people.last[owner[owner >= 0]]
    return surname


def _among(excluded: set[tuple[int, int]], left: Any, right: Any) -> Bools:
    """Which pairs of rows are excluded ones."""
    if not excluded:
        return np.zeros(len(left), dtype=bool)
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return np.array([pair in excluded for pair in pairs], dtype=bool)


def _close(second: Matrix) -> Bools:
    """Whether a rival on either side is nearly as good or better."""
    limit = MARGIN_WORDS.index("worse")
    close = (second[:, RIVALS] > 0) & (second[:, RIVALS] <= limit)
    return np.asarray(close.any(axis=1))
