"""Alerts beside a mail server in trouble: it isn't asked again and again, and nobody gets a flood."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from tests.assets.conftest import World
from tests.automation.test_alerts import age, fail, remove_old_snapshots, tick
from tests.mail.conftest import MailServer
from tests.scriptright.builders import add_practice
from vet_pipeline.mail.alert import tell_on_call


def test_a_mail_server_in_trouble_is_asked_once_a_tick(world: World, server: MailServer) -> None:
    for name in ("ash", "oak"):
        add_practice(world.engine, name)
    fail(world, "elm-street")
    fail(world, "oak", "full")
    fail(world, "ash", "full")
    server.postbox.mail_reply = "451 later"
    tick(world, server)
    age(world, minutes=3)
    reason = tick(world, server).skip_reason
    assert reason is not None
    assert "Mailed: 0, refused: 0, waiting: 2" in (reason.skip_message or "")
    assert server.postbox.asked == 1
    server.postbox.mail_reply = None
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.alert SET not_before = now()"))
    tick(world, server)
    assert len(server.postbox.messages) == 2


def test_whoever_looks_before_the_server_is_asked_again_hears_what_waits(
    world: World, server: MailServer
) -> None:
    """`watch --mail` comes by turns with the sensor, and is to say that nobody was mailed."""
    fail(world, "elm-street")
    tick(world, server)
    age(world, minutes=3)
    server.postbox.mail_reply = "451 later"
    tick(world, server)
    told = tell_on_call(world.engine, "on-call@a.example", server.settings, pages="")
    assert (told.sent, told.refused, told.waiting) == (0, 0, 1)
    assert told.reason == "the mail server did not take the message (SMTPResponseException 451)"
    with world.engine.connect() as connection:
        [again_at] = connection.execute(text("SELECT not_before FROM scriptright.alert")).scalars()
    assert told.again_at == again_at
    message = tick(world, server).skip_reason.skip_message
    assert f"waiting: 1 ({told.reason}); next try at {again_at:%Y-%m-%d %H:%M} UTC" in message
    assert server.postbox.asked == 1


def test_a_server_that_dies_behind_each_message_gets_each_alert_once_an_hour(
    world: World, server: MailServer
) -> None:
    fail(world, "elm-street")
    fail(world, None, job=remove_old_snapshots)
    tick(world, server)
    age(world, minutes=3)
    server.postbox.hang_up_after_data = True
    for _ in range(4):
        tick(world, server)
        waited(world, minutes=6)
    subjects = {message["Subject"] for message in server.postbox.messages}
    assert len(server.postbox.messages) == len(subjects) == 2, "nobody knows whether they arrived"
    server.postbox.hang_up_after_data = False
    waited(world, minutes=60)
    tick(world, server)
    assert len(server.postbox.messages) == 4


def waited(world: World, **by: float) -> None:
    """Let the mails that wait have waited for so long."""
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.alert SET not_before = not_before - CAST(:by AS interval)"),
            {"by": timedelta(**by)},
        )
