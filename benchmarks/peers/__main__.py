"""`make bench-peers`: the core job beside dlt, Sling and a hand-written floor.

PEERS_SIZES=10000,100000 clients, PEERS_ROUNDS=3 alternating rounds of all systems at each size,
PEERS_LAYOUTS=pims,flat (source.py), PEERS_ONLY=speed|damage for one half. What is needed of the peers is installed under
$PEERS_HOME (default: the system's temporary folder), never into the project's environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measured import ROOT
from benchmarks.peers import damage, kills, speed, tables
from benchmarks.peers.install import install
from benchmarks.peers.source import LAYOUTS
from benchmarks.peers.systems import BARE_READ, System, prepare, systems
from benchmarks.peers.target import Target


def main() -> None:
    """Install, measure, print."""
    started = time.monotonic()
    sizes = [int(size) for size in os.environ.get("PEERS_SIZES", "10000,100000").split(",")]
    rounds = int(os.environ.get("PEERS_ROUNDS", "3"))
    home = Path(os.environ.get("PEERS_HOME", Path(tempfile.gettempdir()) / "vet-pipeline-peers"))
    layouts = os.environ.get("PEERS_LAYOUTS", ",".join(LAYOUTS)).split(",")
    only = os.environ.get("PEERS_ONLY", "")
    home.mkdir(parents=True, exist_ok=True)
    peers = install(home / "environment")
    for peer, why in peers.missing.items():
        print(f"{peer} is left out: {why}")
    with tempfile.TemporaryDirectory(prefix="peers-", dir=home) as work, Target(
        Path(work) / "target"
    ) as target:  # fmt: skip
        found: dict[str, dict[int, speed.Measurements]] = {layout: {} for layout in layouts}
        for size in sizes:
            pims = Path(work) / f"pims-{size}"
            rows = _make_pims(size, pims)
            for layout in layouts if only != "damage" else ():
                measured = speed.measure(
                    target,
                    systems(target, peers, layout),
                    pims / "home.json",
                    pims / layout,
                    Path(work),
                    rounds,
                )
                found[layout][size] = measured
                print(tables.of_speed(layout, rows, measured))
                print(tables.of_bars(layout, size, measured), flush=True)
            if only != "speed" and size == min(sizes):
                prepare(target, pims / "home.json")
                everybody = systems(target, peers, "flat")
                told = _damage(target, everybody, pims / "flat", Path(work))
                print(tables.of_damage(size, told))
        for layout, by_size in found.items():
            if len(by_size) > 1:
                print(tables.of_growth(layout, by_size))
    print(f"\nall in {time.monotonic() - started:.0f} s")


def _damage(
    target: Target, everybody: list[System], pims: Path, work: Path
) -> dict[str, dict[str, str]]:
    """For each system, what broken refreshes and kills came to."""
    found = {}
    for system in everybody:
        if system.name in (tables.FLOOR, BARE_READ):
            continue  # written for speed alone: they guard nothing
        print(f"breaking {system.name} ...", file=sys.stderr, flush=True)
        loaded = damage.load_first(target, system, pims, work)
        found[system.name] = damage.outcomes(loaded, pims) | kills.outcomes(loaded, pims)
    return found


def _make_pims(clients: int, folder: Path) -> dict[str, int]:
    """The source in both states, made in a process of its own: this one stays small."""
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.peers.source", str(clients), str(folder)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    rows: dict[str, int] = json.loads(made.stdout.splitlines()[-1])
    return rows


if __name__ == "__main__":
    main()
