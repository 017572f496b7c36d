"""A plain message to on-call."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from vet_pipeline.errors import UsageError
from vet_pipeline.mail.message import address_of, one_line
from vet_pipeline.mail.settings import SmtpSettings
from vet_pipeline.mail.smtp import Delivery, deliver


def send_alert(to: str, *, subject: str, text: str, settings: SmtpSettings) -> Delivery:
    """Send `text` to the one address `to`. Raises UsageError, MailUnavailable."""
    recipient, sender = address_of(to), address_of(settings.sender)
    if recipient is None or sender is None:
        raise UsageError(
            "an alert needs one email address to write from and one to write to",
            next_step="set VET_PIPELINE_ALERTS_TO and VET_PIPELINE_SMTP_SENDER to one each",
        )
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(f"[vet-pipeline] {subject}")
    message["From"] = sender
    message["To"] = recipient
    message["Date"] = datetime.now(UTC)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text + "\n")
    return deliver(message, recipient, settings)
