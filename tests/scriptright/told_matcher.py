"""A matcher that says what the test tells it; what isn't told is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from vet_pipeline.matching import Decision, MatchResult, Side

Told = Mapping[str, tuple[str, Sequence[int]]]  # PIMS id: (linked | possible, ScriptRight ids)
COLUMNS = ["pims_id", "home_id", "decision", "score", "reason", "evidence"]


class ToldMatcher:
    """`clients` and `pets`: the verdicts; refuses pairs that a person called not the same."""

    def __init__(self, clients: Told | None = None, pets: Told | None = None) -> None:
        self.clients = clients or {}
        self.pets = pets or {}

    def __call__(
        self, home: Side, pims: Side, *, decisions: Sequence[Decision] = ()
    ) -> MatchResult:
        """The told verdicts for the records that are asked about."""
        refused = {(d.record, d.pims_id, d.home_id) for d in decisions if not d.same}
        clients = self._rows("client", self.clients, list(pims.clients["client_id"]), refused)
        waiting = {row[0] for row in clients if row[2] == "possible"}
        asked = [
            pet
            for pet, owner in zip(pims.pets["pet_id"], pims.pets["client_id"], strict=True)
            if owner not in waiting
        ]
        owners = dict(zip(pims.pets["pet_id"], pims.pets["client_id"], strict=True))
        said = {(d.pims_id, d.home_id) for d in decisions if d.record == "pet"}
        refused |= {
            ("pet", pet, home_id)
            for pet, owner in owners.items()
            for taken_by, home_id in pims.taken
            if taken_by == owner and (pet, home_id) not in said
        }
        pets = self._rows("pet", self.pets, asked, refused)
        return MatchResult(
            pd.DataFrame(clients, columns=COLUMNS), pd.DataFrame(pets, columns=COLUMNS), "told-1"
        )

    def _rows(
        self, record: str, told: Told, asked: list[str], refused: set[tuple[str, str, str]]
    ) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for pims_id in asked:
            decision, homes = told.get(pims_id, ("new", ()))
            open_homes = [h for h in homes if (record, pims_id, str(h)) not in refused]
            rows += [
                (pims_id, str(h), decision, 10.0 - n, "told", '{"name": "same"}')
                for n, h in enumerate(open_homes)
            ] or [(pims_id, pd.NA, "new", pd.NA, "told", "{}")]
        return rows
