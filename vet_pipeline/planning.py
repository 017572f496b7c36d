"""When a practice is read next: plain functions of times, without a clock, database or Dagster.

All moments are aware and in UTC; quiet hours are wall-clock times of the practice's own zone, on
both days of a change of the clocks: what counts is when people are there. docs/rules.md section 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vet_pipeline.service_levels import LATEST_REFRESH
from vet_pipeline.time_zones import is_known_here

SOONEST_REFRESH = timedelta(hours=48)  # after the last success
# Never sooner than 48 h after the last success, never later than 72 h. A plan keeps away from
# both ends: one hour for a clock that was set back, four for a full queue and one more attempt.
# Where that leaves no quiet hours (short nights), it goes nearer, to keep to them.
PLAN_FROM, PLAN_TO = SOONEST_REFRESH + timedelta(hours=1), LATEST_REFRESH - timedelta(hours=4)
WIDE_FROM, WIDE_TO = SOONEST_REFRESH + timedelta(minutes=15), LATEST_REFRESH - timedelta(hours=1)
# Without quiet hours: the middle, 60 h, and up to 6 h more, so that practices installed together
# spread.
DUE_AFTER = (SOONEST_REFRESH + LATEST_REFRESH) / 2
DUE_SPREAD = timedelta(hours=6)
# A first copy has a week: it waits for the first quiet hours after installation, but not for ever.
FIRST_COPY_WAITS = timedelta(hours=24)
# So much of the quiet hours must be left, or the read would run into the morning.
QUIET_LEFT = timedelta(minutes=15)
# A practice that failed is asked again this often: what is wrong on our side is mended, or passes,
# long before its 72 h are over. Once a day only where nothing but others' doing helps, so that a
# changed password doesn't lock the login.
RETRY_EVERY = timedelta(hours=4)
RETRY_DAILY = timedelta(hours=24)
# Around the time when it is late, each hour: a PIMS that is switched on for a few hours a day is
# met.
RETRY_SOON = timedelta(hours=1)
PRESSING = timedelta(hours=12)  # before and after that time
NEEDS_OTHERS = frozenset({"PimsAccessDenied", "SnapshotShapeChanged", "SnapshotHeld"})

_MINUTE = timedelta(minutes=1)

Window = tuple[datetime, datetime]  # from, to (exclusive)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody works at the practice; they may cross midnight, equal ends mean all day."""

    timezone: str
    start: time
    end: time


def quiet_hours(timezone: str, start: time | None, end: time | None) -> QuietHours | None:
    """As registered. None without any, and in a zone that this machine doesn't know.

    Such a practice is read at any hour, on-call is told, and no other is kept waiting for it.
    """
    if start is None or end is None or not is_known_here(timezone):
        return None
    return QuietHours(timezone, start, end)


def quiet_windows(quiet: QuietHours, begin: datetime, end: datetime) -> Iterator[Window]:
    """The quiet times between `begin` and `end`, in order, cut to them."""
    if quiet.start == quiet.end:
        if begin < end:
            yield begin, end
        return
    zone = ZoneInfo(quiet.timezone)
    day = begin.astimezone(zone).date() - timedelta(days=1)  # last evening's may go on
    last = end.astimezone(zone).date()
    while day <= last:
        closes = day if quiet.start < quiet.end else day + timedelta(days=1)
        opened = _reached(day, quiet.start, zone)
        closed = _reached(closes, quiet.end, zone)
        window = max(opened, begin), min(closed, end)
        if window[0] < window[1]:
            yield window
        day += timedelta(days=1)


