"""A database clock that was days ahead and is right again: its practices don't stand still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from automation.alerts import _odd_practices
from automation.due import due_practices
from tests.scriptright.builders import add_practice, client, delta_of, load, one, pet, rows
from vet_pipeline.matching import match
from vet_pipeline.planning import run_key
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.load.ledger import copied_lately
from vet_pipeline.scriptright.telling.fleet import ahead_of_clock, fleet

NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ann(email: str) -> list[dict[str, str | None]]:
    return [client("1", email=email)]


@pytest.fixture
def ahead(engine: Engine) -> Engine:
    """Oak, copied when the database's clock was ten days ahead."""
    add_practice(engine)
    delta = delta_of(
        engine, "oak", 1, ann("ann@example.com"), [pet("1", "1")], read_at=NOW + 10 * DAY
    )
    apply_delta(engine, delta, run_id=None, match=match, now=NOW + 10 * DAY + HOUR)
    return engine


def test_it_is_due_and_at_risk_until_it_is_read_again(ahead: Engine) -> None:
    for days in (0, 3, 9):
        now = NOW + days * DAY
        (waiting,) = due_practices(ahead, now=now).waiting
        assert waiting.due <= now
    with ahead.connect() as connection:
        found = fleet(connection)
        assert [p.state(found.now) for p in found.practices] == ["at risk"]
        assert found.practices[0].due_at == found.now
        assert ahead_of_clock(connection) == ["oak"]
        assert copied_lately(connection, ["oak"]) == []
        ((told, _),) = [(one.error, one.next_step) for one in _odd_practices(connection, NOW)]
        assert told == "ClockWasAhead"
    load(ahead, "oak", 2, ann("ann2@example.com"), [pet("1", "1")], read_at=NOW)
    assert due_practices(ahead).waiting == ()
    with ahead.connect() as connection:
        found = fleet(connection)
        assert [p.state(found.now) for p in found.practices] == ["on time"]
        assert ahead_of_clock(connection) == []


def test_it_is_asked_for_as_often_as_one_that_fails_and_not_each_minute(ahead: Engine) -> None:
    midnight = datetime.combine(NOW.date(), datetime.min.time(), UTC)
    keys = set()
    for minutes in range(0, 24 * 60, 10):
        now = midnight + timedelta(minutes=minutes)
        for one_due in due_practices(ahead, now=now).waiting:
            keys.add(run_key("oak", one_due.due, now, one_due.latest))
    assert len(keys) == 6


def test_what_is_read_by_the_clock_that_is_right_again_is_applied(ahead: Engine) -> None:
    result = load(ahead, "oak", 2, ann("ann2@example.com"), [pet("1", "1")], read_at=NOW)
    assert result.state == "applied"
    assert one(ahead, "SELECT email FROM scriptright.client") == "ann2@example.com"


@pytest.mark.parametrize(("seq", "read_at"), [(1, NOW), (3, NOW + 9 * DAY)])
def test_an_older_one_is_still_never_applied_after_a_newer_one(
    engine: Engine, seq: int, read_at: datetime
) -> None:
    """An earlier number, or an earlier moment of the same wrong clock."""
    add_practice(engine)
    older = delta_of(engine, "oak", seq, ann("old@example.com"), [], read_at=read_at)
    load(engine, "oak", 2, ann("new@example.com"), [], read_at=NOW + 10 * DAY)
    assert apply_delta(engine, older, run_id=None, match=match).state == "superseded"
    assert one(engine, "SELECT email FROM scriptright.client") == "new@example.com"


def test_a_few_minutes_are_nobodys_trouble(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, ann("ann@example.com"), [])
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = now() + interval '50 minutes'")
        )
    assert due_practices(engine).waiting == ()
    with engine.connect() as connection:
        assert ahead_of_clock(connection) == []
    assert rows(engine, "SELECT state FROM scriptright.load") == [("applied",)]
