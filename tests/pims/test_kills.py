"""A read that is disconnected or killed at any moment leaves a whole snapshot or none."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import threading
import time
from pathlib import Path

import pyodbc
import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from tests.snapshot_files import write_snapshot
from tests.soak import Figures
from vet_pipeline.errors import PimsUnavailable
from vet_pipeline.pims.reader import RawSnapshot
from vet_pipeline.snapshots.store import SnapshotStore

TIMES = int(os.environ.get("VET_PIPELINE_KILLS", "60"))
CLIENTS = [{"client_key": f"C{n:03}", "city": "v0"} for n in range(200)]
PATIENTS = [
    {"patient_key": f"P{n:03}", "client_key": f"C{n:03}", "status": "v0"} for n in range(200)
]


class Writer(threading.Thread):
    """Changes every row of both tables in one transaction, over and over."""

    def __init__(self, odbc: str) -> None:
        super().__init__(daemon=True)
        self._connection = pyodbc.connect(odbc, autocommit=False)
        self._done = threading.Event()

    def run(self) -> None:
        version = 0
        while not self._done.wait(0.005):
            version += 1
            self._connection.execute(f"UPDATE vetpipeline_clients SET city = 'v{version}'")
            self._connection.execute(f"UPDATE vetpipeline_patients SET status = 'v{version}'")
            self._connection.commit()

    def stop(self) -> None:
        self._done.set()
        self.join()
        self._connection.close()


def assert_one_moment(snapshot: RawSnapshot) -> None:
    """All 200 clients and patients, all of the same version."""
    assert len(snapshot.clients) == len(snapshot.patients) == 200
    assert len(set(snapshot.clients["city"]) | set(snapshot.patients["status"])) == 1


@pytest.mark.slow
def test_disconnected_at_random_it_gives_one_moment_or_an_error(
    mariadb: Server, figures: Figures
) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS)
    writer = Writer(mariadb.admin(database))
    killer = pyodbc.connect(mariadb.admin(""), autocommit=True)
    chance = random.Random(3)
    writer.start()
    outcomes = {"whole": 0, "error": 0}
    try:
        start = time.monotonic()
        assert_one_moment(read("generic", mariadb.odbc(database), page_rows=20))
        usual = time.monotonic() - start
        for _ in range(TIMES):
            timer = threading.Timer(chance.uniform(0, usual), _disconnect, [killer])
            timer.start()
            try:
                assert_one_moment(read("generic", mariadb.odbc(database), page_rows=20))
                outcomes["whole"] += 1
            except PimsUnavailable:
                outcomes["error"] += 1
            timer.join()
    finally:
        writer.stop()
        killer.close()
    assert outcomes["error"] > TIMES // 10
    figures("reader disconnected from the PIMS", runs=TIMES, **outcomes, mixed_moments=0)


def _disconnect(killer: pyodbc.Connection) -> None:
    victims = killer.execute(
        "SELECT id FROM information_schema.processlist WHERE user = 'pims_ro'"
    ).fetchall()
    for (victim,) in victims:
        with contextlib.suppress(pyodbc.Error):  # it was quicker
            killer.execute(f"KILL {victim}")


@pytest.mark.slow
def test_killed_at_random_the_store_holds_whole_snapshots_only(
    mariadb: Server, tmp_path: Path, figures: Figures
) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS)
    writer = Writer(mariadb.admin(database))
    store = SnapshotStore(tmp_path)
    chance = random.Random(5)
    fork = multiprocessing.get_context("fork")
    written = 0
    writer.start()
    try:
        for number in range(1, TIMES + 1):
            child = fork.Process(
                target=_read_and_write, args=(mariadb.odbc(database), tmp_path, number)
            )
            child.start()
            time.sleep(chance.uniform(0, 0.25))
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)
            child.join()
            latest = store.latest("p1")
            if latest == number:
                written += 1
            if latest is not None:
                clients, patients = (
                    store.read_raw("p1", latest, kind) for kind in ("clients", "patients")
                )
                assert len(clients) == len(patients) == 200
                assert len(set(clients["city"]) | set(patients["status"])) == 1
    finally:
        writer.stop()
    # The next run is not disturbed by what the killed ones left, under the same number even.
    _write(store, TIMES + 1, read("generic", mariadb.odbc(database)))
    assert store.latest("p1") == TIMES + 1
    assert 0 < written < TIMES
    figures("kill -9 of the reader", runs=TIMES, snapshots_written=written, half_snapshots=0)


def _read_and_write(odbc: str, folder: Path, number: int) -> None:
    store = SnapshotStore(folder)
    _write(store, number, read("generic", odbc, page_rows=20))
    time.sleep(60)


def _write(store: SnapshotStore, seq: int, raw: RawSnapshot) -> None:
    frames = {"clients": raw.clients, "patients": raw.patients}
    write_snapshot(store, seq, raw.started_at, practice_id="p1", **frames)
