"""Two practices that live the same life: in `merged` a PIMS client is linked, in `apart` never.

After the link is undone, the two must look the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, pet, phones, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.policy import Record
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import (
    confirm_candidate,
    explain,
    join,
    list_candidates,
    undo_link,
)
from vet_pipeline.scriptright.decisions.review import Suggestion, confirm, list_suggestions, reject

WORLDS = ("merged", "apart")
FULL_HOME: dict[str, object] = {
    "first_name": "Ann",
    "last_name": "Lee-Webb",
    "address_line1": "5 Web St",
    "city": "Springfield",
    "state": "IL",
    "postal_code": "62704",
    "email": "ann@web.example",
}
BARE_HOME: dict[str, object] = {"last_name": "Lee"}
FULL_PET: dict[str, object] = {
    "name": "Rexy",
    "species": "dog",
    "breed": "Beagle",
    "birth_date": "2019-01-01",
    "birth_date_estimated": False,
    "weight_value": "12",
    "weight_unit": "kg",
    "weight_kg": "12",
    "weighed_on": "2026-01-01",
}
BARE_PET: dict[str, object] = {"name": "Rexy"}


@dataclass
class Worlds:
    """PIMS client 1 (pets 1 and 3) may be the home-delivery client with the pet Rexy.

    PIMS client 9 (pet 9) is a stranger. `duplicate`: PIMS client 2 with the pet 2, linked to the
    same home records in both worlds. Clients and pets have the same numbers, as in many a PIMS.
    """

    engine: Engine
    home: dict[str, object]
    home_pet: dict[str, object]
    made: Literal["by the machine", "by a person", "by joining"] = "by the machine"
    duplicate: bool = False
    seq: int = 0
    clients: dict[str, Cells] = field(default_factory=dict)
    pets: dict[str, Cells] = field(default_factory=dict)
    home_ids: dict[str, int] = field(default_factory=dict)
    pet_ids: dict[str, int] = field(default_factory=dict)

    def begin(
        self, duplicate: Cells | None = None, *, live_apart: Callable[[], None] = lambda: None
    ) -> None:
        """Home records, an active prescription for Rexy, and the first load.

        `live_apart`: what happens before a person joins the two, where the link is made so.
        """
        self.clients = {"1": client("1"), "9": client("9", first_name="Zed", email="z@q.example")}
        self.pets = {
            "1": pet("1", "1"),
            "3": pet("3", "1", name="Tom", species="cat", breed="Siamese"),
            "9": pet("9", "9", name="Kit"),
        }
        for world in WORLDS:
            add_practice(self.engine, world)
            with self.engine.begin() as connection:
                self.home_ids[world] = web_shop.add_client(connection, world, self.home)
                self.pet_ids[world] = web_shop.add_pet(
                    connection, world, self.home_ids[world], self.home_pet
                )
                web_shop.add_prescription(
                    connection, world, self.pet_ids[world], label_name="Rexy", drug="carprofen"
                )
        verdict = {"by the machine": "linked", "by a person": "possible", "by joining": "new"}
        merged = ToldMatcher(
            {"1": (verdict[self.made], [self.home_ids["merged"]])},
            {"1": ("linked", [self.pet_ids["merged"]])},
        )
        self.refresh(merged if self.made != "by joining" else None)
        if self.made == "by joining":
            live_apart()
            self._join(merged)
        if self.made == "by a person":
            with self.engine.connect() as connection:
                [pair] = list_candidates(connection, "merged")
            confirm_candidate(
                self.engine,
                "merged",
                pair.candidate_id,
                by="Pat Doe",
                match=merged,
            )

        if self.duplicate:
            self.clients["2"] = duplicate or client(
                "2",
                last_name="Leigh",
                address_line1="8 Fir Ln",
                email="dup@pims.example",
                phones=phones("(217) 555-0188"),
            )
            self.pets["2"] = pet(
                "2", "2", breed="Beagle", weight="14", weight_date="2026-01-15", birth_date=None
            )
            self.refresh(
                *(
                    ToldMatcher(
                        {"2": ("linked", [self.home_ids[w]])}, {"2": ("linked", [self.pet_ids[w]])}
                    )
                    for w in WORLDS
                )
            )

    def _join(self, merged: ToldMatcher) -> None:
        home_id = self.home_ids["merged"]
        with self.engine.connect() as connection:
            pair = explain(connection, "merged", "client", "1", record_id=home_id)
        join(
            self.engine, "merged", "client", "1", home_id, by="Pat Doe", shown=pair.shown or "",
            match=merged,
        )  # fmt: skip

    def refresh(
        self,
        merged: ToldMatcher | None = None,
        apart: ToldMatcher | None = None,
        *,
        doubted: AbstractSet[Record] = frozenset(),
    ) -> None:
        """Load the PIMS as it is now into both worlds."""
        self.seq += 1
        for world, matcher in zip(WORLDS, (merged, apart), strict=True):
            load(
                self.engine,
                world,
                self.seq,
                list(self.clients.values()),
                list(self.pets.values()),
                matcher=matcher or ToldMatcher(),
                doubted=doubted,
            )

    def edit_home(self, **values: object) -> None:
        """The client edits the record in the web shop."""
        for world in WORLDS:
            with self.engine.begin() as connection:
                web_shop.edit_client(connection, world, self.home_ids[world], values, actor="web")

    def edit_home_pet(self, **values: object) -> None:
        """The client edits the pet in the web shop."""
        for world in WORLDS:
            with self.engine.begin() as connection:
                web_shop.edit_pet(connection, world, self.pet_ids[world], values, actor="web")

    def suggestions(self, world: str) -> list[Suggestion]:
        """What waits for a person."""
        with self.engine.connect() as connection:
            return list_suggestions(connection, world)

    def taken_for_another(self, world: str) -> set[tuple[str, str, str]]:
        """Records, PIMS ids and fields of which was asked because their row said another client or animal."""
        sql = (
            "SELECT DISTINCT record, pims_id, field FROM scriptright.suggestion"
            " WHERE practice_id = :p AND reason = 'another_record'"
        )
        return {tuple(row) for row in rows(self.engine, sql, p=world)}

    def decide(self, record: Record, pims_id: str, field_name: str, *, yes: bool) -> None:
        """The same word on the same question, wherever the question is asked."""
        asked = {
            world: s
            for world in WORLDS
            for s in self.suggestions(world)
            if (s.record, s.pims_id, s.field) == (record, pims_id, field_name)
        }
        if "merged" not in asked or _owner_unknown(asked["merged"]):
            return
        for world, suggestion in asked.items():
            if suggestion.new | {"client_id": 0} != asked["merged"].new | {"client_id": 0}:
                continue
            if yes:
                confirm(
                    self.engine, world, suggestion.suggestion_id, by="Pat Doe", same_animal=True,
                    shown=suggestion.shown,
                )  # fmt: skip
            else:
                reject(self.engine, world, suggestion.suggestion_id, by="Pat Doe")

    def undo(self) -> None:
        """Undo the link of PIMS client 1."""
        undo_link(self.engine, "merged", "client", "1", by="Kim Roe")

    def picture(self, world: str) -> dict[str, Any]:
        """The world as people see it, without ids that the two can't share."""
        names = {
            (record, record_id): name
            for record, record_id, name in rows(self.engine, _NAMES, p=world)
        }

        def named(record: str, record_id: int | None) -> str | None:
            return None if record_id is None else names[record, record_id]

        picture: dict[str, Any] = {}
        for record in ("client", "pet"):
            for (row,) in rows(
                self.engine, f"SELECT to_jsonb(t) FROM scriptright.{record} t WHERE practice_id = :p",
                p=world,
            ):  # fmt: skip
                name = named(record, row[f"{record}_id"])
                owner = named("client", row["client_id"]) if record == "pet" else None
                kept = {k: v for k, v in row.items() if k not in _TECHNICAL}
                picture[f"{record} {name}"] = kept | {"owner": owner}
        for suggestion in self.suggestions(world):
            at = f"suggestion {suggestion.record} {suggestion.pims_id} {suggestion.field}"
            assert at not in picture
            picture[at] = {
                "on": named(suggestion.record, suggestion.record_id),
                "reason": suggestion.reason,
                "old": _without_ids(suggestion.old, named),
                "new": _without_ids(suggestion.new, named),
            }
        for row in rows(
            self.engine,
            "SELECT pet_id, client_id, label_name, state, new_name FROM scriptright.prescription "
            "WHERE practice_id = :p",
            p=world,
        ):
            picture["prescription"] = (named("pet", row[0]), named("client", row[1]), *row[2:])
        return picture


