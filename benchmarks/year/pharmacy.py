"""ScriptRight as it really is: a database, and snapshots brought in step by step, without Dagster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine, text

from benchmarks.year.accidents import Tables
from benchmarks.year.desk import Row
from vet_pipeline import job
from vet_pipeline.errors import SnapshotHeld
from vet_pipeline.guards_opinion import look_at
from vet_pipeline.policy import Record
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import parted as parted_settings
from vet_pipeline.scriptright.decisions import holds, links
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import embedded_server
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS, parted_key
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore

BY = "Dana Field"
_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@contextmanager
def database(home: Path) -> Iterator[Engine]:
    """An embedded server's database, migrated, for as many practices as are wanted."""
    with embedded_server(home, settings=_QUICK) as server:
        migrate(server.migration_url)
        engine = open_engine(server.url("scriptright", "psycopg"))
        yield engine
        engine.dispose()


class Pharmacy:
    """One practice of the database."""

    def __init__(self, engine: Engine, home: Path, practice_id: str) -> None:
        """Registered, nothing loaded."""
        self.engine, self.id, self.seq = engine, practice_id, 0
        self.store = SnapshotStore(home / "snapshots")
        with engine.begin() as connection:
            practices.add(
                connection, practice_id, name="Year", pims="generic", odbc="DRIVER=x;Database=y",
                contact_email="desk@oak.example", timezone="America/Chicago", by=BY,
            )  # fmt: skip

    def as_read(self, tables: Tables) -> Tables:
        """The PIMS's tables with the numbers that were parted, as `pims.keys.part_keys` reads them."""
        parted = practices.registered(self.engine, self.id).settings.parted
        clients, pets = parted.get("client", {}), parted.get("pet", {})
        if not parted:
            return tables
        by_number = {"client_key": clients, "patient_key": pets}
        return _numbered(tables[0], clients, by_number), _numbered(tables[1], pets, by_number)

    def part(self, record: Record, pims_id: str) -> None:
        """What `link part` does: the row is a newcomer's from the next read on."""
        with self.engine.begin() as connection:
            links.require_anothers(connection, self.id, record, pims_id)
            now = practices.get(connection, self.id).settings
            after, _ = parted_settings(now, record, pims_id)
            practices.change_settings(connection, self.id, after, by=BY)

    def write(self, tables: Tables, read_at: datetime) -> Manifest:
        """A snapshot in the store, as a read would leave it."""
        self.seq += 1
        return self.store.write_snapshot(
            Manifest(
                practice_id=self.id, seq=self.seq, pims="generic", connector_version="1",
                read_started_at=read_at, read_finished_at=read_at, files={},
                schema_fingerprint="x",
            ),
            frame(tables[0], RAW_CLIENT_COLUMNS),
            frame(tables[1], RAW_PATIENT_COLUMNS),
            beside={},
        )  # fmt: skip

    def load(self, manifest: Manifest) -> list[str]:
        """Normalize, compare, guard, apply; the rules that hold it, where any does."""
        practice = practices.registered(self.engine, self.id)
        for record in ("client", "pet"):
            job.normalize_step(self.engine, self.store, manifest, record)
        delta = job.delta_step(self.engine, self.store, manifest)
        try:
            job.apply_step(self.engine, self.store, practice, manifest)
        except SnapshotHeld:
            return [str(one) for one in look_at(self.engine, practice, delta).breaches]
        return []

    def release(self, seq: int) -> None:
        """A person lets a held one be applied."""
        holds.release(self.engine, self.id, seq, by=BY)

    def rows(self, query: str, **values: Any) -> list[Any]:
        """The rows of a query of this practice (:practice_id)."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), {"practice_id": self.id} | values))

    def act(self, what: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """Something the web shop does, in a transaction."""
        with self.engine.begin() as connection:
            return what(connection, self.id, *arguments, **more)


def _numbered(
    table: dict[str, Row], parted: dict[str, int], by_number: dict[str, dict[str, int]]
) -> dict[str, Row]:
    def read_as(key: str, numbers: dict[str, int]) -> str:
        return parted_key(key, numbers[key]) if key in numbers else key

    rows = {}
    for row in table.values():
        cells = {c: read_as(v, by_number.get(c, {})) if v else v for c, v in row.cells.items()}
        key = read_as(row.key, parted)
        rows[key] = replace(row, key=key, cells=cells)
    return rows


def frame(table: dict[str, Any], columns: tuple[str, ...]) -> pd.DataFrame:
    """Rows as a connector delivers them."""
    rows = [row.cells for row in table.values()]
    return pd.DataFrame(
        {c: pd.array([row.get(c) for row in rows], dtype="str") for c in columns},
        index=pd.RangeIndex(len(rows)),
    )
