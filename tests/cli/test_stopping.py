"""Ctrl-C and SIGTERM in the middle of a read: a clean end, and the next run gets there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.cli.pims import BELL, REX, make_pims
from tests.cli.test_bad_input import nothing_is_applied

pytestmark = pytest.mark.slow
# As from a terminal, also where the tests run in the background and have Ctrl-C ignored.
PROGRAM = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);" + (
    "from vet_pipeline.cli import main; main()"
)


@pytest.mark.parametrize(
    ("word", "signal_", "code"),
    [
        ("plan", signal.SIGINT, 130),
        ("plan", signal.SIGTERM, 143),
        ("run", signal.SIGINT, 130),
        ("run", signal.SIGTERM, 130),  # Dagster makes SIGTERM a Ctrl-C while a run is under way
    ],
)
def test_stopped_in_mid_read_nothing_is_half_applied(
    command: CommandLine, engine: Engine, word: str, signal_: signal.Signals, code: int
) -> None:
    command.add_practice()
    make_pims(command.pims, [{**BELL, "client_key": f"C{n}"} for n in range(200)], [REX])
    with engine.begin() as connection:  # as gentle as never before: one row in half a second
        slow = '{"reader": {"limits": {"page_rows": 1, "rows_per_second": 2}}}'
        connection.execute(text("UPDATE scriptright.practice SET settings = :s"), {"s": slow})
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, word, "elm"],
        env=dict(os.environ),
        stderr=subprocess.PIPE,
        text=True,
    )
    number = text("SELECT next_snapshot_seq FROM scriptright.practice")
    deadline = time.monotonic() + 120
    with engine.connect() as connection:
        while connection.execute(number).scalar() == 1 and time.monotonic() < deadline:
            connection.rollback()
            time.sleep(0.1)
    time.sleep(1)  # the read has begun
    running.send_signal(signal_)
    said = running.communicate(timeout=120)[1]
    assert running.returncode == code
    assert "Traceback" not in said
    assert "nothing is half applied" in said
    assert nothing_is_applied(engine)
    if word == "run" and code == 130:  # on record as stopped by a person, not as a run that goes on
        (failure,) = command("failed", "--json").data["failed"]
        assert (failure["practice"], failure["error"]) == ("elm", "Interrupted")
        assert failure["what"] == "stopped by a person"
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET settings = '{}'"))
    assert command("plan", "elm").exit_code == 0


SWEPT = """
import signal, time
from vet_pipeline.cli import app, main

class Swept:
    def __del__(self):
        signal.raise_signal(signal.SIGNAL)

@app.command("sweep")
def sweep():
    Swept()
    time.sleep(5)

signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


@pytest.mark.parametrize(("word", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_stopped_while_python_cleans_up_after_an_object_it_stops(word: str, code: int) -> None:
    program = SWEPT.replace("SIGNAL", word)
    ended = subprocess.run(
        [sys.executable, "-c", program, "sweep"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (
        code,
        "\nstopped: nothing is half applied; the same command starts again\n",
    )
