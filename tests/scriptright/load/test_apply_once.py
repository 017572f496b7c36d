"""One transaction, at most once, in order, one at a time: docs/rules.md sections 5 and 7."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.at_once import at_once
from tests.scriptright.builders import (
    add_practice,
    client,
    delta_of,
    load,
    one,
    pet,
    rows,
    whole_database,
)
from vet_pipeline import planning
from vet_pipeline.deltas.delta import Delta
from vet_pipeline.errors import (
    LoadInProgress,
    StaleDelta,
)
from vet_pipeline.matching import match
from vet_pipeline.scriptright.load.apply import LoadResult, apply_delta
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.postgres.failpoints import POINTS
from vet_pipeline.scriptright.trail import audit

ROOT = Path(__file__).parents[3]
ANN, REX = client("1"), pet("10", "1")


def apply(engine: Engine, delta: Delta, **options: Any) -> LoadResult:
    return apply_delta(engine, delta, run_id=None, match=match, **options)


def week(seq: int) -> list[dict[str, str | None]]:
    """Ann as snapshot `seq` has her: her email tells which one was applied last."""
    return [client("1", email=f"ann{seq}@example.com")]


def test_applying_a_snapshot_twice_changes_nothing(engine: Engine) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    first = apply(engine, delta)
    before = whole_database(engine)
    again = apply(engine, delta)
    assert first.state == "applied"
    assert again == LoadResult("already_applied", first.load_id, first.counts)
    assert whole_database(engine) == before


def test_the_same_content_under_another_number_is_not_applied_again(engine: Engine) -> None:
    add_practice(engine)
    first = apply(engine, delta_of(engine, "oak", 1, [ANN], [REX], content_hash="same"))
    before = whole_database(engine)
    again = apply(engine, delta_of(engine, "oak", 2, [ANN], [REX], content_hash="same"))
    assert (again.state, again.load_id) == ("already_applied", first.load_id)
    assert whole_database(engine) == before


def test_an_older_snapshot_is_never_applied_after_a_newer_one(engine: Engine) -> None:
    add_practice(engine)
    older = delta_of(engine, "oak", 1, week(1), [REX])
    load(engine, "oak", 2, week(2), [REX])
    before = whole_database(engine)
    assert apply(engine, older).state == "superseded"
    after = whole_database(engine)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"load", "audit"}
    assert apply(engine, older).state == "superseded"
    assert whole_database(engine) == after


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_snapshots_in_any_order_end_in_the_newest(engine: Engine, order: tuple[int, ...]) -> None:
    add_practice(engine)
    for seq in order:
        load(engine, "oak", seq, week(seq), [REX])
    assert one(engine, "SELECT email FROM scriptright.client") == "ann3@example.com"
    assert one(engine, "SELECT applied_seq FROM scriptright.practice") == 3
    states = rows(engine, "SELECT snapshot_seq, state FROM scriptright.load ORDER BY load_id")
    newest = 0
    for seq, state in states:
        assert state == ("applied" if seq > newest else "superseded")
        newest = max(newest, seq)
    with engine.connect() as connection:
        assert audit.verify(connection, "oak") is None


def test_a_load_waits_for_the_practices_lock_and_then_says_so(engine: Engine) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    with engine.begin() as holder:
        lock_practice(holder, "oak")
        with pytest.raises(LoadInProgress) as caught:
            apply(engine, delta, wait_seconds=0.2)
    assert caught.value.retryable
    assert apply(engine, delta).state == "applied"


def test_another_practices_load_doesnt_wait(engine: Engine) -> None:
    add_practice(engine)
    add_practice(engine, "elm")
    with engine.begin() as holder:
        lock_practice(holder, "elm")
        assert load(engine, "oak", 1, [ANN], [REX]).state == "applied"


def test_two_loads_at_once_apply_the_snapshot_once(engine: Engine) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    results = at_once([lambda: apply(engine, delta, wait_seconds=60)] * 4)
    assert sorted(r.state for r in results) == ["already_applied"] * 3 + ["applied"]
    assert one(engine, "SELECT count(*) FROM scriptright.client") == 1


def test_two_snapshots_at_once_are_applied_one_after_the_other_or_refused(engine: Engine) -> None:
    add_practice(engine)
    deltas = [delta_of(engine, "oak", seq, week(seq), [REX]) for seq in (1, 2)]

    def attempt(delta: Delta) -> str:
        try:
            return apply(engine, delta, wait_seconds=60).state
        except StaleDelta:
            return "stale"

    states = at_once([lambda d=d: attempt(d) for d in deltas])  # type: ignore[misc]
    assert states in (["applied", "stale"], ["superseded", "applied"])


def test_the_confirmation_email_is_requested_exactly_once(engine: Engine) -> None:
    add_practice(engine)
    requested = "SELECT kind, state, message_id, load_id FROM scriptright.outbox"
    first = load(engine, "oak", 1, week(1), [REX])
    assert first.counts["email_requested"] == 1
    asked = rows(engine, requested)
    assert asked == [
        ("first_load_confirmation", "pending", "<oak.first-load@vet-pipeline>", first.load_id)
    ]
    second = load(engine, "oak", 2, week(2), [REX])
    assert second.counts["email_requested"] == 0
    assert rows(engine, requested) == asked


def test_a_superseded_snapshot_asks_for_no_email_and_moves_no_date(engine: Engine) -> None:
    add_practice(engine)
    older = delta_of(engine, "oak", 1, week(1), [REX])
    load(engine, "oak", 2, week(2), [REX])
    dates = "SELECT applied_seq, last_success_at, next_due_at FROM scriptright.practice"
    before = rows(engine, dates)
    apply(engine, older)
    assert rows(engine, dates) == before
    [(_, success, due)] = before
    assert due == planning.next_due("oak", success, None)


KILLED = """
import pickle, sys
from vet_pipeline.matching import match
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.database import open_engine
delta = pickle.load(open(sys.argv[2], "rb"))
apply_delta(open_engine(sys.argv[1]), delta, run_id="killed", match=match)
"""


@pytest.mark.parametrize("point", POINTS)
def test_a_load_killed_anywhere_is_applied_whole_or_not_at_all(
    engine: Engine, database_url: str, tmp_path: Path, point: str
) -> None:
    import pickle

    add_practice(engine)
    load(engine, "oak", 1, [ANN, client("2", first_name="Bob")], [REX])
    clients = [*week(2), client("3", first_name="Cy")]
    delta = delta_of(engine, "oak", 2, clients, [REX, pet("11", "3")])
    before = whole_database(engine)
    (tmp_path / "delta").write_bytes(pickle.dumps(delta))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database_url, str(tmp_path / "delta")],
        env={**os.environ, "VET_PIPELINE_FAILPOINT": point},
        cwd=ROOT,
        check=False,
    )
    assert killed.returncode == -9
    if point != "after_commit":
        assert whole_database(engine) == before
    again = apply(engine, delta, wait_seconds=30)
    assert again.state == ("already_applied" if point == "after_commit" else "applied")
    assert one(engine, "SELECT count(*) FROM scriptright.load WHERE snapshot_seq = 2") == 1
    assert rows(engine, "SELECT first_name FROM scriptright.client ORDER BY client_id") == [
        ("Ann",),
        ("Bob",),
        ("Cy",),
    ]


def test_every_row_read_is_accounted_for(engine: Engine) -> None:
    add_practice(engine)
    clients = [ANN, client("2", first_name="Bob"), client("3", first_name=None, last_name=None)]
    pets = [REX, pet("11", "nobody"), pet("12", "2", birth_date="2020-02-31")]
    counts = load(engine, "oak", 1, clients, pets).counts
    assert counts["clients_read"] == 3 == counts["clients_new"] + counts["clients_quarantined"]
    assert counts["pets_read"] == 3 == counts["pets_new"] + counts["pets_quarantined"]
    kept = rows(
        engine,
        "SELECT record, scope, field, reason, rows FROM scriptright.quarantine_count"
        " WHERE scope = 'row' ORDER BY record, reason",
    )
    assert ("pet", "row", "", "owner_unknown", 1) in kept
    assert sum(n for *_, n in kept) == counts["clients_quarantined"] + counts["pets_quarantined"]


def test_the_audit_entry_holds_counts_and_digests_and_no_value(engine: Engine) -> None:
    add_practice(engine)
    done = load(engine, "oak", 1, [ANN], [REX])
    [(actor, act, detail)] = rows(
        engine, "SELECT actor, act, detail FROM scriptright.audit WHERE n = 2"
    )
    assert (actor, act) == ("pipeline", "load_applied")
    assert detail == {
        "load_id": done.load_id,
        "snapshot_seq": 1,
        "snapshot_hash": "oak-1",
        "baseline_seq": None,
        "run_id": None,
        "counts": done.counts,
    }
