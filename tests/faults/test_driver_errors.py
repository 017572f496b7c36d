"""Errors injected into the database driver, also "done, but reported as failed"."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from tests.faults.clinic import Clinic
from tests.faults.driver import KINDS, Plan, faulty_engine
from tests.faults.invariants import Decision, Witness, assert_holds, digest_of
from tests.scriptright.builders import delta_of, one, rows
from tests.soak import Figures, rounds
from vet_pipeline.errors import DatabaseUnavailable, StaleDecision
from vet_pipeline.matching import match
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions, reject
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.database import translate_errors

Result = TypeVar("Result")
MOST = 110  # exchanges with the database in a load of the clinic's, about


@contextmanager
def faulty(url: str, plan: Plan) -> Iterator[Engine]:
    engine = faulty_engine(url, plan)
    yield engine
    engine.dispose()


def _try_on(
    call: Callable[[], Result], plan: Plan, chance: random.Random, tally: Counter[str], most: int
) -> Result:
    """Call until it ends well; half of the calls meet a fault."""
    while True:
        kind = chance.choice(KINDS)
        plan.arm(chance.randint(1, most) if chance.random() < 0.5 else None, kind)
        try:
            return call()
        except DatabaseUnavailable:
            assert plan.struck, "an error that nobody injected"
        finally:
            tally["exchanges"] += plan.seen
            tally["faults"] += plan.struck
            tally[kind] += plan.struck


def test_driver_errors_lose_nothing_and_double_nothing(
    engine: Engine, database_url: str, seed: int, figures: Figures
) -> None:
    chance = random.Random(seed)
    witness, tally, plan = Witness(arrived=[]), Counter[str](), Plan()
    with faulty(database_url, plan) as shaky:
        for number in range(1, rounds(3, 80) + 1):
            clinic = Clinic(seed + number, f"oak{number}").open(engine)
            for seq in range(1, 6):
                _one_round(engine, shaky, clinic, seq, witness, plan, chance, tally)
            witness.bystanders[clinic.practice_id] = digest_of(engine, clinic.practice_id)
            if number % 10 == 0:  # looks at all practices so far: each time would be quadratic
                assert_holds(engine, witness)
    assert_holds(engine, witness)
    assert all(tally[kind] for kind in KINDS)
    figures("errors in the database driver", **tally, violations=0)


def _one_round(
    engine: Engine,
    shaky: Engine,
    clinic: Clinic,
    seq: int,
    witness: Witness,
    plan: Plan,
    chance: random.Random,
    tally: Counter[str],
) -> None:
    """A load, the decision on every question, and an edit in the web shop, each until it is done."""
    practice_id = clinic.practice_id
    seen = witness.snapshots[practice_id, seq] = clinic.snapshot(seq)
    delta = delta_of(engine, practice_id, seq, *seen)

    def load() -> str:
        return apply_delta(shaky, delta, run_id=None, match=match).state

    assert _try_on(load, plan, chance, tally, MOST) in ("applied", "already_applied")
    witness.applied.add((practice_id, seq))
    tally["loads"] += 1
    with engine.connect() as connection:
        asked = list_suggestions(connection, practice_id)
    for suggestion in asked[:4]:
        if suggestion.field == "owner":
            continue
        yes = chance.random() < 0.5

        def decide(number: int = suggestion.suggestion_id, yes: bool = yes) -> str:
            if yes:
                return confirm(shaky, practice_id, number, by="Pat Doe", same_animal=True).state
            return reject(shaky, practice_id, number, by="Pat Doe").state

        try:
            state = _try_on(decide, plan, chance, tally, 30)
        except StaleDecision:  # done, but reported as failed: the person is told that it is decided
            state = one(engine, STATE, p=practice_id, id=suggestion.suggestion_id)
            if suggestion.means_another and state == "superseded":  # asked anew, as what it is
                assert one(engine, ANEW, p=practice_id, id=suggestion.suggestion_id) == 1
                continue
            assert state == ("confirmed" if yes else "rejected")
        witness.decisions.append(Decision(practice_id, suggestion.suggestion_id, state))
        tally["decisions"] += 1
    city = chance.choice(("Salem", "Quincy", "Peoria"))

    def edit() -> None:
        with translate_errors(practice_id), shaky.begin() as connection:
            web_shop.edit_client(
                connection, practice_id, _first_client(engine, practice_id), {"city": city},
                actor="web",
            )  # fmt: skip

    _try_on(edit, plan, chance, tally, 20)
    tally["edits"] += 1
    assert one(engine, CITY, p=practice_id, id=_first_client(engine, practice_id)) == city


def _first_client(engine: Engine, practice_id: str) -> int:
    [(client_id,)] = rows(
        engine,
        "SELECT min(client_id) FROM scriptright.client WHERE practice_id = :p",
        p=practice_id,
    )
    return int(client_id)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_at_each_exchange_of_a_load_is_survived(
    engine: Engine, database_url: str, kind: str, figures: Figures
) -> None:
    clinic, witness, plan = Clinic(3).open(engine), Witness(arrived=[]), Plan()
    step = rounds(20, 1)  # each exchange in the soak, every twentieth on other days
    at, seq, runs, after = 1 + KINDS.index(kind) * 5, 0, 0, 0  # type: ignore[arg-type]
    delta = None
    with faulty(database_url, plan) as shaky:
        while True:
            if delta is None:
                seq += 1
                seen = witness.snapshots["oak", seq] = clinic.snapshot(seq)
                delta = delta_of(engine, "oak", seq, *seen)
            plan.arm(at, kind)  # type: ignore[arg-type]
            try:
                state = apply_delta(shaky, delta, run_id=None, match=match).state
            except DatabaseUnavailable:
                state = "unknown"
            runs += 1
            if not plan.struck:
                break  # the load has fewer exchanges than that
            if apply_delta(engine, delta, run_id=None, match=match).state == "already_applied":
                after += 1
            assert state != "applied" or after
            witness.applied.add(("oak", seq))
            delta, at = None, at + step
    assert_holds(engine, witness)
    assert at > 50
    figures("error at each exchange of a load", runs=runs, after_commit=after, violations=0)


ANEW = """
    SELECT count(*) FROM scriptright.suggestion s JOIN scriptright.suggestion one
        USING (practice_id, record, record_id, field, pims_id)
    WHERE practice_id = :p AND one.suggestion_id = :id AND s.state = 'open'
      AND s.suggestion_id > one.suggestion_id
"""
STATE = """
    SELECT state FROM scriptright.suggestion WHERE practice_id = :p AND suggestion_id = :id
"""
CITY = "SELECT city FROM scriptright.client WHERE practice_id = :p AND client_id = :id"
