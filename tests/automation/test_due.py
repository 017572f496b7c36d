"""What keeps a due practice from being read, and no longer than that."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, text

from tests.automation.test_refresh import NOW, add, due_ids, hold
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.telling import alert_healing, alerts

HOUR = timedelta(hours=1)


def sql(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_a_hold_that_a_person_has_released_or_a_load_overtaken_gives_no_rest(
    engine: Engine,
) -> None:
    for name in ("held", "released", "overtaken"):
        add(engine, name, NOW - HOUR)
        hold(engine, name, NOW - HOUR)
    sql(
        engine,
        "UPDATE scriptright.hold SET released_at = now(), released_by = 'Dana Field'"
        " WHERE practice_id = 'released'",
    )
    sql(engine, "UPDATE scriptright.practice SET applied_seq = 8 WHERE practice_id = 'overtaken'")
    assert sorted(due_ids(engine)) == ["overtaken", "released"]


def test_a_failure_that_has_healed_or_is_of_the_email_gives_no_rest(engine: Engine) -> None:
    installed = NOW - timedelta(days=1)
    for name, job in (
        ("fails", "copy_practice"),
        ("healed", "copy_practice"),
        ("email", "send_confirmation"),
    ):
        add(engine, name, NOW - HOUR, installed=installed)
        one = Failure(f"run {name}", job, name, NOW - HOUR, "StaleDelta", "what", "next step")
        with engine.begin() as connection:
            alerts.record_failures(connection, [(one, cause_of(one, pims="generic", server=None))])
    sql(
        engine,
        "UPDATE scriptright.alert_practice SET healed_at = last_failed_at"
        " WHERE practice_id = 'healed'",
    )
    assert sorted(due_ids(engine)) == ["email", "healed"]


def test_a_ledger_that_does_not_add_up_keeps_the_sensor_away_until_it_is_resumed(
    engine: Engine,
) -> None:
    long_ago = NOW - timedelta(days=3)
    reds = {"ledger": "accounts_balance", "shape": "raw_clients_keep_the_contract"}
    for name, check in reds.items():
        add(engine, name, NOW - HOUR, installed=NOW - timedelta(days=4))
        one = Failure("r" + name, "copy_practice", name, long_ago, "CheckFailed", "", "", check)
        with engine.begin() as connection:
            alerts.record_failures(connection, [(one, cause_of(one, pims="generic", server=None))])
    assert due_ids(engine) == ["shape"], "another read may mend that one"
    with engine.begin() as connection:
        practices.pause(connection, "ledger", by="Dana Field", reason="ledger")
        practices.resume(connection, "ledger", by="Dana Field")
        alert_healing.heal(connection, succeeded={})
    assert sorted(due_ids(engine)) == ["ledger", "shape"]
