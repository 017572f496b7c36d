"""On-call is told that ScriptRight's database can't be used, though alerts are kept in it.

What was told when is kept in the sensor's cursor, which Dagster keeps. Not at the first hiccup, and
once; a database that comes and goes is told once an hour.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from resources.mailer import MailerResource
from vet_pipeline.errors import (
    DatabaseNotMigrated,
    DatabaseRefused,
    DatabaseUnavailable,
    LoadInProgress,
    MailUnavailable,
    PipelineError,
)
from vet_pipeline.oncall.telling import AGAIN_AFTER_REFUSAL, GROUP_WAIT, TELL_AGAIN

# Gone, another release's, with another password, or behind somebody's lock on a whole table: nothing
# is read or applied, nor any alert kept.
UNUSABLE = (DatabaseUnavailable, DatabaseNotMigrated, DatabaseRefused, LoadInProgress)


@dataclass(frozen=True, slots=True)
class Known:
    """What the sensor's cursor remembers between ticks; times are UTC."""

    down_since: datetime | None = None  # None: it can be used
    told_at: datetime | None = None
    not_before: datetime | None = None  # the mail server has refused

    @classmethod
    def of(cls, cursor: str | None) -> Self:
        """From the cursor; nothing where it is blank or another release's."""
        try:
            told = json.loads(cursor or "{}")
            return cls(**{name: datetime.fromisoformat(at) for name, at in told.items()})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def as_cursor(self) -> str:
        """For the cursor; blank when there is nothing to remember."""
        at = {"down_since": self.down_since, "told_at": self.told_at, "not_before": self.not_before}
        told = {name: moment.isoformat() for name, moment in at.items() if moment}
        return json.dumps(told) if told else ""


def usable(known: Known, now: datetime) -> Known:
    """The database answers: what is left is when the last mail went, for as long as it matters."""
    recent = known.told_at is not None and now - known.told_at < TELL_AGAIN
    return Known(told_at=known.told_at) if recent else Known()


def tell_unusable(
    known: Known, problem: PipelineError, mailer: MailerResource, to: str, now: datetime
) -> tuple[Known, str]:
    """What is known from now on, and what became of a mail (blank: none was due, or to nobody)."""
    known = replace(known, down_since=known.down_since or now)
    if not to or not mailer.is_configured() or not is_due(known, now):
        return known, ""
    try:
        delivery = mailer.send_alert(
            to,
            subject=f"{type(problem).__name__}: nothing is read or applied",
            text=f"{problem.what}.\nSince:      {known.down_since:%Y-%m-%d %H:%M} UTC\n"
            f"What to do: {problem.next_step}.\n"
            f"By when:    {_urgency(problem)}.\n"
            "Nothing is half applied. No second mail comes while it is so; docs/runbook.md has each"
            " message.",
        )
    except MailUnavailable as trouble:
        return known, f"the alert waits: {trouble.what}"
    if delivery.state != "accepted":  # it may have arrived: twice is better than never
        said = "was refused" if delivery.state == "refused" else "waits"
        again = now + AGAIN_AFTER_REFUSAL
        return replace(known, not_before=again), f"the alert {said}: {delivery.reason}"
    return replace(known, told_at=now, not_before=None), "on-call is told"


def _urgency(problem: PipelineError) -> str:
    if isinstance(problem, DatabaseUnavailable):
        return "now: wake whoever runs the server, as the web shop needs it too"
    return (
        "each practice is late 72 hours after its last copy: it can wait for the morning, unless"
        " docs/runbook.md has you wake somebody for this message"
    )


def is_due(known: Known, now: datetime) -> bool:
    """Whether a mail is due about a database that can't be used."""
    if known.down_since is None or now - known.down_since < GROUP_WAIT:
        return False
    if known.not_before is not None and now < known.not_before:
        return False
    if known.told_at is None:
        return True
    # Told of this trouble, or of one just before.
    return known.told_at < known.down_since and now - known.told_at >= TELL_AGAIN


def utc_now() -> datetime:
    """This machine's clock: the database's, which decides else, isn't to be had."""
    return datetime.now(UTC)
