"""A load in hand: its transaction and counts, and its staging tables.

Staging tables are temporary and go with the transaction; there are two, one a kind of record, since
each costs the server's catalogs as much as writing a hundred rows. What is few goes as arrays.
Column names come from the contract and the field policy, so the statements below are constants of
the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, TextClause, text

from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.deltas.delta import Delta, RecordDelta
from vet_pipeline.memory import release_freed
from vet_pipeline.policy import RECORDS, Record, fields_of
from vet_pipeline.scriptright.load.ledger import Standing
from vet_pipeline.scriptright.postgres.bulk import copy_in, frame_to_arrow
from vet_pipeline.scriptright.postgres.database import driver
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.baseline import KEPT_COLUMNS
from vet_pipeline.scriptright.records.pims_values import by_id
from vet_pipeline.scriptright.records.writes import records_fed

# The columns that ScriptRight keeps of each record; a pet's owner is a key, not a value.
VALUE_COLUMNS: dict[str, tuple[str, ...]] = {
    record: tuple(c for f in fields_of(record) if f.name != "owner" for c in f.columns)
    for record in RECORDS
}
# The baseline's columns of a row; staged they begin with raw_.
RAW_STAGED: dict[str, tuple[str, ...]] = {
    record: (*KEPT_COLUMNS[record], "row_hash") for record in RECORDS
}
# SQL types of the columns that lines are appended to, where they aren't text.
_TYPES: dict[str, str] = {
    "record_id": "bigint",
    "load_id": "bigint",
    "rows": "integer",
    "score": "double precision",
    "evidence": "jsonb",
    "standalone": "jsonb",
    "old_value": "jsonb",
    "new_value": "jsonb",
    "linked_at": "timestamptz",
    "opened_at": "timestamptz",
    "changed_at": "timestamptz",
    "told_at": "timestamptz",
    "known_on": "date",
    "unseen_from": "date",
}


@dataclass(frozen=True, slots=True)
class Match:
    """The matcher's word on one new or waiting PIMS record: linked to, or possibly, a record."""

    record: Record
    pims_id: str
    home_id: int
    decision: str  # linked | possible
    score: float | None
    evidence: str  # JSON


