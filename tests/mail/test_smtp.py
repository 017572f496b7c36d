"""TLS and login against a real server with a certificate of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.certificate import certificate
from tests.mail.conftest import Postbox, free_port
from vet_pipeline.errors import MailUnavailable, UsageError
from vet_pipeline.mail.settings import SmtpSettings
from vet_pipeline.mail.smtp import deliver


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    return certificate(tmp_path)


@pytest.fixture
def server(pem: Path) -> Iterator[tuple[Postbox, int]]:
    """A server that insists on STARTTLS and on the login vet / s3cret."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)

    def authenticate(server, session, envelope, mechanism, data):  # type: ignore[no-untyped-def]
        good = data == LoginPassword(b"vet", b"s3cret")
        return AuthResult(success=good, handled=good)

    box, port = Postbox(), free_port()
    controller = Controller(
        box,
        hostname="localhost",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield box, port
    controller.stop()


def settings(port: int, **values: object) -> SmtpSettings:
    chosen = {
        "host": "localhost",
        "port": port,
        "timeout": 5,
        "sender": "a@b.example",
        "username": "vet",
        "password": "s3cret",
        **values,
    }
    return SmtpSettings.model_validate(chosen)


def note() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message["To"] = "c@d.example"
    message["Subject"] = "hello"
    message.set_content(".\n..a line of dots\n")
    return message


def test_a_message_goes_over_starttls_with_a_login(
    server: tuple[Postbox, int], pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    box, port = server
    assert deliver(note(), "c@d.example", settings(port)).state == "accepted"
    (message,) = box.messages
    assert message.get_content().splitlines() == [".", "..a line of dots"]


def test_a_certificate_that_nobody_vouches_for_stops_the_mail(
    server: tuple[Postbox, int],
) -> None:
    box, port = server
    with pytest.raises(MailUnavailable, match="SSLCertVerificationError"):
        deliver(note(), "c@d.example", settings(port))
    assert box.messages == []


def test_a_refused_login_is_told_without_the_servers_words(
    server: tuple[Postbox, int], pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    _, port = server
    with pytest.raises(MailUnavailable, match=r"\(SMTPAuthenticationError 535\)"):
        deliver(note(), "c@d.example", settings(port, password="wrong"))


def test_a_server_without_tls_gets_neither_login_nor_mail() -> None:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with pytest.raises(MailUnavailable, match="SMTPNotSupportedError"):
            deliver(note(), "c@d.example", settings(port, host="127.0.0.1"))
    finally:
        controller.stop()
    assert box.messages == []


def test_a_server_that_takes_too_long_to_come_to_the_message_gets_none() -> None:
    class Tarpit(Postbox):
        async def handle_RCPT(self, *said: object) -> str:  # noqa: N802 - the library's name
            await asyncio.sleep(0.2)
            return await super().handle_RCPT(*said)  # type: ignore[arg-type]

    box, port = Tarpit(), free_port()
    controller = Controller(box, hostname="localhost", port=port)
    controller.start()
    try:
        plain = settings(port, security="none", username=None, password=None)
        with pytest.raises(MailUnavailable, match="TimeoutError"):
            deliver(note(), "x@y.example", plain, within=0.1)
        assert box.messages == []
        assert deliver(note(), "x@y.example", plain, within=60).state == "accepted"
    finally:
        controller.stop()


def test_an_error_after_the_message_was_taken_does_not_look_like_a_failure() -> None:
    class RudeGoodbye(Postbox):
        async def handle_QUIT(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
            return "421 leaving already"

    box, port = RudeGoodbye(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        plain = settings(port, host="127.0.0.1", security="none", username=None, password=None)
        assert deliver(note(), "c@d.example", plain).state == "accepted"
    finally:
        controller.stop()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "gehe\u00efm"}, "only hold ASCII characters"),
        ({"username": "p\u00e4t"}, "only hold ASCII characters"),
        ({"host": "mail..example.org"}, "used: VET_PIPELINE_SMTP_HOST: this is no host name"),
        (
            {"security": "none"},
            r"used: of VET_PIPELINE_SMTP_\*, _SECURITY=none is for _HOST 127.0.0.1, ::1 or localhost",
        ),
    ],
)
def test_settings_that_no_mail_can_be_sent_by_are_refused_before_one_is_tried(
    wrong: dict[str, str], said: str
) -> None:
    given = {"host": "mail.example.org", "sender": "a@b.example", "username": "u", "password": "p"}
    environment = {f"VET_PIPELINE_SMTP_{name.upper()}": v for name, v in (given | wrong).items()}
    with pytest.raises(UsageError, match=said) as told:
        SmtpSettings.from_environment(environment)
    assert not any(value in str(told.value) for value in wrong.values() if value != "none")
