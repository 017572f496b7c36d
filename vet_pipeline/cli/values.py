"""Values of a field as a person reads them: for commands whose purpose is to show them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from vet_pipeline.cli.output import written
from vet_pipeline.policy import FIELDS

Value = Mapping[str, Any]
BLANK = "(blank)"  # what confirming would leave of the value

# JSON from the database comes in an order of its own; people read in the policy's.
_PLACES = {column: place for place, column in enumerate(c for f in FIELDS for c in f.columns)}
# What stands together without a comma.
_TOGETHER = {
    **dict.fromkeys(("title", "first_name", "last_name", "suffix"), "client"),
    **dict.fromkeys(("partner_first_name", "partner_last_name"), "partner"),
    **dict.fromkeys(("weight_value", "weight_unit", "weight_kg"), "weight"),
}
_NAMED = {"client_id": "client", "pet_id": "pet", "pims_client_id": "PIMS client"}
_FLAGS = {
    ("po_box", True): "PO box",
    ("birth_date_estimated", True): "estimated",
    ("deceased", True): "deceased",
    ("deceased", False): "alive",
}


def in_words(value: Value | None) -> str:
    """A field's columns in one line: `12.5 lb = 5.67 kg, 2026-10-09`; blank for nothing."""
    text, before = "", ""
    for name, word in _cells(value):
        about = _TOGETHER.get(name, "")
        if text:
            text += " " if about and about == before else " & " if about == "partner" else ", "
        text, before = text + word, about
    return text


def both_in_words(old: Value | None, new: Value | None) -> tuple[str, str]:
    """Two values; column by column where one line would hide the difference: Ann Marie | Lee.

    Beside the client who had a pet stands whom the PIMS said before: not always the same one.
    """
    if old and "client_id" in old:
        old = {column: part for column, part in old.items() if column != "pims_client_id"}
    sides = in_words(old), in_words(new)
    if sides[0] != sides[1]:
        return _told_apart(*sides)
    cells = _cells(old), _cells(new)
    if cells[0] == cells[1]:
        return sides
    parted = [" | ".join(word for _, word in side) for side in cells]
    if parted[0] == parted[1]:  # a shelter's name as its last name, and as its organisation
        shared = dict(cells[0]).keys() & dict(cells[1]).keys()
        parted = [
            " | ".join(word if name in shared else f"{_plain(name)} {word}" for name, word in side)
            for side in cells
        ]
    return parted[0], parted[1]


def _plain(column: str) -> str:
    return column.replace("_", " ")


def _told_apart(old: str, new: str) -> tuple[str, str]:
    """Letters of other alphabets are written out where the two are alike but for those.

    An "a" of Cyrillic looks like ours: whoever rules a PIMS could have another's email, which
    becomes the login, confirmed as the same one. An accent is seen.
    """
    letters = [_apart(*pair) for pair in zip(old, new, strict=False)]
    told = [pair for pair in letters if pair is not None]
    if len(old) != len(new) or len(told) < len(letters):
        return old, new
    return "".join(one for one, _ in told), "".join(other for _, other in told)


def _apart(one: str, other: str) -> tuple[str, str] | None:
    """Two letters, one of another alphabet written out; None where one sees that they differ."""
    if one.casefold() == other.casefold():
        return one, other
    if one.isascii() == other.isascii():
        return None
    foreign = unicodedata.name(other if one.isascii() else one, "")
    if foreign.startswith("LATIN ") and " WITH " in foreign:
        return None
    return (one, written(other)) if one.isascii() else (written(one), other)


def _cells(value: Value | None) -> list[tuple[str, str]]:
    cells = sorted((value or {}).items(), key=lambda cell: _PLACES.get(cell[0], -1))
    words = [(name, _word(name, part)) for name, part in cells]
    return [(name, word) for name, word in words if word]


def _word(name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if name == "phones":
        return "; ".join(_phone(phone) for phone in value)
    if isinstance(value, bool):
        return _FLAGS.get((name, value), "")
    if name == "weight_kg":
        return f"= {value} kg"
    if name in _NAMED:
        return f"{_NAMED[name]} {value}"
    return str(value)


def _phone(phone: Any) -> str:
    if not isinstance(phone, dict):  # as the web shop wrote it
        return str(phone)
    extension = f" ext. {phone['extension']}" if phone.get("extension") else ""
    kind = f" ({phone['kind']})" if phone.get("kind") not in (None, "unknown") else ""
    return f"{phone.get('number') or phone.get('recorded')}{extension}{kind}"
