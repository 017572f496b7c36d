"""Offboarding from end to end: database, witness, snapshots. Dagster's partition is the caller's.

The order makes it safe to kill: the database first, so that nothing is read any more; then the
word outside the database, so that a restored backup can't undo it; then the snapshots. Repeating
finishes what a killed one left.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from vet_pipeline.errors import PracticeStateRefuses, SnapshotStoreFull
from vet_pipeline.scriptright import offboard
from vet_pipeline.scriptright.failpoints import reach
from vet_pipeline.scriptright.offboard import Receipt
from vet_pipeline.scriptright.witness import OFFBOARDED, Witness
from vet_pipeline.secret_key import derived_key
from vet_pipeline.snapshots.store import SnapshotStore

__all__ = ["Receipt", "erase", "preview", "refuse_if_offboarded"]


def preview(engine: Engine, practice_id: str, *, by: str, home: Path) -> Receipt:
    """What `erase` would do by now; changes nothing."""
    return offboard.preview(engine, practice_id, by=by, key=derived_key(home, "tombstone"))


def erase(
    engine: Engine, store: SnapshotStore, practice_id: str, *, by: str, home: Path
) -> Receipt:
    """Erase the practice's copied data everywhere; the receipt of the first time if repeated.

    Raises SnapshotStoreFull where what is outside the database can't be written or removed: then
    it is to be repeated.
    """
    key = derived_key(home, "tombstone")
    receipt = offboard.erase_practice(engine, practice_id, by=by, key=key)
    reach("offboard_committed")
    try:
        Witness.of_home(home).put(practice_id, OFFBOARDED, receipt.as_dict())
        reach("offboard_witnessed")
        store.erase(practice_id)
    except SnapshotStoreFull as error:
        raise SnapshotStoreFull(
            f"{error.what}; it is erased in ScriptRight, and not yet everywhere",
            next_step=f"{error.next_step}, then repeat: {_command(practice_id)}",
            practice_id=practice_id,
        ) from None
    return receipt


def refuse_if_offboarded(practice_id: str) -> None:
    """Raise PracticeStateRefuses when the witness knows that the practice has left.

    Then the database is older than that: a backup was restored.
    """
    if Witness.of_home().has(practice_id, OFFBOARDED):
        raise PracticeStateRefuses(
            "the practice has been offboarded; this database was restored from before that",
            next_step=_command(practice_id),
            practice_id=practice_id,
        )


def _command(practice_id: str) -> str:
    return f"vet-pipeline practice offboard {practice_id} --by NAME --erase"
