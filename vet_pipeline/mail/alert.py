"""Alerts of on-call by mail: taken from ScriptRight's database, sent, settled."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import Engine

from vet_pipeline.errors import MailUnavailable, UsageError
from vet_pipeline.mail.message import address_of, one_line
from vet_pipeline.mail.settings import SmtpSettings
from vet_pipeline.mail.smtp import Delivery, deliver
from vet_pipeline.oncall import words
from vet_pipeline.oncall.causes import LATE
from vet_pipeline.oncall.telling import AGAIN_AFTER_REFUSAL
from vet_pipeline.scriptright.telling import alert_mail


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the alerts that were due."""

    sent: int = 0
    refused: int = 0  # by the server, for good: the address is wrong
    waiting: int = 0  # the mail server is in trouble
    reason: str = ""
    again_at: datetime | None = None  # UTC; when the next of those that failed is tried again


def tell_on_call(
    engine: Engine,
    to: str,
    settings: SmtpSettings,
    *,
    pages: str,
    limit: int = 20,
    seconds: float = 30.0,
) -> Told:
    """Mail every alert that is due to the one address `to`; at most one process mails each.

    Raises UsageError for addresses that are none, before an alert is taken; a mail server in
    trouble is a count. It isn't asked again for the others, nor after `seconds`: those wait.
    """
    _addresses(to, settings)
    put_off = alert_mail.put_off(engine)
    sent, refused, waiting = 0, 0, len(put_off)
    reason, in_trouble = put_off[0].reason if put_off else "", ""
    until = time.monotonic() + seconds
    for telling in alert_mail.take_due(engine, limit=limit):
        if in_trouble or time.monotonic() > until:
            wait = alert_mail.AGAIN_AFTER if in_trouble else timedelta(0)
            alert_mail.put_back(engine, telling, error=in_trouble or "NoTimeLeft", wait=wait)
            waiting += 1
            continue
        state, why = _tell(telling, to, settings, pages)
        if state == "accepted":
            alert_mail.mark_told(engine, telling)
            sent += 1
        elif state == "refused":
            wait = AGAIN_AFTER_REFUSAL
            alert_mail.put_back(engine, telling, error=why, wait=wait)
            refused, reason = refused + 1, why
        else:  # of one that may have arrived: twice is better than never, but not twelve times an hour
            wait = AGAIN_AFTER_REFUSAL if state == "unknown" else alert_mail.AGAIN_AFTER
            alert_mail.put_back(engine, telling, error=why, wait=wait)
            waiting, in_trouble = waiting + 1, why
    again_at = next((mail.again_at for mail in alert_mail.put_off(engine)), None)
    return Told(sent, refused, waiting, in_trouble or reason, again_at)


def _tell(
    telling: alert_mail.Telling, to: str, settings: SmtpSettings, pages: str
) -> tuple[str, str]:
    """accepted, refused, unknown or unavailable; and why."""
    about = _words(telling)
    try:
        delivery = send_alert(
            to,
            subject=words.subject(about),
            text=words.body(about, pages=pages, now=datetime.now(UTC)),
            settings=settings,
            message_id=f"<alert-{telling.alert.alert_id}.{telling.number}@vet-pipeline>",
        )
    except MailUnavailable as problem:
        return "unavailable", problem.what
    return delivery.state, delivery.reason


def send_alert(
    to: str, *, subject: str, text: str, settings: SmtpSettings, message_id: str | None = None
) -> Delivery:
    """Send `text` to the one address `to`. Raises UsageError, MailUnavailable."""
    recipient, sender = _addresses(to, settings)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(f"[vet-pipeline] {subject}")
    message["From"] = sender
    message["To"] = recipient
    message["Date"] = datetime.now(UTC)
    if message_id is not None:
        message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text + "\n")
    return deliver(message, recipient, settings)


def _addresses(to: str, settings: SmtpSettings) -> tuple[str, str]:
    recipient, sender = address_of(to), address_of(settings.sender)
    if recipient is None or sender is None:
        raise UsageError(
            "an alert needs one email address to write from and one to write to",
            next_step="set VET_PIPELINE_ALERTS_TO and VET_PIPELINE_SMTP_SENDER to one each; for"
            " several readers a mailing list's",
        )
    return recipient, sender


def _words(telling: alert_mail.Telling) -> words.AlertWords:
    alert = telling.alert
    return words.AlertWords(
        error=alert.error,
        cause=alert.cause,
        job=alert.job,
        pims=alert.pims,
        server=alert.server,
        practices=alert.practices,
        joined=alert.joined,
        failures=alert.failures,
        since=alert.opened_at,
        what=alert.what,
        next_step=alert.next_step,
        retryable=alert.retryable,
        latest=telling.latest,
        run_id=alert.run_id,
        number=telling.number,
        late=alert.error == LATE,
        alike=alert.alike,
        none_copied=telling.none_copied,
    )
