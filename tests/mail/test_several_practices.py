"""Each practice's confirmation is its own: what stops one stops no other."""

from __future__ import annotations

from sqlalchemy import Engine, text

from tests.mail.conftest import MailServer, outbox_row, request_confirmation
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.scriptright.offboard import erase_practice
from vet_pipeline.scriptright.telling import outbox
from vet_pipeline.scriptright.trail.witness import Witness, attempt_name


def test_a_practice_that_leaves_keeps_nobody_elses_confirmation_back(
    engine: Engine, mail_server: MailServer
) -> None:
    for practice_id in ("elm-street", "oak"):
        request_confirmation(engine, practice_id)
    erase_practice(engine, "oak", by="Dana Field", key=b"k" * 32)
    assert outbox_row(engine, "oak") == {
        "state": "parked",
        "attempts": 0,
        "last_error": "Offboarded",
    }
    assert outbox.settle_abandoned(engine, server_deduplicates=False) == []
    assert outbox.practices_to_confirm(engine, limit=5) == [("elm-street", 0)]
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "sent"


def test_what_was_asked_for_in_another_life_of_the_database_is_sent_by_nobody(
    engine: Engine, mail_server: MailServer
) -> None:
    for practice_id in ("elm-street", "oak"):
        request_confirmation(engine, practice_id)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.outbox SET requested_in = 'the one that was backed up'"
                " WHERE practice_id = 'elm-street'"
            )
        )
    assert outbox.practices_to_confirm(engine, limit=5) == [("oak", 0)]
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "nothing_to_send"
    assert outbox.settle_abandoned(engine, server_deduplicates=True) == ["elm-street"]
    assert outbox_row(engine)["last_error"] == "DatabaseRestored"
    assert send_confirmation(engine, "oak", mail_server.settings).state == "sent"


def test_an_attempt_that_was_begun_once_is_begun_by_no_copy_of_the_database(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine)
    Witness.of_home().put("elm-street", attempt_name(1), {"practice": "elm-street"})
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "parked"
    assert outbox_row(engine) == {
        "state": "parked",
        "attempts": 1,
        "last_error": "DatabaseRestored",
    }
    assert mail_server.postbox.messages == []
