"""Applying a snapshot: one transaction in which everything becomes visible together, or nothing.

Safe to repeat and to kill at any moment: a snapshot is applied at most once, an older one never
after a newer one, and two loads of a practice never at the same time (docs/rules.md section 7).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, text

from vet_pipeline.deltas.delta import Delta
from vet_pipeline.errors import PracticeStateRefuses, RowsUnaccounted, StaleDelta, UnknownPractice
from vet_pipeline.policy import RECORDS
from vet_pipeline.scriptright.load import ledger
from vet_pipeline.scriptright.load.apply_baseline import move_baseline
from vet_pipeline.scriptright.load.apply_changes import apply_changes, ask_what_was_put_off
from vet_pipeline.scriptright.load.apply_matching import Matcher, find_matches, match_while
from vet_pipeline.scriptright.load.apply_records import settle_newcomers
from vet_pipeline.scriptright.load.apply_staging import (
    LoadInHand,
    create_stages,
    rows_to_stage,
    stage,
)
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.load.gone_beside import ask_about_those_that_stay
from vet_pipeline.scriptright.load.ledger import LoadResult, LoadState, Standing
from vet_pipeline.scriptright.load.link_reviews import look_at_links
from vet_pipeline.scriptright.load.match_watch import Watch, watch_matches
from vet_pipeline.scriptright.load.possible_matches import keep_possible_matches
from vet_pipeline.scriptright.load.tell_planner import tell_planner
from vet_pipeline.scriptright.postgres.database import lock_practice, translate_errors
from vet_pipeline.scriptright.postgres.failpoints import reach
from vet_pipeline.scriptright.postgres.roles import enter
from vet_pipeline.scriptright.trail import audit

__all__ = ["LoadResult", "Matcher", "apply_delta"]

COUNTS: tuple[str, ...] = (
    "clients_new", "clients_linked", "clients_possible",
    "pets_new", "pets_linked", "pets_possible", "pets_waiting",
    "changes_applied", "merge_fills", "suggestions_opened", "suggestions_superseded",
    "links_to_review", "missing", "returned", "email_requested",
    "clients_read", "clients_unchanged", "clients_quarantined",
    "pets_read", "pets_unchanged", "pets_quarantined",
)  # fmt: skip


def apply_delta(
    engine: Engine,
    delta: Delta,
    *,
    run_id: str | None,
    match: Matcher,
    watch: Watch = watch_matches,
    now: datetime | None = None,
    wait_seconds: float = 10.0,
) -> LoadResult:
    """Apply the snapshot's delta in one transaction under the practice's lock.

    Already in the ledger (by number or content): returns that load's numbers and changes nothing.
    Older than the snapshot last applied, by number or by the moment it was read at: recorded as
    superseded, nothing else changes. `watch` measures a first load's matches. `now` (UTC) stands
    for the database's clock.

    Raises LoadInProgress when the lock isn't free in `wait_seconds`, StaleDelta when the baseline
    has moved since the delta was computed, PracticeStateRefuses, RowsUnaccounted, DatabaseRefused
    or DatabaseUnavailable. Nothing has changed then; but after DatabaseUnavailable the commit may
    have gone through: apply again to know.
    """
    practice_id = delta.snapshot.practice_id
    with translate_errors(practice_id), engine.connect() as connection:
        with connection.begin():
            enter(connection, "load", practice_id)
            held = lock_practice(connection, practice_id, wait_seconds=wait_seconds)
            moment = now or held
            before = _standing(connection, practice_id)
            done = _gate(connection, delta, before, run_id, moment)
            if done is None:
                reach("after_gate")
                load = _begin(connection, delta, before, run_id, moment)
                _settle(load, match, watch)
                done = _close(load)
            reach("before_commit")
        reach("after_commit")
        if done.state == "applied" and done.counts["clients_new"] >= _MANY:
            tell_planner(connection, practice_id)
    return done


def _standing(connection: Connection, practice_id: str) -> Standing:
    """The practice and its baseline as they are; refused unless it is active."""
    practice = ledger.standing_of(connection, practice_id)
    if practice is None:
        raise UnknownPractice.named(practice_id)
    if practice.state != "active":
        raise PracticeStateRefuses(
            f"the practice is {practice.state}: nothing is applied",
            next_step=f"see why with: vet-pipeline practice show {practice_id}",
            practice_id=practice_id,
        )
    return practice


def _gate(
    connection: Connection, delta: Delta, practice: Standing, run_id: str | None, now: datetime
) -> LoadResult | None:
    """The answer for a snapshot that isn't to be applied (any more); None: go ahead."""
    snapshot = delta.snapshot
    practice_id = snapshot.practice_id
    before = ledger.find_load(connection, practice_id, snapshot.seq, snapshot.content_hash)
    if before is not None:
        done: LoadState = "already_applied" if before.state == "applied" else "superseded"
        return LoadResult(done, before.load_id, before.counts)
    if practice.is_after(snapshot, now):
        return _record_superseded(connection, delta, run_id, now)
    if practice.applied_seq != delta.baseline_seq:
        raise StaleDelta(
            f"the delta of snapshot {snapshot.seq} was computed from snapshot "
            f"{delta.baseline_seq}, but {practice.applied_seq} has been applied since",
            next_step=f"vet-pipeline run {practice_id}",
            practice_id=practice_id,
        )
    _require_balance(delta)
    return None


