"""The confirmation email: what was copied, what stays manual, what comes next, whom to ask.

It holds counts and the field policy, nothing of any client or pet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from vet_pipeline.errors import DecisionRefused, UsageError
from vet_pipeline.policy import FIELDS, LaterChange

if TYPE_CHECKING:
    from vet_pipeline.scriptright.telling.outbox import Claim

_COUNTS = (
    "clients_new",
    "clients_linked",
    "clients_possible",
    "pets_new",
    "pets_linked",
    "pets_possible",
    "pets_waiting",
    "suggestions_opened",
    "clients_quarantined",
    "pets_quarantined",
    "clients_twice",
    "pets_twice",
)
_NEXT = "Your system is read again every 48 to 72 hours. You do not need to do anything."
_NEXT_CORRECTED = (
    "Your system is read again every 48 to 72 hours. You do not need to do anything but correct the"
    " entries that could not be used."
)
_PAUSED = (
    "Your system is not read at present: copying is paused. Once it is resumed, your system is read"
    " again every 48 to 72 hours."
)


def confirmation_message(
    about: Claim, *, sender: str, support: str | None, now: datetime
) -> EmailMessage:
    """The email, plain text and HTML. `now` is aware and becomes the Date header.

    Counts that aren't there are 0.

    Raises DecisionRefused when the practice's contact address can't be one recipient, and
    UsageError when the sender's can't be one.
    """
    author = author_of(sender)
    recipient = address_of(about.contact_email)
    if recipient is None:
        raise DecisionRefused(
            "the practice's contact address can't receive email",
            next_step="correct the contact address of the practice, then send again",
        )
    asked = (support and address_of(support)) or author.addr_spec
    words = _words(about, support=asked)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{words['practice']}: your clients and pets are copied"
    message["From"] = author
    message["To"] = Address(addr_spec=recipient)
    if support:
        message["Reply-To"] = Address(addr_spec=asked)
    message["Date"] = now
    message["Message-ID"] = one_line(about.message_id)
    # RFC 3834: no vacation notices in answer to a machine.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_templates().get_template("confirmation.txt").render(words))
    message.add_alternative(
        _templates().get_template("confirmation.html").render(words), subtype="html"
    )
    return message


def author_of(sender: str) -> Address:
    """Who writes to practices; UsageError where that is no one address."""
    author = _mailbox(sender)
    if author is None:
        raise UsageError(
            "the sender of emails is no email address",
            next_step="set VET_PIPELINE_SMTP_SENDER to an address, or Name <address>",
        )
    return author


def address_of(text: str) -> str | None:
    """The one bare ASCII address in `text`, or None. Never two recipients, never a group."""
    mailbox = _mailbox(text)
    return mailbox.addr_spec if mailbox else None


def _mailbox(text: str) -> Address | None:
    try:
        header: Any = HeaderRegistry()("To", one_line(text))
    except (LookupError, TypeError, AttributeError):  # its parser stumbles: "desk@", "a@["
        return None
    if header.defects or len(header.addresses) != 1 or header.groups[0].display_name:
        return None
    (mailbox,) = header.addresses
    return mailbox if mailbox.domain and mailbox.addr_spec.isascii() else None


def one_line(text: str) -> str:
    """Text fit for a header: control and format characters become spaces, runs of blanks one.

    An encoded word (RFC 2047) is taken apart: the email library would decode it, line ends and all.
    """
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(visible.replace("=?", "= ?").split())


def _words(about: Claim, *, support: str) -> dict[str, Any]:
    counts = {name: int(about.counts.get(name, 0)) for name in _COUNTS}
    unusable = {
        # A row that comes twice is counted, too, and its client or pet is copied.
        record: counts[f"{record}_quarantined"] - counts[f"{record}_twice"]
        for record in ("clients", "pets")
    }
    following = _NEXT_CORRECTED if any(unusable.values()) else _NEXT
    return {
        **counts,
        "practice": one_line(about.practice_name),
        "support": support,
        "not_copied": _not_copied(counts, unusable),
        "next": _PAUSED if about.paused else following,
        "automatic": [f.label for f in FIELDS if f.later is LaterChange.AUTOMATIC],
        "manual": [f.label for f in FIELDS if f.later is LaterChange.MANUAL],
        "attested": [f.label for f in FIELDS if f.later is LaterChange.ATTESTED],
    }


def _not_copied(counts: Mapping[str, int], unusable: Mapping[str, int]) -> list[str]:
    """What of the PIMS isn't in ScriptRight, and when it will be; a sentence for each reason."""
    found = []
    if counts["clients_possible"] or counts["pets_possible"]:
        waiting = counts["pets_waiting"]
        along = f" Pets that wait with such a client: {waiting}." if waiting else ""
        found.append(
            f"They may be the same as existing ones: clients: {counts['clients_possible']},"
            f" pets: {counts['pets_possible']}.{along} They are copied or matched once a person"
            " has decided."
        )
    if any(unusable.values()):
        found.append(
            "Their entries in your system could not be used (no id, an id twice, an unknown owner,"
            f" an impossible date, say): clients: {unusable['clients']}, pets: {unusable['pets']}."
            " They are copied once they are correct there."
        )
    return found


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("vet_pipeline.mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
