"""Which of the practices that are due are asked for now, when there is no room for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from vet_pipeline import planning
from vet_pipeline.planning import QuietHours, Waiting

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def waiting(practice: str, hours_left: float, pims: str = "generic") -> Waiting:
    return Waiting(practice, pims, NOW - HOUR, NOW + HOUR * hours_left)


def test_whose_time_runs_out_first_goes_first_and_the_rest_is_counted() -> None:
    line = [waiting("calm", 20), waiting("late", -3), waiting("soon", 1), waiting("later", -1)]
    choice = planning.choose(line, now=NOW, under_way={}, room=2, room_per_pims=9)
    assert [one.practice_id for one in choice.chosen] == ["late", "later"]
    assert (choice.left, choice.late) == (2, 0)


def test_runs_under_way_take_room_and_are_not_asked_for_again() -> None:
    line = [waiting("a", 1), waiting("b", 2), waiting("c", 3)]
    choice = planning.choose(
        line, now=NOW, under_way={"a": "generic", "x": "generic"}, room=3, room_per_pims=9
    )
    assert [one.practice_id for one in choice.chosen] == ["b"]
    assert choice.left == 1


def test_a_pims_that_stands_still_leaves_room_for_the_others() -> None:
    line = [*(waiting(f"slow-{n}", n, "slow") for n in range(5)), waiting("other", 40, "quick")]
    choice = planning.choose(line, now=NOW, under_way={"slow-x": "slow"}, room=100, room_per_pims=3)
    assert [one.practice_id for one in choice.chosen] == ["slow-0", "slow-1", "other"]
    assert choice.left == 3


@pytest.mark.parametrize("doubt", ["late", "failing"])
def test_three_pims_that_stand_still_leave_a_third_of_the_room_to_those_that_answer(
    doubt: str,
) -> None:
    hanging = [
        replace(
            waiting(f"{pims}-{n}", -200 if doubt == "late" else 1, pims), failing=doubt != "late"
        )
        for pims in ("slow", "slower", "slowest")
        for n in range(400)
    ]
    answering = [waiting(f"other-{n}", 2, "quick") for n in range(150)]
    under_way: dict[str, str] = {}
    for _ in range(10):  # ticks; no run has ended yet
        choice = planning.choose(
            hanging + answering,
            now=NOW,
            under_way=under_way,
            room=min(300, len(under_way) + 100),
            room_per_pims=100,
        )
        under_way |= {one.practice_id: one.pims for one in choice.chosen}
    assert len(under_way) == 300
    assert sum(pims == "quick" for pims in under_way.values()) == 100
    assert choice.left == 1200 - 200 + 150 - 100


def test_nor_does_one_tick_give_more_than_two_thirds_of_the_room_to_those_that_fail() -> None:
    failing = [replace(waiting(f"fails-{n}", 1), failing=True) for n in range(9)]
    line = [*failing, *(waiting(f"answers-{n}", 20) for n in range(9))]
    choice = planning.choose(line, now=NOW, under_way={}, room=9, room_per_pims=99)
    chosen = [one.practice_id for one in choice.chosen]
    assert chosen == [*(f"fails-{n}" for n in range(6)), *(f"answers-{n}" for n in range(3))]


@pytest.mark.parametrize(
    ("failed", "again"), [(-20, -16), (-14, -12), (-5, -4), (5, 6), (11, 12), (12, 16), (30, 34)]
)
def test_who_failed_is_asked_each_hour_from_twelve_before_it_is_late_to_twelve_after(
    failed: int, again: int
) -> None:
    at = planning.retry_at(NOW + failed * HOUR, "PimsUnavailable", latest=NOW)
    assert at == NOW + again * HOUR


def test_who_can_not_be_let_in_is_asked_once_a_day_however_late_it_is() -> None:
    for failed in (-5, 0, 30):  # more often would lock the login
        at = planning.retry_at(NOW + failed * HOUR, "PimsAccessDenied", latest=NOW)
        assert at == NOW + (failed + 24) * HOUR


def test_who_is_due_waits_for_its_night_unless_it_did_not_answer_in_one() -> None:
    night, latest = QuietHours("UTC", time(21), time(6)), NOW + 30 * HOUR

    def is_asked(at: datetime, failure: str | None = None) -> bool:
        failed = None if failure is None else (at - 5 * HOUR, failure)
        return planning.may_be_asked(at, NOW - HOUR, latest, night, failed)

    assert not is_asked(NOW)
    assert is_asked(NOW + 10 * HOUR)
    assert is_asked(NOW, "PimsUnavailable")
    assert not is_asked(NOW, "SnapshotTorn")
    assert not planning.may_be_asked(NOW + 10 * HOUR, NOW + 11 * HOUR, latest, night, None)


def test_quiet_hours_without_an_end_or_a_beginning_are_none() -> None:
    assert planning.quiet_hours("UTC", time(21), None) is None
    assert planning.quiet_hours("UTC", None, time(6)) is None