def _reached(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the wall clock first shows this time or, where clocks jump over it, a later one; UTC."""
    moment = datetime.combine(day, clock, zone).astimezone(UTC)
    shown = moment.astimezone(zone)
    if shown.time() != clock:  # in the lost hour: back to the jump
        while (moment - _MINUTE).astimezone(zone).utcoffset() == shown.utcoffset():
            moment -= _MINUTE
    return moment


def next_due(practice_id: str, succeeded_at: datetime, quiet: QuietHours | None) -> datetime:
    """When the practice is read next: 49 to 68 h after its last success, always the same answer.

    At a moment of its quiet hours, different for each practice and each time, so that neither
    the start of the night nor one night gets all; nights too short for that may take it to 71 h.
    Without quiet hours 60 to 66 h on.
    """
    drawn = _share(f"{practice_id}:{succeeded_at.astimezone(UTC).date()}")
    if quiet is not None:
        nights = _startable(quiet, succeeded_at + PLAN_FROM, succeeded_at + PLAN_TO) or _startable(
            quiet, succeeded_at + WIDE_FROM, succeeded_at + WIDE_TO
        )
        if nights:
            opened, closed = min(nights, key=_longest_first)
            return opened + (closed - opened) * drawn
    return succeeded_at + DUE_AFTER + DUE_SPREAD * _share(practice_id)


def first_due(practice_id: str, installed_at: datetime, quiet: QuietHours | None) -> datetime:
    """When a practice that was never copied is read: at once, or in the coming quiet hours."""
    if quiet is None:
        return installed_at
    nights = _startable(quiet, installed_at, installed_at + FIRST_COPY_WAITS)
    if not nights:
        return installed_at
    opened, closed = nights[0]
    return opened + (closed - opened) * _share(practice_id)


def due_by_a_right_clock(now: datetime) -> datetime:
    """When a practice is due whose own times lie in the future: now, the same for RETRY_EVERY.

    So that `run_key` asks for it no more often than for one that fails.
    """
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return midnight + (now - midnight) // RETRY_EVERY * RETRY_EVERY


def may_start(now: datetime, latest: datetime, quiet: QuietHours | None) -> bool:
    """Whether a practice that is due disturbs nobody now, or can't wait for a quieter moment.

    `latest`: its time to succeed. A due practice that missed its night (the daemon stood still, an
    attempt failed) waits for the next one if that one begins with the planned room to spare.
    """
    if quiet is None:
        return True
    wait_to = latest - (LATEST_REFRESH - PLAN_TO)
    coming = next(iter(_startable(quiet, now, wait_to)), None)
    return coming is None or coming[0] <= now


def may_be_asked(
    now: datetime,
    due: datetime,
    latest: datetime,
    quiet: QuietHours | None,
    failure: tuple[datetime, str] | None,
) -> bool:
    """Whether a practice is read now. `failure`: when its last run failed, and of what.

    One that didn't answer in its quiet hours may be switched off then: it waits for none. What is
    set wrong (UsageError) may be so in one person's shell alone: run keys bound how often it is
    tried.
    """
    error = failure[1] if failure else None
    if due > now or (error != "PimsUnavailable" and not may_start(now, latest, quiet)):
        return False
    return failure is None or error == "UsageError" or retry_at(*failure, latest) <= now


def retry_every(error: str) -> timedelta:
    """How often a practice that fails of this class of error is asked again by itself."""
    return RETRY_DAILY if error in NEEDS_OTHERS else RETRY_EVERY


def retry_at(failed_at: datetime, error: str, latest: datetime) -> datetime:
    """When a practice whose run failed is asked again by itself; a person's `retry` is at once."""
    again = failed_at + retry_every(error)
    if error in NEEDS_OTHERS or failed_at >= latest + PRESSING:
        return again
    return min(again, max(failed_at + RETRY_SOON, latest - PRESSING))


def run_key(practice_id: str, due: datetime, now: datetime, latest: datetime) -> str:
    """One run for each due time, and at most one more every RETRY_EVERY while it brings nothing.

    Every RETRY_SOON around `latest`.

    Dagster remembers run keys, so a key of the due time alone would never be retried, and a
    daemon that is killed between asking and remembering asks again without a second run.
    """
    slot = max(0, (now - due) // RETRY_EVERY)
    key = f"refresh:{practice_id}:{due.astimezone(UTC):%Y%m%dT%H%M%S}:{slot}"
    if latest - PRESSING <= now < latest + PRESSING:
        return f"{key}.{max(0, (now - due) // RETRY_SOON)}"
    return key


@dataclass(frozen=True, slots=True)
class Waiting:
    """A practice that is due: `latest` is its time to succeed (service_levels)."""

    practice_id: str
    pims: str
    due: datetime
    latest: datetime
    failing: bool = False  # its last run failed

    def is_doubtful(self, now: datetime) -> bool:
        """Whether its run may well hang: it fails, or has had no success for longer than it may."""
        return self.failing or self.latest < now


@dataclass(frozen=True, slots=True)
class Choice:
    """What one tick asks for, and how many due practices it leaves for the next ones."""

    chosen: tuple[Waiting, ...]
    left: int  # neither asked for nor under way
    late: int  # of those left, past their time


def choose(
    waiting: Sequence[Waiting],
    *,
    now: datetime,
    under_way: Mapping[str, str],
    room: int,
    room_per_pims: int,
) -> Choice:
    """The practices to ask for now: whose time runs out first goes first.

    `under_way`: practice -> PIMS of runs that wait or go on; they count against both rooms. The
    queue behind is first in, first out, so it is kept short: order would be lost in it. No PIMS
    gets more than its room, or one that stands still would fill the queue for all. However many
    stand still, a third of the room is left to practices that don't fail and are in time.
    """
    taken: dict[str, int] = {}
    for pims in under_way.values():
        taken[pims] = taken.get(pims, 0) + 1
    free = max(0, room - len(under_way))
    doubtful = sum(one.is_doubtful(now) for one in waiting if one.practice_id in under_way)
    room_for_doubtful = room - room // 3
    chosen: list[Waiting] = []
    left: list[Waiting] = []
    for one in sorted(waiting, key=lambda one: (one.latest, one.practice_id)):
        if one.practice_id in under_way:
            continue
        is_left_out = one.is_doubtful(now) and doubtful >= room_for_doubtful
        if len(chosen) < free and taken.get(one.pims, 0) < room_per_pims and not is_left_out:
            doubtful += one.is_doubtful(now)
            taken[one.pims] = taken.get(one.pims, 0) + 1
            chosen.append(one)
        else:
            left.append(one)
    return Choice(tuple(chosen), len(left), sum(one.latest < now for one in left))


def _startable(quiet: QuietHours, begin: datetime, end: datetime) -> list[Window]:
    """Quiet windows in which a read may begin between two moments: without their last minutes."""
    windows = quiet_windows(quiet, begin, end + QUIET_LEFT)
    return [
        (opened, closed - QUIET_LEFT) for opened, closed in windows if closed - opened > QUIET_LEFT
    ]


def _longest_first(window: Window) -> tuple[timedelta, datetime]:
    """Sort key: longest window, of equal ones the earliest."""
    return window[0] - window[1], window[0]


def _share(text: str) -> float:
    """A number from 0 to 1, always the same for a text, spread evenly over texts."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32
