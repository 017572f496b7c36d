"""Offboarding from end to end: database, witness, snapshots. Dagster's partition is the caller's.

The order makes it safe to kill: the database first, so that nothing is read any more; then the
word outside the database, so that a restored backup can't undo it; then the snapshots. Repeating
finishes what a killed one left.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from vet_pipeline.errors import PipelineError, PracticeStateRefuses, UsageError
from vet_pipeline.registry.practices import Practice, list_practices, require_one_of_ours
from vet_pipeline.scriptright import offboard
from vet_pipeline.scriptright.offboard import Receipt
from vet_pipeline.scriptright.postgres.failpoints import reach
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness
from vet_pipeline.secret_key import derived_key
from vet_pipeline.snapshots.names import PRACTICE_ID
from vet_pipeline.snapshots.purge import places
from vet_pipeline.snapshots.store import SnapshotStore

__all__ = [
    "BROUGHT_BACK",
    "Receipt",
    "brought_back",
    "erase",
    "erase_command",
    "keep_unkept",
    "preview",
    "refuse_id_of_one_that_left",
    "refuse_if_offboarded",
]

BROUGHT_BACK = "practices that have left are back, by a database restored from before that"


def preview(engine: Engine, practice_id: str, *, by: str, home: Path) -> Receipt:
    """What `erase` would do by now; changes nothing."""
    return offboard.preview(engine, practice_id, by=by, key=derived_key(home, "tombstone"))


def erase(
    engine: Engine, store: SnapshotStore, practice_id: str, *, by: str, home: Path
) -> Receipt:
    """Erase the practice's copied data everywhere; the receipt of the first time if repeated.

    Raises SnapshotStoreFull or SnapshotStoreUnavailable where what is outside the database can't be
    written or removed, UsageError for want of a key, and a database error where its statistics
    can't be taken anew: then it is to be repeated.
    """
    witness = Witness.of_home(home)  # before anything is gone: its place may be none
    key = derived_key(home, "tombstone")
    receipt = offboard.erase_practice(engine, practice_id, by=by, key=key)
    reach("offboard_committed")
    try:
        witness.put(practice_id, OFFBOARDED, receipt.as_dict())
        reach("offboard_witnessed")
        for place in places(store, home):
            place.erase(practice_id)
    except PipelineError as error:
        raise type(error)(
            f"{error.what}; it is erased in ScriptRight, and not yet everywhere",
            next_step=f"{error.next_step}, then repeat: {erase_command(practice_id)}",
            practice_id=practice_id,
        ) from None
    _forget_samples(engine, practice_id)
    return receipt


def _forget_samples(engine: Engine, practice_id: str) -> None:
    """Last: of a large database it takes seconds, in which everything else is done already."""
    try:
        offboard.sample_anew(engine, practice_id)
    except PipelineError as error:  # whose next step may be that nothing was changed
        raise type(error)(
            f"{error.what}; it is erased, but for the planner's statistics",
            next_step=f"repeat: {erase_command(practice_id)}",
            practice_id=practice_id,
        ) from None


def refuse_if_offboarded(practice: Practice) -> None:
    """Raise PracticeStateRefuses when the practice has left, by the database or the witness.

    Where the witness alone knows, the database is older than that: a backup was restored.
    """
    require_one_of_ours(practice)
    practice_id = practice.practice_id
    if Witness.of_home().has(practice_id, OFFBOARDED):
        raise PracticeStateRefuses(
            "the practice has been offboarded; this database was restored from before that",
            next_step=erase_command(practice_id),
            practice_id=practice_id,
        )


def refuse_id_of_one_that_left(practice_id: str, home: Path) -> None:
    """Raise UsageError when a practice of that id has left, by the witness.

    By a database restored from before it was registered, too: a new one would be erased in its
    place.
    """
    if PRACTICE_ID.fullmatch(practice_id) and Witness.of_home(home).has(practice_id, OFFBOARDED):
        raise UsageError(
            "a practice of this id has left",
            next_step="register another, or the same one that comes back, under another id",
            practice_id=practice_id,
        )


def brought_back(connection: Connection, witness: Witness) -> list[str]:
    """Practices that have left, by the witness, and that this database holds all the same.

    It was restored from before that: what was erased is there again until it is erased once more.
    """
    held = [one.practice_id for one in list_practices(connection) if one.state != "offboarded"]
    kept = set(witness.practices())
    return [one for one in held if one in kept and witness.has(one, OFFBOARDED)]


def keep_unkept(connection: Connection, practice_id: str, witness: Witness) -> None:
    """Keep outside that the practice has left, where only the database says so.

    The offboarding was killed between the two and nobody has repeated it, or the witness was lost.
    """
    receipt = offboard.receipt_of(connection, practice_id)
    if receipt is not None:
        witness.put(practice_id, OFFBOARDED, receipt.as_dict())


def erase_command(practice_id: str) -> str:
    """What a person types to erase the practice, again or for the first time."""
    return f"vet-pipeline practice offboard {practice_id} --by NAME --erase"
