"""The core job in this process: generate, first load, a week, refresh; each step on its own clock.

Prints one JSON line. `python -m benchmarks.core_run CLIENTS HOME`
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measured import cpu_seconds, peak_mb


def main() -> None:
    """One practice of the given size, both rounds."""
    clients, home = int(sys.argv[1]), Path(sys.argv[2])
    from vet_pipeline import job
    from vet_pipeline.demo import make_practice, odbc_string
    from vet_pipeline.demo.week import live_a_week
    from vet_pipeline.registry import practices
    from vet_pipeline.scriptright.postgres.database import open_engine
    from vet_pipeline.scriptright.postgres.migrate import migrate
    from vet_pipeline.scriptright.postgres.roles import transaction
    from vet_pipeline.scriptright.postgres.server import embedded_server
    from vet_pipeline.snapshots.store import SnapshotStore

    home.mkdir(parents=True, exist_ok=True)
    source = home / "practice.db"
    rows = make_practice(source, clients=clients, seed="bench")
    with embedded_server(home) as server:
        migrate(server.migration_url)
        engine = open_engine(server.scriptright_url)
        store = SnapshotStore(home / "snapshots")
        with transaction(engine, "ops", "bench") as connection:
            practice = practices.add(
                connection,
                "bench",
                name="Bench",
                pims="generic",
                contact_email="bench@example.org",
                timezone="America/Chicago",
                by="benchmark",
                odbc=odbc_string(source),
            )
        rounds = {}
        for name in ("first load", "refresh"):
            steps: dict[str, dict[str, float]] = {}
            manifest = timed(steps, "read", lambda: job.read_step(engine, store, practice))
            timed(
                steps,
                "normalize",
                lambda m=manifest: [
                    job.normalize_step(engine, store, m, record) for record in ("client", "pet")
                ],
            )
            timed(steps, "delta", lambda m=manifest: job.delta_step(engine, store, m))
            timed(steps, "apply", lambda m=manifest: job.apply_step(engine, store, practice, m))
            rounds[name] = steps
            live_a_week(source, seed="bench")
        engine.dispose()
    print(json.dumps({"rows": rows, "rounds": rounds, "peak_mb": peak_mb()}))


def timed(steps: dict[str, dict[str, float]], name: str, work: Callable[[], Any]) -> Any:
    """Do the work and note its wall and CPU seconds (this process; the database's are apart)."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    result = work()
    steps[name] = {
        "wall": round(time.perf_counter() - wall, 3),
        "cpu": round(cpu_seconds() - cpu, 3),
    }
    return result


if __name__ == "__main__":
    main()
