"""Hand one message to an SMTP server, and say exactly how far it got.

SMTP can't be exactly once: between the final dot and the server's 250 nobody knows (RFC 5321
section 6.1, RFC 1047). So everything before the message is handed over may be retried, and
everything after it is told apart as *unknown*.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

from vet_pipeline.errors import MailUnavailable
from vet_pipeline.mail.settings import SmtpSettings

_LOGIN_WANTED = 530  # RFC 4954 section 6: nothing about the recipient
# RFC 3463: policy, or the sender's address. Postfix says so of our login, sender or machine only
# when it hears the recipient, Microsoft's servers (5.2.252: no right to send as) after the message.
_OF_THE_SENDER = re.compile(rb"5\.(?:7\.\d{1,3}|1\.[78]|2\.252)\b")
# A server that answers a byte at a time, or a machine that was suspended: long before its row is
# given up (outbox.ABANDONED_AFTER), and may be sent by somebody else, nothing more is handed over.
_HANDED_OVER_WITHIN = 300.0  # seconds from the connection to the message


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the server did: accepted it, refused it for good, or was not heard of again."""

    state: Literal["accepted", "refused", "unknown"]
    reason: str  # class name or SMTP code, never the server's text: it may quote addresses


def deliver(
    message: EmailMessage,
    recipient: str,
    settings: SmtpSettings,
    *,
    within: float = _HANDED_OVER_WITHIN,
) -> Delivery:
    """Send `message` to the one `recipient` (a bare address).

    Raises MailUnavailable when nothing was handed over and a later attempt may succeed: no
    connection, no TLS, login, sender or machine refused, a temporary (4xx) refusal, or a server
    that took longer than `within` seconds to come to the message. Those are our
    settings' or the server's trouble, the same for every recipient.
    """
    sender = message["From"].addresses[0].addr_spec
    failure: Exception | None = None
    latest = _clock() + within
    try:
        server = _connect(settings)
        try:
            return _converse(server, sender, recipient, message, latest)
        finally:
            _leave(server)
    except (OSError, smtplib.SMTPException, UnicodeError) as problem:
        failure = problem  # a UnicodeError quotes a character of a password or host
    raise _unavailable(failure)


def _clock() -> float:
    """Seconds that go on while the machine is suspended."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _converse(
    server: smtplib.SMTP, sender: str, recipient: str, message: EmailMessage, latest: float
) -> Delivery:
    code, _ = server.mail(sender)
    if code == 250:
        code, said = server.rcpt(recipient)
        if _is_refusal(code, said):
            return Delivery("refused", f"SMTP {code}")
    if code not in (250, 251):
        raise smtplib.SMTPResponseException(code, "")
    if _clock() > latest:
        raise TimeoutError
    return _hand_over(server, message.as_bytes(policy=SMTP))


def _hand_over(server: smtplib.SMTP, wire: bytes) -> Delivery:
    """From the first byte of the message on a lost connection leaves unknown whether it went."""
    try:
        code, said = server.data(wire)
    except smtplib.SMTPDataError as problem:  # before a byte of the message was sent
        if _is_refusal(problem.smtp_code, problem.smtp_error):
            return Delivery("refused", f"SMTP {problem.smtp_code}")
        raise
    except (OSError, smtplib.SMTPException) as problem:
        return Delivery("unknown", type(problem).__name__)
    if 200 <= code <= 299:
        return Delivery("accepted", f"SMTP {code}")
    if _is_refusal(code, said):
        return Delivery("refused", f"SMTP {code}")
    if not 400 <= code <= 599:  # no answer that SMTP knows, -1 of a line without a number
        return Delivery("unknown", f"SMTP {code}")
    raise smtplib.SMTPResponseException(code, "")


def _is_refusal(code: int, said: bytes | str) -> bool:
    """Whether the recipient or message is refused for good, and not we ourselves."""
    words = said if isinstance(said, bytes) else said.encode()
    ours = code == _LOGIN_WANTED or _OF_THE_SENDER.match(words) is not None
    return 500 <= code <= 599 and not ours


def _connect(settings: SmtpSettings) -> smtplib.SMTP:
    """A greeted, encrypted and logged-in connection; closes it again if any of that fails."""
    server: smtplib.SMTP
    if settings.security == "tls":
        server = smtplib.SMTP_SSL(
            settings.host,
            settings.port,
            timeout=settings.timeout,
            context=ssl.create_default_context(),
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if settings.username is not None and settings.password is not None:
            server.login(settings.username, settings.password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    # What happens after the message was accepted must not look like a failure to send it.
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _unavailable(problem: Exception | None) -> MailUnavailable:
    """The retryable error for a failed conversation, without any text of the server's."""
    code = getattr(problem, "smtp_code", None)
    reason = type(problem).__name__ + (f" {code}" if code else "")
    return MailUnavailable(
        f"the mail server did not take the message ({reason})",
        next_step="nothing was sent and it is tried again later; check the server, its login and"
        " VET_PIPELINE_SMTP_SENDER",
    )
