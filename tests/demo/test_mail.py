"""The demo's mail server is a real one: what is handed over lies in a file."""

from __future__ import annotations

import smtplib
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from vet_pipeline.demo.mail import local_mail_server


def test_each_message_becomes_a_file(tmp_path: Path) -> None:
    with local_mail_server(tmp_path / "mail") as environment:
        for number in (1, 2):
            message = EmailMessage()
            message["From"], message["To"] = "a@example.com", "b@example.com"
            message["Subject"] = f"message {number}"
            message.set_content("Grüße")
            with smtplib.SMTP(
                environment["VET_PIPELINE_SMTP_HOST"], int(environment["VET_PIPELINE_SMTP_PORT"])
            ) as server:
                server.send_message(message)
    saved = sorted((tmp_path / "mail").iterdir())
    assert [path.name for path in saved] == ["0001.eml", "0002.eml"]
    subjects = [message_from_bytes(path.read_bytes())["Subject"] for path in saved]
    assert subjects == ["message 1", "message 2"]