def _owner_unknown(suggestion: Suggestion) -> bool:
    return suggestion.field == "owner" and suggestion.new["client_id"] is None


def _without_ids(value: dict[str, Any], named: Any) -> str:
    client_id = value.get("client_id")
    kept = {k: v for k, v in value.items() if k not in ("client_id", "pims_client_id")}
    return json.dumps(kept | {"client": named("client", client_id)}, sort_keys=True)


_TECHNICAL = {
    "practice_id",
    "client_id",
    "pet_id",
    "version",
    "created_load_id",
    "created_at",
}
# A record is called after the PIMS record that it was created from, or `home`.
_NAMES = """
    SELECT 'client', c.client_id, coalesce(min(l.pims_id) FILTER (WHERE c.origin = 'pims'), 'home')
    FROM scriptright.client c
    LEFT JOIN scriptright.client_link l
      ON l.practice_id = c.practice_id AND l.record_id = c.client_id
    WHERE c.practice_id = :p GROUP BY c.client_id
    UNION ALL
    SELECT 'pet', c.pet_id, coalesce(min(l.pims_id) FILTER (WHERE c.origin = 'pims'), 'home')
    FROM scriptright.pet c
    LEFT JOIN scriptright.pet_link l
      ON l.practice_id = c.practice_id AND l.record_id = c.pet_id
    WHERE c.practice_id = :p GROUP BY c.pet_id
"""
