"""When a practice is read next: laws for any practice, zone and hour; a fleet's years."""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline import planning
from vet_pipeline.planning import QuietHours, Waiting
from vet_pipeline.service_levels import LATEST_REFRESH

# Both sides of the equator, half hours, no change of the clocks, a change at midnight (Havana).
ZONES = [
    "America/Chicago", "America/Phoenix", "America/St_Johns", "Pacific/Honolulu", "Europe/Berlin",
    "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana", "Pacific/Apia", "UTC",
]  # fmt: skip
HOUR = timedelta(hours=1)
moments = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - the zone is the next argument
    max_value=datetime(2029, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
quarters = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
hours = st.builds(QuietHours, st.sampled_from(ZONES), quarters, quarters)
ids = st.integers(1, 10_000).map("practice-{}".format)


def is_quiet(quiet: QuietHours, moment: datetime) -> bool:
    """Said another way than the code does it: by the practice's wall clock alone."""
    clock = moment.astimezone(ZoneInfo(quiet.timezone)).time()
    if quiet.start == quiet.end:
        return True
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


@given(ids, moments, st.none() | hours)
def test_the_next_refresh_is_planned_between_48_and_71_hours_after_the_last(
    practice: str, success: datetime, quiet: QuietHours | None
) -> None:
    due = planning.next_due(practice, success, quiet)
    assert success + 48 * HOUR < due <= success + 71 * HOUR
    if quiet is None:
        assert success + 60 * HOUR <= due <= success + 66 * HOUR
    assert due == planning.next_due(practice, success, quiet), "always the same answer"


@given(ids, moments, hours)
def test_it_is_planned_into_the_quiet_hours_and_with_room_on_both_sides_where_they_allow_it(
    practice: str, success: datetime, quiet: QuietHours
) -> None:
    step = timedelta(minutes=10)
    good = [  # a quarter of an hour of quiet is left
        n
        for n in range(6 * 48 + 2, 6 * 71 + 1)
        if all(is_quiet(quiet, success + step * n + timedelta(minutes=m)) for m in (-10, 0, 10, 20))
    ]
    due = planning.next_due(practice, success, quiet)
    if good:
        assert is_quiet(quiet, due)
        assert is_quiet(quiet, due + timedelta(minutes=10)), "and it stays quiet for a while"
    if any(6 * 49 <= n <= 6 * 68 for n in good):
        assert success + 49 * HOUR <= due <= success + 68 * HOUR


@given(moments, hours)
def test_quiet_windows_are_what_the_wall_clock_says(begin: datetime, quiet: QuietHours) -> None:
    end = begin + 30 * HOUR
    windows = list(planning.quiet_windows(quiet, begin, end))
    assert all(begin <= a < b <= end for a, b in windows)
    assert all(a[1] <= b[0] for a, b in zip(windows, windows[1:], strict=False)), "in order"
    zone = ZoneInfo(quiet.timezone)
    for n in range(0, 30 * 60, 19):
        moment = begin + timedelta(minutes=n)
        near = [moment + 2 * HOUR * side for side in (-1, 1)]
        if len({one.astimezone(zone).utcoffset() for one in [moment, *near]}) > 1:
            continue  # an hour that comes twice, or never: either answer will do
        assert any(a <= moment < b for a, b in windows) == is_quiet(quiet, moment)


@pytest.mark.parametrize(
    ("success", "night"),
    [
        # Chicago's clocks go forward on 2026-03-08 at 2, and back on 2026-11-01 at 2.
        (datetime(2026, 3, 6, 3, tzinfo=UTC), datetime(2026, 3, 8, 3, tzinfo=UTC)),
        (datetime(2026, 10, 30, 3, tzinfo=UTC), datetime(2026, 11, 1, 2, tzinfo=UTC)),
    ],
)
def test_on_the_days_when_the_clocks_change_the_night_is_where_the_practice_has_it(
    success: datetime, night: datetime
) -> None:
    quiet = QuietHours("America/Chicago", time(21), time(6))
    windows = list(planning.quiet_windows(quiet, night, night + 24 * HOUR))
    lengths = [(b - a) / HOUR for a, b in windows]
    assert lengths[0] == (8 if night.month == 3 else 10)
    due = planning.next_due("oak", success, quiet).astimezone(ZoneInfo("America/Chicago"))
    assert due.time() >= time(21) or due.time() < time(6)


@pytest.mark.parametrize(
    ("start", "end", "quiet"),  # New York has no time from 2 to 3: at 7 UTC it is 3 there
    [
        (time(1, 30), time(2, 30), ("06:30", "07:00")),
        (time(2, 30), time(4, 0), ("07:00", "08:00")),
        (time(2, 15), time(2, 45), None),
        (time(1, 0), time(3, 0), ("06:00", "07:00")),
    ],
)
def test_quiet_hours_that_begin_or_end_in_the_lost_hour_do_so_at_the_jump(
    start: time, end: time, quiet: tuple[str, str] | None
) -> None:
    night = datetime(2026, 3, 8, 5, tzinfo=UTC)
    hours = QuietHours("America/New_York", start, end)
    windows = [
        (f"{a:%H:%M}", f"{b:%H:%M}")
        for a, b in planning.quiet_windows(hours, night, night + 7 * HOUR)
    ]
    assert windows == ([quiet] if quiet else [])


def test_a_first_copy_is_due_at_once_or_in_the_first_quiet_hours() -> None:
    installed = datetime(2026, 11, 23, 16, tzinfo=UTC)  # ten in the morning in Chicago
    assert planning.first_due("oak", installed, None) == installed
    night = QuietHours("America/Chicago", time(21), time(6))
    due = planning.first_due("oak", installed, night)
    assert installed + 11 * HOUR <= due < installed + 20 * HOUR
    never = QuietHours("America/Chicago", time(3), time(3, 10))  # too short to read in
    assert planning.first_due("oak", installed, never) == installed


@given(moments, hours, st.floats(0, 72))
def test_a_due_practice_never_waits_into_its_last_four_hours(
    success: datetime, quiet: QuietHours, waited: float
) -> None:
    latest = success + LATEST_REFRESH
    now = success + timedelta(hours=waited)
    if not planning.may_start(now, latest, quiet):
        later = (now + timedelta(minutes=10) * n for n in range(6 * 72))
        started = next(moment for moment in later if planning.may_start(moment, latest, quiet))
        assert started <= success + 68 * HOUR + timedelta(minutes=10)


@given(ids, moments, st.lists(st.integers(0, 60 * 48), min_size=2, max_size=20))
def test_ticks_of_four_hours_share_a_run_key_so_retries_are_bounded(
    practice: str, due: datetime, minutes: list[int]
) -> None:
    def key(minute: int, latest: datetime) -> str:
        return planning.run_key(practice, due, due + timedelta(minutes=minute), latest)

    long_past = due - 100 * HOUR
    keys = {key(n, long_past) for n in minutes}
    assert len(keys) <= (max(minutes) - min(minutes)) // 240 + 2
    assert len({key(n, long_past) for n in range(240)}) == 1
    soon = due + 4 * HOUR  # around it there is one for each hour
    keys = {key(n, soon) for n in minutes}
    assert len(keys) <= (max(minutes) - min(minutes)) // 60 + 3
    assert len({key(n, soon) for n in range(240)}) == 4


@pytest.mark.parametrize("installed", [8, 13, 20])
def test_a_pims_that_is_switched_on_by_day_alone_is_read_within_the_hour(installed: int) -> None:
    """From eight to six, while its quiet hours are at night."""
    zone, night = ZoneInfo("America/Chicago"), QuietHours("America/Chicago", time(21), time(6))
    start = datetime(2026, 11, 2, installed, tzinfo=zone).astimezone(UTC)
    for n in range(10):
        now, success, failed_at, gaps = start, None, None, []
        due, asked = planning.first_due(f"p{n}", start, night), set()
        while now < start + timedelta(days=30):
            latest = success + LATEST_REFRESH if success else start + timedelta(days=7)
            failure = (failed_at, "PimsUnavailable") if failed_at else None
            key = planning.run_key(f"p{n}", due, now, latest)
            if key not in asked and planning.may_be_asked(now, due, latest, night, failure):
                asked.add(key)
                if 8 <= now.astimezone(zone).hour < 18:
                    gaps.append(now - (success or start))
                    success, failed_at = now, None
                    due = planning.next_due(f"p{n}", now, night)
                else:
                    failed_at = now
            now += timedelta(minutes=5)
        assert gaps[0] <= 30 * HOUR
        assert max(gaps[1:]) <= 73 * HOUR, "asked each hour around its time"


# --- a fleet's years ------------------------------------------------------------------------


@dataclass
class Simulated:
    """One practice of the simulation, and what was seen of it."""

    practice: str
    quiet: QuietHours | None
    due: datetime
    success: datetime
    gaps: list[timedelta] = field(default_factory=list)
    by_day: int = 0
    attempts: Counter[str] = field(default_factory=Counter)
    failed_at: datetime | None = None


def simulate(
    practices: int, days: int, *, per_tick: int, fails: float, minutes: int = 10
) -> list[Simulated]:
    """A sensor that looks every `minutes`, run by the very functions of the product.

    The clock that the sensor asks jumps by up to 10 minutes in both directions; `fails` of the
    attempts fail. A run takes until the next tick.
    """
    draw = random.Random(1)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    fleet = []
    for n in range(practices):
        opens = time(draw.choice([19, 20, 21, 22, 23, 0, 1]))
        closes = time(draw.choice([4, 5, 6, 7]))
        quiet = QuietHours(draw.choice(ZONES), opens, closes) if n % 5 else None
        spread = timedelta(hours=60 * draw.random())
        success = start - spread
        due = planning.next_due(f"p{n}", success, quiet)
        fleet.append(Simulated(f"p{n}", quiet, due, success))
    true = start
    while true < start + timedelta(days=days):
        true += timedelta(minutes=minutes)
        now = true + timedelta(minutes=draw.uniform(-10, 10))
        line = []
        for one in fleet:
            latest = one.success + LATEST_REFRESH
            failure = (one.failed_at, "PimsUnavailable") if one.failed_at else None
            if not planning.may_be_asked(now, one.due, latest, one.quiet, failure):
                continue
            line.append(Waiting(one.practice, "generic", one.due, latest))
        choice = planning.choose(line, now=now, under_way={}, room=per_tick, room_per_pims=per_tick)
        asked = {one.practice_id for one in choice.chosen}
        for one in (one for one in fleet if one.practice in asked):
            latest = one.success + LATEST_REFRESH
            one.attempts[planning.run_key(one.practice, one.due, now, latest)] += 1
            if draw.random() < fails:
                one.failed_at = now
                continue
            one.gaps.append(true - one.success)
            one.by_day += one.quiet is not None and not is_quiet(one.quiet, now)
            one.success, one.failed_at = true, None
            one.due = planning.next_due(one.practice, true, one.quiet)
    return fleet


PRACTICES = int(os.environ.get("FLEET_PRACTICES", "30"))
DAYS = int(os.environ.get("FLEET_DAYS", "60"))


def test_years_of_a_fleet_in_ten_zones_are_never_early_never_late_and_by_night() -> None:
    fleet = simulate(PRACTICES, DAYS, per_tick=PRACTICES, fails=0)
    gaps = [gap for one in fleet for gap in one.gaps]
    assert len(gaps) > PRACTICES * DAYS / 3.1
    assert min(gaps) >= 48 * HOUR
    assert max(gaps) <= 72 * HOUR
    assert sum(one.by_day for one in fleet) <= len(gaps) * 0.02, (
        "the clock jumped, or the night was over"
    )


def test_with_failures_a_practice_is_asked_again_every_four_hours_and_stays_in_time() -> None:
    fleet = simulate(PRACTICES, DAYS, per_tick=PRACTICES, fails=0.05)
    gaps = [gap for one in fleet for gap in one.gaps]
    assert min(gaps) >= 48 * HOUR
    assert sum(gap > 72 * HOUR for gap in gaps) <= len(gaps) * 0.01, "failed twice, or at the end"
    tried = [count for one in fleet for count in one.attempts.values()]
    assert max(tried) == 1, "no run key is used twice"


def test_a_fleet_with_one_night_spreads_over_it() -> None:
    """All of one zone and one night: no hour of it gets more than its share and a half."""
    quiet = QuietHours("America/Chicago", time(20), time(6))
    success = datetime(2026, 5, 1, 3, tzinfo=UTC)
    due = {f"p{n}": success + timedelta(minutes=n % 600) for n in range(1000)}
    for _ in range(20):
        due = {one: planning.next_due(one, at, quiet) for one, at in due.items()}
    local = Counter(at.astimezone(ZoneInfo("America/Chicago")).hour for at in due.values())
    assert set(local) == {20, 21, 22, 23, 0, 1, 2, 3, 4, 5}
    assert max(local.values()) <= 150
    assert min(local.values()) >= 50


def test_a_fleet_too_big_for_its_machine_is_late_by_turns_not_some_for_ever() -> None:
    slow = simulate(120, 15, per_tick=1, fails=0, minutes=45)  # 32 a day, 48 are needed
    counts = [len(one.gaps) for one in slow]
    assert max(gap for one in slow for gap in one.gaps) > 72 * HOUR
    assert max(counts) - min(counts) <= 2, "nobody starves"
