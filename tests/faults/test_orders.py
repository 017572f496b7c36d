"""Snapshots twice, at once, in any order; eight workers on one practice; people in between."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.at_once import at_once
from tests.faults.clinic import Clinic, Deltas
from tests.faults.invariants import Decision, Witness, assert_holds
from tests.scriptright.builders import Cells, add_practice, client, delta_of, one, pet
from tests.soak import Figures, rounds
from vet_pipeline.errors import LoadInProgress, StaleDecision, StaleDelta
from vet_pipeline.matching import match
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import Suggestion, confirm, list_suggestions
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.records import baseline

pytestmark = pytest.mark.timeout(1800)
PARTS = rounds(1, 4)  # for workers that share the machine


def test_a_snapshot_delivered_eight_times_at_once_is_applied_once(
    engine: Engine, seed: int, figures: Figures
) -> None:
    clinic, witness = Clinic(seed, clients=3, pets=3).open(engine), Witness(arrived=[])
    deliveries = rounds(15, 250)
    for seq in range(1, deliveries + 1):
        seen = witness.snapshots["oak", seq] = clinic.snapshot(seq)
        delta = delta_of(engine, "oak", seq, *seen)
        call = lambda d=delta: apply_delta(  # noqa: E731
            engine, d, run_id=None, match=match, wait_seconds=60
        )
        results = at_once([call] * 8)
        assert sorted(r.state for r in results) == ["already_applied"] * 7 + ["applied"]
        assert all(
            (r.load_id, r.counts) == (results[0].load_id, results[0].counts) for r in results
        )  # the same receipt
        witness.applied.add(("oak", seq))
    assert_holds(engine, witness)
    figures(
        "one snapshot delivered 8 times at once",
        snapshots=deliveries,
        deliveries=8 * deliveries,
        applied=deliveries,
        violations=0,
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_six_snapshots_in_any_order_end_in_the_newest(
    engine: Engine, seed: int, figures: Figures, part: int
) -> None:
    orders = list(itertools.permutations(range(1, 7)))[part::PARTS]
    random.Random(seed).shuffle(orders)
    orders = orders[: rounds(12, 720)]
    witness, tally = Witness(arrived=[]), Counter[str]()
    made = Deltas(engine, Clinic(seed, clients=2, pets=2))
    for number, order in enumerate(orders):
        practice_id = f"oak{number}"
        applied: tuple[int, ...] = ()
        Clinic(seed, practice_id).open(engine)
        for seq in order:
            witness.snapshots[practice_id, seq] = made.clinic.snapshot(seq)
            delta = made.of(practice_id, seq, after=applied)
            state = apply_delta(engine, delta, run_id=None, match=match).state
            tally[state] += 1
            applied += (seq,) if state == "applied" else ()
        assert one(
            engine, "SELECT applied_seq FROM scriptright.practice WHERE practice_id = :p",
            p=practice_id,
        ) == 6  # fmt: skip
    assert_holds(engine, witness)
    figures("orders of 6 snapshots", orders=len(orders), **tally, violations=0)


def test_eight_workers_on_one_practice_apply_one_after_the_other(
    engine: Engine, seed: int, figures: Figures
) -> None:
    clinic, witness, tally = Clinic(seed, clients=3, pets=3).open(engine), Witness(), Counter[str]()
    mine = threading.Lock()

    def work() -> str:
        seq = baseline.next_snapshot_seq(engine, "oak")
        with mine:
            witness.snapshots["oak", seq] = seen = clinic.snapshot(seq)
        while True:
            delta = delta_of(engine, "oak", seq, *seen)
            try:
                state = apply_delta(engine, delta, run_id=None, match=match, wait_seconds=60).state
            except StaleDelta:
                with mine:
                    tally["stale_deltas_refused"] += 1
                continue
            if state == "applied":
                with mine:
                    witness.applied.add(("oak", seq))
            return state

    for _ in range(rounds(4, 100)):
        results = at_once([work] * 8)
        assert set(results) <= {"applied", "superseded"}
        tally.update(results)
    assert_holds(engine, witness)
    figures("8 workers on one practice", loads=sum(tally.values()), **tally, violations=0)


RACED = 4  # clients, each with a confirmation and an edit, in one refresh


def test_refresh_against_confirmation_against_web_shop_edit(
    engine: Engine, seed: int, figures: Figures
) -> None:
    chance, tally = random.Random(seed), Counter[str]()
    add_practice(engine)
    witness = Witness(arrived=[])
    seq = 0
    while tally["races"] < rounds(48, 1_000):
        seq += 1
        seen = witness.snapshots["oak", seq] = _moved(seq)
        delta = delta_of(engine, "oak", seq, *seen)
        with engine.connect() as connection:
            asked = list_suggestions(connection, "oak", field="address")
        chance.shuffle(asked)
        calls: list[Callable[[], Any]] = [lambda d=delta: _refresh(engine, d)]  # type: ignore[misc]
        for suggestion in asked[:RACED]:
            calls.append(lambda s=suggestion: _confirm(engine, s))  # type: ignore[misc]
            street = f"{chance.randint(1, 999)} Shop Rd"
            calls.append(lambda s=suggestion, t=street: _edit(engine, s, t))  # type: ignore[misc]
        chance.shuffle(calls)
        for result in at_once(calls):
            if isinstance(result, Exception):
                raise result
            kind, done = result
            tally[kind] += 1
            if isinstance(done, Decision):
                witness.decisions.append(done)
        witness.applied.add(("oak", seq))
        tally["races"] += len(asked[:RACED])
    assert_holds(engine, witness)
    assert tally["confirmed"] > 0
    assert tally["stale_confirmations_refused"] > 0
    del tally["refreshed"]
    figures("refresh against confirmation against edit", **tally, violations=0)


def _moved(seq: int) -> tuple[list[Cells], list[Cells]]:
    """Everybody moves with every snapshot."""
    clients = [
        client(f"c{n}", first_name=f"P{n}", address_line1=f"{seq} Elm St", email=f"c{n}@x.example")
        for n in range(1, 2 + 2 * RACED)
    ]
    return clients, [pet("p1", "c1")]


def _refresh(engine: Engine, delta: Any) -> tuple[str, None]:
    apply_delta(engine, delta, run_id=None, match=match, wait_seconds=60)
    return "refreshed", None


def _confirm(engine: Engine, suggestion: Suggestion) -> tuple[str, Decision | None]:
    try:
        confirm(engine, "oak", suggestion.suggestion_id, by="Pat Doe", shown=suggestion.shown)
    except StaleDecision:
        return "stale_confirmations_refused", None
    except LoadInProgress:
        return "asked_to_wait", None
    return "confirmed", Decision("oak", suggestion.suggestion_id, "confirmed")


def _edit(engine: Engine, suggestion: Suggestion, street: str) -> tuple[str, None]:
    values = {"address_line1": street}
    with engine.begin() as connection:
        web_shop.edit_client(connection, "oak", suggestion.record_id, values, actor="web")
    return "edited", None
