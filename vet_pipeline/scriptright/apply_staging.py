"""A load in hand: its transaction and counts, its staging tables, and the baseline's move.

Staging tables are temporary and go with the transaction. Column names come from the contract and
the field policy, so the statements below are constants of the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, TextClause, text

from vet_pipeline.deltas import Delta, RecordDelta
from vet_pipeline.policy import Record, fields_of
from vet_pipeline.scriptright.bulk import copy_in, copy_lines, frame_to_arrow
from vet_pipeline.scriptright.database import driver
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

# The columns that ScriptRight keeps of each record; a pet's owner is a key, not a value.
VALUE_COLUMNS: dict[str, tuple[str, ...]] = {
    record: tuple(c for f in fields_of(record) if f.name != "owner" for c in f.columns)
    for record in ("client", "pet")
}
RAW_COLUMNS: dict[str, tuple[str, ...]] = {
    "client": RAW_CLIENT_COLUMNS[1:],
    "pet": RAW_PATIENT_COLUMNS[1:],
}
RECORDS: tuple[Record, Record] = ("client", "pet")


@dataclass
class LoadInHand:
    """One load under way: everything below happens in its transaction or not at all."""

    connection: Connection
    delta: Delta
    load_id: int
    now: datetime
    model_version: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    # What was measured on the matches, by name; only of loads where it was.
    watched: dict[str, int] = field(default_factory=dict)
    # Waiting records that a person has decided since the delta was computed.
    decided: dict[str, set[str]] = field(default_factory=dict)

    @property
    def practice_id(self) -> str:
        """Whose load it is."""
        return self.delta.snapshot.practice_id

    def side(self, record: Record) -> RecordDelta:
        """The clients' or the pets' part of the delta."""
        return self.delta.clients if record == "client" else self.delta.pets

    def run(self, statement: TextClause, **values: Any) -> int:
        """Execute with practice, load and time at hand; returns the number of rows touched."""
        return self.connection.execute(statement, self._values(values)).rowcount

    def fetch(self, statement: TextClause, **values: Any) -> Sequence[Any]:
        """The rows of a query, with the same values at hand."""
        return self.connection.execute(statement, self._values(values)).all()

    def stage(self, table: str, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        """COPY lines into a staging table, with statistics for the planner."""
        copy_lines(driver(self.connection), table, columns, lines)
        if lines:
            self.connection.execute(text(f"ANALYZE {table}"))

    def append(self, table: str, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        """Add lines to a table of practices, by way of a staging table of their own.

        Row level security knows no COPY into a table.
        """
        if not lines:
            return
        names = ", ".join(columns)
        self.connection.execute(
            text(
                f"CREATE TEMPORARY TABLE lines ON COMMIT DROP AS"  # noqa: S608 - constants
                f" SELECT {names} FROM {table} WITH NO DATA"
            )
        )
        copy_lines(driver(self.connection), "pg_temp.lines", columns, lines)
        self.connection.execute(
            text(f"INSERT INTO {table} ({names}) SELECT {names} FROM pg_temp.lines")  # noqa: S608
        )
        self.connection.execute(text("DROP TABLE pg_temp.lines"))

    def _values(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "practice_id": self.practice_id,
            "load_id": self.load_id,
            "now": self.now,
            **values,
        }


def stage_delta(load: LoadInHand) -> None:
    """COPY the delta's raw and normalized rows into temporary tables."""
    for statement in _CREATE:
        load.connection.execute(statement)
    raw_connection = driver(load.connection)
    for record in RECORDS:
        side = load.side(record)
        kind = pa.array(side.kind, type=pa.string())
        raw_key, key = ("client_key", "pims_client_id")
        if record == "pet":
            raw_key, key = ("patient_key", "pims_pet_id")
        raw = frame_to_arrow(side.raw, (raw_key, *RAW_COLUMNS[record], "row_hash"))
        rows = frame_to_arrow(side.rows, tuple(side.rows.columns))
        raw_names = ["pims_id", *RAW_COLUMNS[record], "row_hash"]
        row_names = ["pims_id" if c == key else c for c in rows.column_names]
        numbers = pa.array(range(rows.num_rows), type=pa.int32())
        rows = rows.rename_columns(row_names).append_column("kind", kind)
        # A normalized row's id is the raw key; the raw one may carry blanks around it.
        raw = raw.rename_columns(raw_names).set_column(0, "pims_id", rows["pims_id"])
        copy_in(raw_connection, f"pg_temp.stage_pims_{record}", raw)
        copy_in(raw_connection, f"pg_temp.stage_{record}", rows.append_column("n", numbers))
        load.connection.execute(text(f"ANALYZE pg_temp.stage_{record} (pims_id, kind)"))
        _leave_decided(load, record)


