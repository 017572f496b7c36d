"""The ledger of loads: which snapshots were applied, which came too late, and with what counts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Literal

from sqlalchemy import Connection, text

from vet_pipeline.deltas.delta import Delta, SnapshotIdentity
from vet_pipeline.planning import SOONEST_REFRESH, next_due, quiet_hours
from vet_pipeline.service_levels import CLOCK_AHEAD
from vet_pipeline.time_zones import next_day

LoadState = Literal["applied", "superseded", "already_applied"]


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load came to. `already_applied` returns the numbers of the load that did it."""

    state: LoadState
    load_id: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Load:
    """One line of the ledger; times are UTC."""

    load_id: int
    snapshot_seq: int
    snapshot_hash: str
    baseline_seq: int | None
    state: str
    read_at: datetime
    recorded_at: datetime
    run_id: str | None
    counts: dict[str, int]
    model_version: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A practice and its baseline as a load finds them."""

    practice_id: str
    state: str
    applied_seq: int | None  # the snapshot applied last; None: there is none
    read_at: datetime | None  # when that was read
    timezone: str
    quiet_from: time | None
    quiet_to: time | None

    def is_after(self, snapshot: SnapshotIdentity, now: datetime) -> bool:
        """Whether the snapshot comes before the one that was applied last."""
        if self.applied_seq is None:
            return False
        # Two reads at once may begin in another order than their numbers were taken in. A baseline
        # dated later than now was read by a clock that was ahead. What is dated before now came
        # after it was set right: of those two the numbers alone tell.
        was_ahead = self.read_at is not None and snapshot.read_at <= now < self.read_at
        read_before = self.read_at is not None and snapshot.read_at < self.read_at
        return self.applied_seq > snapshot.seq or (read_before and not was_ahead)

    def first_day_after(self, read_at: datetime | None) -> str:
        """The practice's first day (ISO) that a snapshot read then says nothing of; '' for None."""
        return "" if read_at is None else next_day(self.timezone, read_at).isoformat()

    def next_due(self, succeeded_at: datetime) -> datetime:
        """When the practice is read next, by its zone and quiet hours."""
        quiet = quiet_hours(self.timezone, self.quiet_from, self.quiet_to)
        return next_due(self.practice_id, succeeded_at, quiet)


def standing_of(connection: Connection, practice_id: str) -> Standing | None:
    """None: no such practice."""
    row = connection.execute(_STANDING, {"practice_id": practice_id}).one_or_none()
    return None if row is None else Standing(**row._mapping)


def copied_lately(connection: Connection, practice_ids: Sequence[str]) -> list[str]:
    """Those of the practices that mustn't be refreshed yet: docs/rules.md section 3.

    A success that lies in the future, by a clock that was ahead, holds up nothing.
    """
    values = {"ids": list(practice_ids), "soonest": SOONEST_REFRESH, "ahead": CLOCK_AHEAD}
    return list(connection.execute(_COPIED_LATELY, values).scalars())


def find_load(connection: Connection, practice_id: str, seq: int, content_hash: str) -> Load | None:
    """The line of this snapshot, by number or by content; None when it was never recorded."""
    values = {"practice_id": practice_id, "seq": seq, "hash": content_hash}
    row = connection.execute(_FIND, values).first()
    return Load(**row._mapping) if row else None


def list_loads(connection: Connection, practice_id: str) -> list[Load]:
    """The practice's loads in the order in which they were recorded."""
    rows = connection.execute(_LIST, {"practice_id": practice_id}).mappings()
    return [Load(**row) for row in rows]


def record_load(
    connection: Connection,
    delta: Delta,
    *,
    state: Literal["applied", "superseded"],
    run_id: str | None,
    now: datetime,
    counts: Mapping[str, int],
) -> int:
    """Write the snapshot's line in the caller's transaction; returns its load_id."""
    snapshot = delta.snapshot
    values = {
        "practice_id": snapshot.practice_id,
        "seq": snapshot.seq,
        "hash": snapshot.content_hash,
        "baseline_seq": delta.baseline_seq,
        "state": state,
        "read_at": snapshot.read_at,
        "now": now,
        "run_id": run_id,
        "counts": json.dumps(counts),
    }
    return int(connection.execute(_RECORD, values).scalar_one())


def finish_load(
    connection: Connection,
    practice_id: str,
    load_id: int,
    *,
    counts: Mapping[str, int],
    model_version: str | None,
) -> None:
    """Put the final counts into a line of the same transaction."""
    values = {
        "practice_id": practice_id,
        "load_id": load_id,
        "counts": json.dumps(counts),
        "model_version": model_version,
    }
    connection.execute(_FINISH, values)


_COPIED_LATELY = text("""
    SELECT practice_id FROM scriptright.practice
    WHERE practice_id = ANY(:ids) AND last_success_at > now() - CAST(:soonest AS interval)
      AND last_success_at <= now() + CAST(:ahead AS interval)
""")
_STANDING = text("""
    SELECT p.practice_id, p.state, p.applied_seq, l.read_at, p.timezone, p.quiet_from, p.quiet_to
    FROM scriptright.practice p
    LEFT JOIN scriptright.load l
      ON l.practice_id = p.practice_id AND l.snapshot_seq = p.applied_seq
    WHERE p.practice_id = :practice_id
""")
_LOADS = f"""
    SELECT {", ".join(field.name for field in fields(Load))} FROM scriptright.load
    WHERE practice_id = :practice_id"""  # noqa: S608 - constants
_FIND = text(f"{_LOADS} AND (snapshot_seq = :seq OR snapshot_hash = :hash) ORDER BY load_id")
_LIST = text(f"{_LOADS} ORDER BY load_id")
_RECORD = text("""
    INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, baseline_seq, state,
        read_at, recorded_at, run_id, counts)
    VALUES (:practice_id, :seq, :hash, :baseline_seq, :state, :read_at, :now, :run_id,
        CAST(:counts AS jsonb))
    RETURNING load_id
""")
_FINISH = text("""
    UPDATE scriptright.load SET counts = CAST(:counts AS jsonb), model_version = :model_version
    WHERE practice_id = :practice_id AND load_id = :load_id
""")
