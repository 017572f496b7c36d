"""First load and refresh of every system, in alternating rounds on fresh databases."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.peers.runs import Round, measured
from benchmarks.peers.systems import System, fresh_state, prepare
from benchmarks.peers.target import Target

STEPS = ("first", "refresh")
Measurements = dict[str, dict[str, list[Round]]]  # system -> first | refresh -> rounds


def measure(
    target: Target, everybody: list[System], home: Path, pims: Path, work: Path, rounds: int
) -> Measurements:
    """All rounds at one size and layout (`pims`); the order turns round every time."""
    prepare(target, home)
    found: Measurements = {system.name: {step: [] for step in STEPS} for system in everybody}
    source, database = work / "pims.db", "run"
    for number in range(rounds):
        for system in everybody[:: -1 if number % 2 else 1]:
            print(f"round {number + 1}: {system.name} ...", file=sys.stderr, flush=True)
            target.create(database, system.template)
            state = fresh_state(work / "state")
            for step in STEPS:
                shutil.copyfile(pims / f"{step}.db", source)
                target.settle(database)
                command = system.command(source, database, state)
                found[system.name][step].append(
                    measured(target, database, command, work / "said.log")
                )
    target.drop(database)
    return found
