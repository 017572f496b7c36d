"""PostgreSQL itself killed under load, postmaster and children together; started again by us."""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.faults.clinic import Clinic
from tests.faults.invariants import Witness, assert_holds
from tests.faults.killed_server import kill_server
from tests.faults.loading import Loader
from tests.scriptright.builders import delta_of
from tests.soak import Figures, rounds
from vet_pipeline.matching import match
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import embedded_server

pytestmark = pytest.mark.timeout(1800)
# A killed process loses nothing that it has handed to the kernel: without fsync it is quicker.
SETTINGS = {"fsync": "off", "synchronous_commit": "on", "max_connections": "20"}


def test_the_server_killed_under_load_loses_nothing_that_was_acknowledged(
    server_home: Path, seed: int, figures: Figures
) -> None:
    chance, tally = random.Random(seed), Counter[str]()
    witness, seqs, longest, pause = Witness(arrived=[]), {"oak": 1, "elm": 1}, 0.0, 0.5
    server = embedded_server(server_home, settings=SETTINGS).__enter__()
    try:
        url = server.url("scriptright", "psycopg")
        migrate(url)
        engine = open_engine(url)
        clinics = [Clinic(seed, name).open(engine) for name in seqs]
        for _ in range(rounds(10, 100)):
            deltas = {}
            for clinic in clinics:
                name, seq = clinic.practice_id, seqs[clinic.practice_id]
                seen = witness.snapshots[name, seq] = clinic.snapshot(seq)
                deltas[name] = delta_of(engine, name, seq, *seen)
            engine.dispose()
            loaders = {n: Loader(url, d) for n, d in deltas.items()}
            for loader in loaders.values():
                loader.wait_until_ready()
            time.sleep(chance.uniform(0, pause))
            tally["processes_killed"] += kill_server(server)
            said = {name: loader.kill() for name, loader in loaders.items()}
            # Longer until loads get through, so that both sides of the commit are hit.
            pause *= 1.3 if set(said.values()) == {"nothing"} else 0.7
            down = time.monotonic()
            again = embedded_server(server_home, settings=SETTINGS).__enter__()
            longest = max(longest, time.monotonic() - down)
            server.close()
            server = again
            for name, delta in deltas.items():
                state = apply_delta(engine, delta, run_id=None, match=match).state
                assert (said[name], state) != ("applied", "applied"), "acknowledged, but lost"
                tally["committed" if state == "already_applied" else "not_committed"] += 1
                witness.applied.add((name, seqs[name]))
                seqs[name] += 1
            assert_holds(engine, witness)
            tally["runs"] += 1
        engine.dispose()
    finally:
        with suppress(psycopg.Error):
            server.close()
    figures(
        "kill -9 of PostgreSQL and its children",
        **tally,
        longest_restart_seconds=round(longest, 1),
        violations=0,
    )
