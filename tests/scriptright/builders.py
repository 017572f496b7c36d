"""Small practices for tests: PIMS rows as text in, a delta against the database out, applied."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import pandas as pd
from sqlalchemy import Engine, text

from vet_pipeline.deltas.build import StagedTable, build_delta
from vet_pipeline.deltas.delta import Delta, SnapshotIdentity
from vet_pipeline.deltas.stage import RawRows, normalize_stage
from vet_pipeline.matching import match
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import Record
from vet_pipeline.registry import practices
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.load.apply import LoadResult, Matcher, apply_delta
from vet_pipeline.scriptright.records import baseline, pims_values
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

Cells = dict[str, str | None]
FIRST_READ = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def add_practice(engine: Engine, practice_id: str = "oak", *, pims: str = "generic") -> str:
    with engine.begin() as connection:
        practices.add(
            connection,
            practice_id,
            name="Oak Animal Hospital",
            pims=pims,
            odbc="DRIVER=SQLite3;Database=oak.db",
            contact_email="desk@oak.example",
            timezone="America/Chicago",
            by="Test Person",
        )
    return practice_id


def client(key: str, **cells: str | None) -> Cells:
    """A PIMS client: Ann Lee of 12 Elm St unless said otherwise; phones as plain numbers."""
    row: Cells = {
        "client_key": key,
        "first_name": "Ann",
        "last_name": "Lee",
        "address_line1": "12 Elm St",
        "city": "Springfield",
        "state": "IL",
        "postal_code": "62704",
        "email": "ann@example.com",
        "phones": phones("(217) 555-0142"),
    }
    return row | cells


def pet(key: str, owner: str | None, **cells: str | None) -> Cells:
    """A PIMS patient: Rex the Labrador, 30 kg on 2026-02-01, unless said otherwise."""
    row: Cells = {
        "patient_key": key,
        "client_key": owner,
        "name": "Rex",
        "species": "dog",
        "breed": "Labrador Retriever",
        "birth_date": "2020-05-01",
        "weight": "30",
        "weight_unit": "kg",
        "weight_date": "2026-02-01",
        "deceased_flag": "0",
    }
    return row | cells


def phones(*numbers: str) -> str:
    return json.dumps([[number, None] for number in numbers])


def read_time(seq: int) -> datetime:
    """Snapshots are read 60 hours apart."""
    return FIRST_READ + timedelta(hours=60 * (seq - 1))


def delta_of(
    engine: Engine,
    practice_id: str,
    seq: int,
    clients: Sequence[Cells],
    pets: Sequence[Cells],
    *,
    read_at: datetime | None = None,
    content_hash: str | None = None,
) -> Delta:
    """Snapshot number `seq` with these rows, compared with the baseline as it is now."""
    snapshot = SnapshotIdentity(
        practice_id, seq, content_hash or f"{practice_id}-{seq}", read_at or read_time(seq)
    )
    with engine.connect() as connection:
        known = Known(
            baseline.applied_seq(connection, practice_id),
            baseline.read_hashes(connection, practice_id, "client"),
            baseline.read_hashes(connection, practice_id, "pet"),
            partial(baseline.read_rows, connection, practice_id),
        )
        if not known.is_nothing:
            return _compared(snapshot, clients, pets, known)
        key = (snapshot, _cells_of(clients), _cells_of(pets))
        if key not in _first_deltas:
            _first_deltas[key] = _compared(snapshot, clients, pets, known)
        return _first_deltas[key]


@dataclass(frozen=True)
class Known:
    """A practice's baseline: its sequence, the hashes of both tables, and old rows by their ids."""

    seq: int | None
    clients: pd.DataFrame
    pets: pd.DataFrame
    read_rows: Callable[[Record, list[str]], pd.DataFrame]

    @property
    def is_nothing(self) -> bool:
        return self.seq is None and self.clients.empty and self.pets.empty


# Hundreds of tests begin with one first load, and nothing but its rows decides what its delta is.
_first_deltas: dict[tuple[Any, ...], Delta] = {}


def _cells_of(lines: Sequence[Cells]) -> tuple[Any, ...]:
    return tuple(tuple(line.items()) for line in lines)


def _compared(
    snapshot: SnapshotIdentity, clients: Sequence[Cells], pets: Sequence[Cells], known: Known
) -> Delta:
    raw_clients = _frame(clients, RAW_CLIENT_COLUMNS)
    raw_patients = _frame(pets, RAW_PATIENT_COLUMNS)
    conventions, read_on = Conventions(), snapshot.read_at.date()

    def staged(record: Record, raw: pd.DataFrame, hashes: pd.DataFrame) -> StagedTable:
        stage = normalize_stage(
            record,
            RawRows.of(raw, record),
            hashes,
            baseline_seq=known.seq,
            conventions=conventions,
            read_on=read_on,
        )
        return StagedTable(stage, raw.copy, known.read_rows(record, stage.changed_ids()))

    return build_delta(
        snapshot,
        staged("client", raw_clients, known.clients),
        staged("pet", raw_patients, known.pets),
        known_client_ids=set(known.clients["pims_id"]),
        conventions=conventions,
    )


def load(
    engine: Engine,
    practice_id: str,
    seq: int,
    clients: Sequence[Cells],
    pets: Sequence[Cells] = (),
    *,
    matcher: Matcher = match,
    read_at: datetime | None = None,
    doubted: AbstractSet[Record] = frozenset(),
) -> LoadResult:
    """Apply snapshot number `seq`; of `doubted` records nothing is automatic."""
    delta = delta_of(engine, practice_id, seq, clients, pets, read_at=read_at)
    delta = delta.doubting(frozenset(doubted))
    # Until it is applied those in force are of the one before; what it reads it reads by its own.
    with patch.object(pims_values, "_in_force", side_effect=AssertionError("by the load before")):
        return apply_delta(engine, delta, run_id=None, match=matcher)


def rows(engine: Engine, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query as plain tuples."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def one(engine: Engine, query: str, **values: Any) -> Any:
    """The only cell of a query."""
    [(cell,)] = rows(engine, query, **values)
    return cell


# Every table, without the columns that tell when something was written.
def whole_database(engine: Engine) -> dict[str, list[str]]:
    """Everything in ScriptRight as text, to compare before with after."""
    tables = [
        name
        for (name,) in rows(
            engine,
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'scriptright'",
        )
    ]
    return {
        name: sorted(cell for (cell,) in rows(engine, f"SELECT t::text FROM scriptright.{name} t"))
        for name in sorted(tables)
    }


def _frame(lines: Sequence[Cells], columns: tuple[str, ...]) -> pd.DataFrame:
    data = {name: [line.get(name) for line in lines] for name in columns}
    return pd.DataFrame(data, columns=list(columns), dtype="str")


def edit(engine: Engine, record: str, **values: Any) -> None:
    """Client 1, or pet 1, is edited in the web shop."""
    with engine.begin() as connection:
        change = web_shop.edit_client if record == "client" else web_shop.edit_pet
        change(connection, "oak", 1, values, actor="client 1")
