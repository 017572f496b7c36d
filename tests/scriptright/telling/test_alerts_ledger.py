"""A ledger that doesn't add up is found by the very run that has loaded: whatever its clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import client, delta_of, pet
from tests.scriptright.telling.test_alerts import (  # noqa: F401 - a fixture
    failure,
    heal,
    opened,
    practices,
    record,
    succeed,
)
from vet_pipeline.matching import match
from vet_pipeline.oncall.causes import Cause, Failure, cause_of
from vet_pipeline.registry.practices import pause
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.telling import alert_mail, alerts
from vet_pipeline.scriptright.telling.fleet import told_late

RED = [("CheckFailed|generic||accounts_balance", ("oak",), 1)]


def red(at: datetime, run: str = "run-1") -> tuple[Failure, Cause]:
    found = Failure(run, "copy_practice", "oak", at, "CheckFailed", "?", "?", "accounts_balance")
    return found, cause_of(found, pims="generic", server=None)


@pytest.mark.usefixtures("practices")
def test_a_red_ledger_is_told_where_the_clock_of_its_run_is_behind_the_database_s(
    engine: Engine,
) -> None:
    delta = delta_of(engine, "oak", 1, [client("1")], [pet("11", "1")])
    assert apply_delta(engine, delta, run_id="run-1", match=match).state == "applied"
    at = datetime.now(UTC) - timedelta(minutes=2)
    with engine.begin() as connection:
        assert alerts.news(connection, [alerts.FailedRun("run-1", "copy_practice", "oak", at)])
    assert record(engine, red(at)) == 1
    heal(engine)
    assert opened(engine) == RED


@pytest.mark.usefixtures("practices")
@pytest.mark.parametrize("looked_meanwhile", [True, False])
def test_a_run_that_fails_on_top_of_a_red_ledger_does_not_take_its_place(
    engine: Engine, *, looked_meanwhile: bool
) -> None:
    """On-call tried again while the PIMS was down: what is wrong is as wrong as before."""
    at = datetime.now(UTC) - timedelta(hours=3)
    later = failure("oak", run="run-2", at=at + timedelta(hours=1))
    if looked_meanwhile:
        record(engine, red(at))
        assert record(engine, later) == 0
    else:
        record(engine, red(at), later)
    email = failure("oak", run="run-3", error="MailUnavailable", job="send_confirmation")
    assert record(engine, email) == 1, "that is another matter"
    assert opened(engine)[0] == RED[0]
    again = at + timedelta(hours=2)
    with engine.begin() as connection:
        assert alerts.news(connection, [alerts.FailedRun("run-4", "copy_practice", "oak", again)])
    assert record(engine, red(again, "run-4")) == 1
    succeed(engine, "oak", again + timedelta(minutes=1))
    heal(engine)
    assert record(engine, failure("oak", run="run-5", at=datetime.now(UTC))) == 1


@pytest.mark.usefixtures("practices")
def test_a_red_ledger_is_told_where_its_practice_was_paused_before_anybody_looked(
    engine: Engine,
) -> None:
    """As its message says at once: `run` was typed by hand, and the sensor looks each minute."""
    at = datetime.now(UTC)
    with engine.begin() as connection:
        pause(connection, "oak", by="Dana Field", reason="ledger")
        assert alerts.news(connection, [alerts.FailedRun("run-1", "copy_practice", "oak", at)])
    assert record(engine, red(at)) == 1
    assert record(engine, failure("oak", run="run-2", at=datetime.now(UTC))) == 0
    heal(engine)
    assert opened(engine) == RED


@pytest.mark.usefixtures("practices")
def test_that_a_practice_with_a_red_ledger_is_late_is_told_once_more(engine: Engine) -> None:
    ago = {"at": datetime.now(UTC) - timedelta(hours=80)}
    record(engine, red(ago["at"]))
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET last_success_at = :at - interval '1 minute'"
                " WHERE practice_id = 'oak'"
            ),
            ago,
        )
        connection.execute(
            text("UPDATE scriptright.alert SET told_at = :at, told_practices = 1"), ago
        )
        assert told_late(connection, of_known_cause=False) == []
    (telling,) = alert_mail.take_due(engine, limit=9)
    assert (telling.alert.practices, telling.alert.joined) == (("oak",), 0)
    alert_mail.mark_told(engine, telling)
    assert alert_mail.take_due(engine, limit=9) == []
