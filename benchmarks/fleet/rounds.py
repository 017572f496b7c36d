"""Rounds over the fleet, measured: by warm workers, or by the daemon with Dagster's own launcher."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field

from sqlalchemy import text

from benchmarks.fleet.daemon import Daemon, switch_on, wait_until
from benchmarks.fleet.place import Place
from benchmarks.fleet.processes import server_cpu
from benchmarks.measured import ROOT

# In the order of the way of the data; Dagster and its database come last.
CLIENT_PARTS = ("read", "normalize", "compare", "match", "apply", "checks")


@dataclass
class Round:
    """One round; CPU seconds are of all runs together."""

    name: str
    runs: int
    wall: float
    cpu: dict[str, float]
    states: dict[str, int] = field(default_factory=dict)
    peak_mb: float = 0.0

    @property
    def per_run(self) -> float:
        """CPU seconds of one run, databases included."""
        return sum(self.cpu.values()) / self.runs

    @property
    def dagsters_part(self) -> float:
        """Of these, Dagster's own: its Python and its database."""
        return (self.cpu["dagster"] + self.cpu["Dagster's database"]) / self.runs

    @property
    def per_hour(self) -> float:
        """Practices an hour, as fast as this machine went just now."""
        return self.runs / self.wall * 3600


def warm_round(place: Place, name: str, ids: list[str], warm_ups: list[str]) -> Round:
    """Every practice once, by as many workers as there are `warm_ups` (run first, not counted)."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.fleet.worker", str(place.home), first,
             *ids[number :: len(warm_ups)]],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number, first in enumerate(warm_ups)
    ]  # fmt: skip
    for worker in workers:
        _line(worker)  # it is warm now
    before, started = _databases(place), time.perf_counter()
    for worker in workers:
        if worker.stdin:
            worker.stdin.write("go\n")
            worker.stdin.flush()
    told = [_line(worker) for worker in workers]
    wall = time.perf_counter() - started
    for worker in workers:
        worker.wait()
    cpu = {
        part: sum(one["cpu"].get(part, 0.0) for one in told) for part in (*CLIENT_PARTS, "dagster")
    }
    states: dict[str, int] = {}
    for one in told:
        for state, count in one["states"].items():
            states[state] = states.get(state, 0) + count
    peak = max(one["peak_mb"] for one in told)
    return Round(name, len(ids), wall, {**cpu, **_since(place, before)}, states, peak)


def launcher_round(place: Place, name: str, ids: list[str], daemon: Daemon, like: Round) -> Round:
    """The practices become due, and the daemon's sensor, queue and launcher do the rest.

    Each run is a fresh process. `like` is a warm round of the same work: what the runs cost
    beyond its parts (imports, daemon, code server) is given to Dagster.
    """
    target = loads(place) + len(ids)
    make_due(place, ids)
    switch_on("practice_is_due")
    daemon.start()
    try:
        before, started = _databases(place), time.perf_counter()
        wait_until(f"{len(ids)} loads", lambda: loads(place) >= target, 120 + 60 * len(ids))
        wall = time.perf_counter() - started
        time.sleep(5)  # the last run's process ends after its load
        client, database = daemon.cpu(), _since(place, before)
    finally:
        daemon.stop()
    cpu = {part: like.cpu[part] / like.runs * len(ids) for part in CLIENT_PARTS}
    cpu["dagster"] = client - sum(cpu.values())
    return Round(name, len(ids), wall, {**cpu, **database}, {"applied": len(ids)})


def make_due(place: Place, ids: list[str]) -> None:
    """Let 61 hours pass for these practices: their last success moves back, and so does the next."""
    with place.engine.begin() as connection:
        connection.execute(text(_PASS), {"ids": ids})


_PASS = """
UPDATE scriptright.practice
SET last_success_at = last_success_at - interval '67 hours',
    next_due_at = next_due_at - interval '67 hours'
WHERE practice_id = ANY(:ids)
"""


def loads(place: Place) -> int:
    """Applied loads in the ledger."""
    with place.engine.connect() as connection:
        query = "SELECT count(*) FROM scriptright.load WHERE state = 'applied'"
        return int(connection.execute(text(query)).scalar_one())


def _databases(place: Place) -> tuple[float, float]:
    return server_cpu(place.scriptright), server_cpu(place.dagster)


def _since(place: Place, before: tuple[float, float]) -> dict[str, float]:
    scriptright, dagster = _databases(place)
    return {"database": scriptright - before[0], "Dagster's database": dagster - before[1]}


def _line(worker: subprocess.Popen[str]) -> dict[str, object]:
    """The worker's next line of JSON (Dagster writes none to stdout)."""
    assert worker.stdout is not None
    for line in worker.stdout:
        if line.startswith("{"):
            found: dict[str, object] = json.loads(line)
            return found
    raise SystemExit("a worker ended before it was done; its errors are above")
