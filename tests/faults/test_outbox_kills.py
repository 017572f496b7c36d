"""The sender of the confirmation email killed anywhere: no email missing, none twice.

It is killed at an exchange with the database, at a moment of the SMTP conversation (the server
does it, before or after it has taken the message), or after a random time.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.faults.clinic import Clinic
from tests.faults.driver import Kind
from tests.faults.invariants import assert_holds
from tests.faults.sending import start_sender
from tests.mail.conftest import MailServer, Postbox
from tests.scriptright.builders import load, one
from tests.soak import Figures, rounds
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.mail.settings import SmtpSettings
from vet_pipeline.scriptright.telling import outbox

pytestmark = pytest.mark.timeout(1800)
MOMENTS = ("EHLO", "MAIL", "RCPT", "DATA before", "DATA after", "QUIT")
EXCHANGES = 14  # with the database in one sending, about


class DeadlyPostbox(Postbox):
    """Kills the sender at the moment that is set, and keeps what had arrived by then."""

    moment = ""
    victim: int | None = None

    def _strike(self, moment: str) -> None:
        if moment == self.moment and self.victim is not None:
            with suppress(ProcessLookupError):
                os.kill(self.victim, signal.SIGKILL)

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self._strike("EHLO")
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self._strike("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, *args: Any) -> str:  # noqa: N802
        self._strike("RCPT")
        return await super().handle_RCPT(*args)

    async def handle_DATA(self, *args: Any) -> str:  # noqa: N802
        self._strike("DATA before")
        reply = await super().handle_DATA(*args)
        self._strike("DATA after")
        return reply

    async def handle_QUIT(self, *args: Any) -> str:  # noqa: N802
        self._strike("QUIT")
        return "221 bye"


@pytest.mark.parametrize("deduplicates", [False, True], ids=["plain", "deduplicating"])
def test_a_sender_killed_anywhere_sends_no_email_twice_and_loses_none(
    engine: Engine,
    database_url: str,
    start_mail_server: Callable[..., MailServer],
    seed: int,
    figures: Figures,
    deduplicates: bool,
) -> None:
    chance, tally, box = random.Random(seed), Counter[str](), DeadlyPostbox()
    server = start_mail_server(box, deduplicates=deduplicates)
    clinic = Clinic(seed, clients=1, pets=1).open(engine)
    load(engine, "oak", 1, *clinic.snapshot(1))
    runs = rounds(30, 250)  # twice: at a plain server and at one that de-duplicates
    for number in range(runs):
        message_id = _ask_anew(engine, number)
        box.messages.clear()
        _killed_sender(database_url, server.settings, box, chance, number)
        state = one(engine, "SELECT state FROM scriptright.outbox")
        tally[f"killed_while_{state}"] += 1
        box.moment = ""
        state = _send_what_is_left(engine, server.settings, deduplicates)
        arrived = [str(message["Message-ID"]) for message in box.messages]
        assert set(arrived) <= {message_id}
        if deduplicates:
            assert (state, len(set(arrived))) == ("sent", 1)
            tally["repeated_and_dropped_by_the_server"] += len(arrived) - 1
        elif state == "sent":
            assert arrived == [message_id]
        else:
            assert state == "parked"
            assert len(arrived) <= 1
            tally["parked_arrived" if arrived else "parked_not_arrived"] += 1
        tally["sent"] += state == "sent"
    assert_holds(engine)
    name = "de-duplicating" if deduplicates else "plain"
    figures(f"sender of emails killed ({name} server)", runs=runs, **tally, missing=0, duplicates=0)


def _send_what_is_left(engine: Engine, settings: SmtpSettings, deduplicates: bool) -> str:
    """As the sensor does, until nothing is pending or being sent; the row's state by then.

    The server may hold a killed sender's row for a moment, and do its last statement after that:
    until then there is nothing to settle or to send.
    """
    while True:
        later = datetime.now(UTC) + outbox.ABANDONED_AFTER + timedelta(minutes=1)
        outbox.settle_abandoned(engine, server_deduplicates=deduplicates, now=later)
        assert send_confirmation(engine, "oak", settings).state in ("sent", "nothing_to_send")
        state = str(one(engine, "SELECT state FROM scriptright.outbox"))
        if state not in ("pending", "sending"):
            assert send_confirmation(engine, "oak", settings).state == "nothing_to_send"
            return state
        time.sleep(0.05)


def _killed_sender(
    url: str, settings: SmtpSettings, box: DeadlyPostbox, chance: random.Random, number: int
) -> None:
    at: int | None = None
    kind: Kind = "kill"
    if number % 3 == 0:
        at, kind = chance.randint(1, EXCHANGES), "kill" if chance.random() < 0.5 else "kill_after"
    box.moment = chance.choice(MOMENTS) if number % 3 == 1 else ""
    sender = start_sender(url, settings, at=at, kind=kind)
    box.victim = sender.pid
    if number % 3 == 2:
        time.sleep(chance.uniform(0, 0.3))
        assert sender.pid is not None
        with suppress(ProcessLookupError):  # it was quicker
            os.kill(sender.pid, signal.SIGKILL)
    sender.join()


def _ask_anew(engine: Engine, number: int) -> str:
    """The practice's only request asked anew, under a Message-ID of its own.

    Attempts go on: a database that counts them from 0 again is a restored one, to the witness.
    """
    message_id = f"<oak.{number}@vet-pipeline>"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE scriptright.outbox SET state = 'pending', message_id = %s,"
            " not_before = now(), sending_at = NULL, sent_at = NULL, last_error = NULL",
            (message_id,),
        )
    return message_id