def _leave_decided(load: LoadInHand, record: Record) -> None:
    """Set aside waiting records that a person has linked since the delta was computed.

    The delta doesn't say what changed in them. Their baseline stays as it is, so that the next
    snapshot's delta does.
    """
    found = load.fetch(_DECIDED[record])
    load.decided[record] = {row.pims_id for row in found}
    if found:
        ids = sorted(load.decided[record])
        for table in (f"stage_{record}", f"stage_pims_{record}"):
            statement = text(f"DELETE FROM pg_temp.{table} WHERE pims_id = ANY(:ids)")  # noqa: S608
            load.run(statement, ids=ids)


def move_baseline(load: LoadInHand) -> None:
    """Take the snapshot's rows into the baseline; mark what is missing and what came back."""
    for record in RECORDS:
        side = load.side(record)
        load.run(_UPSERT[record])
        if side.missing:
            load.run(_MISSING[record], ids=list(side.missing), read_at=load.delta.snapshot.read_at)
        if side.returned:
            load.run(_RETURNED[record], ids=list(side.returned))
        load.counts["missing"] += len(side.missing)
        load.counts["returned"] += len(side.returned)


def _create(record: Record, owner: str) -> tuple[TextClause, TextClause]:
    values = ", ".join(VALUE_COLUMNS[record])
    raw = ", ".join(RAW_COLUMNS[record])
    return (
        text(f"""
            CREATE TEMPORARY TABLE stage_{record} ON COMMIT DROP AS
            SELECT 0 AS n, ''::text AS pims_id, ''::text AS kind, {owner}{values}
            FROM scriptright.{record} WITH NO DATA
        """),  # noqa: S608 - constants
        text(f"""
            CREATE TEMPORARY TABLE stage_pims_{record} ON COMMIT DROP AS
            SELECT pims_id, row_hash, {raw} FROM scriptright.pims_{record} WITH NO DATA
        """),  # noqa: S608 - constants
    )


def _upsert(record: Record) -> TextClause:
    columns = RAW_COLUMNS[record]
    names = ", ".join(columns)
    sets = ", ".join(f"{c} = excluded.{c}" for c in columns)
    return text(f"""
        INSERT INTO scriptright.pims_{record} AS b
            (practice_id, pims_id, row_hash, {names}, first_load_id, load_id)
        SELECT :practice_id, pims_id, row_hash, {names}, :load_id, :load_id
        FROM pg_temp.stage_pims_{record}
        ON CONFLICT (practice_id, pims_id) DO UPDATE
        SET row_hash = excluded.row_hash, {sets}, missing_since = NULL,
            load_id = CASE WHEN b.row_hash = excluded.row_hash THEN b.load_id
                           ELSE excluded.load_id END
        WHERE b.row_hash <> excluded.row_hash OR b.missing_since IS NOT NULL
    """)  # noqa: S608 - constants


_CREATE: tuple[TextClause, ...] = (
    *_create("client", ""),
    *_create("pet", "''::text AS pims_client_id, "),
    text("""
        CREATE TEMPORARY TABLE stage_match (record text, pims_id text, home_id bigint,
            decision text, score double precision, evidence jsonb) ON COMMIT DROP
    """),
    text("""
        CREATE TEMPORARY TABLE stage_patch (record text, record_id bigint, patch jsonb)
        ON COMMIT DROP
    """),
    text("""
        CREATE TEMPORARY TABLE stage_answered (record text, record_id bigint, field text,
            pims_id text) ON COMMIT DROP
    """),
    text("""
        CREATE TEMPORARY TABLE stage_shadow (record text, pims_id text, standalone jsonb)
        ON COMMIT DROP
    """),
    text("CREATE TEMPORARY TABLE stage_changed (record text, pims_id text) ON COMMIT DROP"),
)
_DECIDED = {
    record: text(f"""
        SELECT s.pims_id FROM pg_temp.stage_{record} s
        JOIN scriptright.{record}_link l
          ON l.practice_id = :practice_id AND l.pims_id = s.pims_id
        WHERE s.kind = 'waiting'
    """)  # noqa: S608 - constants
    for record in RECORDS
}
_UPSERT = {record: _upsert(record) for record in RECORDS}
_MISSING = {
    record: text(f"""
        UPDATE scriptright.pims_{record} SET missing_since = :read_at
        WHERE practice_id = :practice_id AND pims_id = ANY(:ids) AND missing_since IS NULL
    """)  # noqa: S608 - constants
    for record in RECORDS
}
_RETURNED = {
    record: text(f"""
        UPDATE scriptright.pims_{record} SET missing_since = NULL
        WHERE practice_id = :practice_id AND pims_id = ANY(:ids)
    """)  # noqa: S608 - constants
    for record in RECORDS
}
