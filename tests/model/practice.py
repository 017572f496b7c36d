"""The real practice beside the model: loads and acts on PostgreSQL, and the same picture of both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Engine, text

from tests.model.pharmacy import FIELDS, Pharmacy
from tests.model.picture import Picture
from tests.model.records import Record, key_of, pid_of
from tests.model.values import columns_of, value_of
from tests.scriptright.builders import Cells, add_practice, delta_of
from vet_pipeline.deltas.guards import Thresholds
from vet_pipeline.errors import DecisionRefused
from vet_pipeline.job import guard_step
from vet_pipeline.matching import Decision, MatchResult, Side
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import Settings
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import (
    Candidate,
    confirm_candidate,
    explain,
    join,
    reject_candidate,
    undo_link,
)
from vet_pipeline.scriptright.load.apply import LoadResult, apply_delta

BY = "Pat Doe"
NO_PERCENTAGE = Settings(
    thresholds=Thresholds(floor=100_000)
)  # an empty table is held all the same
_COLUMNS = ["pims_id", "home_id", "decision", "score", "reason", "evidence"]


class ToldMatcher:
    """Says what it was told, by the rules of the real one: pets only under linked owners."""

    def __init__(self, told: Mapping[str, tuple[str, Sequence[int]]]) -> None:
        self.told = told

    def __call__(
        self, home: Side, pims: Side, *, decisions: Sequence[Decision] = ()
    ) -> MatchResult:
        """The told verdicts for the records that are asked about."""
        refused = {(pid_of(d.record, d.pims_id), d.home_id) for d in decisions if not d.same}
        owners = {d.pims_id: d.home_id for d in decisions if d.same and d.record == "client"}
        clients = [line for c in pims.clients["client_id"] for line in self._lines(c, refused)]
        owners |= {line[0]: line[1] for line in clients if line[2] == "linked"}
        waiting = {line[0] for line in clients if line[2] == "possible"}
        owner_of = dict(zip(home.pets["pet_id"], home.pets["client_id"], strict=True))
        pets: list[tuple[Any, ...]] = []
        given: set[tuple[str, str]] = set()
        for pet, owner in zip(pims.pets["pet_id"], pims.pets["client_id"], strict=True):
            if owner in waiting:
                continue
            among = {p for p, c in owner_of.items() if c == owners.get(owner)}
            # No two pets of one owner are one pet: the first has it.
            free = {p for p in among if (owner, p) not in given | pims.taken}
            lines = self._lines(pid_of("pet", pet), refused, free)
            lines = [(pet, *line[1:]) for line in lines]
            given |= {(owner, line[1]) for line in lines if line[2] == "linked"}
            pets += lines
        return MatchResult(
            pd.DataFrame(clients, columns=_COLUMNS), pd.DataFrame(pets, columns=_COLUMNS), "told-1"
        )

    def _lines(
        self, pims_id: str, refused: set[tuple[str, str]], among: set[str] | None = None
    ) -> list[tuple[Any, ...]]:
        verdict, homes = self.told.get(pims_id, ("new", ()))
        open_homes = [
            str(h)
            for h in homes
            if (pims_id, str(h)) not in refused and (among is None or str(h) in among)
        ]
        return [(pims_id, h, verdict, 9.0, "told", '{"name": "same"}') for h in open_homes] or [
            (pims_id, pd.NA, "new", pd.NA, "told", "{}")
        ]


class Practice:
    """One practice of ScriptRight that lives the model's life."""

    def __init__(self, engine: Engine, practice_id: str, model: Pharmacy) -> None:
        self.engine = engine
        self.id = practice_id
        add_practice(engine, practice_id)
        with engine.begin() as connection:  # families come and go as they like
            practices.change_settings(connection, practice_id, NO_PERCENTAGE, by="Test Person")
        self.ids: dict[str, int] = {}
        self.names: dict[tuple[str, int], str] = {}
        with engine.begin() as connection:
            for name, record in model.start.home.items():
                self._add_home(connection, name, record)
            for pet, _, label in model.start.prescriptions.values():
                web_shop.add_prescription(
                    connection, practice_id, self.ids[pet], label_name=label, drug="carprofen"
                )
        self.matcher = ToldMatcher(
            {
                pid: (verdict, [self.ids[h] for h in homes])
                for pid, (verdict, homes) in model.start.told.items()
            }
        )

    def _add_home(self, connection: Any, name: str, record: Record) -> None:
        values: dict[str, object] = {}
        for field, value in record.values.items():
            values |= columns_of(record.record, field, value)
        if record.record == "client":
            self.ids[name] = web_shop.add_client(connection, self.id, values)
        else:
            owner = self.ids[record.owner or ""]
            self.ids[name] = web_shop.add_pet(connection, self.id, owner, values)
            connection.execute(_BEFORE_ALL_DEATHS, {"p": self.id, "pet": self.ids[name]})
        self.names[record.record, self.ids[name]] = name

    def load(
        self, seq: int, clients: Sequence[Cells], pets: Sequence[Cells]
    ) -> LoadResult | list[str]:
        """As the core job does it: the guards first; returns what they found, or the load."""
        keyed = [row | {"patient_key": key_of("pet", row["patient_key"] or "")} for row in pets]
        delta = delta_of(self.engine, self.id, seq, clients, keyed)
        with self.engine.connect() as connection:
            practice = practices.get(connection, self.id)
        breaches = guard_step(self.engine, practice, delta).breaches
        if breaches:
            return [b.rule for b in breaches]
        loaded = apply_delta(self.engine, delta, run_id=None, match=self.matcher)
        with self.engine.begin() as connection:
            connection.execute(_NO_OTHER_ENTRY, {"p": self.id})
        return loaded

    def edit(self, record: str, record_id: int, values: Mapping[str, Any]) -> None:
        """A save in the web shop."""
        cells: dict[str, object] = {}
        for field, value in values.items():
            cells |= columns_of(record, field, value)
        change = web_shop.edit_client if record == "client" else web_shop.edit_pet
        with self.engine.begin() as connection:
            change(connection, self.id, record_id, cells, actor="web")

    def say_of(self, pair: Candidate, *, same: bool) -> None:
        """A person's word on a possible match."""
        here = (self.engine, self.id, pair.candidate_id)
        if same:
            confirm_candidate(*here, by=BY, shown=pair.shown, match=self.matcher)
        else:
            reject_candidate(*here, by=BY, shown=pair.shown)

    def undo(self, record: Any, pid: str) -> None:
        """A person takes a link apart."""
        undo_link(self.engine, self.id, record, key_of(record, pid), by=BY)

    def join(self, record: Any, pid: str, name: str) -> str:
        """A person looks at both sides and says that the two are one: joined, or why not."""
        record_id, pims_id = self.ids[name], key_of(record, pid)
        with self.engine.connect() as connection:
            pair = explain(connection, self.id, record, pims_id, record_id=record_id)
        try:
            join(
                self.engine, self.id, record, pims_id, record_id, by=BY,
                shown=pair.shown or "", match=self.matcher,
            )  # fmt: skip
        except DecisionRefused as refused:
            return re.sub("[0-9]+", "n", str(refused).split("not joined: ")[1].split(".")[0])
        return "joined"

    def seen(self) -> dict[str, Any]:
        """All that is visible, as PostgreSQL's JSON."""
        with self.engine.connect() as connection:
            seen: dict[str, Any] = connection.execute(text(_SEEN), {"p": self.id}).scalar_one()
        for part in ("links", "candidates", "suggestions", "missing"):
            for row in seen[part] or []:
                row["pims_id"] = pid_of(row["record"], row["pims_id"])
        for link in seen["links"] or []:
            if not link["merged"]:
                self.names[link["record"], link["record_id"]] = link["pims_id"]
                self.ids[link["pims_id"]] = link["record_id"]
        return seen

    def picture(self) -> Picture:
        """The practice in the model's words."""
        seen = self.seen()
        name = self.names
        picture: Picture = {
            "state": seen["state"],
            "applied": seen["applied_seq"],
            "emails asked for": seen["outbox"],
            "held": set(seen["holds"] or []),
        }
        for record in ("client", "pet"):
            for row in seen[record] or []:
                at = f"{record} {name[record, row[f'{record}_id']]}"
                picture[at] = {f: value_of(record, f, row) for f in FIELDS[record]}
                picture[at]["origin"] = row["origin"]
                if record == "pet":
                    picture[at]["owner"] = name["client", row["client_id"]]
        for link in seen["links"] or []:
            picture[f"link {link['pims_id']}"] = (
                name[link["record"], link["record_id"]],
                link["merged"],
            )
        for row in seen["candidates"] or []:
            homes = picture.setdefault(f"waiting {row['pims_id']}", set())
            homes.add(name[row["record"], row["record_id"]])
        for row in seen["suggestions"] or []:
            at = f"question {row['record']} {row['pims_id']} {row['field']}"
            assert at not in picture
            picture[at] = self._question(row)
        for row in seen["missing"] or []:
            picture[f"missing {row['pims_id']}"] = row["since"]
        for n, row in enumerate(seen["prescriptions"] or []):
            picture[f"prescription {n}"] = (
                name["pet", row["pet_id"]],
                name["client", row["client_id"]],
                row["label_name"],
                row["state"],
                row["new_name"],
            )
        picture["attested"] = [
            (name["pet", r["pet_id"]], r["old_name"], r["new_name"]) for r in seen["attested"] or []
        ]
        return picture

    def _question(self, row: dict[str, Any]) -> Any:
        on = self.names[row["record"], row["record_id"]]
        if row["field"] == "owner":
            return (
                on,
                self.names["client", row["old_value"]["client_id"]],
                row["new_value"]["pims_client_id"],
            )
        old, new = (
            value_of(row["record"], row["field"], row[k]) for k in ("old_value", "new_value")
        )
        return on, old, new


