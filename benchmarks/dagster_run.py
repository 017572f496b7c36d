"""The same two rounds as core_run, through Dagster, each round a `vet-pipeline run` of its own.

Prints one JSON line. `python -m benchmarks.dagster_run CLIENTS HOME`
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    """Register one practice, run it, let it live for a week, run it again."""
    clients, home = int(sys.argv[1]), Path(sys.argv[2])
    from vet_pipeline.demo import make_practice, odbc_string
    from vet_pipeline.demo.week import live_a_week

    home.mkdir(parents=True, exist_ok=True)
    source = home / "practice.db"
    make_practice(source, clients=clients, seed="bench")
    vet_pipeline(
        home,
        *("practice", "add", "bench", "--name", "Bench", "--pims", "generic"),
        *("--odbc", odbc_string(source), "--email", "bench@example.org"),
        *("--timezone", "America/Chicago", "--by", "benchmark"),
    )
    rounds = {}
    for name in ("first load", "refresh"):
        wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        vet_pipeline(home, "run", "bench")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        rounds[name] = {
            "wall": round(time.perf_counter() - wall, 2),
            "cpu": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        }
        live_a_week(source, seed="bench")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"rounds": rounds, "peak_mb": peak}))


def vet_pipeline(home: Path, *arguments: str) -> None:
    """Run the command line as a user would; its output goes to our standard error."""
    command = [str(Path(sys.executable).parent / "vet-pipeline"), *arguments]
    environment = {**os.environ, "VET_PIPELINE_HOME": str(home)}
    subprocess.run(command, check=True, env=environment, stdout=sys.stderr)


if __name__ == "__main__":
    main()
