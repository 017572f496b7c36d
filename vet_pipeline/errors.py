"""Everything that can go wrong by name, whether a retry may help, and what to do next.

Each error says the practice, what happened and the next step. No error ever carries a value
from a client's or a pet's record: drivers put cells into their messages, so code at the edges
catches driver errors and raises one of these `from None`. An error is one line of text, whatever a
PIMS calls its columns: no name can forge a second line in a log or an alert.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager


class PipelineError(Exception):
    """Base of all errors a person is meant to read; `retryable` decides what Dagster does."""

    retryable = False

    def __init__(self, what: str, *, next_step: str, practice_id: str | None = None) -> None:
        self.practice_id = practice_id
        self.what = _one_line(what)
        self.next_step = _one_line(next_step)
        where = f"practice {practice_id}: " if practice_id else ""
        super().__init__(_one_line(f"{where}{what}. Next step: {next_step}"))


@contextmanager
def about(practice_id: str) -> Iterator[None]:
    """Errors of what doesn't know for which practice it is asked come out naming it."""
    try:
        yield
    except PipelineError as error:
        if error.practice_id:
            raise
        named = type(error)(error.what, next_step=error.next_step, practice_id=practice_id)
        raise named from None


def _one_line(text: str) -> str:
    """Line ends, control and direction characters as spaces."""
    if text.isprintable():
        return text
    return "".join(
        " " if (kind := unicodedata.category(c))[0] == "C" or kind in ("Zl", "Zp") else c
        for c in text
    )


class RetryableError(PipelineError):
    """May go away by itself: the same call can be tried again."""

    retryable = True


class PermanentError(PipelineError):
    """Stays as it is until a person or the other side changes something."""


# --- the practice's side -------------------------------------------------------------------


class PimsUnavailable(RetryableError):
    """No connection, connection lost in mid-read, or a time limit hit."""


class SnapshotTorn(RetryableError):
    """The source changed while it was read and no consistent moment could be had."""


class PimsAccessDenied(PermanentError):
    """Wrong password, or the login may not read a table."""


class OdbcDriverMissing(PermanentError):
    """The ODBC driver that the connection string names is not installed here."""


class SnapshotShapeChanged(PermanentError):
    """A table or column of the connector's contract is gone, renamed or of another type."""


class ConnectorInvalid(PermanentError):
    """A connector folder that can't be read: unknown key, missing file, missing column."""


# --- our own side --------------------------------------------------------------------------


class DatabaseUnavailable(RetryableError):
    """ScriptRight's database doesn't answer."""


class DatabaseNotMigrated(PermanentError):
    """ScriptRight's schema is missing or older than this code."""


class DatabaseRefused(PermanentError):
    """A constraint or a type refused a statement: SQLSTATE and constraint name, never a cell."""


class LoadInProgress(RetryableError):
    """Another load of the same practice holds the lock."""


class StaleDelta(PermanentError):
    """The delta was computed from a baseline that has moved since."""


class RowsUnaccounted(PermanentError):
    """Rows read aren't unchanged + normalized + quarantined: a defect of ours."""


class SnapshotHeld(PermanentError):
    """A guard found the snapshot implausible: it waits for a person."""


class SnapshotMissing(PermanentError):
    """The snapshot (or a file of it) isn't in the store, or doesn't match its manifest."""


class SnapshotStoreFull(RetryableError):
    """No space left (or no right to write) in the snapshot store."""


class SnapshotStoreUnavailable(RetryableError):
    """The snapshot store is a place elsewhere, and it doesn't answer or doesn't know us."""


class SnapshotsNotRemoved(PermanentError):
    """Snapshots whose time is over, or of a practice that left, are still there."""


class MailUnavailable(RetryableError):
    """The SMTP server refused or didn't answer before the message was handed over."""


# --- a person's request --------------------------------------------------------------------


class UnknownPractice(PermanentError):
    """No such practice in the registry."""

    @classmethod
    def named(cls, practice_id: str) -> UnknownPractice:
        """As whoever gave the id reads it."""
        next_step = "see `vet-pipeline practice list`"
        return cls("no such practice", next_step=next_step, practice_id=practice_id)


class PracticeStateRefuses(PermanentError):
    """The practice is paused or offboarded: nothing is read or applied."""


class PauseForgotten(PracticeStateRefuses):
    """The practice was paused, and the database was restored from before that."""


class CopiedMeanwhile(PermanentError):
    """A refresh that was asked for is too soon by now: another run has copied the practice."""


class UnknownItem(PermanentError):
    """No such suggestion, link, candidate, client or pet in that practice."""


class StaleDecision(PermanentError):
    """The record or the suggestion changed since it was shown: look again."""


class DecisionRefused(PermanentError):
    """A rule forbids the act as asked, such as a pet rename without its attestation."""


class UsageError(PermanentError):
    """The request itself is wrong: exit code 2 in the CLI."""


def stopped_by(error: BaseException) -> BaseException | None:
    """What stopped the process when a driver raised `error` of its own; None where nothing did."""
    came_upon = error.__context__
    while isinstance(came_upon, Exception):
        came_upon = came_upon.__context__
    return came_upon
