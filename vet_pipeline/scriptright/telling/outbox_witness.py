"""Attempts to send the confirmation, as kept outside the database: no restore forgets them.

A database restored from before an email counts its attempts from what the backup knew, so an
attempt that was made already shows that this database doesn't know of it.
"""

from __future__ import annotations

from vet_pipeline.scriptright.telling.outbox import CONFIRMATION, RESTORED, Claim
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness, attempt_name


def begin(taken: Claim) -> str | None:
    """Keep that the attempt is made; why it may not be made when a restored database asks for it.

    To be called after the claim and before a word to the mail server. No address is kept.
    """
    witness = Witness.of_home()
    if witness.has(taken.practice_id, OFFBOARDED):
        return "Offboarded"
    if taken.attempt <= _newest(witness, taken.practice_id):
        return RESTORED
    said = {"practice": taken.practice_id, "kind": CONFIRMATION, "message_id": taken.message_id}
    witness.put(taken.practice_id, attempt_name(taken.attempt), said)
    return None


def newest_attempt(practice_id: str) -> int:
    """The last attempt that was begun in any life of the database; 0 when none was."""
    return _newest(Witness.of_home(), practice_id)


def _newest(witness: Witness, practice_id: str) -> int:
    return max(witness.attempts(practice_id), default=0)