def _require_balance(delta: Delta) -> None:
    """No row that was read may be missing from what is applied."""
    for name, side in (("clients", delta.clients), ("pets", delta.pets)):
        if not side.is_balanced:
            raise RowsUnaccounted(
                f"{side.rows_read} {name} were read, but {side.unchanged} unchanged,"
                f" {len(side.rows)} normalized and {side.quarantined} quarantined are in the delta",
                next_step="nothing was changed; report this with the snapshot number"
                f" {delta.snapshot.seq}, it is a defect of the pipeline",
                practice_id=delta.snapshot.practice_id,
            )


def _record_superseded(
    connection: Connection, delta: Delta, run_id: str | None, now: datetime
) -> LoadResult:
    counts = dict.fromkeys(COUNTS, 0)
    load_id = ledger.record_load(
        connection, delta, state="superseded", run_id=run_id, now=now, counts=counts
    )
    _audit(connection, delta, "load_superseded", load_id, run_id, counts)
    return LoadResult("superseded", load_id, counts)


def _begin(
    connection: Connection, delta: Delta, before: Standing, run_id: str | None, now: datetime
) -> LoadInHand:
    load_id = ledger.record_load(
        connection, delta, state="applied", run_id=run_id, now=now, counts={}
    )
    load = LoadInHand(connection, delta, before, load_id, run_id, now)
    create_stages(load)
    return load


def _settle(load: LoadInHand, match: Matcher, watch: Watch) -> None:
    """All that the snapshot brings: newcomers, changes, and what a person is asked."""
    writes = PendingWrites(load)
    if load.delta.is_first_load:
        _take_in_first(load, writes, match, watch)
    else:
        _take_in(load, writes, match)
    reach("after_links")
    apply_changes(load, writes, "pet")
    ask_what_was_put_off(load, writes)
    for record in RECORDS:
        keep_possible_matches(load, record)
    ask_about_those_that_stay(load)
    look_at_links(load)
    reach("after_changes")


def _take_in(load: LoadInHand, writes: PendingWrites, match: Matcher) -> None:
    """The baseline moved to the snapshot, a refresh's newcomers and its clients' changes settled.

    Pets come last: whose they are is known once it is asked which clients' rows say another.
    """
    for record in RECORDS:
        stage(load, record)
    reach("after_staging")
    move_baseline(load)
    reach("after_baseline")
    find_matches(load, match)
    reach("after_matching")
    settle_newcomers(load, "client", writes)
    reach("after_records")
    apply_changes(load, writes, "client")
    settle_newcomers(load, "pet", writes)


