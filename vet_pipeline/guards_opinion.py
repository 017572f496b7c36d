"""What the guards say of a delta beside the database: is it held, what of it is asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from vet_pipeline.errors import StaleDelta

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.deltas.delta import Delta
    from vet_pipeline.deltas.guards import GuardBreach
    from vet_pipeline.registry.practices import Practice


class Opinion(NamedTuple):
    """The rules that hold the snapshot, and the delta as a load takes it (`Delta.doubting`)."""

    breaches: list[GuardBreach]
    delta: Delta


def look_at(engine: Engine, practice: Practice, delta: Delta) -> Opinion:
    """The rules of docs/rules.md section 6 that the delta breaks; nothing is recorded.

    A snapshot that a person has released, or that has been applied already, breaks none. Raises
    StaleDelta when another one has been applied since: what it brought would be counted as new.
    """
    from vet_pipeline.deltas.guard_counts import guard_counts, with_waiting
    from vet_pipeline.deltas.guards import BACKUP, doubted_records, evaluate_guards
    from vet_pipeline.scriptright.decisions import holds
    from vet_pipeline.scriptright.load.known import clients_with, known_beside
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.records import baseline

    practice_id, seq = practice.practice_id, delta.snapshot.seq
    with connected(engine, "load", practice_id) as connection:
        applied = baseline.applied_seq(connection, practice_id)
        if (applied or 0) >= seq:
            return Opinion([], delta)
        if applied != delta.baseline_seq:
            raise StaleDelta(
                f"snapshot {seq} was compared with snapshot {delta.baseline_seq or 0},"
                f" but {applied} has been applied since",
                next_step=f"vet-pipeline run {practice_id}",
                practice_id=practice_id,
            )
        if holds.is_released(connection, practice_id, seq):
            return Opinion([], delta)
        read_changed = partial(baseline.read_changed, connection, practice_id)
        old_clients = read_changed("client", *delta.clients.waiting())
        old_patients = read_changed("pet", *delta.pets.waiting())
        changes = with_waiting(delta, old_clients, old_patients)
        counts = guard_counts(delta, changes, partial(clients_with, connection, practice_id))
        thresholds = practice.settings.thresholds
        known = known_beside(connection, delta, counts, thresholds)
        waiting = holds.list_holds(connection, practice_id)
    broken = [b for hold in waiting if hold.snapshot_seq < seq for b in hold.breaches]
    earlier = max((one.counted for one in broken if one.rule == BACKUP), default=0)
    known = known._replace(earlier_held=earlier)
    beside, first_load = counts.beside(known), delta.is_first_load
    return Opinion(
        evaluate_guards(beside, thresholds, first_load=first_load),
        delta.doubting(doubted_records(beside, thresholds, first_load=first_load)),
    )
