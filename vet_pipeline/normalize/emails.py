"""Email addresses: syntax only, no look-up of any domain.

Only the domain is lower-cased (the part before the @ belongs to the mail server); whoever
compares addresses folds case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vet_pipeline.normalize.text import clean, is_filler, lazily

# Plain addresses, as nearly all are. Everything else goes to the library, which also knows about
# reserved names, IDNA and lengths; the tests hold the two against each other.
_PLAIN = lazily(
    r"(?P<local>[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)"
    r"@(?P<domain>(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,})"
)
_LONGEST_PLAIN = 128
_LONGEST = 320  # RFC 3696: 64 before the @, 255 behind it
_RESERVED = ("arpa", "invalid", "local", "localhost", "onion", "test")
_WORD = lazily(r"[^;,\s|<>()\[\]\"]+")
_OPENING = tuple('<(["')
_EDGES = " .,;:<>()[]\"'"
# A hyperlink as Access keeps and exports it: what is shown, and where it leads.
_HYPERLINK = lazily(r"([^#\s]*)#(?:mailto:|https?://)?([^#\s]*)#+", re.IGNORECASE)

_WORDS = frozenset(
    {
        "none", "no", "na", "n/a", "no email", "noemail", "no e-mail", "declined", "refused",
        "unknown", "none given", "not given", "no computer", "nomail", "null", "x", "xx", "xxx",
        "declines", "decline", "does not have", "no email address", "not provided", "pending",
    }
)  # fmt: skip
# Without what joins their words (no.email, no_email) and the number that a PIMS wants, in which no two
# clients may have one address (noemail12).
_LOCALS = frozenset(
    {
        "none", "noemail", "nomail", "noemailaddress", "noemailprovided", "noemailgiven", "noaddress",
        "noname", "declined", "declines", "refused", "unknown", "notprovided", "notgiven",
        "donthaveone", "doesnothaveone", "needemail", "needsemail", "getemail", "bademail",
        "wrongemail", "invalidemail", "donotemail", "noreply", "donotreply", "bounced", "unsubscribed",
        "undeliverable",
    }
)  # fmt: skip
_JOINED = lazily(r"(?<=mail)[._-]*[0-9]+$|[._-]")
# Typed in front of a domain of the same kind only: na@na.com, no@email.com; Na may be somebody's
# name. Or where nobody has so short a one: no@gmail.com.
_WEAK_LOCALS = frozenset(
    {
        "na", "no", "x", "xx", "xxx", "a", "aa", "test", "email", "nobody", "abc", "fake", "bounce",
        "invalid", "update", "asdf",
    }
)  # fmt: skip
_SHORTEST_GMAIL = 6
# Masked (j****@gmail.com, with bullets or dots as well) or its letters lost; rules allow the signs.
_MASK = lazily("[*\u2022\u25cf\xb7\u2026]|##|[?]{2}")
# What may stand in front of an address without being a part of it. Any other word may be: of
# "ann lee@example.com" nobody can say whether it is a name, or a slip for ann.lee@example.com.
_LEADS = frozenset(
    {
        "email", "e-mail", "email:", "e-mail:", "mail:", "home:", "work:", "personal:", "primary:",
        "secondary:", "other:", "and", "or",
    }
)  # fmt: skip
# All that is said right behind an address, if it says that it is nobody's, or nobody's any more: (old).
# Not where words go on, to the next address or to something else: "old: b@y.com", "wrong number".
_DISOWNED = lazily(
    r"[\s.,;:>(\[*!\u2013\u2014-]*(?:is |was )?(?:old|bad|wrong|invalid|incorrect|outdated|obsolete|inactive|closed|bounce[sd]?"
    r"|bouncing|undeliverable|(?:do not|don'?t) use|(?:not|no longer) (?:valid|works|working|in use|used|his|hers?|theirs?))"
    r"(?: (?:e-?mail|address|one|any ?more))*[\s\d/.-]*(?:[)\](|;!*]|$)",
    re.IGNORECASE,
)
_DOMAINS = frozenset(
    {"none", "noemail", "no-email", "na", "nomail", "declined", "refused", "unknown", "notprovided"}
)
_UNREAD = frozenset({"not_an_email", "words_before_email"})
_SECOND_LEVEL = frozenset({"co", "com", "org", "net"})  # none.co.uk


@dataclass(slots=True)
class Email:
    """The address taken, if any, and a reason for each one that wasn't."""

    address: str | None = None
    reasons: list[str] = field(default_factory=list)


