"""Machines whose clock is days off, and a night when the clock changes: by libfaketime.

One process lives with a clock that the test moves; PostgreSQL and the mail server keep the right
time. The order of snapshots, the email and what is taken in must not depend on that clock.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.assets.conftest import Pims
from tests.faults.invariants import assert_holds
from tests.mail.conftest import MailServer, Postbox
from tests.scriptright.builders import one, rows
from tests.soak import Figures, rounds
from vet_pipeline.registry import practices

pytestmark = pytest.mark.timeout(1800)
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
ROOT = Path(__file__).parents[2]
# Reads, applies and sends once for each line on its input; answers with its own clock.
LIVED = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from vet_pipeline.registry import practices
from vet_pipeline.job import run_core_job
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.mail.settings import SmtpSettings
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.snapshots.store import SnapshotStore
url, folder, clock, smtp = sys.argv[1:]
engine, store = open_engine(url), SnapshotStore(folder)
for line in sys.stdin:
    Path(clock).write_text(line)
    with engine.connect() as connection:
        practice = practices.get(connection, "oak")
    done = run_core_job(engine, store, practice)
    sent = send_confirmation(engine, "oak", SmtpSettings.model_validate_json(smtp))
    print(json.dumps([done.state, sent.state, datetime.now(UTC).isoformat()]), flush=True)
"""


def skews(chance: random.Random, number: int) -> list[timedelta]:
    """Ten days either way, the night of the change to summer time, and any others."""
    now = datetime.now(UTC)
    spring = datetime(now.year, 3, 14, 9, 59, 58, tzinfo=UTC)  # 2 a.m. in Chicago comes in 2 s
    fixed = [timedelta(days=-10), timedelta(days=10), spring - now, timedelta(hours=-1)]
    drawn = [timedelta(seconds=chance.randint(-864_000, 864_000)) for _ in range(number)]
    return (fixed + drawn)[: max(4, number)]


def test_a_clock_that_is_off_changes_neither_order_nor_values_nor_the_email(
    engine: Engine,
    database_url: str,
    tmp_path: Path,
    start_mail_server: Callable[..., MailServer],
    seed: int,
    figures: Figures,
) -> None:
    if not LIBRARIES:
        pytest.skip("LIBFAKETIME MISSING: deploy/setup.sh test (apt-get install libfaketime)")
    pims, box = Pims(tmp_path / "oak.sqlite"), Postbox()
    server = start_mail_server(box)
    pims.add_client("1", first_name="Ann", last_name="Lee", email="v0@oak.example")
    pims.add_patient("11", "1", name="Rex", species="Canine", weight="1", weight_unit="kg")
    with engine.begin() as connection:
        practices.add(
            connection, "oak", name="Oak", pims="generic", contact_email="desk@oak.example",
            timezone="America/Chicago", by="Test", odbc=pims.odbc,
        )  # fmt: skip
    clock = tmp_path / "clock"
    clock.write_text("+0d")
    smtp = {k: v for k, v in server.settings.model_dump(mode="json").items() if v is not None}
    lived = subprocess.Popen(
        [sys.executable, "-c", LIVED, database_url, tmp_path / "store", clock, json.dumps(smtp)],
        env={
            **os.environ,
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "TZ": "America/Chicago",
        },
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    moved = skews(random.Random(seed), rounds(4, 40))
    today = datetime.now(UTC).date()
    try:
        for number, skew in enumerate(moved, start=1):
            _change(pims.path, number, today.isoformat())
            assert lived.stdin is not None
            assert lived.stdout is not None
            lived.stdin.write(f"{skew.total_seconds():+.0f}\n")
            lived.stdin.flush()
            state, email, its_time = json.loads(lived.stdout.readline())
            off = datetime.fromisoformat(its_time) - datetime.now(UTC)
            assert abs(off - skew) < timedelta(minutes=10)  # the clock was really off
            assert (state, email) == ("applied", "sent" if number == 1 else "nothing_to_send")
            assert one(engine, "SELECT email FROM scriptright.client") == f"v{number}@oak.example"
            assert one(engine, "SELECT weight_value FROM scriptright.pet") == number
    finally:
        assert lived.stdin is not None
        lived.stdin.close()
        lived.wait(30)
    seqs = rows(engine, "SELECT snapshot_seq FROM scriptright.load ORDER BY recorded_at")
    assert seqs == sorted(seqs)
    assert len(box.messages) == 1
    assert_holds(engine)
    figures("machine's clock off", runs=len(moved), violations=0)


def _change(path: Path, number: int, weighed: str) -> None:
    """The email and the weight tell which snapshot was taken in."""
    with closing(sqlite3.connect(path)) as connection, connection:
        email = f"v{number}@oak.example"
        connection.execute("UPDATE vetpipeline_clients SET email = ?", [email])
        connection.execute(
            "UPDATE vetpipeline_patients SET weight = ?, weight_date = ?", [str(number), weighed]
        )
