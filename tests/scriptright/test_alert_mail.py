"""Errors that take turns at one practice are one trouble, and told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.scriptright import alert_mail, alerts

NOW = datetime.now(UTC)
EVERY = timedelta(hours=4)
TURNS = ("PimsUnavailable", "SnapshotTorn")


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Registered two days ago and never copied: five days are left."""
    add_practice(engine)
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
        alerts.heal(connection, succeeded={})
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


def test_what_failed_before_the_last_success_doesnt_count(oak: Engine) -> None:
    assert fail(oak, 1, "PimsUnavailable") == []
    with oak.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = :at"),
            {"at": NOW - timedelta(days=2) + 1.5 * EVERY},
        )
    assert fail(oak, 2, "SnapshotTorn") == []
