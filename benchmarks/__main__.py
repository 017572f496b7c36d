"""`make bench`: load time of the code location, time and CPU of a run, peak memory.

One table, printed when all is measured. Takes about two minutes on 2 cores.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.measured import run


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--clients", type=int, default=12_000, help="size of the practice")
    clients = arguments.parse_args().clients
    home = Path(tempfile.mkdtemp(prefix="vet-pipeline-bench-"))
    try:
        loads = [run("benchmarks.load_time") for _ in range(5)]
        core = run("benchmarks.core_run", str(clients), str(home / "core"))
        dagster = run("benchmarks.dagster_run", str(clients), str(home / "dagster"))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    seconds = statistics.median(load.result["seconds"] for load in loads)
    print(f"\ncode location: {seconds:.2f} s to load (median of 5 cold processes)")
    print(f"\none practice, {clients:,} clients, {core.result['rows']['patients']:,} pets\n")
    print(f"{'round':<12}{'step':<22}{'wall s':>8}{'CPU s':>8}")
    for name, steps in core.result["rounds"].items():
        for step, took in steps.items():
            print(f"{name:<12}{step:<22}{took['wall']:>8.2f}{took['cpu']:>8.2f}")
        wall, cpu = (sum(took[key] for took in steps.values()) for key in ("wall", "cpu"))
        through = dagster.result["rounds"][name]
        print(f"{name:<12}{'the core job':<22}{wall:>8.2f}{cpu:>8.2f}")
        print(f"{name:<12}{'through Dagster':<22}{through['wall']:>8.2f}{through['cpu']:>8.2f}")
        print(
            f"{name:<12}{'  of this Dagster':<22}{through['wall'] - wall:>8.2f}{through['cpu'] - cpu:>8.2f}"
        )
    print("\nCPU is the pipeline's own process; the database's is not in it. Through Dagster: one")
    print("`vet-pipeline run`, with the start of the process, the imports and all checks.")
    print(f"peak memory: core job {core.peak_mb:.0f} MB, through Dagster {dagster.peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
