"""`make bench-fleet`: loads and refreshes a fleet through Dagster and says how far it will go.

FLEET=n practices (300) of 3,000 clients and 4,500 pets; 2 % of the rows change before a refresh.
Three rounds: first loads and a refresh by warm workers, and a refresh of some by dagster-daemon
with a fresh process a run. About 12 CPU-seconds a practice.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks.fleet import outlook
from benchmarks.fleet.daemon import Daemon
from benchmarks.fleet.place import opened
from benchmarks.fleet.practices import change_two_percent, make_fleet, register_fleet
from benchmarks.fleet.rounds import CLIENT_PARTS, Round, launcher_round, warm_round

PARTS = (*CLIENT_PARTS, "database", "dagster", "Dagster's database")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--fleet", type=int, default=300, help="practices")
    words.add_argument("--clients", type=int, default=3000, help="clients of each practice")
    words.add_argument("--workers", type=int, default=2, help="warm workers")
    words.add_argument("--launched", type=int, default=30, help="practices of the last round")
    words.add_argument("--picture", type=Path, help="write the plot to this .svg file")
    chosen = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped
    home = Path(tempfile.mkdtemp(prefix="vp-fleet-"))
    try:
        measure(home, chosen)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def measure(home: Path, chosen: argparse.Namespace) -> None:
    """All three rounds, the table, the outlook."""
    fleet = make_fleet(home / "pims", fleet=chosen.fleet + chosen.workers, clients=chosen.clients)
    ids = list(fleet)
    warm_ups, ids = ids[: chosen.workers], ids[chosen.workers :]
    launched = ids[: chosen.launched]
    with opened(home) as place:
        register_fleet(place.engine, fleet)
        empty = place.database_bytes(place.scriptright), place.database_bytes(place.dagster)
        first = warm_round(place, "first load, warm workers", ids, warm_ups)
        stored = place.snapshot_bytes() / len(fleet)
        for path in fleet.values():
            change_two_percent(path, 1)
        refresh = warm_round(place, "refresh, warm workers", ids, warm_ups)
        sizes = outlook.Sizes(
            snapshot=stored,
            scriptright=(place.database_bytes(place.scriptright) - empty[0]) / len(fleet),
            events=(place.database_bytes(place.dagster) - empty[1]) / (2 * len(fleet)),
        )
        for practice_id in launched:
            change_two_percent(fleet[practice_id], 2)
        daemon = Daemon(home / "daemon.log")
        fresh = launcher_round(place, "refresh, a process a run", launched, daemon, refresh)
    rounds = [first, refresh, fresh]
    print(f"\n{chosen.fleet} practices of {chosen.clients:,} clients and {chosen.clients * 3 // 2:,}"
          " pets, 2 % changed before a refresh")  # fmt: skip
    print_rounds(rounds)
    outlook.print_outlook(refresh, fresh, sizes)
    if chosen.picture:
        outlook.draw(chosen.picture, refresh, fresh)
    failed = {one.name: one.states for one in rounds if set(one.states) - {"applied"}}
    if failed:
        raise SystemExit(f"not all runs were applied: {failed}")


def print_rounds(rounds: list[Round]) -> None:
    """CPU seconds of one run by part, and practices an hour, as a Markdown table."""
    print("\n| CPU-seconds a run | " + " | ".join(one.name for one in rounds) + " |")
    print("|---|" + "---|" * len(rounds))
    for part in PARTS:
        cells = (f"{one.cpu[part] / one.runs:.2f}" for one in rounds)
        print(f"| {part} | " + " | ".join(cells) + " |")
    for title, cells in (
        ("**in all**", [f"**{one.per_run:.2f}**" for one in rounds]),
        ("of this Dagster's part", [f"{one.dagsters_part:.2f}" for one in rounds]),
        ("runs", [str(one.runs) for one in rounds]),
        ("wall, s", [f"{one.wall:.0f}" for one in rounds]),
        ("practices an hour, just now", [f"{one.per_hour:,.0f}" for one in rounds]),
        ("practices an hour, 2 free cores", [f"{7200 / one.per_run:,.0f}" for one in rounds]),
    ):
        print(f"| {title} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
