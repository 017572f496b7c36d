"""What practices were promised, and how each one stands: plain functions of times and counts.

A refresh within 72 h of the last success while the practice can be reached; the first copy 7 days
after installation, 14 days at 10,000 clients or more (docs/rules.md section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

LATEST_REFRESH = timedelta(hours=72)
LATEST_FIRST_COPY = timedelta(days=7)
LATEST_BIG_FIRST_COPY = timedelta(days=14)
BIG = 10_000  # clients
# At risk: so near its time that one more failed attempt would make it late.
REFRESH_AT_RISK = timedelta(hours=3)  # a plan ends 4 h before
FIRST_COPY_AT_RISK = timedelta(hours=24)
# A practice that is resumed is due at once; within a day its quiet hours come, too.
AFTER_RESUME = timedelta(hours=24)

# A success dated later than now was dated by a clock that has been set right since. A plan keeps an
# hour for that; more, and its times mean nothing: it is due, and a person is told.
CLOCK_AHEAD = timedelta(hours=1)

# Errors that mean: the practice can't be read at all, and only its side can change that. What is
# set wrong on ours (UsageError) isn't one: that it is late is told.
UNREACHABLE = frozenset({"PimsUnavailable", "PimsAccessDenied", "OdbcDriverMissing"})

State = Literal["on time", "at risk", "late", "held", "unreachable", "paused"]
STATES: tuple[State, ...] = ("on time", "at risk", "late", "held", "unreachable", "paused")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one practice stands by its promise; times are UTC."""

    registry_state: str  # active | paused
    installed_at: datetime
    last_success_at: datetime | None
    clients_read: int | None  # of its newest complete read; None: never read
    held: bool  # a snapshot waits for a person
    failing: str | None  # class of the error that its copy fails of; None: it doesn't

    @property
    def latest(self) -> datetime:
        """When its next success has to be there at the latest."""
        if self.last_success_at is not None:
            return self.last_success_at + LATEST_REFRESH
        big = (self.clients_read or 0) >= BIG
        return self.installed_at + (LATEST_BIG_FIRST_COPY if big else LATEST_FIRST_COPY)

    def state(self, now: datetime) -> State:
        """How it stands at `now`.

        Held and unreachable come before late: the promise holds while a practice can be read, and
        what they need is a person, not a quicker machine.
        """
        if self.registry_state == "paused":
            return "paused"
        if self.held:
            return "held"
        if self.failing in UNREACHABLE:
            return "unreachable"
        if is_ahead(self.last_success_at, now):
            return "at risk"
        if now > self.latest:
            return "late"
        near = REFRESH_AT_RISK if self.last_success_at is not None else FIRST_COPY_AT_RISK
        return "at risk" if self.failing or now > self.latest - near else "on time"

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is active and has no success although its time has passed, for any reason."""
        return self.registry_state == "active" and now > self.latest


def is_ahead(last_success_at: datetime | None, now: datetime) -> bool:
    """Whether the practice's last success lies in the future: nothing planned from it holds."""
    return last_success_at is not None and last_success_at > now + CLOCK_AHEAD


def told_late_at(
    latest: datetime, *, paused_at: datetime | None, resumed_at: datetime | None
) -> datetime:
    """From when on a practice that is late is a person's task; times are UTC.

    One whose time ran out in its last pause couldn't be read: it has AFTER_RESUME. One that was
    late when it was paused is late still. `paused_at` None: nobody wrote down when.
    """
    if resumed_at is None or (paused_at is not None and paused_at > latest):
        return latest
    return max(latest, resumed_at + AFTER_RESUME)
