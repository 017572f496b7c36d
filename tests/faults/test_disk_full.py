"""No space left: under the database, and under the snapshot store. On small tmpfs of our own."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from tests.faults.clinic import Clinic
from tests.faults.invariants import Witness, assert_holds
from tests.faults.test_server_kills import kill_server
from tests.scriptright.builders import delta_of, read_time
from tests.snapshot_files import write_snapshot
from tests.soak import Figures, rounds
from vet_pipeline.errors import DatabaseUnavailable, SnapshotStoreFull
from vet_pipeline.matching import match
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import embedded_server
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS
from vet_pipeline.snapshots.purge import purge
from vet_pipeline.snapshots.store import SnapshotStore

pytestmark = pytest.mark.timeout(1800)
MEGABYTE = 1024 * 1024


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A tmpfs of that size; skips, and says so, where this user may not mount one."""
    place = Path(tempfile.mkdtemp(prefix="vet-pipeline-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(place)]
    mounted = os.getuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    if not mounted:
        place.rmdir()
        pytest.skip("MOUNTING A TMPFS ISN'T PERMITTED: run the tests as root to fill a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
        shutil.rmtree(place, ignore_errors=True)


def fill(disk: Path, *, leave: int) -> Path:
    """A file that takes all room but `leave` bytes."""
    ballast = disk / "ballast"
    room = os.statvfs(disk)
    size = max(0, room.f_bavail * room.f_frsize - leave)
    with ballast.open("wb") as sink:
        os.posix_fallocate(sink.fileno(), 0, max(1, size))
    return ballast


def test_a_full_disk_under_the_database_stops_loads_and_spoils_nothing(
    seed: int, figures: Figures
) -> None:
    chance, tally, witness = random.Random(seed), Counter[str](), Witness(arrived=[])
    # Small segments, so that the log fills the disk as well as the tables do.
    settings = {
        "fsync": "off", "max_wal_size": "'32MB'", "min_wal_size": "'32MB'",
        "max_connections": "10", "shared_buffers": "'8MB'",
    }  # fmt: skip
    with small_disk(220) as disk:
        server = embedded_server(disk / "home", settings=settings).__enter__()
        url = server.url("scriptright", "psycopg")
        migrate(url)
        engine = open_engine(url)
        clinic = Clinic(seed, clients=150, pets=250).open(engine)
        seq, state = 0, "applied"
        for _ in range(rounds(5, 20)):
            ballast = fill(disk, leave=chance.randint(0, 3 * MEGABYTE))
            for _ in range(12):
                if state == "applied":
                    seq += 1
                    seen = witness.snapshots["oak", seq] = clinic.snapshot(seq)
                    try:
                        delta = delta_of(engine, "oak", seq, *seen)
                    except DatabaseUnavailable:
                        del witness.snapshots["oak", seq]
                        seq -= 1
                        tally["refused"] += 1
                        break
                try:
                    state = apply_delta(engine, delta, run_id=None, match=match).state
                    tally["applied_before_full"] += 1
                    witness.applied.add(("oak", seq))
                except DatabaseUnavailable:
                    state = "unavailable"
                    tally["refused"] += 1
                    break
            ballast.unlink()
            engine.dispose()
            # PostgreSQL gives up when its log can't grow: then we start it, as a run would.
            again = embedded_server(disk / "home", settings=settings).__enter__()
            server.close()
            server = again
            if state != "applied":
                assert apply_delta(
                    engine, delta, run_id=None, match=match, wait_seconds=30
                ).state in (
                    "applied",
                    "already_applied",
                )
                state = "applied"
                witness.applied.add(("oak", seq))
            assert_holds(engine, witness)
            tally["runs"] += 1
        engine.dispose()
        kill_server(server)
        server.close()
    assert tally["refused"] > 0
    figures("disk full under the database", **tally, violations=0)


def test_a_full_disk_under_the_snapshot_store_leaves_no_half_snapshot(
    seed: int, figures: Figures
) -> None:
    chance, tally = random.Random(seed), Counter[str]()
    clinic = Clinic(seed, clients=150, pets=250)
    with small_disk(4) as disk:
        store = SnapshotStore(disk / "snapshots")
        for seq in range(1, rounds(20, 200) + 1):
            ballast = fill(disk, leave=chance.randint(0, 40_000))
            tally[_write(store, clinic, seq)] += 1
            ballast.unlink()
            if seq not in store.snapshots("oak"):
                assert _write(store, clinic, seq) == "whole"  # the same number, once there is room
            purge(store, read_time(seq))
            assert store.latest("oak") == seq
            assert len(store.read_raw("oak", seq, "clients")) == len(clinic.snapshot(seq)[0])
            assert len(store.read_raw("oak", seq, "patients")) == len(clinic.snapshot(seq)[1])
    assert tally["refused"] > 0
    assert tally["whole"] > 0
    figures("disk full under the snapshot store", runs=seq, **tally, violations=0)


def _write(store: SnapshotStore, clinic: Clinic, seq: int) -> str:
    clients, patients = clinic.snapshot(seq)
    try:
        write_snapshot(
            store,
            seq,
            read_time(seq),
            clients=pd.DataFrame(clients, columns=list(RAW_CLIENT_COLUMNS), dtype="str"),
            patients=pd.DataFrame(patients, columns=list(RAW_PATIENT_COLUMNS), dtype="str"),
        )
    except SnapshotStoreFull:
        return "refused"
    return "whole"