_SEEN = """
    SELECT jsonb_build_object(
      'state', p.state, 'applied_seq', p.applied_seq,
      'outbox', (SELECT count(*) FROM scriptright.outbox o WHERE o.practice_id = :p),
      'holds', (SELECT jsonb_agg(snapshot_seq) FROM scriptright.hold h WHERE h.practice_id = :p
                AND released_at IS NULL AND snapshot_seq > coalesce(p.applied_seq, 0)),
      'client', (SELECT jsonb_agg(c) FROM scriptright.client c WHERE c.practice_id = :p),
      'pet', (SELECT jsonb_agg(c) FROM scriptright.pet c WHERE c.practice_id = :p),
      'links', (SELECT jsonb_agg(l) FROM (
          SELECT 'client' AS record, pims_id, record_id, method <> 'created' AS merged
          FROM scriptright.client_link WHERE practice_id = :p UNION ALL
          SELECT 'pet', pims_id, record_id, method <> 'created'
          FROM scriptright.pet_link WHERE practice_id = :p) l),
      'candidates', (SELECT jsonb_agg(c) FROM (
          SELECT candidate_id, record, pims_id, record_id FROM scriptright.match_candidate
          WHERE practice_id = :p AND state = 'open' ORDER BY candidate_id) c),
      'suggestions', (SELECT jsonb_agg(s) FROM (
          SELECT suggestion_id, record, record_id, pims_id, field, old_value, new_value
          FROM scriptright.suggestion
          WHERE practice_id = :p AND state = 'open' ORDER BY suggestion_id) s),
      'missing', (SELECT jsonb_agg(m) FROM (
          SELECT 'client' AS record, pims_id, (missing_since AT TIME ZONE 'UTC')::date AS since
          FROM scriptright.pims_client WHERE practice_id = :p AND missing_since IS NOT NULL
          UNION ALL
          SELECT 'pet', pims_id, (missing_since AT TIME ZONE 'UTC')::date
          FROM scriptright.pims_pet WHERE practice_id = :p AND missing_since IS NOT NULL) m),
      'prescriptions', (SELECT jsonb_agg(r ORDER BY r.prescription_id)
          FROM scriptright.prescription r WHERE r.practice_id = :p),
      'attested', (SELECT jsonb_agg(a ORDER BY a.attestation_id)
          FROM scriptright.rename_attestation a WHERE a.practice_id = :p))
    FROM scriptright.practice p WHERE p.practice_id = :p
"""


# A death before the record was made is a question (pets_in_doubt.py); the model knows none.
_BEFORE_ALL_DEATHS = text("""
    UPDATE scriptright.pet SET created_at = '2026-01-01' WHERE practice_id = :p AND pet_id = :pet
""")
# An entry that stays beside one that has gone is a question (gone_beside.py); the model knows none.
_NO_OTHER_ENTRY = text("""
    UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = now()
    FROM scriptright.pims_pet b
    WHERE c.practice_id = :p AND c.record = 'pet' AND c.state = 'open'
      AND b.practice_id = :p AND b.pims_id = c.pims_id AND b.link_method = 'created'
      AND c.score IS NULL
""")
