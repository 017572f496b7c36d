"""A practice that has left gets no confirmation any more, however far one had got."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.mail.conftest import MailServer, outbox_row, request_confirmation
from vet_pipeline.errors import PracticeStateRefuses
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.scriptright.offboard import erase_practice
from vet_pipeline.scriptright.telling import outbox
from vet_pipeline.scriptright.telling.outbox_parked import settle_parked

LATER = datetime.now(UTC) + timedelta(hours=5)


@pytest.fixture
def taken(engine: Engine) -> outbox.Claim:
    """The confirmation of a practice that left while it was being sent."""
    request_confirmation(engine)
    claim = outbox.claim(engine, "elm-street")
    assert claim is not None
    erase_practice(engine, "elm-street", by="Dana Field", key=b"k" * 32)
    return claim


def test_an_attempt_that_failed_while_the_practice_left_is_the_last(
    engine: Engine, mail_server: MailServer, taken: outbox.Claim
) -> None:
    outbox.put_back(engine, taken, error="MailUnavailable 451")
    assert outbox.practices_to_confirm(engine, limit=5, now=LATER) == []
    assert outbox.claim(engine, "elm-street", now=LATER) is None
    assert send_confirmation(engine, "elm-street", mail_server.settings).state == "nothing_to_send"
    assert outbox.settle_abandoned(engine, server_deduplicates=True) == ["elm-street"]
    assert outbox_row(engine) == {"state": "parked", "attempts": 1, "last_error": "Offboarded"}
    assert outbox.settle_abandoned(engine, server_deduplicates=True) == []


def test_an_attempt_that_succeeded_while_the_practice_left_is_known_as_sent(
    engine: Engine, taken: outbox.Claim
) -> None:
    outbox.settle_abandoned(engine, server_deduplicates=False)
    outbox.mark_sent(engine, taken)
    assert outbox_row(engine)["state"] == "sent"


def test_nobody_lets_it_be_sent_again(engine: Engine, taken: outbox.Claim) -> None:
    outbox.park(engine, taken, error="unknown: ConnectionResetError")
    with pytest.raises(PracticeStateRefuses, match="offboarded: it gets no more email"):
        settle_parked(engine, "elm-street", arrived=False, by="Dana Field")
    settle_parked(engine, "elm-street", arrived=True, by="Dana Field")
    assert outbox_row(engine)["state"] == "sent"
