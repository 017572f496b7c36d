"""Three practices with PIMS of their own, and a production that copies them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine, text

from assets.partitions import PRACTICES
from tests.assets.conftest import Pims
from tests.conftest import TEMPLATE, _database
from tests.deploy.plant import Plant, celery_plant, instance_of
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.postgres.database import lock_practice, open_engine
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.postgres.urls import with_driver

NAMES = ("oak", "elm", "ash")


@dataclass
class Works:
    """The plant, its databases and its practices' PIMS."""

    plant: Plant
    instance: dg.DagsterInstance
    engine: Engine
    pims: dict[str, Pims] = field(default_factory=dict)

    def add_practice(self, name: str, folder: Path) -> None:
        """A practice of one client and one patient, with a partition."""
        self.pims[name] = pims = Pims(folder / f"{name}.sqlite")
        pims.add_client("1", first_name="Ana", last_name="Garcia", city="Salem", state="OR")
        pims.add_patient("11", "1", name="Rex", species="Canine")
        with self.engine.begin() as connection:
            practices.add(
                connection, name, name=f"{name} vets", pims="generic",
                contact_email="desk@vets.example", timezone="America/Los_Angeles",
                by="Test", odbc=pims.odbc,
            )  # fmt: skip
        self.instance.add_dynamic_partitions(PRACTICES, [name])

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """The practice's lock is held: a run gets as far as the middle of applying, and waits."""
        with self.engine.begin() as connection:
            lock_practice(connection, name)
            yield

    def waiting_loads(self) -> int:
        """Loads that wait for a practice's lock at this moment."""
        with self.engine.connect() as connection:
            return int(connection.execute(_WAITING).scalar_one())

    def ledger(self, name: str) -> list[tuple[int, int | None, str]]:
        """Snapshot, baseline and state of each load, in order."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(_LEDGER, {"id": name})]

    def records(self, name: str) -> tuple[int, int]:
        """How many PIMS clients were taken in, and how many clients ScriptRight has of them."""
        with self.engine.connect() as connection:
            taken, have = connection.execute(_RECORDS, {"id": name}).one()
        return int(taken), int(have)


@pytest.fixture(scope="module")
def works(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    """Two Celery processes in one worker; the practices are added, none is copied."""
    folder = tmp_path_factory.mktemp("works")
    scriptright, dagster = _database(postgres, TEMPLATE), _database(postgres, "template0")
    url = next(scriptright)
    dagster_url = with_driver(next(dagster), "psycopg2")
    engine = open_engine(url)
    with pytest.MonkeyPatch.context() as patch:
        with (
            celery_plant(
                folder / "home", scriptright_url=url, dagster_url=dagster_url, processes=2
            ) as plant,
            instance_of(plant, patch) as instance,
        ):
            made = Works(plant, instance, engine)
            for name in NAMES:
                made.add_practice(name, folder)
            yield made
        engine.dispose()
    for database in (scriptright, dagster):
        next(database, None)


_WAITING = text("""
    SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()
""")
_LEDGER = text("""
    SELECT snapshot_seq, baseline_seq, state FROM scriptright.load
    WHERE practice_id = :id ORDER BY load_id
""")
_RECORDS = text("""
    SELECT (SELECT count(*) FROM scriptright.pims_client WHERE practice_id = :id),
           (SELECT count(*) FROM scriptright.client WHERE practice_id = :id)
""")
