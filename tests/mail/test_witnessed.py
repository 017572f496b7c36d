"""Each attempt is told to the witness before the mail server hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.mail.conftest import (
    MailServer,
    Postbox,
    may_be_sent_now,
    outbox_row,
    request_confirmation,
)
from vet_pipeline.errors import SnapshotStoreFull, UsageError
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.scriptright.telling import outbox
from vet_pipeline.scriptright.telling.outbox_parked import settle_parked
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness


def kept() -> list[dict[str, object]]:
    """What the witness has of the practice, without the signatures."""
    folder = Path(Witness.of_home().root) / "elm-street"
    found = [json.loads(file.read_text()) for file in sorted(folder.iterdir())]
    return [{name: value for name, value in one.items() if name != "signature"} for one in found]


FACT = {
    "practice": "elm-street",
    "kind": "first_load_confirmation",
    "message_id": "<first-load.elm-street@scriptright.example>",
}


def test_each_attempt_is_kept_without_an_address_and_the_next_one_may_follow(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine)
    mail_server.postbox.rcpt_reply = "451 not now"
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "waiting"
    assert kept() == [FACT]
    mail_server.postbox.rcpt_reply = None
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "sent"
    assert kept() == [FACT, FACT]


class Curious(Postbox):
    """Asks the witness while the message is being handed over."""

    async def handle_RCPT(self, *args: object) -> str:  # type: ignore[override]  # noqa: N802
        self.dialogue.append(str(outbox.newest_attempt("elm-street")))
        return await super().handle_RCPT(*args)  # type: ignore[arg-type]


def test_the_witness_knows_before_the_server_does(
    engine: Engine, start_mail_server: Callable[..., MailServer]
) -> None:
    request_confirmation(engine)
    server = start_mail_server(Curious())
    send_confirmation(engine, "elm-street", server.settings)
    assert server.postbox.dialogue == ["1"]


def test_a_sender_that_died_after_the_witness_knew_is_a_persons_matter_who_can_send_it_again(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine)
    taken = outbox.claim(engine, "elm-street")
    assert taken is not None
    assert outbox.begin(taken) is None  # and then the process is killed
    later = datetime.now(UTC) + timedelta(hours=1)
    outbox.settle_abandoned(engine, server_deduplicates=False, now=later)
    assert outbox_row(engine) == {"state": "parked", "attempts": 1, "last_error": "SenderDied"}
    settle_parked(engine, "elm-street", arrived=False, by="Dana Field")
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "sent"


def test_without_its_witness_nothing_is_sent_and_it_is_tried_again(
    engine: Engine, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    request_confirmation(engine)

    def full(*_: object) -> None:
        raise SnapshotStoreFull("no room", next_step="make some")

    with monkeypatch.context() as broken:
        broken.setattr(Witness, "put", full)
        with pytest.raises(SnapshotStoreFull):
            send_confirmation(engine, "elm-street", mail_server.settings)
    with monkeypatch.context() as broken:
        broken.setenv("VET_PIPELINE_WITNESS", str(tmp_path))
        may_be_sent_now(engine)
        with pytest.raises(UsageError, match="VET_PIPELINE_KEY isn't"):
            send_confirmation(engine, "elm-street", mail_server.settings)
    assert outbox_row(engine) == {"state": "pending", "attempts": 2, "last_error": "UsageError"}
    assert mail_server.postbox.messages == []
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "sent"


def test_a_restored_database_writes_to_no_practice_that_has_left_since(
    engine: Engine, mail_server: MailServer
) -> None:
    request_confirmation(engine)
    Witness.of_home().put("elm-street", OFFBOARDED, {"practice": "elm-street"})
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "parked"
    assert outbox_row(engine)["last_error"] == "Offboarded"
    assert mail_server.postbox.messages == []
