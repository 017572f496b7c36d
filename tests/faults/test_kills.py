"""kill -9 of a load: at random moments, and at each exchange with the database."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from tests.faults.clinic import Clinic, Deltas
from tests.faults.driver import Kind, Plan, faulty_engine
from tests.faults.invariants import Witness, assert_holds, digest_of
from tests.faults.loading import Loader
from tests.scriptright.builders import delta_of, one
from tests.soak import Figures, rounds
from vet_pipeline.deltas.delta import Delta
from vet_pipeline.matching import match
from vet_pipeline.scriptright.load.apply import apply_delta

A_PRACTICE = 20  # kills, then a new one begins with its first load


@pytest.mark.timeout(1800)
def test_a_load_killed_at_random_is_there_whole_or_not_at_all(
    engine: Engine, database_url: str, seed: int, figures: Figures
) -> None:
    chance = random.Random(seed)
    witness = Witness(arrived=[])
    tally: Counter[str] = Counter()
    pace = Pace(_exchanges_of_a_load(engine, database_url))
    made = Deltas(engine, Clinic(seed))
    practices = rounds(120, 1000) // A_PRACTICE
    for number in range(1, practices + 1):
        practice_id = f"oak{number}"
        Clinic(seed, practice_id).open(engine)
        tally += _kill_loads(engine, database_url, practice_id, made, witness, chance, pace)
        witness.bystanders[practice_id] = digest_of(engine, practice_id)
        if number % 10 == 0 or number == practices:  # of all so far: each time would be quadratic
            assert_holds(engine, witness)
    figures(
        "kill -9 of the load at random",
        runs=sum(tally.values()),
        before_commit=tally["nothing", False],
        after_commit=tally["nothing", True],
        after_acknowledgement=tally["applied", True],
        violations=0,
    )
    assert tally["nothing", False] > 0
    assert tally["nothing", True] > 0


def _kill_loads(
    engine: Engine,
    url: str,
    practice_id: str,
    made: Deltas,
    witness: Witness,
    chance: random.Random,
    pace: Pace,
) -> Counter[tuple[str, bool]]:
    """A snapshot is tried until it is there, killed each time; what was said, what was there."""
    tally: Counter[tuple[str, bool]] = Counter()
    seq, committed = 0, True
    for number in range(A_PRACTICE):
        if committed:
            seq += 1
            witness.snapshots[practice_id, seq] = made.clinic.snapshot(seq)
            delta = made.of(practice_id, seq, after=tuple(range(1, seq)))
        if number % 4 == 2:  # the moment when the caller can't know
            said = Loader(url, delta, at=0, kind="kill_at_commit").end()
        elif number % 2:
            said = _kill_by_the_clock(url, delta, chance, pace)
        else:
            said = _kill_at_an_exchange(url, delta, chance, pace)
        committed = bool(one(engine, COMMITTED, p=practice_id, seq=seq))
        tally[said, committed] += 1
        assert committed or said == "nothing", "acknowledged, but not there"
        if committed:
            witness.applied.add((practice_id, seq))
            again = apply_delta(engine, delta, run_id=None, match=match, wait_seconds=60)
            assert again.state == "already_applied"
    return tally


def _kill_by_the_clock(url: str, delta: Delta, chance: random.Random, pace: Pace) -> str:
    """After a random time; the times grow until loads get through, so that both sides are hit."""
    loader = Loader(url, delta)
    loader.wait_until_ready()
    time.sleep(chance.uniform(0, pace.seconds))
    said = loader.kill()
    pace.seconds *= 1.15 if said == "nothing" else 0.7
    return said


def _kill_at_an_exchange(url: str, delta: Delta, chance: random.Random, pace: Pace) -> str:
    """Before or after the n-th exchange with the database; every other time one of the last."""
    first = pace.exchanges - 3 if chance.random() < 0.5 else 1
    kind: Kind = "kill" if chance.random() < 0.5 else "kill_after"
    return Loader(url, delta, at=chance.randint(first, pace.exchanges), kind=kind).end()


@dataclass
class Pace:
    """How long a load takes: in exchanges with the database, and in seconds as the machine is."""

    exchanges: int
    seconds: float = 0.3


def _exchanges_of_a_load(engine: Engine, url: str) -> int:
    """Of a refresh; the first load has more."""
    clinic = Clinic(1, "measured").open(engine)
    for seq in (1, 2):
        delta = delta_of(engine, "measured", seq, *clinic.snapshot(seq))
        plan = Plan()
        fresh = faulty_engine(url, plan)  # as in the process that is killed: connecting counts
        apply_delta(fresh, delta, run_id=None, match=match)
        fresh.dispose()
    return plan.seen


COMMITTED = """
    SELECT count(*) FROM scriptright.load WHERE practice_id = :p AND snapshot_seq = :seq
"""
