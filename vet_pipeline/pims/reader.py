"""One consistent read of a PIMS over ODBC, page by page, into the raw snapshot. Never writes.

Knows no PIMS: tables, SQL and conventions come from the connector. Drivers' traps are met in
engines.py (casts), cells.py (values), watchdog.py (hangs) and driver_errors.py (messages).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyodbc

from vet_pipeline.errors import ConnectorInvalid, PipelineError, SnapshotTorn
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.pims.csv_before import Exports
from vet_pipeline.pims.csv_reader import read_folder
from vet_pipeline.pims.keys import align_keys, part_keys
from vet_pipeline.pims.made import require_recent
from vet_pipeline.pims.on_the_way import told_in_the_clear
from vet_pipeline.pims.pages import Tables, read_tables
from vet_pipeline.pims.parts import Progress
from vet_pipeline.pims.session import Session, at_pims
from vet_pipeline.pims.shape import Shape, examine, require, require_headers, told
from vet_pipeline.pims.sql import plain
from vet_pipeline.pims.watchdog import Watch, run_watched
from vet_pipeline.policy import Record

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from vet_pipeline.pims.connector import Connector, Headers, Limits


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a practice's settings or the last copy add to the connector's own."""

    limits: Mapping[str, Any] = field(default_factory=dict)  # overrides of connector Limits
    # source_schema of the snapshot applied last, or of what a person has accepted since: a column
    # retyped since then stops the read. None of them does where a person accepts what there is.
    expected_schema: Mapping[str, str] = field(default_factory=dict)
    applied_exports: Exports = field(default_factory=dict)  # of the snapshot applied last
    accept_shape: bool = False  # a person has: nor does an export that is older, or was cut
    headers: Headers = field(default_factory=dict)  # of exports, as the practice has stated them
    # Keys that others have by now, and the how manieth (snapshots/contract.py: parted_key).
    parted: Mapping[Record, Mapping[str, int]] = field(default_factory=dict)
    practice_id: str | None = None  # only for error messages


@dataclass(frozen=True, slots=True)
class RawSnapshot:
    """What one read delivered: text as recorded, columns of snapshots/contract.py."""

    tables: Tables
    started_at: datetime  # UTC
    finished_at: datetime  # UTC
    conventions: Conventions
    fingerprint: str
    source_schema: dict[str, str]
    notes: tuple[str, ...]
    exports: Exports = field(default_factory=dict)  # of a folder of exports: to keep beside it

    @property
    def clients(self) -> pd.DataFrame:
        """The clients as a frame, dtype str."""
        return _frame(self.tables.clients)

    @property
    def patients(self) -> pd.DataFrame:
        """The patients as a frame, dtype str."""
        return _frame(self.tables.patients)


