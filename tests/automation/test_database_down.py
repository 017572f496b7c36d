"""ScriptRight's database can't be used: on-call is told by what Dagster keeps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from automation import database_down
from automation.database_down import Known
from resources.scriptright import ScriptRightResource
from tests.assets.conftest import World
from tests.automation.test_alerts import tick
from tests.mail.conftest import MailServer, Postbox
from vet_pipeline.scriptright.postgres import database
from vet_pipeline.scriptright.postgres.server import EmbeddedServer

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GONE = "postgresql://nobody@127.0.0.1:1/scriptright"


class Clock:
    """This machine's clock, as a test moves it."""

    now = NOW


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(database_down, "utc_now", lambda: found.now)
    return found


def minutes(clock: Clock, world: World, server: MailServer, count: int, cursor: str) -> str:
    """A tick each minute; the last one's cursor."""
    for _ in range(count):
        clock.now += timedelta(minutes=1)
        cursor = tick(world, server, cursor=cursor).cursor or ""
    return cursor


def test_a_database_that_is_down_is_told_once_and_not_at_the_first_hiccup(
    world: World,
    server: MailServer,
    clock: Clock,
) -> None:
    kept = world.resources["scriptright"]
    world.resources["scriptright"] = ScriptRightResource(url=GONE)
    cursor = minutes(clock, world, server, 2, "")
    assert server.postbox.messages == []
    cursor = minutes(clock, world, server, 30, cursor)
    (message,) = server.postbox.messages
    assert message["Subject"] == "[vet-pipeline] DatabaseUnavailable: nothing is read or applied"
    assert "Since:      2026-11-23 12:01 UTC" in message.get_content()
    assert "By when:    now: wake whoever runs the server" in message.get_content()
    world.resources["scriptright"] = kept
    assert minutes(clock, world, server, 60, cursor) == ""


def test_a_database_that_comes_and_goes_is_told_once_an_hour(
    world: World,
    server: MailServer,
    clock: Clock,
) -> None:
    good, cursor = world.resources["scriptright"], ""
    for _ in range(12):  # 4 minutes without it, 2 with it
        world.resources["scriptright"] = ScriptRightResource(url=GONE)
        cursor = minutes(clock, world, server, 4, cursor)
        world.resources["scriptright"] = good
        cursor = minutes(clock, world, server, 2, cursor)
    assert len(server.postbox.messages) == 2


def test_a_table_that_somebody_keeps_locked_is_told_as_a_database_that_is_down(
    world: World, server: MailServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ALTER TABLE` in a transaction that was left open: no tick gets at the alerts."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT", "200ms")
    with world.engine.begin() as altering:
        altering.exec_driver_sql("ALTER TABLE scriptright.alert ADD COLUMN more text")
        cursor = minutes(clock, world, server, 5, "")
    (message,) = server.postbox.messages
    assert message["Subject"] == "[vet-pipeline] LoadInProgress: nothing is read or applied"
    assert minutes(clock, world, server, 60, cursor) == ""


@pytest.mark.parametrize("kind", ["DatabaseRefused", "DatabaseNotMigrated"])
def test_a_database_that_refuses_us_or_is_another_releases_is_told_too(
    world: World,
    server: MailServer,
    clock: Clock,
    empty_database_url: str,
    postgres: EmbeddedServer,
    kind: str,
) -> None:
    refused = postgres.url("scriptright", "psycopg").replace("//postgres@", "//nobody_known@")
    url = refused if kind == "DatabaseRefused" else empty_database_url
    world.resources["scriptright"] = ScriptRightResource(url=url)
    minutes(clock, world, server, 5, "")
    (message,) = server.postbox.messages
    assert message["Subject"] == f"[vet-pipeline] {kind}: nothing is read or applied"
    # Of a database that was dropped the runbook says whom to wake.
    assert "for the morning, unless docs/runbook.md has you wake" in message.get_content()


def test_a_mail_that_was_refused_has_told_nobody(
    world: World,
    start_mail_server: Callable[..., MailServer],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "oncall@scriptright.example")
    refusing = start_mail_server(Postbox(rcpt_reply="550 no such mailbox"))
    world.resources["scriptright"] = ScriptRightResource(url=GONE)
    cursor = minutes(clock, world, refusing, 10, "")
    assert refusing.postbox.asked == 1, "again in an hour"
    refusing.postbox.rcpt_reply = None
    minutes(clock, world, refusing, 60, cursor)
    assert len(refusing.postbox.messages) == 1


def test_a_server_that_dies_behind_the_message_is_asked_again_in_an_hour(
    world: World,
    start_mail_server: Callable[..., MailServer],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "oncall@scriptright.example")
    dying = start_mail_server(Postbox(hang_up_after_data=True))
    world.resources["scriptright"] = ScriptRightResource(url=GONE)
    minutes(clock, world, dying, 70, "")
    assert len(dying.postbox.messages) == 2, "nobody knows whether the first one arrived"


@pytest.mark.parametrize("cursor", ["", None, "database down, told", "[]", '{"a": "b"}', "7"])
def test_a_cursor_of_another_release_is_none(cursor: str | None) -> None:
    assert Known.of(cursor) == Known()


def test_what_is_known_comes_back_from_the_cursor() -> None:
    known = Known(down_since=NOW, told_at=NOW + timedelta(minutes=2))
    assert Known.of(known.as_cursor()) == known
