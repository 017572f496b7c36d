"""The field policy: what is copied, and what may change by itself (docs/rules.md section 1).

This table exists once. Deltas, apply, review, documentation and CLI read it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Record = Literal["client", "pet"]
RECORDS: tuple[Record, ...] = ("client", "pet")  # owners come before their pets


class LaterChange(StrEnum):
    """What happens to a change seen after the first load."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    ATTESTED = "attested"  # manual, and a named person states that it is the same animal


@dataclass(frozen=True, slots=True)
class Field:
    """One unit of change: its columns are compared, shown, applied and undone together."""

    record: Record
    name: str
    columns: tuple[str, ...]  # columns of the normalized frame and of the ScriptRight table
    later: LaterChange
    label: str

    @property
    def is_automatic(self) -> bool:
        """Whether a later change is applied without a person."""
        return self.later is LaterChange.AUTOMATIC


FIELDS: tuple[Field, ...] = (
    Field(
        "client",
        "name",
        (
            "title",
            "first_name",
            "last_name",
            "suffix",
            "partner_first_name",
            "partner_last_name",
            "organisation",
            "name_note",
        ),
        LaterChange.MANUAL,
        "client name",
    ),
    Field(
        "client",
        "address",
        ("address_line1", "address_line2", "unit", "city", "state", "postal_code", "po_box"),
        LaterChange.MANUAL,
        "client address",
    ),
    Field("client", "phones", ("phones",), LaterChange.MANUAL, "client phone numbers"),
    Field("client", "email", ("email",), LaterChange.AUTOMATIC, "client email"),
    Field("pet", "name", ("name", "name_note"), LaterChange.ATTESTED, "pet name"),
    Field("pet", "age", ("birth_date", "birth_date_estimated"), LaterChange.MANUAL, "pet age"),
    Field("pet", "breed", ("species", "breed"), LaterChange.MANUAL, "pet species and breed"),
    Field(
        "pet",
        "weight",
        ("weight_value", "weight_unit", "weight_kg", "weighed_on"),
        LaterChange.AUTOMATIC,
        "pet weight",
    ),
    Field("pet", "deceased", ("deceased", "deceased_on"), LaterChange.AUTOMATIC, "pet deceased"),
    # In ScriptRight the owner is client_id; in the PIMS it is the owner's key.
    Field("pet", "owner", ("pims_client_id",), LaterChange.MANUAL, "owner of the pet"),
)

FIELD: dict[tuple[str, str], Field] = {(f.record, f.name): f for f in FIELDS}


def fields_of(record: Record) -> tuple[Field, ...]:
    """The fields of clients or pets, in the order of the table."""
    return tuple(f for f in FIELDS if f.record == record)
