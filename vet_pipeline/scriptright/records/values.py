"""One form for the values of a field, whether they come from a table, a frame or JSON.

A value is a dict of the field's columns (policy.py) to JSON scalars: dates as ISO text, decimals
as text without trailing zeros, phones as a list, blank as None. Two values are equal exactly when
their canonical dicts are. Suggestions, record changes and stand-alone values are all kept so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from vet_pipeline.normalize.places import delivery_area
from vet_pipeline.policy import Field, Record, fields_of

Value = dict[str, Any]

# The fields that say who a client or which animal a pet is. Digests of them are kept, in this order
# (identity.py): it must stay as it is.
IDENTIFYING: dict[str, tuple[str, ...]] = {
    "client": ("name", "address", "phones", "email"),
    "pet": ("name", "age", "breed", "owner"),
}

# SQL types of the columns that aren't text, for binding the canonical form.
SQL_TYPES: dict[str, str] = {
    "phones": "jsonb",
    "po_box": "boolean",
    "birth_date": "date",
    "birth_date_estimated": "boolean",
    "weight_value": "numeric",
    "weight_kg": "numeric",
    "weighed_on": "date",
    "deceased": "boolean",
    "deceased_on": "date",
    "client_id": "bigint",
}
_NUMBERS = frozenset({"weight_value", "weight_kg"})
_NEVER_NULL = frozenset({"po_box", "deceased"})
_NOT_TEXT = {c for c, of in SQL_TYPES.items() if of != "date"}  # a date is ISO text


def canonical(field: Field, value: Mapping[str, object]) -> Value:
    """The value in the one form; columns that are absent count as blank.

    The owner's value is kept as it is: `client_id` in ScriptRight, `pims_client_id` in the PIMS.
    """
    if field.name == "owner":
        return {k: _owner_key(k, v) for k, v in sorted(value.items()) if k in _OWNER_COLUMNS}
    return {c: _scalar(c, value.get(c)) for c in field.columns}


def all_values(record: Record, row: Mapping[str, object]) -> Value:
    """Every column of the record's fields, canonical; a pet's owner as `pims_client_id`."""
    out: Value = {}
    for field in fields_of(record):
        out.update(canonical(field, row))
    return out


def is_blank(field: Field, value: Mapping[str, object]) -> bool:
    """Whether the field holds nothing. A pet that isn't known to be dead is blank in `deceased`."""
    lead = _LEADING.get((field.record, field.name), field.columns)
    return not any(canonical(field, value).get(column) for column in lead)


def same(field: Field, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Equal to the letter: what confirming and staleness go by."""
    return canonical(field, one) == canonical(field, other)


def unchanged(field: Field, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Equal to a load, as in the delta: how a phone number was typed doesn't count.

    Nor what the web shop leaves out of one, or blank, where our form says that nothing is known,
    nor what it adds of its own; nor in which line of an address a flat stands, nor the four digits
    behind a ZIP code.
    """
    return _as_said(as_compared(field, one)) == _as_said(as_compared(field, other))


def as_compared(field: Field, value: Mapping[str, object]) -> Value:
    """The canonical value without the text of phone numbers as typed, unless it is all there is.

    This must stay as it is, as digests of it are kept (identity.py).
    """
    held = canonical(field, value)
    if field.name != "phones":
        return held
    return {
        "phones": [p if p.get("number") is None else p | {"recorded": None} for p in held["phones"]]
    }


def _as_said(compared: Value) -> Value:
    if "phones" in compared:
        said = [_said(phone) for phone in compared["phones"]]
        return {"phones": [phone | {"kind": phone["kind"] or "unknown"} for phone in said]}
    if "unit" in compared:
        return _on_one_line(compared)
    return compared


def _on_one_line(address: Value) -> Value:
    """Its lines as one: normalizing puts a flat into `unit`, clients type it where they like."""
    lines = " ".join(filter(None, (address[line] for line in _LINES)))
    unit, area = " ".join(lines.replace(",", " ").split()), delivery_area(address["postal_code"])
    return address | dict.fromkeys(_LINES) | {"unit": unit, "postal_code": area}


def alike(field: Field, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Equal to a person: as `unchanged`, and case and spaces don't count, nor the order of phones.

    Only a merge goes by this: two systems that spell one address differently in capitals
    are no question for staff.
    """
    a, b = canonical(field, one), canonical(field, other)
    if field.name == "phones":
        return _numbers(a["phones"]) == _numbers(b["phones"])
    a, b = _as_said(a), _as_said(b)
    return {k: _folded(v) for k, v in a.items()} == {k: _folded(v) for k, v in b.items()}


def digest(*parts: object) -> str:
    """A short fingerprint of canonical values, for "is this still what was shown?"."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def bound(column: str, value: object) -> object:
    """A canonical scalar as a parameter for `CAST(:p AS <SQL_TYPES[column]>)`."""
    return json.dumps(value) if column == "phones" else value


_LINES = ("address_line1", "address_line2", "unit")
_PHONE_TEXTS = ("number", "extension", "kind", "recorded")
_OWNER_COLUMNS = ("client_id", "pims_client_id")
_LEADING: dict[tuple[str, str], tuple[str, ...]] = {
    ("pet", "name"): ("name",),
    ("pet", "age"): ("birth_date",),
    ("pet", "weight"): ("weight_value",),
    ("pet", "owner"): _OWNER_COLUMNS,
}


def _owner_key(column: str, value: object) -> object:
    if _is_na(value):
        return None
    return int(str(value)) if column == "client_id" else str(value)


def _scalar(column: str, value: object) -> object:
    if type(value) is str and value and column not in _NOT_TEXT:
        return value
    if column == "phones":
        return _phones(value)
    if _is_na(value) or value == "":
        return False if column in _NEVER_NULL else None
    if column in _NUMBERS:
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if column in SQL_TYPES and SQL_TYPES[column] == "boolean":
        return bool(value)
    return str(value)


def _phones(value: object) -> list[dict[str, object]]:
    if isinstance(value, str):
        value = json.loads(value)
    return [_phone(one) for one in value if one is not None] if isinstance(value, list) else []


def _phone(one: object) -> dict[str, object]:
    """One number in our form, however the web shop has written it: a text alone, say, or digits."""
    said = one if isinstance(one, dict) else {"recorded": one}
    odd = {k: v for k in _PHONE_TEXTS if (v := said.get(k)) is not None and not isinstance(v, str)}
    return said | {k: json.dumps(v) for k, v in odd.items()}


def _is_na(value: object) -> bool:
    return value is None or value is pd.NA or value != value


def _folded(value: object) -> object:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _numbers(phones: list[dict[str, Any]]) -> set[tuple[str | None, str | None]]:
    said = [_said(phone) for phone in phones]
    return {(p["number"] or p["recorded"], p["extension"]) for p in said}


def _said(phone: Mapping[str, Any]) -> dict[str, str | None]:
    return {k: (phone.get(k) or "").strip() or None for k in _PHONE_TEXTS}