def read_email(raw: str | None) -> Email:
    """The first address of an email field, placeholders apart.

    Where that can't be read the next one isn't taken in its place: it may be somebody else's.
    """
    if raw and not _is_placeholder(raw) and (plain := _plain(raw)):
        return Email(plain)
    result = Email()
    text = clean(raw)
    if text is None or is_filler(text):
        return result
    if text.casefold().strip(_EDGES) in _WORDS:
        result.reasons.append("placeholder")
        return result
    for part, is_whole, is_disowned in _addresses(_shown(text)):
        address = _valid(part)
        if is_disowned or _is_placeholder(part):
            result.reasons.append("placeholder")
        elif address is None:
            result.reasons.append("not_an_email")
        elif not is_whole:
            result.reasons.append("words_before_email")
        elif result.address is None and _UNREAD.isdisjoint(result.reasons):
            result.address = address
        elif address.casefold() != (result.address or "").casefold():
            result.reasons.append("second_email")
    return result


def _shown(text: str) -> str:
    """The address of a hyperlink; the whole text where it shows another one than it leads to."""
    link = _HYPERLINK().fullmatch(text) if text.endswith("#") else None
    if link is None or link[1].casefold() not in ("", link[2].casefold()):
        return text
    return link[1] or link[2]


def _addresses(text: str) -> list[tuple[str, bool, bool]]:
    """Texts that look like addresses, whether each surely begins there, and is disowned.

    The whole field when none does. What stands in brackets or behind another address is whole.
    """
    if text.count("@") == 1 and " " not in text:
        return [(_stripped(text), True, False)]
    found: list[tuple[str, bool, bool]] = []
    has_words = False
    for word in _WORD().finditer(text):
        if "@" in word[0].strip("@"):
            is_enclosed = text[: word.start()].rstrip().endswith(_OPENING)
            parts = word[0].split("/") if word[0].count("@") > 1 else [word[0]]
            is_disowned = _DISOWNED().match(text, word.end()) is not None
            found += [(_stripped(p), is_enclosed or not has_words, is_disowned) for p in parts]
            has_words = False
        elif any(map(str.isalnum, word[0])) and word[0].casefold() not in _LEADS:
            has_words = True
    return found or [(text, True, False)]


def _stripped(text: str) -> str:
    text = text.lstrip(_EDGES.replace(".", "")).rstrip(_EDGES)
    return text[7:] if text[:7].casefold() == "mailto:" else text


def _is_placeholder(text: str) -> bool:
    local, at, domain = text.casefold().partition("@")
    if not at:
        return False
    weak = domain.partition(".")[0] == local or domain == "email.com"
    weak |= domain == "gmail.com" and len(local) < _SHORTEST_GMAIL
    return (
        _JOINED().sub("", local) in _LOCALS
        or _is_no_domain(domain)
        or (local in _WEAK_LOCALS and weak)
    )


def _is_no_domain(domain: str) -> bool:
    """Whether a domain says that there is no email: none.com, and not na.ko.com."""
    name, _, rest = domain.partition(".")
    return name in _DOMAINS and (rest.count(".") == 0 or rest.partition(".")[0] in _SECOND_LEVEL)


def _plain(text: str) -> str | None:
    """The address of a text that is one in every detail, told without the library."""
    found = _PLAIN().fullmatch(text)
    if found is None or len(text) > _LONGEST_PLAIN:
        return None
    domain = found["domain"].lower()
    labels = domain.split(".")
    is_surely_valid = labels[-1] not in _RESERVED and max(map(len, labels)) <= 63
    return f"{found['local']}@{domain}" if is_surely_valid else None


def _valid(text: str) -> str | None:
    if plain := _plain(text):
        return plain
    if len(text) > _LONGEST or _MASK().search(text):
        return None
    # Only here: the library takes longer to load than a whole practice's plain addresses.
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized
    except (EmailNotValidError, ValueError):
        return None
