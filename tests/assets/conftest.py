"""A practice with a small PIMS of its own, read over ODBC, and resources that lead to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Engine

from assets.partitions import PRACTICES
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource
from tests.generic_pims import CLIENT_COLUMNS, PATIENT_COLUMNS
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.snapshots.store import SnapshotStore


@dataclass
class Pims:
    """A SQLite PIMS with the two tables that the connector `generic` reads."""

    path: Path

    def __post_init__(self) -> None:
        for table, columns in (
            ("vetpipeline_clients", CLIENT_COLUMNS),
            ("vetpipeline_patients", PATIENT_COLUMNS),
        ):
            self.run(f"CREATE TABLE {table} ({', '.join(f'{c} TEXT' for c in columns)})")

    @property
    def odbc(self) -> str:
        return f"DRIVER=SQLite3;Database={self.path};NoCreat=1"

    def run(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, values)

    def count(self, table: str) -> int:
        with closing(sqlite3.connect(self.path)) as connection:
            (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(rows)

    def add_client(self, key: str | None, **values: str) -> None:
        self._add("vetpipeline_clients", {"client_key": key, **values})

    def add_patient(self, key: str | None, owner: str, **values: str) -> None:
        self._add("vetpipeline_patients", {"patient_key": key, "client_key": owner, **values})

    def _add(self, table: str, row: dict[str, Any]) -> None:
        marks = ", ".join("?" for _ in row)
        self.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())


@dataclass
class World:
    """One practice, its PIMS, ScriptRight, the store, and a Dagster instance."""

    practice_id: str
    pims: Pims
    engine: Engine
    instance: dg.DagsterInstance
    resources: dict[str, Any]


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster instance that lives for one test."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, engine: Engine, program_url: str, instance: dg.DagsterInstance) -> World:
    """The practice `elm-street`: two clients, three patients, one of them without a key."""
    return make_world(tmp_path, engine, program_url, instance)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """The snapshots of the practice, which the Dagster resources of `world` read and write, too."""
    return SnapshotStore(tmp_path / "snapshots")


def practice(world: World) -> practices.Practice:
    """The practice as it is registered by now."""
    with connected(world.engine, "load", world.practice_id) as connection:
        return practices.get(connection, world.practice_id)


def make_world(
    folder: Path, engine: Engine, program_url: str, instance: dg.DagsterInstance
) -> World:
    pims = Pims(folder / "elm.sqlite")
    pims.add_client(
        "1", first_name="Ana", last_name="Garcia", address_line1="12 Elm St", city="Salem",
        state="OR", postal_code="97301", email="ana@garcia.example", phone1="503-555-0123",
    )  # fmt: skip
    pims.add_client("2", first_name="Bo", last_name="Lund", city="Salem", state="OR")
    pims.add_patient("11", "1", name="Rex", species="Canine", breed="Boxer", weight="50",
                     weight_unit="lb", weight_date="2026-11-01", birth_date="2020-02-29")  # fmt: skip
    pims.add_patient("12", "2", name="Tom", species="Feline")
    pims.add_patient(None, "2", name="No key")
    with engine.begin() as connection:
        practices.add(
            connection,
            "elm-street",
            name="Elm Street Vets",
            pims="generic",
            contact_email="desk@elm-street.example",
            timezone="America/Los_Angeles",
            by="Test",
            odbc=pims.odbc,
        )
    instance.add_dynamic_partitions(PRACTICES, ["elm-street"])
    resources = {
        "scriptright": ScriptRightResource(url=program_url),
        "snapshots": SnapshotStoreResource(url=str(folder / "snapshots")),
    }
    return World("elm-street", pims, engine, instance, resources)


@pytest.fixture
def run_job(world: World) -> Callable[..., dg.ExecuteInProcessResult]:
    """Run a job of the definitions for the practice; failures come back as results."""
    from vet_pipeline.definitions import build_definitions

    def run(job: str = "copy_practice", **options: Any) -> dg.ExecuteInProcessResult:
        made = build_definitions(resources=world.resources).resolve_job_def(job)
        return made.execute_in_process(
            instance=world.instance,
            partition_key=world.practice_id,
            raise_on_error=False,
            tags={"practice": world.practice_id, "vet_pipeline/no_retries": "yes"},
            **options,
        )

    return run
