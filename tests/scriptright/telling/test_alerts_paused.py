"""Alerts of practices that are paused and resumed: silent meanwhile, and forgotten by nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from automation.alerts import _late
from tests.scriptright.builders import add_practice, client, load, one, pet
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.telling import alert_healing, alerts


@pytest.fixture
def late(engine: Engine) -> Engine:
    """`oak` was copied last 80 hours ago."""
    add_practice(engine)
    _sql(
        engine,
        "UPDATE scriptright.practice SET installed_at = now() - interval '20 days',"
        " created_at = now() - interval '20 days', last_success_at = now() - interval '80 hours'",
    )
    return engine


def _sql(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def look(engine: Engine) -> list[tuple[str, tuple[str, ...]]]:
    """What the sensor does about late practices; the alerts that are open then."""
    with engine.begin() as connection:
        alerts.record_failures(connection, _late(connection))
        alert_healing.heal(connection, succeeded={})
        return [(one.error, one.practices) for one in alerts.open_alerts(connection)]


def pause(engine: Engine, practice_id: str = "oak") -> None:
    with engine.begin() as connection:
        practices.pause(connection, practice_id, by="Dana Field", reason="holiday")


def resume(engine: Engine, practice_id: str = "oak") -> None:
    with engine.begin() as connection:
        practices.resume(connection, practice_id, by="Dana Field")


def test_a_late_practice_is_silent_while_it_is_paused_and_told_again_when_it_is_resumed(
    late: Engine,
) -> None:
    assert look(late) == [("Late", ("oak",))]
    assert look(late) == [("Late", ("oak",))]
    pause(late)
    assert look(late) == []
    resume(late)
    assert look(late) == [("Late", ("oak",))]
    assert one(late, "SELECT count(*) FROM scriptright.alert") == 2, "a later look opens no third"
    _sql(late, "UPDATE scriptright.practice SET last_success_at = now()")
    assert look(late) == []


def ages(engine: Engine, act: str, hours: int) -> None:
    """Let the act be that many hours ago."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text("UPDATE scriptright.audit SET at = now() - :ago WHERE act = :act"),
            {"act": act, "ago": timedelta(hours=hours)},
        )


def test_a_practice_whose_time_ran_out_while_it_was_paused_has_a_day_to_be_read(
    late: Engine,
) -> None:
    pause(late)
    ages(late, "practice_paused", 40)
    pause(late)  # another reason
    resume(late)
    assert look(late) == []
    ages(late, "practice_active", 23)
    assert look(late) == []
    ages(late, "practice_active", 25)
    assert look(late) == [("Late", ("oak",))]
    assert look(late) == [("Late", ("oak",))]


def test_of_several_pauses_the_last_one_counts(late: Engine) -> None:
    pause(late)
    ages(late, "practice_paused", 40)
    resume(late)
    ages(late, "practice_active", 30)
    assert look(late) == [("Late", ("oak",))]
    pause(late)  # when it is late already
    resume(late)
    assert look(late) == [("Late", ("oak",))]


@pytest.fixture
def parked(engine: Engine) -> Engine:
    """The confirmation of `oak` was refused for good, and on-call knows."""
    add_practice(engine)
    _sql(engine, "UPDATE scriptright.practice SET created_at = now() - interval '20 days'")
    load(engine, "oak", 1, [client("1")], [pet("1", "1")])
    _sql(engine, "UPDATE scriptright.outbox SET state = 'parked', last_error = 'refused: SMTP 550'")
    return engine


def fail(
    engine: Engine, run: str, *, job: str = "send_confirmation", at: datetime | None = None
) -> int:
    at = at or datetime.now(UTC) + timedelta(seconds=1)
    failure = Failure(run, job, "oak", at, "Refused", "it is parked", "ask the practice")
    with engine.begin() as connection:
        found = [(failure, cause_of(failure, pims="generic", server=None))]
        return alerts.record_failures(connection, found)


