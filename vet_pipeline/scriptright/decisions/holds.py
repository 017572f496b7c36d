"""Snapshots that a guard held: they change nothing until a named person releases them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from vet_pipeline.deltas.guards import GuardBreach
from vet_pipeline.errors import SnapshotHeld, StaleDecision, UnknownItem, UsageError
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import act, named

# Of a hold `h` of the practice `p`: released, and neither applied nor overtaken. One that was read
# before what has been applied stands in the ledger as superseded.
RELEASED_WAITS = """
    h.released_at IS NOT NULL AND h.snapshot_seq > coalesce(p.applied_seq, 0)
    AND NOT EXISTS (SELECT FROM scriptright.load l
        WHERE l.practice_id = h.practice_id AND l.snapshot_seq = h.snapshot_seq)
"""

# Of a hold `h` of the practice `p`: a person has to decide. A released one that is newer goes
# first, and nothing older is applied after it.
HELD_WAITS = """
    h.released_at IS NULL AND h.snapshot_seq > coalesce(p.applied_seq, 0)
    AND NOT EXISTS (SELECT FROM scriptright.hold newer
        WHERE newer.practice_id = h.practice_id AND newer.snapshot_seq > h.snapshot_seq
          AND newer.released_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Hold:
    """A held snapshot; `breaches` are the rules it broke, in numbers only."""

    practice_id: str
    snapshot_seq: int
    breaches: tuple[GuardBreach, ...]
    released_at: datetime | None
    released_by: str | None
    superseded: bool  # a newer snapshot, or this one, has been applied: nothing waits any more
    waits: bool  # a person still has to decide


def hold(engine: Engine, practice_id: str, seq: int, breaches: Sequence[GuardBreach]) -> Hold:
    """Hold a snapshot. Holding it again changes nothing, not even a release that was given."""
    with act(engine, practice_id, "load") as connection:
        broken = json.dumps([b.as_dict() for b in breaches])
        values = {"practice_id": practice_id, "seq": seq, "breaches": broken}
        if connection.execute(_HOLD, values).rowcount:
            detail = {"snapshot": seq, "rules": [b.rule for b in breaches]}
            audit.append(connection, practice_id, "pipeline", "snapshot_held", detail)
        return _get(connection, practice_id, seq)


def list_holds(
    connection: Connection, practice_id: str, *, waiting_only: bool = True
) -> list[Hold]:
    """The practice's holds, newest snapshot first."""
    rows = connection.execute(_LIST, {"practice_id": practice_id}).mappings()
    holds = [_view(dict(row)) for row in rows]
    return [h for h in holds if h.waits or not waiting_only]


def is_released(connection: Connection, practice_id: str, seq: int) -> bool:
    """Whether a person has released this snapshot; False when it was never held."""
    found = connection.execute(_RELEASED, {"practice_id": practice_id, "seq": seq}).scalar()
    return bool(found)


def released_waiting(connection: Connection, practice_id: str) -> int | None:
    """The newest released snapshot that no load has applied or overtaken yet."""
    seq = connection.execute(_RELEASED_WAITING, {"practice_id": practice_id}).scalar()
    return None if seq is None else int(seq)


def release(
    engine: Engine,
    practice_id: str,
    seq: int | None = None,
    *,
    by: str,
    require: Callable[[int], None] = lambda _: None,
) -> Hold:
    """Let a held snapshot be applied after all: the act of a named person, recorded.

    `seq` None: the one that waits. One that was released before and isn't applied yet is returned
    as it is, with who released it. `require` raises where a run would not apply the snapshot of
    that number: it is asked before anything is recorded.

    Raises:
        UnknownItem: none waits.
        UsageError: several do, and the one that was looked at may not be the newest; or no `by`.
        StaleDecision: a newer one was applied since, or released: that one a run would apply.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id, "ops") as connection:
        if seq is None:
            found = _only_one(practice_id, list_holds(connection, practice_id))
        else:
            found = _get(connection, practice_id, seq)
        waiting = released_waiting(connection, practice_id)
        if waiting is not None and (found is None or found.snapshot_seq == waiting):
            require(waiting)
            return _get(connection, practice_id, waiting)
        seq = _require_releasable(practice_id, found, waiting)
        require(seq)
        connection.execute(_RELEASE, {"practice_id": practice_id, "seq": seq, "by": actor})
        audit.append(connection, practice_id, actor, "snapshot_released", {"snapshot": seq})
        return _get(connection, practice_id, seq)


def release_command(practice_id: str, seq: int) -> str:
    """What a person types to release this snapshot, and no other one held meanwhile."""
    return f"vet-pipeline release {practice_id} --snapshot {seq} --by NAME"


def step_when_held(practice_id: str, seq: int) -> str:
    """What to do, as it is kept with the failed run.

    Once a setting was changed, or the snapshot has gone by age, another step is right.
    """
    return (
        f"look at the PIMS; if the snapshot is right: {release_command(practice_id, seq)}"
        f" (read on a later day, see first what `vet-pipeline status {practice_id}` says)"
    )


def held(practice_id: str, seq: int, breaches: Sequence[GuardBreach]) -> SnapshotHeld:
    """The error that says why a snapshot waits for a person."""
    reasons = "; ".join(str(breach) for breach in breaches)
    return SnapshotHeld(
        f"snapshot {seq} is held: {reasons}",
        next_step=step_when_held(practice_id, seq),
        practice_id=practice_id,
    )


def _only_one(practice_id: str, waiting: Sequence[Hold]) -> Hold | None:
    if len(waiting) > 1:
        numbers = ", ".join(str(h.snapshot_seq) for h in reversed(waiting))
        raise UsageError(
            f"{len(waiting)} held snapshots wait: {numbers}",
            next_step="name the one you have looked at; the newest is "
            f"`{release_command(practice_id, waiting[0].snapshot_seq)}`",
            practice_id=practice_id,
        )
    return waiting[0] if waiting else None


def _require_releasable(practice_id: str, found: Hold | None, released: int | None) -> int:
    """The snapshot's number; `released`: of one that a run would apply."""
    look = f"see `vet-pipeline status {practice_id}`"
    if found is None or found.released_at is not None:
        raise UnknownItem(
            "no held snapshot waits for a release"
            if found is None
            else f"snapshot {found.snapshot_seq} has been released already",
            next_step=look,
            practice_id=practice_id,
        )
    if found.superseded:
        raise StaleDecision(
            f"snapshot {found.snapshot_seq} is older than what has been applied",
            next_step="nothing is left to do",
            practice_id=practice_id,
        )
    if released is not None and released > found.snapshot_seq:
        raise StaleDecision(
            f"snapshot {released}, which is newer, has been released:"
            f" it is what is applied, and snapshot {found.snapshot_seq} never after it",
            next_step=look,
            practice_id=practice_id,
        )
    return found.snapshot_seq


def _get(connection: Connection, practice_id: str, seq: int) -> Hold:
    row = (
        connection.execute(_ONE, {"practice_id": practice_id, "seq": seq}).mappings().one_or_none()
    )
    if row is None:
        raise UnknownItem(
            f"snapshot {seq} isn't held",
            next_step=f"see `vet-pipeline status {practice_id}`",
            practice_id=practice_id,
        )
    return _view(dict(row))


def _view(row: dict[str, Any]) -> Hold:
    return Hold(
        row["practice_id"],
        row["snapshot_seq"],
        tuple(GuardBreach(**breach) for breach in row["breaches"]),
        row["released_at"],
        row["released_by"],
        bool(row["superseded"]),
        bool(row["waits"]),
    )


_COLUMNS = f"""
    SELECT h.*, coalesce(h.snapshot_seq <= p.applied_seq, false) AS superseded,
        {HELD_WAITS} AS waits
    FROM scriptright.hold h JOIN scriptright.practice p USING (practice_id)
    WHERE h.practice_id = :practice_id
"""  # noqa: S608 - constants
_LIST = text(f"{_COLUMNS} ORDER BY h.snapshot_seq DESC")
_ONE = text(f"{_COLUMNS} AND h.snapshot_seq = :seq")
_HOLD = text("""
    INSERT INTO scriptright.hold (practice_id, snapshot_seq, breaches)
    VALUES (:practice_id, :seq, CAST(:breaches AS jsonb))
    ON CONFLICT DO NOTHING
""")
_RELEASED = text("""
    SELECT released_at IS NOT NULL FROM scriptright.hold
    WHERE practice_id = :practice_id AND snapshot_seq = :seq
""")
_RELEASED_WAITING = text(f"""
    SELECT max(h.snapshot_seq) FROM scriptright.hold h JOIN scriptright.practice p USING (practice_id)
    WHERE h.practice_id = :practice_id AND {RELEASED_WAITS}
""")  # noqa: S608 - constants
_RELEASE = text("""
    UPDATE scriptright.hold SET released_at = now(), released_by = :by
    WHERE practice_id = :practice_id AND snapshot_seq = :seq
""")
