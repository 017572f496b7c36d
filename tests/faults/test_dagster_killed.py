"""Dagster's processes killed: a run at named places every day; daemon and run workers in the soak."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from automation.run import run_practice
from tests.assets.conftest import World
from tests.deploy.conftest import NAMES, Works
from tests.deploy.plant import BIN, until
from tests.deploy.test_celery import assert_in_order, launch_job
from tests.faults.invariants import Witness, assert_holds
from tests.scriptright.builders import one
from tests.soak import SOAK, Figures, rounds
from vet_pipeline.scriptright.postgres.urls import with_driver

pytestmark = pytest.mark.timeout(3600)
ROOT = Path(__file__).parents[2]
RUN = "import sys; from automation.run import run_practice; from pathlib import Path; " + (
    "run_practice('elm-street', home=Path(sys.argv[1]))"
)
PLACES = ("before_commit", "after_acknowledgement")
MORE_PLACES = ("after_gate", "after_matching", "after_changes", "after_commit")


@pytest.mark.parametrize("place", PLACES + (MORE_PLACES if SOAK else ()))
def test_a_run_killed_at_a_named_place_is_finished_by_the_next(
    world: World,
    database_url: str,
    empty_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    figures: Figures,
    place: str,
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("SCRIPTRIGHT_URL", database_url)
    monkeypatch.setenv("DAGSTER_PG_URL", with_driver(empty_database_url, "psycopg2"))
    for name in ("VET_PIPELINE_HOME", "DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.delenv("VET_PIPELINE_SNAPSHOTS", raising=False)
    killed = subprocess.run(
        [sys.executable, "-c", RUN, str(home)],
        env={**os.environ, "VET_PIPELINE_FAILPOINT": place},
        cwd=ROOT,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    committed = one(world.engine, "SELECT count(*) FROM scriptright.load")
    assert committed == (place in ("after_commit", "after_acknowledgement"))
    again = run_practice("elm-street", home=home)
    if again.error_class == "LoadInProgress":  # the server hasn't noticed the death yet
        again = run_practice("elm-street", home=home)
    assert (again.state, again.error) == ("applied", "")
    # The second run read the PIMS anew: a snapshot of its own, that changes nothing.
    assert one(world.engine, "SELECT count(*) FROM scriptright.load") == 1 + committed
    assert one(world.engine, "SELECT count(*) FROM scriptright.client") == 2
    assert_holds(world.engine, Witness())
    figures("run under Dagster killed at a named place", runs=1, violations=0)


@pytest.mark.skipif(not SOAK, reason="only by `make soak`: a plant takes half a minute to start")
def test_daemon_and_run_workers_killed_in_mid_work(
    works: Works, seed: int, figures: Figures
) -> None:
    chance, tally = random.Random(seed), Counter[str]()
    for number in range(rounds(1, 10)):
        before = {name: len(works.ledger(name)) for name in NAMES}
        for name in NAMES:
            works.pims[name].add_client(f"n{number}", first_name="Bo", last_name=f"Lund{number}")
            launch_job(works, name)
        time.sleep(chance.uniform(0, 20))
        if number % 2 == 0:
            works.plant.kill("daemon")
            tally["daemons"] += 1
        if number % 3 != 0:
            for child in works.plant.children("worker1"):
                child.send_signal(signal.SIGKILL)
                tally["run_workers"] += 1
        if number % 2 == 0:
            time.sleep(chance.uniform(0, 3))
            workspace = works.plant.home / "workspace.yaml"
            works.plant.start("daemon", str(BIN / "dagster-daemon"), "run", "-w", str(workspace))
        for name in NAMES:
            until(f"{name} is copied", lambda n=name, b=before: len(works.ledger(n)) > b[n])
        until("no run is under way", lambda: all(r.is_finished for r in works.instance.get_runs()))
    for name in NAMES:
        assert_in_order(works, name)
    assert_holds(works.engine)
    figures("Dagster's processes killed", rounds=number + 1, **tally, violations=0)
