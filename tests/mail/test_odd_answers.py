"""Mail servers whose answers are easily taken for something else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from tests.mail.conftest import MailServer, Postbox, may_be_sent_now, outbox_row
from tests.mail.conftest import request_confirmation as request
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.mail.settings import SmtpSettings

Speak = Callable[[dict[str, str]], tuple[SmtpSettings, list[bytes]]]


@pytest.fixture
def speak() -> Iterator[Speak]:
    """A server that answers each command with the line it is given, whatever SMTP says."""
    listening: list[socket.socket] = []

    def start(answers: dict[str, str]) -> tuple[SmtpSettings, list[bytes]]:
        taken: list[bytes] = []
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)
        threading.Thread(target=_answer, args=(listener, answers, taken), daemon=True).start()
        port = listener.getsockname()[1]
        return SmtpSettings(
            host="127.0.0.1", port=port, security="none", timeout=5, sender="a@b.example"
        ), taken

    yield start
    for listener in listening:
        listener.close()


def _answer(listener: socket.socket, answers: dict[str, str], taken: list[bytes]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 ready\r\n")
            while line := stream.readline():
                said = line.decode().split()[0].upper()
                answer = answers.get(said, "354 go on" if said == "DATA" else "250 OK")
                stream.write(answer.encode() + b"\r\n")
                if said == "DATA" and answer.startswith("354"):
                    taken.append(b"".join(iter(stream.readline, b".\r\n")))
                    stream.write(answers.get(".", "250 OK").encode() + b"\r\n")


def test_an_answer_without_a_number_after_the_message_leaves_it_to_a_person(
    engine: Engine, speak: Speak
) -> None:
    request(engine)
    settings, taken = speak({".": "queued as 4711"})
    assert send_confirmation(engine, "elm-street", settings).state == "parked"
    assert outbox_row(engine)["last_error"] == "unknown: SMTP -1"
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", settings).state == "nothing_to_send"
    assert len(taken) == 1


def test_any_yes_after_the_message_is_a_yes(engine: Engine, speak: Speak) -> None:
    request(engine)
    settings, taken = speak({".": "251 will forward"})
    assert send_confirmation(engine, "elm-street", settings).state == "sent"
    assert len(taken) == 1


def test_a_yes_before_the_message_is_none(engine: Engine, speak: Speak) -> None:
    request(engine)
    settings, taken = speak({"DATA": "250 OK"})
    assert send_confirmation(engine, "elm-street", settings).state == "waiting"
    assert taken == []


@pytest.mark.parametrize(
    "replies",
    [
        # Postfix, as it is installed, says all of these when it hears the recipient.
        {"rcpt_reply": "554 5.7.1 <desk@elm-street.example>: Relay access denied"},
        {"rcpt_reply": "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user vet"},
        {"rcpt_reply": "550 5.1.8 <a@b.example>: Sender address rejected: Domain not found"},
        # Microsoft's, after the message.
        {"data_reply": "554 5.2.252 SendAsDenied; vet not allowed to send as a"},
        {"data_reply": "550 5.7.60 SMTP; Client does not have permissions to send as this sender"},
    ],
)
def test_a_refusal_of_our_sender_parks_no_practices_email(
    engine: Engine, start_mail_server: Callable[..., MailServer], replies: dict[str, str]
) -> None:
    server = start_mail_server(Postbox(**replies))  # type: ignore[arg-type]
    request(engine)
    assert send_confirmation(engine, "elm-street", server.settings).state == "waiting"
    server.postbox.rcpt_reply, server.postbox.data_reply = None, "250 OK"
    may_be_sent_now(engine)
    assert send_confirmation(engine, "elm-street", server.settings).state == "sent"
    assert len(server.postbox.messages) == 1


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "553 5.1.3 bad address", "550 nobody"])
def test_a_refusal_of_the_address_is_a_persons(
    engine: Engine, start_mail_server: Callable[..., MailServer], reply: str
) -> None:
    request(engine)
    server = start_mail_server(Postbox(rcpt_reply=reply))
    assert send_confirmation(engine, "elm-street", server.settings).state == "parked"


def test_a_message_that_is_refused_for_good_is_a_persons(
    engine: Engine, start_mail_server: Callable[..., MailServer]
) -> None:
    request(engine)
    server = start_mail_server(Postbox(data_reply="552 5.3.4 message too big"))
    assert send_confirmation(engine, "elm-street", server.settings).state == "parked"
    assert outbox_row(engine)["last_error"] == "refused: SMTP 552"


def test_a_refusal_before_the_message_is_a_persons_too(engine: Engine, speak: Speak) -> None:
    request(engine)
    settings, taken = speak({"DATA": "554 no valid recipients"})
    assert send_confirmation(engine, "elm-street", settings).state == "parked"
    assert outbox_row(engine)["last_error"] == "refused: SMTP 554"
    assert taken == []


def test_a_server_that_wants_a_login_says_nothing_of_the_address(
    engine: Engine, speak: Speak
) -> None:
    request(engine)
    settings, _ = speak({"RCPT": "530 Authentication required"})
    assert send_confirmation(engine, "elm-street", settings).state == "waiting"