def read_snapshot(
    connector: Connector,
    odbc: str,
    *,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> RawSnapshot:
    """Read all clients and patients as of one moment, or nothing.

    Where the database has no snapshot isolation the read is repeated until two in a row are
    equal. Ctrl-C takes effect within 5 seconds, whatever the driver does.

    Raises:
        PimsUnavailable, PimsAccessDenied, OdbcDriverMissing: as told by the driver; the first, too,
            of a database that was made from the PIMS too long ago (made.py).
        SnapshotShapeChanged: a table or column is gone, renamed or retyped.
        SnapshotTorn: no two reads agreed.
        ConnectorInvalid: the connector's SQL doesn't deliver what it must.
    """
    options = options or ReadOptions()
    try:
        limits = connector.limits.with_overrides(options.limits)
        raw = run_watched(
            lambda watch: (
                _read_folder(connector, odbc, limits, options, watch)
                if connector.file.kind == "csv"
                else _read(connector, odbc, limits, options, progress, watch)
            ),
            seconds=limits.read_seconds,
        )
        return replace(raw, tables=part_keys(raw.tables, options.parted))
    except PipelineError as error:
        named = type(error)(error.what, next_step=error.next_step, practice_id=options.practice_id)
    raise named  # outside: the driver's error, with its cells, doesn't travel along as context


def _read(
    connector: Connector,
    odbc: str,
    limits: Limits,
    options: ReadOptions,
    progress: Progress | None,
    watch: Watch,
) -> RawSnapshot:
    with at_pims(odbc, connector.file, limits, watch) as session:
        shape = examine(session, connector.file)
        require(shape, options.expected_schema)
        conventions = conventions_of(connector)
        notes = require_recent(session, connector, shape, conventions)
        if connector.file.clients is not None:
            session.ask_for_case(connector.file.clients)
        started = datetime.now(UTC)
        tables, settings = _consistent_tables(session, connector, shape, progress)
        finished = datetime.now(UTC)
        notes = told_in_the_clear(session, odbc) + _notes(session, shape) + notes + tables.notes
    if session.engine.keys_ignore_case:
        tables = align_keys(tables)
    return RawSnapshot(
        tables=tables,
        started_at=started,
        finished_at=finished,
        conventions=conventions_of(connector, settings),
        fingerprint=shape.fingerprint,
        source_schema=shape.columns,
        notes=notes,
    )


def _read_folder(
    connector: Connector,
    odbc: str,
    limits: Limits,
    options: ReadOptions,
    watch: Watch,
) -> RawSnapshot:
    started = datetime.now(UTC)
    connector.file.require_columns(options.headers)
    found = read_folder(connector.file, odbc, limits, watch, options)
    require_headers(sorted(options.expected_schema.keys() - found.source_schema.keys()))
    return RawSnapshot(
        tables=found.tables,
        started_at=started,
        finished_at=datetime.now(UTC),
        conventions=conventions_of(connector),
        fingerprint=found.fingerprint,
        source_schema=found.source_schema,
        notes=found.notes + found.tables.notes,
        exports=found.exports,
    )


def _consistent_tables(
    session: Session, connector: Connector, shape: Shape, progress: Progress | None
) -> tuple[Tables, dict[str, str]]:
    """One moment of the database: by its own snapshot, else by two equal reads in a row."""
    section = connector.file.phones
    with_phones = section is not None and section.source not in shape.absent_tables
    previous: tuple[str, dict[str, str]] | None = None
    consistent, suspected = session.is_consistent, ""
    for _ in range(session.limits.attempts):
        if consistent:
            session.begin()
        try:
            settings = _settings(session, connector)
            tables = read_tables(session, connector, with_phones=with_phones, progress=progress)
        except SnapshotTorn:
            previous = None
            continue
        except ConnectorInvalid as fault:
            # As many rows that came as went look like a fault of the SQL, which says the same
            # twice.
            if consistent or fault.what == suspected:
                raise
            previous, suspected = None, fault.what
            continue
        finally:
            if consistent:
                session.end()
        current = ("" if consistent else tables.digest, settings)
        if consistent or current == previous:
            return tables, settings
        previous = current
    raise SnapshotTorn(
        f"the PIMS changed during each of {session.limits.attempts} reads, and its database "
        "gives no snapshot isolation",
        next_step="it is tried again; read in quiet hours, or switch snapshot isolation on",
    )


def _settings(session: Session, connector: Connector) -> dict[str, str]:
    """Site settings the PIMS itself holds: rows (name of a convention, value) of settings.sql."""
    sql = connector.sql("settings", session.engine.name)
    if sql is None:
        return {}
    rows = session.rows(plain(sql, session.engine), (), "reading the site's settings")
    if rows and len(rows[0]) != 2:
        raise ConnectorInvalid(
            f"settings.sql yields {len(rows[0])} columns",
            next_step="let it yield two: the name of a convention and its value (docs/connectors.md)",
        )
    return {str(row[0]): str(row[1]) for row in rows if row[1] is not None}


def conventions_of(
    connector: Connector, settings: Mapping[str, Any] = MappingProxyType({})
) -> Conventions:
    """The connector's conventions, and over them what the PIMS's own settings say.

    A practice's own are put over these by `practice_settings.Settings.conventions`.

    Raises:
        ConnectorInvalid: an unknown convention or value.
    """
    stated = {**connector.file.conventions, **settings}
    try:
        if "phone_region" in stated:
            from vet_pipeline.normalize.phone_plan import require_region  # seldom, and slow to load

            require_region(str(stated["phone_region"]))
        return Conventions.from_json(stated)
    except (ValueError, TypeError) as error:
        raise ConnectorInvalid(
            f"connector {connector.name!r}: {error}",
            next_step="correct [conventions] or settings.sql",
        ) from None


def manifest_conventions(conventions: Conventions) -> dict[str, Any]:
    """The conventions as the manifest stores them."""
    stored: dict[str, Any] = json.loads(conventions.to_json())
    return stored


def _notes(session: Session, shape: Shape) -> tuple[str, ...]:
    """For people: engine, driver, columns that are there and never read. No value."""
    info = session.connection.getinfo
    notes = [
        f"{info(pyodbc.SQL_DBMS_NAME)} {info(pyodbc.SQL_DBMS_VER)[:80]}, driver "
        f"{info(pyodbc.SQL_DRIVER_NAME)} {info(pyodbc.SQL_DRIVER_VER)}"
    ]
    notes += [
        f"{len(columns)} columns of {table} are never read: {told(columns)}"
        for table, columns in shape.ignored.items()
    ]
    notes += [
        f"optional table {table} isn't there"
        + (", or the login may not read it" if table in shape.hidden_tables else "")
        for table in shape.absent_tables
    ]
    return tuple(notes)


def _frame(table: pa.Table) -> pd.DataFrame:
    # Large strings become dtype str without a copy; only a frame without rows is converted.
    frame: pd.DataFrame = table.to_pandas().astype("str")
    return frame
