"""Real SMTP servers that record, refuse or hang up, and a practice whose first load is applied."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine, text

from vet_pipeline.mail.settings import SmtpSettings


@dataclass
class Postbox:
    """An SMTP handler: what arrived, and what to answer."""

    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    mail_reply: str | None = None
    rcpt_reply: str | None = None
    data_reply: str = "250 OK"
    hang_up_after_data: bool = False
    dialogue: list[str] = field(default_factory=list)
    asked: int = 0  # conversations that got as far as MAIL

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.asked += 1
        if self.mail_reply:
            return self.mail_reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.rcpt_reply:
            return self.rcpt_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang_up_after_data:
            self.messages.append(self._parse(envelope))
            server.transport.abort()
            return "250 never heard"
        if self.data_reply.startswith("2"):
            self.messages.append(self._parse(envelope))
            self.recipients.append(list(envelope.rcpt_tos))
        return self.data_reply

    @staticmethod
    def _parse(envelope: Envelope) -> EmailMessage:
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = message_from_bytes(content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class MailServer:
    """A running server and the settings that lead to it."""

    postbox: Postbox
    settings: SmtpSettings


def free_port() -> int:
    """A port nobody listens on: aiosmtpd tries out the port it is told, so 0 won't do."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def start_mail_server() -> Iterator[Callable[..., MailServer]]:
    """Start an aiosmtpd server on a free port; stopped when the test ends."""
    running: list[Controller] = []

    def start(postbox: Postbox | None = None, **settings: Any) -> MailServer:
        box = postbox or Postbox()
        port = free_port()
        controller = Controller(box, hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        chosen = {
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "timeout": 5,
            "sender": "ScriptRight <copies@scriptright.example>",
            **settings,
        }
        return MailServer(box, SmtpSettings.model_validate(chosen))

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def mail_server(start_mail_server: Callable[..., MailServer]) -> MailServer:
    """A server that takes everything."""
    return start_mail_server()


def request_confirmation(
    engine: Engine,
    practice_id: str = "elm-street",
    *,
    name: str = "Elm Street Vets",
    contact_email: str = "desk@elm-street.example",
    counts: str = '{"clients_new": 3, "clients_linked": 2, "pets_new": 4, "pets_linked": 1,'
    ' "clients_possible": 1, "pets_possible": 0, "pets_waiting": 2, "suggestions_opened": 5}',
) -> None:
    """Rows as the first load of a practice leaves them: practice, ledger, outbox."""
    with engine.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO scriptright.practice"
                " (practice_id, name, pims, odbc_env, contact_email, timezone, created_by)"
                " VALUES (:id, :name, 'openvpms', 'ELM_ODBC', :email, 'UTC', 'test')"
            ),
            {"id": practice_id, "name": name, "email": contact_email},
        )
    first_load(engine, practice_id, counts=counts)


def first_load(engine: Engine, practice_id: str = "elm-street", *, counts: str = "{}") -> None:
    """The ledger's row of a registered practice's first load, and its request in the outbox."""
    with engine.begin() as conn:
        conn.execute(
            text(
                "WITH l AS (INSERT INTO scriptright.load"
                " (practice_id, snapshot_seq, snapshot_hash, state, read_at, counts)"
                " VALUES (:id, 1, 'h', 'applied', now(), cast(:counts as jsonb)) RETURNING load_id)"
                " INSERT INTO scriptright.outbox (practice_id, kind, message_id, load_id)"
                " SELECT :id, 'first_load_confirmation', :message_id, load_id FROM l"
            ),
            {
                "id": practice_id,
                "counts": counts,
                "message_id": f"<first-load.{practice_id}@scriptright.example>",
            },
        )


def may_be_sent_now(engine: Engine) -> None:
    """The mail's wait is over."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.outbox SET not_before = now()"))


def outbox_row(engine: Engine, practice_id: str = "elm-street") -> dict[str, Any]:
    """State, attempts and last error of the practice's row."""
    with engine.connect() as conn:
        row = conn.execute(
            text(
                "SELECT state, attempts, last_error FROM scriptright.outbox WHERE practice_id = :id"
            ),
            {"id": practice_id},
        ).one()
    return dict(row._mapping)
