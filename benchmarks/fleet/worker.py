"""One warm worker: runs practices one after another through Dagster, and says where the CPU went.

It is what a Celery worker does: a process that has imported everything takes run after run.
Prints one JSON line. `python -m benchmarks.fleet.worker HOME PRACTICE...` with SCRIPTRIGHT_URL
and DAGSTER_PG_URL set; the first practice of the list warms it up and isn't counted.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measured import cpu_seconds, peak_mb

# Where a part begins: module, attribute. A part inside another counts for itself only.
PARTS = {
    "read": [("vet_pipeline.job", "read_step")],
    "normalize": [("vet_pipeline.job", "normalize_step")],
    "compare": [("vet_pipeline.job", "delta_step"), ("vet_pipeline.job", "guard_step")],
    # Of a first load, the staging of its clients goes on beside it and counts here.
    "match": [
        ("vet_pipeline.scriptright.load.apply", "match_while"),
        ("vet_pipeline.scriptright.load.apply", "find_matches"),
    ],
    "apply": [("vet_pipeline.job", "apply_step")],
    "checks": [
        ("expectations.checks", "evaluate"),
        ("expectations.accounts", "standing_accounts"),
        ("expectations.accounts", "row_accounts"),
    ],
}


class Clock:
    """CPU seconds of this process by part; what no part claims is Dagster's."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inside = ["dagster"]
        self._since = time.process_time()

    def turn(self) -> None:
        """Give the time since the last turn to the part that is at work."""
        now = time.process_time()
        self.seconds[self._inside[-1]] += now - self._since
        self._since = now

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What is done inside is `name`'s."""
        self.turn()
        self._inside.append(name)
        try:
            yield
        finally:
            self.turn()
            self._inside.pop()

    def wrap(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time given to `name`."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return work(*args, **kwargs)

        return timed


def main() -> None:
    """Warm up, wait for the word, run the rest, tell."""
    logging.disable(logging.INFO)
    home, first, *others = sys.argv[1:]
    from automation.instance import open_instance
    from automation.run import run_job

    clock = Clock()
    for name, places in PARTS.items():
        for module_name, attribute in places:
            module = importlib.import_module(module_name)
            setattr(module, attribute, clock.wrap(name, getattr(module, attribute)))
    states: dict[str, int] = defaultdict(int)
    with open_instance(Path(home)) as instance:
        run_job("copy_practice", first, instance=instance)
        print(json.dumps({"warm": round(cpu_seconds(), 2)}), flush=True)
        sys.stdin.readline()  # until all workers are warm
        clock.turn()
        clock.seconds.clear()
        for practice_id in others:
            states[run_job("copy_practice", practice_id, instance=instance).state] += 1
        clock.turn()
    print(json.dumps({"cpu": clock.seconds, "states": states, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
