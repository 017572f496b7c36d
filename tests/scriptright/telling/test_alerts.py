"""Failures are taken in once, grouped by cause, healed by a later load, and told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice
from vet_pipeline.oncall.causes import Cause, Failure, cause_of
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.telling import alert_healing, alert_mail, alerts

NOW = datetime.now(UTC)
NIGHT = NOW - timedelta(hours=9)


def failure(
    practice: str | None = "oak",
    *,
    run: str = "run-1",
    at: datetime = NIGHT,
    error: str = "PimsUnavailable",
    job: str = "copy_practice",
    pims: str = "generic",
    server: str | None = None,
) -> tuple[Failure, Cause]:
    one = Failure(run, job, practice, at, error, "no connection", "call the practice")
    return one, cause_of(one, pims=pims, server=server)


# A server that two practices share doesn't answer: nothing that both wait for by chance.
TOGETHER = failure("ash", run="a", server="srv-1"), failure("oak", run="b", server="srv-1")


def record(engine: Engine, *found: tuple[Failure, Cause]) -> int:
    with engine.begin() as connection:
        return alerts.record_failures(connection, found)


def opened(engine: Engine) -> list[tuple[str, tuple[str, ...], int]]:
    with engine.connect() as connection:
        return [(a.cause, a.practices, a.failures) for a in alerts.open_alerts(connection)]


def succeed(engine: Engine, practice: str, at: datetime = NOW) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = :at WHERE practice_id = :id"),
            {"at": at, "id": practice},
        )


def heal(engine: Engine, **succeeded: datetime) -> None:
    with engine.begin() as connection:
        alert_healing.heal(connection, succeeded=succeeded)


@pytest.fixture
def practices(engine: Engine) -> list[str]:
    added = [add_practice(engine, name) for name in ("ash", "elm", "oak")]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET created_at = now() - interval '30 days'")
        )
    return added


@pytest.mark.usefixtures("practices")
def test_one_cause_is_one_alert_whatever_the_number_of_practices(engine: Engine) -> None:
    found = [failure(name, run=f"run-{name}") for name in ("ash", "elm", "oak")]
    assert record(engine, *found) == 3
    assert opened(engine) == [("PimsUnavailable|generic", ("ash", "elm", "oak"), 3)]


@pytest.mark.usefixtures("practices")
def test_another_error_or_another_pims_is_another_alert(engine: Engine) -> None:
    record(
        engine,
        failure("ash"),
        failure("elm", error="SnapshotShapeChanged"),
        failure("oak", pims="openvpms"),
    )
    assert sorted(cause for cause, _, _ in opened(engine)) == [
        "PimsUnavailable|generic",
        "PimsUnavailable|openvpms",
        "SnapshotShapeChanged|generic",
    ]


@pytest.mark.usefixtures("practices")
def test_a_run_seen_again_counts_once_and_a_later_one_counts_too(engine: Engine) -> None:
    first = failure(run="run-1", at=NIGHT)
    assert record(engine, first) == 1
    assert record(engine, first) == 0
    later = failure(run="run-2", at=NIGHT + timedelta(hours=4))
    assert record(engine, first, later) == 1
    assert opened(engine) == [("PimsUnavailable|generic", ("oak",), 2)]


@pytest.mark.usefixtures("practices")
def test_a_run_that_ended_in_the_future_by_its_own_clock_is_known_again_and_heals(
    engine: Engine,
) -> None:
    ahead = failure(at=NOW + timedelta(hours=1))
    assert record(engine, ahead) == 1
    assert record(engine, ahead) == 0
    # After the failure by the database's clock, however long ago this module was imported.
    succeed(engine, "oak", datetime.now(UTC) + timedelta(minutes=1))
    heal(engine)
    assert opened(engine) == []


def test_a_run_from_before_the_practice_was_registered_is_not_its_own(engine: Engine) -> None:
    add_practice(engine, "oak")
    assert record(engine, failure()) == 0


@pytest.mark.usefixtures("practices")
def test_a_practice_that_fails_of_something_else_moves_to_that_alert(engine: Engine) -> None:
    record(engine, failure("ash", run="a"), failure("oak", run="b"))
    record(
        engine,
        failure("oak", run="c", at=NIGHT + timedelta(hours=4), error="SnapshotShapeChanged"),
    )
    assert opened(engine) == [
        ("PimsUnavailable|generic", ("ash",), 1),
        ("SnapshotShapeChanged|generic", ("oak",), 1),
    ]


@pytest.mark.usefixtures("practices")
def test_a_later_load_heals_and_the_last_practice_closes_the_alert(engine: Engine) -> None:
    record(engine, failure("ash", run="a"), failure("oak", run="b"))
    succeed(engine, "ash")
    heal(engine)
    assert opened(engine) == [("PimsUnavailable|generic", ("oak",), 1)]
    succeed(engine, "oak")
    heal(engine)
    assert opened(engine) == []
    assert record(engine, failure("oak", run="b")) == 0, "the same run, seen again"


@pytest.mark.usefixtures("practices")
def test_a_healed_cause_that_comes_back_is_a_new_alert(engine: Engine) -> None:
    record(engine, failure(run="a"))
    succeed(engine, "oak", NIGHT + timedelta(hours=1))
    heal(engine)
    record(engine, failure(run="b", at=NIGHT + timedelta(hours=2)))
    with engine.connect() as connection:
        (alert,) = alerts.open_alerts(connection)
    assert (alert.alert_id, alert.failures, alert.run_id) == (2, 1, "b")


@pytest.mark.usefixtures("practices")
def test_a_paused_practice_is_silent(engine: Engine) -> None:
    record(engine, failure())
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET state = 'paused'"))
    heal(engine)
    assert opened(engine) == []
    assert record(engine, failure(run="later", at=NOW)) == 0


def test_a_job_about_no_practice_heals_when_it_succeeds(engine: Engine) -> None:
    broken = failure(None, job="remove_old_snapshots", error="SnapshotStoreFull")
    assert [record(engine, broken), record(engine, broken)] == [1, 0]
    heal(engine, remove_old_snapshots=NIGHT - timedelta(hours=1))
    assert opened(engine) == [("SnapshotStoreFull|||remove_old_snapshots", (), 0)]
    heal(engine, remove_old_snapshots=NOW)
    assert opened(engine) == []
    assert record(engine, broken) == 0


@pytest.mark.usefixtures("practices")
def test_alerts_that_healed_long_ago_are_forgotten_and_their_runs_stay_known(
    engine: Engine,
) -> None:
    found = [failure("ash", run="a"), failure("elm", run="b", pims="openvpms"),
             failure("oak", run="c", error="SnapshotShapeChanged"),
             failure(None, run="d", job="remove_old_runs")]  # fmt: skip
    assert record(engine, *found) == 4
    succeed(engine, "ash")
    _pause(engine, "elm")
    heal(engine, remove_old_runs=NOW)
    assert [cause for cause, _, _ in opened(engine)] == ["SnapshotShapeChanged|generic"]
    assert _forget(engine, days=90) == 0
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.alert SET opened_at = opened_at - interval '91 days',"
                " healed_at = healed_at - interval '91 days'"
            )
        )
    assert _forget(engine, days=90) == 2
    assert _forget(engine, days=90) == 0
    with engine.connect() as connection:
        left = connection.execute(
            text("SELECT pims, error, practice_id FROM scriptright.alert"
                 " LEFT JOIN scriptright.alert_practice USING (alert_id) ORDER BY practice_id")
        )  # fmt: skip
        assert [tuple(row) for row in left] == [
            ("openvpms", "PimsUnavailable", "elm"),  # paused: nothing has succeeded since
            ("generic", "SnapshotShapeChanged", "oak"),
        ]
    assert record(engine, failure("ash", run="a")) == 0


def _pause(engine: Engine, practice: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET state = 'paused' WHERE practice_id = :id"),
            {"id": practice},
        )


def _forget(engine: Engine, *, days: int) -> int:
    with transaction(engine, "ops") as connection:  # the role that may
        return alert_healing.forget_healed(connection, days=days)


@pytest.mark.usefixtures("practices")
def test_an_alert_is_told_once_and_by_one_sender(engine: Engine) -> None:
    record(engine, *TOGETHER)
    (telling,) = alert_mail.take_due(engine, limit=10)
    assert (telling.alert.practices, telling.number) == (("ash", "oak"), 1)
    assert alert_mail.take_due(engine, limit=10) == [], "somebody is just sending it"
    alert_mail.mark_told(engine, telling)
    record(engine, failure("oak", run="c", at=NIGHT + timedelta(hours=4), server="srv-1"))
    assert alert_mail.take_due(engine, limit=10) == []


@pytest.mark.parametrize("error", ["AuditBroken", "OffboardedIsBack", "WitnessLost"])
def test_what_the_daily_audit_finds_is_told_by_each_run_that_finds_it(
    engine: Engine, error: str
) -> None:
    told = []
    for run, at in (("a", NIGHT), ("b", NOW), ("b", NOW)):
        record(engine, failure(None, job="verify_audit", run=run, at=at, error=error))
        for telling in alert_mail.take_due(engine, limit=10):
            alert_mail.mark_told(engine, telling)
            told.append((telling.number, telling.alert.run_id))
            with engine.begin() as connection:  # the next run is one of the next night
                told_at = "UPDATE scriptright.alert SET told_at = :at"
                connection.execute(text(told_at), {"at": at})
    assert told == [(1, "a"), (2, "b")]


@pytest.mark.usefixtures("practices")
def test_a_sender_that_died_is_replaced_and_the_mail_keeps_its_number(engine: Engine) -> None:
    record(engine, *TOGETHER)
    alert_mail.take_due(engine, limit=10)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.alert SET sending_at = now() - interval '16 minutes'")
        )
    (telling,) = alert_mail.take_due(engine, limit=10)
    assert telling.number == 1


@pytest.mark.usefixtures("practices")
def test_a_mail_server_in_trouble_gets_it_later(engine: Engine) -> None:
    record(engine, *TOGETHER)
    (telling,) = alert_mail.take_due(engine, limit=10)
    alert_mail.put_back(engine, telling, error="ConnectionRefusedError")
    assert alert_mail.take_due(engine, limit=10) == []
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.alert SET not_before = now()"))
    (telling,) = alert_mail.take_due(engine, limit=10)
    assert telling.number == 1


@pytest.mark.usefixtures("practices")
def test_what_heals_before_it_was_told_is_never_told(engine: Engine) -> None:
    record(engine, failure("oak"))
    assert alert_mail.take_due(engine, limit=10) == [], "one practice, may pass by itself"
    succeed(engine, "oak")
    heal(engine)
    assert alert_mail.take_due(engine, limit=10) == []


@pytest.mark.parametrize(("clients", "days"), [(None, 7), (9_999, 7), (10_000, 14)])
@pytest.mark.usefixtures("practices")
def test_by_when_is_two_weeks_for_the_first_copy_of_a_big_practice(
    engine: Engine, clients: int | None, days: int
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = NULL, installed_at = :at,"
                 " clients_read = :clients"),
            {"at": NIGHT, "clients": clients},
        )  # fmt: skip
    record(engine, *TOGETHER)
    (telling,) = alert_mail.take_due(engine, limit=10)
    assert telling.latest == NIGHT + timedelta(days=days)
