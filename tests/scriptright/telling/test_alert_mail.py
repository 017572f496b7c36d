"""Errors that take turns at one practice are one trouble, and told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.oncall.telling import AGAIN_AFTER_REFUSAL
from vet_pipeline.scriptright.telling import alert_healing, alert_mail, alerts

NOW = datetime.now(UTC)
EVERY = timedelta(hours=4)
TURNS = ("PimsUnavailable", "SnapshotTorn")


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Registered two days ago and never copied: five days are left."""
    add_practice(engine)
    return two_days_ago(engine)


def two_days_ago(engine: Engine) -> Engine:
    """Whoever is there was registered then."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET created_at = :at, installed_at = :at"),
            {"at": NOW - timedelta(days=2)},
        )
    return engine


def fail(engine: Engine, number: int, error: str) -> list[str]:
    """The number-th failure, four hours after the one before; of what on-call is mailed then."""
    at = NOW - timedelta(days=2) + number * EVERY
    one = Failure(f"run-{number}", "copy_practice", "oak", at, error, "what", "next")
    with engine.begin() as connection:
        alerts.record_failures(connection, [(one, cause_of(one, pims="generic", server=None))])
        alert_healing.heal(connection, succeeded={})
    told = alert_mail.take_due(engine, limit=10)
    for telling in told:
        alert_mail.mark_told(engine, telling)
    return [telling.alert.error for telling in told]


def test_of_two_errors_in_turn_a_person_is_told_at_the_second_failure_and_not_at_each(
    oak: Engine,
) -> None:
    told = [fail(oak, number, TURNS[number % 2]) for number in range(1, 10)]
    assert told == [[], ["PimsUnavailable"], [], [], [], [], [], [], []]


def test_an_error_that_stays_after_another_was_told_is_told_too(oak: Engine) -> None:
    told = [fail(oak, number, TURNS[number > 2]) for number in range(1, 5)]
    assert told == [[], ["PimsUnavailable"], [], ["SnapshotTorn"]]


def test_another_practice_that_fails_after_the_mail_is_told(oak: Engine) -> None:
    fail(oak, 1, "PimsAccessDenied")
    with oak.begin() as connection:
        told = "UPDATE scriptright.alert SET told_at = :at, last_failed_at = :at"
        connection.execute(text(told), {"at": NOW - timedelta(hours=30)})
    add_practice(oak, "elm")
    with oak.begin() as connection:
        aged = "UPDATE scriptright.practice SET created_at = :at WHERE practice_id = 'elm'"
        connection.execute(text(aged), {"at": NOW - timedelta(days=2)})
        healed = "UPDATE scriptright.alert_practice SET healed_at = now()"
        connection.execute(text(healed))
        at = NOW - timedelta(hours=1)
        one = Failure("run-e", "copy_practice", "elm", at, "PimsAccessDenied", "what", "next")
        alerts.record_failures(connection, [(one, cause_of(one, pims="generic", server=None))])
    [telling] = alert_mail.take_due(oak, limit=10)
    assert telling.alert.practices == ("elm",)


def test_a_server_that_refuses_a_mail_is_asked_again_later(oak: Engine) -> None:
    one = Failure("run-1", "copy_practice", "oak", NOW - EVERY, "PimsAccessDenied", "what", "next")
    with oak.begin() as connection:
        alerts.record_failures(connection, [(one, cause_of(one, pims="generic", server=None))])
        connection.execute(
            text("UPDATE scriptright.alert SET opened_at = :at"), {"at": NOW - EVERY}
        )
    [telling] = alert_mail.take_due(oak, limit=10)
    wait = AGAIN_AFTER_REFUSAL
    alert_mail.put_back(oak, telling, error="refused: SMTP 550", wait=wait)
    assert alert_mail.take_due(oak, limit=10) == []
    with oak.begin() as connection:
        connection.execute(text("UPDATE scriptright.alert SET not_before = now()"))
    [again] = alert_mail.take_due(oak, limit=10)
    assert (again.alert.alert_id, again.number) == (telling.alert.alert_id, telling.number)


def test_what_failed_before_the_last_success_doesnt_count(oak: Engine) -> None:
    assert fail(oak, 1, "PimsUnavailable") == []
    with oak.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = :at"),
            {"at": NOW - timedelta(days=2) + 1.5 * EVERY},
        )
    assert fail(oak, 2, "SnapshotTorn") == []


@pytest.fixture
def three(oak: Engine) -> Engine:
    """Each with a server of its own."""
    for name in ("elm", "fir"):
        add_practice(oak, name)
    return two_days_ago(oak)


def told(engine: Engine, practice: str, number: float) -> list[tuple[str, ...]]:
    """The number-th failure of any practice; whom the mails that are due then name."""
    at = NOW - timedelta(days=2) + number * EVERY
    run, error = f"{practice}-{number}", "PimsUnavailable"
    one = Failure(run, "copy_practice", practice, at, error, "what", "next")
    with engine.begin() as connection:
        alerts.record_failures(connection, [(one, cause_of(one, pims="generic", server=None))])
    due = alert_mail.take_due(engine, limit=10)
    for telling in due:
        alert_mail.mark_told(engine, telling)
        with engine.begin() as connection:  # the moment of that mail, by the runs' days
            connection.execute(text("UPDATE scriptright.alert SET told_at = :at"), {"at": at})
    return [telling.alert.practices for telling in due]


def test_of_many_practices_one_that_does_not_answer_once_is_nobodys_news(three: Engine) -> None:
    """Of hundreds, two don't answer at any time."""
    assert told(three, "oak", 1) == []
    assert told(three, "elm", 1) == [], "two, each once"
    assert told(three, "oak", 2) == [("elm", "oak")]
    assert told(three, "fir", 3) == [], "another one, once"
    assert told(three, "fir", 4) == [("fir", "elm", "oak")], "first who is new"


def test_one_whose_runs_are_dated_before_the_mail_is_told_too(three: Engine) -> None:
    """They end on a machine whose clock is behind."""
    assert [told(three, "oak", number) for number in (1, 2)] == [[], [("oak",)]]
    assert [told(three, "elm", number) for number in (0.5, 1.5)] == [[], [("elm", "oak")]]


@pytest.mark.parametrize(("told_before", "again"), [(13, True), (11, False)])
def test_who_becomes_late_is_told_once_more_unless_the_mail_is_of_the_same_half_day(
    oak: Engine, told_before: int, again: bool
) -> None:
    """The mail says when it will be late."""
    fail(oak, 1, "SnapshotShapeChanged")
    with oak.begin() as connection:
        late_since = NOW - timedelta(hours=2)
        connection.execute(
            text("UPDATE scriptright.practice SET installed_at = :at"),
            {"at": late_since - timedelta(days=7)},
        )
        connection.execute(
            text("UPDATE scriptright.alert SET told_at = :at"),
            {"at": late_since - timedelta(hours=told_before)},
        )
    assert [one.number for one in alert_mail.take_due(oak, limit=10)] == ([2] if again else [])
