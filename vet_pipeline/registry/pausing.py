"""A practice is paused on its word, which no restore of the database takes back.

A database restored from before the pause has the practice active. The witness knows, so nothing is
read until a person has paused it again, or resumed it. A database whose trail has that pause is no
older than it: what it says by now counts, whoever resumed the practice, and where.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from vet_pipeline.errors import PauseForgotten, PipelineError, PracticeStateRefuses
from vet_pipeline.registry import practices
from vet_pipeline.registry.practices import Practice
from vet_pipeline.scriptright.postgres.roles import connected, transaction
from vet_pipeline.scriptright.trail.audit_heads import head, knows
from vet_pipeline.scriptright.trail.witness import Forged, Witness

_FORGOTTEN = "paused before the database was restored"


def pause(engine: Engine, practice_id: str, *, by: str, reason: str | None, home: Path) -> Practice:
    """Pause it in the database, then outside; as `practices.pause`.

    Raises SnapshotStoreFull, SnapshotStoreUnavailable, or UsageError for want of a key, where it
    can't be kept outside: to be repeated, else the daily audit does.
    """
    with transaction(engine, "ops", practice_id) as connection:
        changed = practices.pause(connection, practice_id, by=by, reason=reason)
        entry = head(connection, practice_id) or {}
    try:
        Witness.of_home(home).keep_pause(practice_id, entry)
    except PipelineError as error:
        raise _not_outside(error, practice_id, "paused") from None
    return changed


def resume(engine: Engine, practice_id: str, *, by: str, home: Path) -> Practice:
    """Let it be read again, in the database and outside; as `pause`.

    Of a pause that the database has forgotten the trail tells, too: it is paused, then resumed.
    """
    witness = Witness.of_home(home)
    kept = _kept(practice_id, witness)
    with transaction(engine, "ops", practice_id) as connection:
        if kept is not None and not knows(connection, practice_id, kept):
            practices.pause(connection, practice_id, by=by, reason=_FORGOTTEN)
        changed = practices.resume(connection, practice_id, by=by)
    try:
        witness.keep_resumption(practice_id)
    except PipelineError as error:
        raise _not_outside(error, practice_id, "resumed") from None
    return changed


def keep_unkept(connection: Connection, practice_id: str, witness: Witness) -> None:
    """Keep the pause of a practice that is paused by the database, and not by the witness.

    It was paused by a release before this, or the witness couldn't be written to.
    """
    if _kept(practice_id, witness) is None:
        witness.keep_pause(practice_id, head(connection, practice_id) or {})


def require_active(engine: Engine, practice: Practice) -> None:
    """Raise PracticeStateRefuses unless both the database and the witness let it be read."""
    if practice.state != "active":
        raise PracticeStateRefuses(
            f"the practice is {practice.state}: nothing is read",
            next_step=f"see why with: vet-pipeline practice show {practice.practice_id}",
            practice_id=practice.practice_id,
        )
    refuse_if_forgotten(engine, practice.practice_id)


def refuse_if_forgotten(engine: Engine, practice_id: str) -> None:
    """Raise PauseForgotten when the witness's last word is a pause that the database doesn't know.

    To be asked of a practice that is active by the database.
    """
    kept = _kept(practice_id, Witness.of_home())
    if kept is None:
        return
    with connected(engine, "load", practice_id) as connection:
        if knows(connection, practice_id, kept):
            return
    raise PauseForgotten(
        "the practice was paused, and this database, restored from before that, doesn't know it",
        next_step=f"vet-pipeline practice pause {practice_id} --by NAME (or practice resume, on the"
        " practice's word)",
        practice_id=practice_id,
    )


def _kept(practice_id: str, witness: Witness) -> dict[str, Any] | None:
    """The pause that is the witness's last word; one that isn't signed by us is in no trail."""
    try:
        return witness.pause(practice_id)
    except Forged:
        return {}


def _not_outside(error: PipelineError, practice_id: str, said: str) -> PipelineError:
    """The witness's error, with what is done already."""
    return type(error)(
        f"{error.what}; it is {said} in ScriptRight, and not yet outside of it",
        next_step=f"{error.next_step}, then repeat it",
        practice_id=practice_id,
    )
