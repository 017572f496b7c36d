"""Practices that fail one after another, each of its own server, are news once nobody succeeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.scriptright.telling import alert_mail, alerts

NOW = datetime.now(UTC)
MINUTE = timedelta(minutes=1)
HALF_PAST = NOW - 30 * MINUTE


def fleet(engine: Engine, pims: Sequence[str]) -> list[str]:
    """Practices p0, p1, ..., each of the PIMS at its place, copied two days ago."""
    names = [add_practice(engine, f"p{number}", pims=one) for number, one in enumerate(pims)]
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET created_at = :at, installed_at = :at,"
                " last_success_at = :at"
            ),
            {"at": NOW - timedelta(days=2)},
        )
    return names


def fail(engine: Engine, practice: str, pims: str, at: datetime) -> None:
    one = Failure(f"{practice}-{at}", "copy_practice", practice, at, "PimsUnavailable", "", "")
    with engine.begin() as connection:
        alerts.record_failures(connection, [(one, cause_of(one, pims=pims, server=None))])


def succeed(engine: Engine, practice: str, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = :at WHERE practice_id = :p"),
            {"at": at, "p": practice},
        )


def told(engine: Engine) -> list[tuple[str | None, int, bool]]:
    """The PIMS of the mails that are due, how many practices each names, and whether none else is copied."""
    due = alert_mail.take_due(engine, limit=10)
    for telling in due:
        alert_mail.mark_told(engine, telling)
    return sorted((one.alert.pims, len(one.alert.practices), one.none_copied) for one in due)


def test_six_in_a_row_of_one_pims_are_told_though_each_failed_once(engine: Engine) -> None:
    """The vendor's cloud is gone, or our own network."""
    names = fleet(engine, ["generic"] * 12 + ["asm3"])
    for number, name in enumerate(names[:5]):
        fail(engine, name, "generic", HALF_PAST + number * MINUTE)
    assert told(engine) == []
    succeed(engine, names[12], HALF_PAST + 5 * MINUTE)  # of another PIMS
    fail(engine, names[5], "generic", HALF_PAST + 6 * MINUTE)
    assert told(engine) == [("generic", 6, True)]
    with engine.begin() as connection:
        moment = {"at": HALF_PAST - 50 * MINUTE}
        connection.execute(text("UPDATE scriptright.alert SET told_at = :at"), moment)
        connection.execute(
            text("UPDATE scriptright.alert_practice SET first_failed_at = :at"), moment
        )
    for number, name in enumerate(names[6:12]):
        assert told(engine) == [], "not for each"
        fail(engine, name, "generic", HALF_PAST + (10 + number) * MINUTE)
    assert told(engine) == [("generic", 12, True)], "as many as were told have joined"


def test_six_in_a_row_of_different_pims_are_our_own_network(engine: Engine) -> None:
    pims = ["generic", "asm3", "openvpms"] * 2
    names = fleet(engine, pims)
    for number, name in enumerate(names):
        fail(engine, name, pims[number], HALF_PAST + number * MINUTE)
    assert told(engine) == [("asm3", 2, True), ("generic", 2, True), ("openvpms", 2, True)]


@pytest.mark.parametrize("pims", ["generic", "asm3"])
def test_with_one_among_them_that_is_copied_they_are_nobodys_news(
    engine: Engine, pims: str
) -> None:
    """Of many that are switched off at night, some always follow each other."""
    of = ["generic", pims] * 4
    names = fleet(engine, of)
    for number, name in enumerate(names):
        fail(engine, name, of[number], HALF_PAST + 2 * number * MINUTE)
        if number % 4 == 3:
            succeed(engine, name, HALF_PAST + (2 * number + 1) * MINUTE)
    assert told(engine) == []


def test_those_that_have_failed_for_long_make_no_row(engine: Engine) -> None:
    """They are tried again at about the same time, with nobody between them."""
    names = fleet(engine, ["generic"] * 9)
    for hours in (31, 27):
        for number, name in enumerate(names[:7]):
            fail(engine, name, "generic", NOW - timedelta(hours=hours) + number * MINUTE)
            succeed(engine, names[8], NOW - timedelta(hours=hours) + number * MINUTE)
    assert told(engine) == [("generic", 7, False)], "each has failed twice"
    with engine.begin() as connection:
        moment = {"at": NOW - timedelta(hours=26)}
        connection.execute(text("UPDATE scriptright.alert SET told_at = :at"), moment)
    for number, name in enumerate(names[:7]):
        fail(engine, name, "generic", HALF_PAST + number * MINUTE)
    fail(engine, names[7], "generic", HALF_PAST + 8 * MINUTE)
    assert told(engine) == [], "another one, once"
