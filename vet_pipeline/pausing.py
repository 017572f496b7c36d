"""A practice is paused on its word, which no restore of the database takes back.

A database restored from before the pause has the practice active. The witness knows, so nothing is
read until a person has paused it again, or resumed it.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from vet_pipeline import practices
from vet_pipeline.errors import PracticeStateRefuses, SnapshotStoreFull, SnapshotStoreUnavailable
from vet_pipeline.practices import Practice
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.trail.witness import Witness


def pause(engine: Engine, practice_id: str, *, by: str, reason: str, home: Path) -> Practice:
    """Pause it in the database, then outside; as `practices.pause`, and raises as `_keep`."""
    with transaction(engine, "ops", practice_id) as connection:
        changed = practices.pause(connection, practice_id, by=by, reason=reason)
    _keep(practice_id, home, paused=True)
    return changed


def resume(engine: Engine, practice_id: str, *, by: str, home: Path) -> Practice:
    """Let it be read again, in the database and outside; as `pause`. Repeating finishes it."""
    with transaction(engine, "ops", practice_id) as connection:
        changed = practices.resume(connection, practice_id, by=by)
    _keep(practice_id, home, paused=False)
    return changed


def require_active(practice: Practice) -> None:
    """Raise PracticeStateRefuses unless it may be read, by the database and by what is kept outside."""
    if practice.state != "active":
        raise PracticeStateRefuses(
            f"the practice is {practice.state}: nothing is read",
            next_step=f"see why with: vet-pipeline practice show {practice.practice_id}",
            practice_id=practice.practice_id,
        )
    refuse_if_paused(practice.practice_id)


def refuse_if_paused(practice_id: str) -> None:
    """Raise PracticeStateRefuses when the witness's last word is that the practice is paused.

    To be asked of a practice that is active by the database, which is older than that word then.
    """
    if Witness.of_home().is_paused(practice_id):
        raise PracticeStateRefuses(
            "the practice was paused, and this database, restored from before that, doesn't know it",
            next_step=f"vet-pipeline practice pause {practice_id} --by NAME (or practice resume, on the"
            " practice's word)",
            practice_id=practice_id,
        )


def _keep(practice_id: str, home: Path, *, paused: bool) -> None:
    """Keep the word outside. Raises SnapshotStoreFull or SnapshotStoreUnavailable: to be repeated."""
    said = "paused" if paused else "resumed"
    try:
        Witness.of_home(home).keep_pause(practice_id, paused=paused)
    except (SnapshotStoreFull, SnapshotStoreUnavailable) as error:
        raise type(error)(
            f"{error.what}; it is {said} in ScriptRight, and not yet outside of it",
            next_step=f"{error.next_step}, then repeat it",
            practice_id=practice_id,
        ) from None
