"""`make bench-engines`: a round of refreshes on real Celery workers, by the settings in deploy/celery.

Redis, one worker of two processes, code server, daemon and web server run as deployed. The round by
Dagster's default launcher is `make bench-fleet`'s, on practices made the same way.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.fleet.daemon import switch_on, wait_until
from benchmarks.fleet.place import opened
from benchmarks.fleet.practices import change_two_percent, make_fleet, register_fleet
from benchmarks.fleet.processes import server_cpu, tree_cpu
from benchmarks.fleet.rounds import loads, make_due
from tests.deploy.plant import celery_plant

PROCESSES = 2


def main() -> None:
    """First loads to warm the workers, then the refresh that is measured; prints one JSON line."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--practices", type=int, default=40)
    words.add_argument("--clients", type=int, default=3000, help="clients of each practice")
    chosen = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped
    with tempfile.TemporaryDirectory(prefix="vp-engines-") as folder:
        print(json.dumps(measure(Path(folder), chosen.practices, chosen.clients)))


def measure(home: Path, practices: int, clients: int) -> dict[str, float]:
    """Seconds and CPU-seconds of the refresh round, and the memory of the worker's processes."""
    fleet = make_fleet(home / "pims", fleet=practices, clients=clients)
    with (
        opened(home) as place,
        celery_plant(
            home / "celery",
            scriptright_url=place.scriptright.scriptright_url,
            dagster_url=place.dagster.dagster_url,
            processes=PROCESSES,
            snapshots=home / "snapshots",
        ) as plant,
    ):
        register_fleet(place.engine, fleet)
        patience = 300 + 60 * practices
        switch_on("practice_is_due")
        wait_until("the first loads", lambda: loads(place) >= practices, patience)
        for path in fleet.values():
            change_two_percent(path, 1)
        time.sleep(5)  # the last run ends after its load

        def cpu() -> dict[str, float]:
            worker = plant.processes["worker1"].pid
            rest = [plant.processes[name].pid for name in ("redis", "code", "daemon", "web")]
            return {
                "worker": tree_cpu(worker),
                "daemon, code and web server, Redis": sum(map(tree_cpu, rest)),
                "ScriptRight": server_cpu(place.scriptright),
                "Dagster's database": server_cpu(place.dagster),
            }

        before, started = cpu(), time.perf_counter()
        make_due(place, list(fleet))
        wait_until("the refreshes", lambda: loads(place) >= 2 * practices, patience, every=0.5)
        wall = time.perf_counter() - started
        spent = {name: (now - before[name]) / practices for name, now in cpu().items()}
        children = plant.children("worker1")
        return {
            "practices": practices,
            "clients": clients,
            "wall_seconds": round(wall, 1),
            "practices_an_hour": round(practices / wall * 3600),
            **{f"cpu_a_run: {name}": round(value, 2) for name, value in spent.items()},
            "cpu_a_run": round(sum(spent.values()), 2),
            "mb_a_process": max(child.memory_info().rss for child in children) >> 20,
            "mb_of_it_its_own": max(child.memory_full_info().uss for child in children) >> 20,
        }


if __name__ == "__main__":
    main()
