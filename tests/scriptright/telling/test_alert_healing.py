"""Held snapshots are over when they are settled, not when anything was loaded; what was loaded is no failure."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import client, delta_of, one, pet
from tests.scriptright.meanwhile import WAITING
from tests.scriptright.telling.test_alerts import (  # noqa: F401 - a fixture
    failure,
    heal,
    opened,
    practices,
    record,
)
from vet_pipeline.matching import match
from vet_pipeline.oncall.causes import LATE, SERVICE_LEVEL, Failure, cause_of
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.telling import alert_healing, alerts
from vet_pipeline.scriptright.telling.fleet import told_late


@pytest.mark.usefixtures("practices")
def test_a_held_snapshot_heals_when_it_is_released(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO scriptright.hold VALUES ('oak', 3, '[]', now(), NULL, NULL)")
        )
    record(engine, failure(error="SnapshotHeld"))
    heal(engine)
    assert opened(engine) == [("SnapshotHeld|generic", ("oak",), 1)]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.hold SET released_at = now(), released_by = 'Dana Field'")
        )
    heal(engine)
    assert opened(engine) == []


@pytest.mark.usefixtures("practices")
def test_an_alert_says_what_to_do_about_a_practice_that_still_fails(engine: Engine) -> None:
    for at, (practice, seq) in enumerate([("ash", 4), ("oak", 3), ("elm", 9)]):
        found = Failure(
            f"run-{practice}",
            "copy_practice",
            practice,
            datetime.now(UTC) - timedelta(hours=9 - at),
            "SnapshotHeld",
            f"Snapshot {seq} is held",
            f"vet-pipeline release {practice} --snapshot {seq} --by NAME",
        )
        record(engine, (found, cause_of(found, pims="generic", server=None)))
        with engine.begin() as connection:
            connection.execute(
                text("INSERT INTO scriptright.hold VALUES (:id, :seq, '[]', now(), NULL, NULL)"),
                {"id": practice, "seq": seq},
            )
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.hold SET released_at = now(), released_by = 'Dana Field'"
                " WHERE practice_id = 'elm'"
            )
        )
    heal(engine)
    with engine.connect() as connection:
        (alert,) = alerts.open_alerts(connection)
    assert (alert.practices, alert.what, alert.next_step, alert.run_id) == (
        ("ash", "oak"),
        "Snapshot 3 is held",
        "vet-pipeline release oak --snapshot 3 --by NAME",
        "run-oak",
    )


@pytest.mark.usefixtures("practices")
def test_a_load_of_an_older_snapshot_heals_no_newer_one_that_is_held(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO scriptright.hold VALUES ('oak', 3, '[]', now(), NULL, NULL)")
        )
    record(engine, failure(error="SnapshotHeld"))
    applied = "UPDATE scriptright.practice SET last_success_at = now(), applied_seq = {}"
    for applied_seq, left in ((2, [("SnapshotHeld|generic", ("oak",), 1)]), (4, [])):
        with engine.begin() as connection:
            connection.execute(text(applied.format(applied_seq)))
        heal(engine)
        assert opened(engine) == left


@pytest.mark.usefixtures("practices")
@pytest.mark.parametrize(
    ("error", "run", "is_over"),
    [
        ("WorkerDied", "run-1", True),  # killed between the load's commit and the run's end
        ("DatabaseUnavailable", "run-1", True),  # the commit's answer was lost
        ("CheckFailed", "run-1", False),  # what was loaded is not in order
        ("WorkerDied", "run-2", False),
    ],
)
def test_a_run_that_was_ended_after_its_load_has_copied_the_practice(
    engine: Engine, error: str, run: str, is_over: bool
) -> None:
    delta = delta_of(engine, "oak", 1, [client("1")], [pet("11", "1")])
    assert apply_delta(engine, delta, run_id="run-1", match=match).state == "applied"
    record(engine, failure(run=run, error=error, at=datetime.now(UTC) + timedelta(hours=1)))
    assert [who for _, who, _ in opened(engine)] == [("oak",)]
    heal(engine)
    assert (opened(engine) == []) is is_over


@pytest.mark.usefixtures("practices")
def test_what_another_practice_waits_for_or_has_done_heals_nothing_and_holds_nothing_up(
    engine: Engine,
) -> None:
    """Elm has a held snapshot, an email to send, and a load by the very run that Oak failed in."""
    delta = delta_of(engine, "elm", 1, [client("1")], [pet("11", "1")])
    assert apply_delta(engine, delta, run_id="run-1", match=match).state == "applied"
    later = datetime.now(UTC) + timedelta(hours=1)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO scriptright.hold VALUES ('elm', 3, '[]', now(), NULL, NULL)")
        )
    record(engine, failure("oak", error="WorkerDied", at=later))
    record(engine, failure("ash", error="SnapshotHeld", run="run-2", at=later))
    email = failure("ash", error="MailUnavailable", run="run-3", job="send_confirmation")
    record(engine, email)
    heal(engine)
    assert opened(engine) == [("WorkerDied", ("oak",), 1)]


@pytest.mark.usefixtures("practices")
def test_a_failure_of_another_practice_makes_an_earlier_one_of_this_no_old_news(
    engine: Engine,
) -> None:
    record(engine, failure("elm", run="run-1", at=datetime.now(UTC)))
    assert record(engine, failure("oak", run="run-2")) == 1
    assert opened(engine) == [("PimsUnavailable|generic", ("oak", "elm"), 2)]


@pytest.mark.usefixtures("practices")
def test_two_who_bring_the_alerts_up_to_date_at_once_do_it_one_after_the_other(
    engine: Engine,
) -> None:
    """One has nothing new and heals Oak, the other takes in that Elm fails of the same cause."""
    record(engine, failure())
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET last_success_at = now()"))
    elm = failure("elm", run="run-9", at=datetime.now(UTC) + timedelta(hours=1))
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            alerts.record_failures(connection, [elm])
            other = pool.submit(heal, engine)
            while not other.done() and not one(engine, WAITING):
                time.sleep(0.002)
            alert_healing.heal(connection, succeeded={})
        other.result()
    assert [who for _, who, _ in opened(engine)] == [("elm",)]


@pytest.mark.usefixtures("practices")
def test_a_first_copy_that_was_late_until_it_was_known_to_be_big_is_late_no_more(
    engine: Engine,
) -> None:
    """Nobody knew its clients until it was read, and that load failed: it has 14 days, not 7."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET installed_at = now() - interval '8 days'")
        )
    for practice in ("elm", "oak"):
        record(engine, failure(practice, run="", error=LATE, job=SERVICE_LEVEL))
    read = "UPDATE scriptright.practice SET clients_read = :n WHERE practice_id = :id"
    with engine.begin() as connection:
        for practice, clients in (("elm", 9_999), ("oak", 10_000)):
            connection.execute(text(read), {"n": clients, "id": practice})
    heal(engine)
    assert opened(engine) == [("Late", ("elm",), 1)]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET installed_at = now() - interval '15 days'")
        )
        assert [one for one, _ in told_late(connection)] == ["ash", "elm", "oak"]
    record(engine, failure("oak", run="", error=LATE, job=SERVICE_LEVEL))
    heal(engine)
    assert opened(engine) == [("Late", ("elm", "oak"), 2)]


