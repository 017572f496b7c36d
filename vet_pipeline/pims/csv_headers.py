"""Headers of an export: how they are spelled, and what those that aren't known may be about."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A header that isn't known is never shown; that it says one of these may be. A list of clients with
# their pets is both exports, so each has the other's columns.
_NUMBERS = frozenset({"phone", "telephone", "tel", "cell", "mobile"})
_TELLING = {
    "clients": _NUMBERS | {
        "address", "addr", "street", "house", "apt", "apartment", "suite", "unit", "city", "town",
        "suburb", "state", "province", "zip", "postal", "postcode", "email",
    },
    "patients": frozenset({
        "weight", "weighed", "wt", "kg", "lb", "lbs", "birth", "dob", "deceased", "dead", "death", "died",
        "alive", "euthanized", "euthanised", "species", "breed",
    }),
    "phones": _NUMBERS,
}  # fmt: skip
# Where the words of "MailingAddress" and "Email2" meet.
_MEET = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_E_MAIL = re.compile(r"\be[-_ ]mail", re.IGNORECASE)


def telling(part: str, ignored: Sequence[str]) -> tuple[str, ...]:
    """The words of headers that say what this export may hold; a "Weight Unit" is the other's."""
    ours = _TELLING[part]
    others = frozenset().union(*_TELLING.values()) - ours
    headers = [
        set(_folded(_MEET.sub(" ", _E_MAIL.sub("email", header))).split()) for header in ignored
    ]
    return tuple(sorted({w for words in headers if not words & others for w in words & ours}))


def places(header: Sequence[str], names: Sequence[str]) -> list[int]:
    """Where one of the names stands; run together (ZipCode) only where none does as it is.

    An address is one unit: a line of it under a header that isn't known would be lost in silence.
    """
    for spelled in (_folded, _run_together):
        known = set(map(spelled, names))
        if found := [place for place, cell in enumerate(header) if spelled(cell) in known]:
            return found
    return []


def in_words(header: str, names: Sequence[str]) -> str:
    """A header as it is, or as it is known: "HomePhone" as a phone's label names no kind."""
    if _folded(header) in map(_folded, names):
        return header
    return next(name for name in names if _run_together(name) == _run_together(header))


def _folded(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", header.casefold()).strip()


def _run_together(header: str) -> str:
    return _folded(header).replace(" ", "")
