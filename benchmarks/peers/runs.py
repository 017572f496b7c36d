"""One system, one round, one process of its own, measured from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured import ROOT
from benchmarks.peers.target import Target


@dataclass(frozen=True)
class Command:
    """What to start, with which environment."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Ended:
    """A process that has ended: wall and CPU seconds, peak memory in MB, what it said."""

    exit_code: int
    wall: float
    cpu: float
    peak_mb: float
    said: str


@dataclass(frozen=True)
class Round:
    """One round of one system; `server_cpu` seconds and `wal_mb` are the target's."""

    ended: Ended
    server_cpu: float
    wal_mb: float

    @property
    def cpu(self) -> float:
        """CPU seconds of both sides."""
        return self.ended.cpu + self.server_cpu


def run(command: Command, log: Path, *, kill_when: Callable[[float], bool] | None = None) -> Ended:
    """Start it and wait; `kill_when(seconds)` is asked all the time and ends it by SIGKILL."""
    started = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command.arguments,
            cwd=ROOT,
            env=dict(command.environment),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        killed = False
        while kill_when is not None and not killed and os.waitid(
            os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
        ) is None:  # fmt: skip
            if kill_when(time.perf_counter() - started):
                os.killpg(process.pid, signal.SIGKILL)
                killed = True
            time.sleep(0.002)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(
        process.returncode,
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        log.read_text(errors="replace"),
    )


def measured(target: Target, database: str, command: Command, log: Path) -> Round:
    """Run it to its end; a failure ends the benchmark with what the process said."""
    wal, cpu = target.wal_bytes(), target.cpu_seconds()
    ended = run(command, log)
    target.wait_until_alone(database)
    if ended.exit_code:
        raise SystemExit(f"{database}: exit code {ended.exit_code}\n{ended.said[-3000:]}")
    return Round(ended, target.cpu_seconds() - cpu, (target.wal_bytes() - wal) / 1e6)