@pytest.mark.usefixtures("practices")
def test_who_was_late_and_fails_by_now_is_told_of_the_failure_alone(engine: Engine) -> None:
    """The daemon had stood still; once it ran, the disk was full."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET installed_at = now() - interval '8 days'")
        )
    for practice in ("elm", "oak"):
        record(engine, failure(practice, run="", error=LATE, job=SERVICE_LEVEL))
    record(engine, failure("oak", error="SnapshotStoreFull"))
    heal(engine)
    assert opened(engine) == [("Late", ("elm",), 1), ("SnapshotStoreFull", ("oak",), 1)]


@pytest.mark.usefixtures("practices")
@pytest.mark.parametrize(
    ("read_hours_ago", "error", "still"),
    [
        (30, "PimsUnavailable", ["oak"]),  # held then, and released by now
        (30, "PimsAccessDenied", ["oak"]),
        (30, "DatabaseUnavailable", []),  # ours: whatever was loaded shows that it is back
        (1, "PimsUnavailable", []),
        (7.5, "PimsUnavailable", []),  # the failure is dated by another machine's clock
    ],
)
def test_an_older_snapshot_that_is_loaded_doesnt_say_that_a_pims_can_be_read_again(
    engine: Engine, read_hours_ago: float, error: str, still: list[str]
) -> None:
    failed_at = datetime.now(UTC) - timedelta(hours=7)
    found = Failure("run-1", "copy_practice", "oak", failed_at, error, "what", "next step")
    record(engine, (found, cause_of(found, pims="generic", server=None)))
    with engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, state,
                    read_at, counts)
                VALUES ('oak', 5, '', 'applied', now() - make_interval(secs => :ago), '{}')
            """),
            {"ago": read_hours_ago * 3600},
        )
        connection.execute(
            text(
                "UPDATE scriptright.practice SET applied_seq = 5, last_success_at = now()"
                " WHERE practice_id = 'oak'"
            )
        )
    heal(engine)
    assert [name for _, names, _ in opened(engine) for name in names] == still