def test_a_parked_confirmation_waits_for_a_person_while_its_practice_is_paused(
    parked: Engine,
) -> None:
    assert fail(parked, "run-1") == 1
    pause(parked)
    assert look(parked) == [("Refused", ("oak",))]
    resume(parked)
    assert look(parked) == [("Refused", ("oak",))]
    _sql(parked, "UPDATE scriptright.outbox SET state = 'sent', sent_at = now()")
    assert look(parked) == []


def test_of_a_paused_practice_a_confirmation_that_fails_is_told_and_a_copy_is_not(
    parked: Engine,
) -> None:
    pause(parked)
    assert fail(parked, "run-1", job="copy_practice") == 0
    assert fail(parked, "run-2") == 1
    assert look(parked) == [("Refused", ("oak",))]


def test_a_practice_that_has_left_needs_no_confirmation(parked: Engine) -> None:
    assert fail(parked, "run-1") == 1
    _sql(parked, "UPDATE scriptright.practice SET state = 'offboarded'")
    assert look(parked) == []
    assert fail(parked, "run-2") == 0


@pytest.mark.parametrize(
    ("error", "told"), [("PimsAccessDenied", []), ("SnapshotHeld", [("SnapshotHeld", ("oak",))])]
)
def test_a_copy_that_failed_while_its_practice_was_paused_is_no_news_when_it_is_resumed(
    engine: Engine, error: str, told: list[tuple[str, tuple[str, ...]]]
) -> None:
    add_practice(engine)
    _sql(engine, "UPDATE scriptright.practice SET created_at = now() - interval '20 days'")
    pause(engine)
    failed = Failure("run-1", "copy_practice", "oak", datetime.now(UTC), error, "no", "ask")
    if error == "SnapshotHeld":  # that one waits for a person still
        _sql(engine, "INSERT INTO scriptright.hold VALUES ('oak', 3, '[]', now(), NULL, NULL)")

    def seen() -> list[tuple[str, tuple[str, ...]]]:
        end = alerts.FailedRun(failed.run_id, failed.job, failed.practice_id, failed.failed_at)
        with engine.begin() as connection:
            if alerts.news(connection, [end]):
                found = [(failed, cause_of(failed, pims="generic", server=None))]
                alerts.record_failures(connection, found)
        return look(engine)

    assert seen() == []
    resume(engine)
    assert seen() == told


def test_a_confirmation_that_failed_before_its_practice_was_paused_is_told_when_it_is_resumed(
    parked: Engine,
) -> None:
    failed_at = datetime.now(UTC)
    pause(parked)
    resume(parked)
    assert fail(parked, "run-1", at=failed_at) == 1
    assert look(parked) == [("Refused", ("oak",))]


def test_only_its_own_practice_resumed_after_it_makes_a_failed_copy_old(engine: Engine) -> None:
    for practice_id in ("oak", "elm"):
        add_practice(engine, practice_id)
        _sql(engine, "UPDATE scriptright.practice SET created_at = now() - interval '20 days'")
        pause(engine, practice_id)
    resume(engine)
    failed_at = datetime.now(UTC)
    resume(engine, "elm")
    pause(engine)
    _sql(engine, "UPDATE scriptright.practice SET state = 'active'")  # the trail tells of no resume
    assert fail(engine, "run-1", job="copy_practice", at=failed_at) == 1


@pytest.mark.parametrize("check", ["accounts_balance", "pets_are_valid"])
def test_a_ledger_that_does_not_add_up_stays_open_while_its_practice_is_paused_for_it(
    late: Engine, check: str
) -> None:
    at = datetime.now(UTC) - timedelta(hours=1)
    red = Failure("r", "copy_practice", "oak", at, "CheckFailed", "no", "pause it", check)
    with late.begin() as connection:
        alerts.record_failures(connection, [(red, cause_of(red, pims="generic", server=None))])
    pause(late)
    stays = [("CheckFailed", ("oak",))] if check == "accounts_balance" else []
    assert look(late) == stays
    resume(late)
    assert ("CheckFailed", ("oak",)) not in look(late), "a person has looked at it"
