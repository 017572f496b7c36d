"""Failures grouped by cause: an error and the PIMS or server behind it, never one a practice.

Plain functions. A server is named by a hash (pims/server_name.py): an alert may be pasted into a
ticket, and a host name often holds the practice's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vet_pipeline import errors

LATE = "Late"  # no error of a run: a practice's time has passed
SERVICE_LEVEL = "service level"  # stands for the job of such a failure
PARKED = "ConfirmationParked"  # nobody but a person knows what to do about a practice's email
AUDIT_BROKEN = "AuditBroken"  # somebody has changed the trail, or a backup was restored
LEFT_IS_BACK = "OffboardedIsBack"  # a restored database has data of a practice that has left
WITNESS_LOST = "WitnessLost"  # its mount is missing, or its name leads elsewhere
# Found by a job about all practices: by its next run there may be more of them, and none is
# counted.
TOLD_BY_EACH_RUN = (AUDIT_BROKEN, LEFT_IS_BACK, WITNESS_LOST)
MAIL = "send_confirmation"
DAEMON, REFRESH = "dagster-daemon", "the refresh"
AHEAD = "sensors and schedules"  # that wait for a time by which a clock was ahead
NOBODY_READS = (DAEMON, REFRESH, AHEAD)  # no jobs: without them no practice is read
# Checks of what a load has left: red, the practice isn't read any more until a person has settled
# it; pausing it mends nothing.
AFTER_A_LOAD = ("accounts_balance", "ledger_is_in_order")
# What isn't left until the morning (docs/runbook.md), by error or red check, and who is woken.
_WAKES = {
    AUDIT_BROKEN: "whoever is responsible for the database",
    WITNESS_LOST: "whoever is responsible for the database",
    **dict.fromkeys(AFTER_A_LOAD, "the owners"),
}
TWO_DAEMONS = "two daemons"

# Jobs about a practice: what fails of it, so that a copy that succeeds heals no confirmation.
KINDS = {
    "copy_practice": "copy",
    "apply_stored_snapshot": "copy",
    "__ASSET_JOB": "copy",  # Dagster's name for assets materialized in the UI, or by a backfill
    MAIL: "confirmation",
    SERVICE_LEVEL: SERVICE_LEVEL,
}

# A red check: it comes out the same again, and a load could come on top of one that isn't in order.
NEVER_AGAIN = "CheckFailed"

# What a run ends with though no step of ours has told an error, nor was tried again.
NO_STEPS = frozenset({"RunFailed", "WorkerDied", "RunTooLong", "RunNotStarted", "Interrupted"})

# The practice's side: these are the PIMS vendor's trouble, or that of one of its servers.
_OF_THE_SERVER = frozenset({"PimsUnavailable", "PimsAccessDenied", "SnapshotTorn", "RunTooLong"})
_OF_THE_PIMS = frozenset(
    {"SnapshotShapeChanged", "ConnectorInvalid", "SnapshotHeld", NEVER_AGAIN, "OdbcDriverMissing"}
)
_NAME = re.compile(r"(?<=environment variable )\S+")


@dataclass(frozen=True, slots=True)
class Failure:
    """One run that failed for good: after its own retries. No value of a record in it."""

    run_id: str
    job: str  # the job's name in Dagster
    practice_id: str | None  # None: a job about no practice
    failed_at: datetime  # UTC
    error: str  # a name of vet_pipeline.errors, or an exception's class
    what: str
    next_step: str
    place: str = ""  # file:line of our code, for what nobody expected


@dataclass(frozen=True, slots=True)
class Cause:
    """What several failures have in common; `key` is the same for all of them."""

    key: str
    error: str
    pims: str | None
    server: str | None  # a hash


def cause_of(failure: Failure, *, pims: str | None, server: str | None) -> Cause:
    """The cause of a failure, given the practice's PIMS and the server it shares with others."""
    error, kept_pims, kept_server = failure.error, None, None
    if error in _OF_THE_SERVER:
        kept_pims, kept_server = pims, server
    elif error in _OF_THE_PIMS:
        kept_pims = pims
    where = failure.place or (failure.job if failure.practice_id is None else "")
    if error in ("UsageError", PARKED):  # alike only where the same is set wrong, or has parked it
        said = _NAME.sub("NAME", failure.what)  # of a variable: each practice may have its own
        where = where or hashlib.blake2b(said.encode(), digest_size=4).hexdigest()
    parts = [error, kept_pims or "", kept_server or "", where]
    return Cause("|".join(parts).rstrip("|"), error, kept_pims, kept_server)


def shared_servers(servers: Mapping[str, str | None]) -> dict[str, str]:
    """Practice -> its server, for servers that two practices or more are read from.

    A practice alone on its server is left out: its vendor is what it has in common with others.
    `servers`: practice -> pims/server_name.py's word, None where nobody knows.
    """
    counted = Counter(servers.values())
    return {practice: one for practice, one in servers.items() if one and counted[one] > 1}


def whom_to_wake(cause: str) -> str:
    """Who is woken at night for the cause of this key; blank where it waits for the morning."""
    parts = cause.split("|")
    return _WAKES.get(parts[0]) or _WAKES.get(parts[-1], "")


def is_red_after_a_load(cause: str) -> bool:
    """Whether the cause of this key is a check of what a load has left: a person settles it."""
    return cause.split("|")[-1] in AFTER_A_LOAD


def comes_first(cause: str, job: str) -> int:
    """The rank of a cause among those that are open: before the number of its practices."""
    if whom_to_wake(cause):
        return 0
    return 1 if job in NOBODY_READS else 2


def is_retryable(error: str) -> bool:
    """Whether it may pass by itself; a worker that died may, an unexpected exception doesn't."""
    known = getattr(errors, error, None)
    if isinstance(known, type) and issubclass(known, errors.PipelineError):
        return known.retryable
    return error in NO_STEPS
