"""Send a practice's confirmation: claim it in the outbox, hand it to the server, settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Engine

from vet_pipeline.errors import DecisionRefused, MailUnavailable
from vet_pipeline.mail.message import author_of, confirmation_message
from vet_pipeline.mail.settings import SmtpSettings
from vet_pipeline.mail.smtp import Delivery, deliver
from vet_pipeline.scriptright.telling import outbox


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one practice's confirmation."""

    practice_id: str
    state: Literal["sent", "waiting", "parked", "nothing_to_send"]
    reason: str = ""
    attempt: int = 0
    again_at: datetime | None = None  # UTC; for waiting


def send_confirmation(engine: Engine, practice_id: str, settings: SmtpSettings) -> Sent:
    """Send the practice's confirmation if one is due; at most one process sends it.

    Killed at any moment, the mail is either not yet handed over (the row is *pending*), or the
    row is left in *sending* for `outbox.settle_abandoned`. Raises only what is wrong with the
    settings, the database or the witness, which is told of each attempt before the server; a mail
    server in trouble is a state, not an error.
    """
    author_of(settings.sender)  # before the row is claimed
    claim = outbox.claim(engine, practice_id)
    if claim is None:
        return Sent(practice_id, "nothing_to_send")
    try:
        refusal = outbox.begin(claim)
    except Exception as problem:  # nothing was handed over, whatever a store's library raises
        outbox.put_back(engine, claim, error=type(problem).__name__)
        raise
    if refusal is not None:
        outbox.park(engine, claim, error=refusal)
        return Sent(practice_id, "parked", refusal, claim.attempt)
    try:
        delivery = _deliver(claim, settings)
    except MailUnavailable as problem:
        again = outbox.put_back(engine, claim, error=problem.what)
        return Sent(practice_id, "waiting", problem.what, claim.attempt, again)
    if delivery.state == "accepted":
        outbox.mark_sent(engine, claim)
        return Sent(practice_id, "sent", delivery.reason, claim.attempt)
    if delivery.state == "unknown" and settings.deduplicates:
        again = outbox.put_back(engine, claim, error=delivery.reason)
        return Sent(practice_id, "waiting", delivery.reason, claim.attempt, again)
    outbox.park(engine, claim, error=f"{delivery.state}: {delivery.reason}")
    return Sent(practice_id, "parked", f"{delivery.state}: {delivery.reason}", claim.attempt)


def _deliver(claim: outbox.Claim, settings: SmtpSettings) -> Delivery:
    try:
        message = confirmation_message(
            claim, sender=settings.sender, support=settings.support, now=datetime.now(UTC)
        )
    except DecisionRefused:
        return Delivery("refused", "contact address unusable")
    return deliver(message, message["To"].addresses[0].addr_spec, settings)
