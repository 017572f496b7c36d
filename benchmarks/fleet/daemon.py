"""A real dagster-daemon of a place: started, asked for its CPU, stopped or killed by its number."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.fleet.processes import tree_cpu
from benchmarks.measured import ROOT

_DAGSTER = str(Path(sys.executable).parent / "dagster")
_WORKSPACE = str(ROOT / "workspace.yaml")


def switch_on(sensor: str) -> None:
    """Start a sensor of the code location, as the switch on its page does."""
    command = [_DAGSTER, "sensor", "start", sensor, "-w", _WORKSPACE, "-l", "vet_pipeline"]
    done = subprocess.run(command, cwd=os.environ["DAGSTER_HOME"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{sensor} could not be started:\n{done.stderr[-2000:]}")


@dataclass
class Daemon:
    """`dagster-daemon run` with the project's dagster.yaml; its code server and runs are below it."""

    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it; returns at once."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [_DAGSTER + "-daemon", "run", "-w", _WORKSPACE],
                cwd=os.environ["DAGSTER_HOME"],
                stdout=log,
                stderr=log,
            )

    def cpu(self) -> float:
        """Seconds of the daemon and everything below it so far."""
        return tree_cpu(self._running().pid)

    def kill(self) -> None:
        """Kill -9, by its number: the daemon alone, as the kernel's out-of-memory killer would."""
        running = self._running()
        running.kill()
        running.wait()

    def stop(self) -> None:
        """Ask it to end, with all that it started; what is left after a minute is killed.

        Harmless when it was never started, or has ended.
        """
        if self.process is None or self.process.poll() is not None:
            return
        running = self.process
        family = [psutil.Process(running.pid), *psutil.Process(running.pid).children(True)]
        running.terminate()
        _, left = psutil.wait_procs(family, timeout=60)
        for process in left:
            process.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("the daemon was never started")
        return self.process


def wait_until(what: str, is_so: object, patience: float, every: float = 2.0) -> float:
    """Wait until `is_so()` is true; seconds waited. SystemExit names `what` when time is up."""
    started = time.monotonic()
    while not is_so():  # type: ignore[operator]
        if time.monotonic() - started > patience:
            raise SystemExit(f"gave up after {patience:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - started
