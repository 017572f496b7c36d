"""kill -9 in the middle of a refresh: what the target holds then, and after one more run.

Killed at parts of the run's usual time, and as soon as one table is seen new while the other is
old. The run after the kill meets a source that has moved on by one more change.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from benchmarks.peers import state as states
from benchmarks.peers.damage import Loaded
from benchmarks.peers.runs import run
from benchmarks.peers.source import CLIENTS, change
from benchmarks.peers.state import TODAY, State

PARTS = (0.5, 0.8)
_NEXT_DAY = f"UPDATE {CLIENTS} SET email = '{TODAY}' WHERE client_key % 1000 = 161"


def outcomes(loaded: Loaded, pims: Path) -> dict[str, str]:
    """In words: the target after the kills, and after one more run from the worst of them."""
    good = states.of_source(pims / "refresh.db")
    seconds = _usual_time(loaded, pims)
    seen: dict[str, str] = {}
    for part in (*PARTS, None):
        database = _killed(loaded, pims, good, None if part is None else part * seconds)
        held = _what_is_new(loaded.state(database), good)
        seen.setdefault(held, _after_one_more_run(loaded, database))
    worst = next((held for held in seen if held.startswith("half")), None)
    return {
        "kill -9 in mid-refresh": " or ".join(sorted(seen)),
        "one more run after it": seen[worst] if worst else " or ".join(sorted(set(seen.values()))),
    }


def _usual_time(loaded: Loaded, pims: Path) -> float:
    database, folder = loaded.again()
    source = loaded.work / "pims.db"
    shutil.copyfile(pims / "refresh.db", source)
    return run(loaded.system.command(source, database, folder), loaded.work / "said.log").wall


def _killed(loaded: Loaded, pims: Path, good: State, seconds: float | None) -> str:
    """The database after a kill at that time; None: when one table is new and the other old."""
    database, folder = loaded.again()
    source = loaded.work / "pims.db"
    shutil.copyfile(pims / "refresh.db", source)

    with psycopg.connect(loaded.target.conninfo(database), autocommit=True) as watcher:

        def half_done(_: float) -> bool:
            time.sleep(0.02)
            row = watcher.execute(states.query_of(loaded.system).encode()).fetchone()
            return row is not None and _what_is_new(State(*row), good).startswith("half")

        when: Callable[[float], bool] = (
            half_done if seconds is None else lambda since: since >= seconds
        )
        command = loaded.system.command(source, database, folder)
        run(command, loaded.work / "said.log", kill_when=when)
    loaded.target.wait_until_alone(database)
    return database


def _what_is_new(held: State, good: State) -> str:
    clients, patients = held.moved > good.moved * 0.9, held.weighed > good.weighed * 0.9
    if clients and patients:
        return "all new"
    if not clients and not patients:
        return "all old"
    return "half: clients new, patients old" if clients else "half: patients new, clients old"


def _after_one_more_run(loaded: Loaded, database: str) -> str:
    source = loaded.work / "pims.db"
    change(source, _NEXT_DAY)
    wanted = states.of_source(source)
    command = loaded.system.command(source, database, loaded.work / "broken-state")
    ended = run(command, loaded.work / "said.log")
    loaded.target.wait_until_alone(database)
    held = loaded.state(database)
    if ended.exit_code:
        return f"exit {ended.exit_code}"
    if held.today >= wanted.today * 0.9:
        return "today's data"
    return "exit 0, but the data of the killed run, not today's"