@dataclass
class LoadInHand:
    """One load under way: everything below happens in its transaction or not at all."""

    connection: Connection
    delta: Delta
    before: Standing
    load_id: int
    run_id: str | None
    now: datetime
    model_version: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    # What was measured on the matches, by name; only of loads where it was.
    watched: dict[str, int] = field(default_factory=dict)
    # Waiting records that a person has decided since the delta was computed.
    decided: dict[str, set[str]] = field(default_factory=dict)
    # Of changed pets whose rows were not in the snapshot before: from which day theirs are.
    unseen_from: dict[str, str] = field(default_factory=dict)
    # PIMS rows that say another by now; found when they are first asked for (taken.py).
    others: dict[Record, list[str]] = field(default_factory=dict)
    # What the matcher says; a staged newcomer without a line is new, or a pet whose owner waits.
    matches: list[Match] = field(default_factory=list)

    @cached_property
    def known_on(self) -> str:
        """From which day its changes are, '' in a first load: as in rivals.settle."""
        return self.before.first_day_after(self.before.read_at)

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

    def newcomers(self, record: Record) -> pd.DataFrame:
        """The normalized rows that are new or waiting, without those that a person has decided.

        Of a first load those are all rows: not copied, since they are most of what a load holds.
        """
        wanted = self.are_newcomers(record)
        rows = self.side(record).rows
        return rows if wanted.all() else rows[wanted]

    def are_newcomers(self, record: Record) -> np.ndarray:
        """Of each row of that side whether it is one of the `newcomers`."""
        side = self.side(record)
        decided = side.rows[ID_COLUMN[record]].isin(self.decided.get(record, ()))
        is_new = side.kind.isin(["new", "waiting"])
        return is_new.to_numpy(dtype=bool) & ~decided.to_numpy(dtype=bool)

    def matched(self, record: Record, decision: str | None = None) -> list[Match]:
        """The matches of one kind of record, of one decision if named."""
        return [m for m in self.matches if m.record == record and decision in (None, m.decision)]

    def said(self, record: Record, pims_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What the snapshot says of these, `by_id`; of the new, changed and waiting rows alone."""
        rows = self.side(record).rows
        wanted = rows[ID_COLUMN[record]].isin(list(pims_ids)).to_numpy(dtype=bool)
        return by_id(record, rows[wanted])

    def fed(self, record: Record, pims_ids: Iterable[str]) -> dict[str, int]:
        """By PIMS id the record that it feeds by now; one that feeds none is left out."""
        return records_fed(self.connection, self.practice_id, record, pims_ids)

    def append(self, table: str, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        """Add lines to a table of practices, as arrays: row level security allows no COPY."""
        if not lines:
            return
        arrays = ", ".join(f"CAST(:{c} AS {_TYPES.get(c, 'text')}[])" for c in columns)
        self.run(
            text(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"),  # noqa: S608 - constants
            **{c: list(cells) for c, cells in zip(columns, zip(*lines, strict=True), strict=True)},
        )

    def _values(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "practice_id": self.practice_id,
            "load_id": self.load_id,
            "now": self.now,
            **values,
        }


def create_stages(load: LoadInHand) -> None:
    """The two staging tables, empty."""
    load.connection.execute(_SAMPLE)
    for statement in _CREATE:
        load.connection.execute(statement)


def stage(load: LoadInHand, record: Record, rows: pa.Table | None = None) -> None:
    """COPY the delta's raw and normalized rows of one kind into its staging table.

    `rows`: what `rows_to_stage` made of them, where that was done beforehand. Nothing of them but
    `RecordDelta.rows` stays in memory.
    """
    side = load.side(record)
    rows = rows_to_stage(side, record) if rows is None else rows
    is_new = pa.array(side.kind == "new", pa.bool_())
    numbers = _new_numbers(load, record, pc.sum(is_new).as_py() or 0)
    record_ids = pc.replace_with_mask(pa.nulls(len(is_new), pa.int64()), is_new, numbers)
    rows = rows.append_column("record_id", record_ids)
    copy_in(driver(load.connection), f"pg_temp.stage_{record}", rows)
    del rows
    release_freed()
    load.connection.execute(text(f"ANALYZE pg_temp.stage_{record} (pims_id, kind)"))
    _leave_decided(load, record, side.rows.loc[side.kind == "waiting", ID_COLUMN[record]])


def _new_numbers(load: LoadInHand, record: Record, count: int) -> pa.Int64Array:
    """Numbers for that many new records, in order; one that turns out to be known leaves a gap."""
    if not count:
        return pa.array([], pa.int64())
    told = load.fetch(_NUMBERS[record], count=count)[0].numbers
    return pc.split_pattern(pa.scalar(told), ",").values.cast(pa.int64())


def rows_to_stage(side: RecordDelta, record: Record) -> pa.Table:
    """The staging table's columns but the number: normalized, raw, and the place among the rows."""
    raw = frame_to_arrow(side.read_raw().assign(row_hash=side.row_hash), RAW_STAGED[record])
    rows = frame_to_arrow(side.rows, tuple(side.rows.columns))
    # The id is the normalized row's; the raw key may carry blanks around it.
    names = ["pims_id" if c == ID_COLUMN[record] else c for c in rows.column_names]
    staged = rows.rename_columns(names).append_column("kind", pa.array(side.kind, pa.string()))
    for name in raw.column_names:
        staged = staged.append_column(f"raw_{name}", raw[name])
    return staged.append_column("n", pa.array(range(rows.num_rows), type=pa.int32()))


def _leave_decided(load: LoadInHand, record: Record, waiting: Iterable[str]) -> None:
    """Set aside waiting records that a person has linked since the delta was computed.

    The delta doesn't say what changed in them. Their baseline stays as it is, so that the next
    snapshot's delta does.
    """
    if not (ids := list(waiting)):
        return
    load.decided[record] = set(load.fed(record, ids))
    if load.decided[record]:
        statement = text(f"DELETE FROM pg_temp.stage_{record} WHERE pims_id = ANY(:ids)")  # noqa: S608
        load.run(statement, ids=sorted(load.decided[record]))


def _create(record: Record, owner: str) -> TextClause:
    values = ", ".join(f"r.{c}" for c in VALUE_COLUMNS[record])
    raw = ", ".join(f"b.{c} AS raw_{c}" for c in RAW_STAGED[record])
    return text(f"""
        CREATE TEMPORARY TABLE stage_{record} ON COMMIT DROP AS
        SELECT 0 AS n, ''::text AS pims_id, ''::text AS kind, 0::bigint AS record_id,
            {owner}{values}, {raw}
        FROM scriptright.{record} r CROSS JOIN scriptright.pims_{record} b
        WITH NO DATA
    """)  # noqa: S608 - constants


# What is known of staged rows is how many of which kind there are: a small sample will do.
_SAMPLE = text("SELECT set_config('default_statistics_target', '10', true)")
_NUMBERS = of_each("""
    SELECT string_agg(nextval('scriptright.{record}_{record}_id_seq')::text, ',') AS numbers
    FROM generate_series(1, :count)
""")
_CREATE: tuple[TextClause, ...] = (
    _create("client", ""),
    _create("pet", "''::text AS pims_client_id, "),
)