def _take_in_first(load: LoadInHand, writes: PendingWrites, match: Matcher, watch: Watch) -> None:
    """The same of a first load, whose pets wait until its clients are in.

    Most of its time the database is at work, and this process isn't idle meanwhile: it matches
    while clients are staged, and makes the pets' rows ready while the clients become records.
    """
    match_while(partial(stage, load, "client"), load, match, watch)
    reach("after_staging")
    reach("after_baseline")
    reach("after_matching")
    with ThreadPoolExecutor(1, thread_name_prefix="pets") as beside:
        pets = beside.submit(rows_to_stage, load.side("pet"), "pet")
        settle_newcomers(load, "client", writes)
        reach("after_records")
        stage(load, "pet", pets.result())
    settle_newcomers(load, "pet", writes)


def _close(load: LoadInHand) -> LoadResult:
    """The practice's state, the email request, quarantine counts, ledger and audit."""
    delta = load.delta
    for name, side in (("clients", delta.clients), ("pets", delta.pets)):
        load.counts[f"{name}_read"] = side.rows_read
        load.counts[f"{name}_unchanged"] = side.unchanged
        load.counts[f"{name}_quarantined"] = side.quarantined
    load.append("scriptright.quarantine_count", _QUARANTINE_COLUMNS, _quarantine(load))
    due = load.before.next_due(load.now)
    conventions = delta.conventions.to_json()
    exports = json.dumps(dict(delta.exports)) if delta.exports else None
    shape = json.dumps(dict(delta.shape)) if delta.shape else None
    read = {"conventions": conventions, "exports": exports, "shape": shape}
    load.run(_ADVANCE, seq=delta.snapshot.seq, due=due, **read)
    message_id = f"<{load.practice_id}.first-load@vet-pipeline>"
    load.counts["email_requested"] = load.run(_REQUEST_EMAIL, message_id=message_id)
    counts = {name: int(load.counts[name]) for name in COUNTS} | load.watched
    at, model_version = (load.practice_id, load.load_id), load.model_version
    ledger.finish_load(load.connection, *at, counts=counts, model_version=model_version)
    _audit(load.connection, delta, "load_applied", load.load_id, load.run_id, counts)
    return LoadResult("applied", load.load_id, counts)


def _quarantine(load: LoadInHand) -> list[tuple[Any, ...]]:
    lines: Iterable[Any] = load.delta.quarantine.itertuples(index=False)
    return [
        (load.practice_id, load.load_id, q.record, q.scope, q.field or "", q.reason, int(q.rows))
        for q in lines
    ]


def _audit(
    connection: Connection,
    delta: Delta,
    act: str,
    load_id: int,
    run_id: str | None,
    counts: dict[str, int],
) -> None:
    detail: dict[str, Any] = {
        "load_id": load_id,
        "snapshot_seq": delta.snapshot.seq,
        "snapshot_hash": delta.snapshot.content_hash,
        "baseline_seq": delta.baseline_seq,
        "run_id": run_id,
        "counts": counts,
    }
    audit.append(connection, delta.snapshot.practice_id, "pipeline", act, detail)


_MANY = 1_000  # new clients; fewer don't change what the planner should do
_QUARANTINE_COLUMNS = (
    "practice_id", "load_id", "record", "scope", "field", "reason", "rows",
)  # fmt: skip
_ADVANCE = text("""
    UPDATE scriptright.practice
    SET applied_seq = :seq, last_success_at = :now, next_due_at = :due,
        next_snapshot_seq = greatest(next_snapshot_seq, :seq + 1),
        applied_conventions = CAST(:conventions AS jsonb), applied_exports = CAST(:exports AS jsonb),
        known_shape = coalesce(CAST(:shape AS jsonb), known_shape)
    WHERE practice_id = :practice_id
""")
# Once per practice for good: the row outlives every later load, retry and restore.
_REQUEST_EMAIL = text("""
    INSERT INTO scriptright.outbox
        (practice_id, kind, message_id, load_id, requested_at, not_before)
    VALUES (:practice_id, 'first_load_confirmation', :message_id, :load_id, :now, :now)
    ON CONFLICT (practice_id, kind) DO NOTHING
""")
