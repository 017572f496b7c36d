"""docs/rules.md section 5: exactly one confirmation, whatever the mail server does."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.mail.conftest import (
    MailServer,
    Postbox,
    may_be_sent_now,
    outbox_row,
    request_confirmation,
)
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.scriptright.telling import outbox

LATER = timedelta(hours=5)


def test_the_practice_gets_its_confirmation(engine: Engine, mail_server: MailServer) -> None:
    request_confirmation(engine)
    sent = send_confirmation(engine, "elm-street", mail_server.settings)
    assert (sent.state, sent.attempt) == ("sent", 1)
    (message,) = mail_server.postbox.messages
    assert mail_server.postbox.recipients == [["desk@elm-street.example"]]
    assert message["Message-ID"] == "<first-load.elm-street@scriptright.example>"
    assert outbox_row(engine) == {"state": "sent", "attempts": 1, "last_error": None}


def test_a_practice_is_told_nothing_of_how_its_pims_is_read(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET pims = '/srv/our/furpaws'"))
    send_confirmation(engine, "elm-street", mail_server.settings)
    (message,) = mail_server.postbox.messages
    words = " ".join(str(part.get_content()) for part in message.iter_parts())
    assert "patients of your practice have been copied for home delivery." in words
    assert "furpaws" not in words


def test_asking_again_sends_nothing(engine: Engine, mail_server: MailServer) -> None:
    request_confirmation(engine)
    send_confirmation(engine, "elm-street", mail_server.settings)
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "nothing_to_send"
    assert len(mail_server.postbox.messages) == 1


def test_a_practice_without_a_request_gets_nothing(engine: Engine, mail_server: MailServer) -> None:
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "nothing_to_send"
    assert mail_server.postbox.messages == []


def test_a_practice_paused_since_its_first_load_is_told_so(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET state = 'paused'"))
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "sent"
    (mail,) = mail_server.postbox.messages
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "copying is paused" in plain.get_content()


def test_rows_that_came_twice_are_no_clients_that_were_not_copied(
    engine: Engine, mail_server: MailServer
) -> None:
    """A join that doubles each client: all of them are there, and nothing is to be corrected."""
    request_confirmation(engine, counts='{"clients_new": 40, "clients_quarantined": 43}')
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO scriptright.quarantine_count"
                " SELECT practice_id, load_id, 'client', 'row', '', q.reason, q.rows"
                " FROM scriptright.load, (VALUES ('duplicate_row', 40), ('no_key', 3)) q(reason, rows)"
            )
        )
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "sent"
    (mail,) = mail_server.postbox.messages
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "impossible date, say): clients: 3, pets: 0." in plain.get_content()


def test_many_senders_at_once_send_one(engine: Engine, mail_server: MailServer) -> None:
    request_confirmation(engine)
    with ThreadPoolExecutor(8) as pool:
        states = pool.map(
            lambda _: send_confirmation(engine, "elm-street", mail_server.settings).state, range(8)
        )
    assert sorted(states) == ["nothing_to_send"] * 7 + ["sent"]
    assert len(mail_server.postbox.messages) == 1


def test_a_server_that_is_down_is_tried_again_later_and_gets_one_mail(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        down = mail_server.settings.model_copy(update={"port": unused.getsockname()[1]})
        first = send_confirmation(engine, "elm-street", down)
    assert first.state == "waiting"
    assert first.again_at is not None
    assert outbox_row(engine) == {
        "state": "pending",
        "attempts": 1,
        "last_error": "the mail server did not take the message (ConnectionRefusedError)",
    }
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "nothing_to_send"
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "sent"
    assert len(mail_server.postbox.messages) == 1


def test_each_wait_is_twice_as_long_up_to_four_hours(engine: Engine) -> None:
    request_confirmation(engine)
    now = datetime.now(UTC) + timedelta(seconds=5)
    waits = []
    for _ in range(11):
        taken = outbox.claim(engine, "elm-street", now=now)
        assert taken is not None
        again = outbox.put_back(engine, taken, error="ConnectionRefusedError", now=now)
        waits.append((again - now) // timedelta(minutes=1))
        now = again
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]


def test_a_temporary_refusal_is_tried_again(
    engine: Engine, start_mail_server: Callable[..., MailServer]
) -> None:
    request_confirmation(engine)
    server = start_mail_server(Postbox(rcpt_reply="451 greylisted, ask for jane@elm.example"))
    assert send_confirmation(engine, "elm-street", server.settings).state == "waiting"
    row = outbox_row(engine)
    assert row["state"] == "pending"
    assert row["last_error"].endswith("(SMTPResponseException 451)")
    server.postbox.rcpt_reply = None
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", server.settings).state == "sent"


def test_a_message_refused_for_now_after_data_is_tried_again(
    engine: Engine, start_mail_server: Callable[..., MailServer]
) -> None:
    request_confirmation(engine)
    server = start_mail_server(Postbox(data_reply="452 no room"))
    assert send_confirmation(engine, "elm-street", server.settings).state == "waiting"


def test_a_refused_address_is_parked_for_a_person(
    engine: Engine, start_mail_server: Callable[..., MailServer]
) -> None:
    request_confirmation(engine)
    server = start_mail_server(Postbox(rcpt_reply="550 no such user desk@elm-street.example"))
    assert send_confirmation(engine, "elm-street", server.settings).state == "parked"
    assert outbox_row(engine) == {
        "state": "parked",
        "attempts": 1,
        "last_error": "refused: SMTP 550",
    }


@pytest.mark.parametrize(
    "replies",
    [
        {"mail_reply": "530 5.7.0 authentication required"},
        {"mail_reply": "550 5.7.1 you are nobody"},
        {"rcpt_reply": "530 5.7.0 authentication required"},
    ],
)
def test_a_server_that_refuses_us_says_nothing_about_the_practices_address(
    engine: Engine, start_mail_server: Callable[..., MailServer], replies: dict[str, str]
) -> None:
    server = start_mail_server(Postbox(**replies))  # type: ignore[arg-type]
    request_confirmation(engine)
    sent = send_confirmation(engine, "elm-street", server.settings)
    assert (sent.state, outbox_row(engine)["state"]) == ("waiting", "pending")
    assert "VET_PIPELINE_SMTP_SENDER" not in sent.reason
    server.postbox.mail_reply = server.postbox.rcpt_reply = None
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", server.settings).state == "sent"


def test_a_contact_address_that_can_receive_nothing_is_parked(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine, contact_email="a,b@evil.example")
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "parked"
    assert mail_server.postbox.messages == []


def test_a_server_that_hangs_up_after_the_message_is_never_asked_twice(
    engine: Engine, start_mail_server: Callable[..., MailServer]
) -> None:
    request_confirmation(engine)
    server = start_mail_server(Postbox(hang_up_after_data=True))
    assert send_confirmation(engine, "elm-street", server.settings).state == "parked"
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", server.settings).state == "nothing_to_send"
    assert len(server.postbox.messages) == 1


def test_a_server_that_deduplicates_may_be_asked_again_with_the_same_id(
    engine: Engine, start_mail_server: Callable[..., MailServer]
) -> None:
    request_confirmation(engine)
    server = start_mail_server(Postbox(hang_up_after_data=True), deduplicates=True)
    assert send_confirmation(engine, "elm-street", server.settings).state == "waiting"
    server.postbox.hang_up_after_data = False
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", server.settings).state == "sent"
    assert len({m["Message-ID"] for m in server.postbox.messages}) == 1


def test_a_sender_killed_in_mid_send_leaves_a_row_for_a_person(engine: Engine) -> None:
    request_confirmation(engine)
    assert outbox.claim(engine, "elm-street") is not None  # and then the process is killed
    assert outbox.settle_abandoned(engine, server_deduplicates=False) == []  # may still be at it
    later = datetime.now(UTC) + LATER
    assert outbox.settle_abandoned(engine, server_deduplicates=False, now=later) == ["elm-street"]
    assert outbox_row(engine) == {"state": "parked", "attempts": 1, "last_error": "SenderDied"}


def test_a_sender_that_was_given_up_cannot_settle_a_later_attempt(engine: Engine) -> None:
    request_confirmation(engine)
    slow = outbox.claim(engine, "elm-street")
    assert slow is not None
    later = datetime.now(UTC) + LATER
    outbox.settle_abandoned(engine, server_deduplicates=True, now=later)
    assert outbox.claim(engine, "elm-street", now=later) is not None
    outbox.put_back(engine, slow, error="TimeoutError")
    assert outbox_row(engine)["state"] == "sending"


def test_a_slow_sender_that_succeeds_after_all_marks_its_parked_row_sent(engine: Engine) -> None:
    request_confirmation(engine)
    slow = outbox.claim(engine, "elm-street")
    assert slow is not None
    outbox.settle_abandoned(engine, server_deduplicates=False, now=datetime.now(UTC) + LATER)
    outbox.mark_sent(engine, slow)
    assert outbox_row(engine)["state"] == "sent"


def test_the_longest_waiting_practices_come_first(engine: Engine) -> None:
    for practice in ("b", "a", "c"):
        request_confirmation(engine, practice)
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert outbox.practices_to_confirm(engine, now=now, limit=2) == [("b", 0), ("a", 0)]
