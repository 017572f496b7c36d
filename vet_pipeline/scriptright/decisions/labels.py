"""Prescriptions that a pet's new name or owner holds up, for the pharmacist who has to see to each.

What marks them is in records/consequences.py and the schema's triggers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class HeldLabel:
    """A prescription that waits for a new one, or for a word on its client."""

    prescription_id: int
    drug: str
    label_name: str  # as printed: it never changes
    state: str  # needs_new_prescription | owner_changed
    new_name: str | None  # that the new one is to be written under
    pet_id: int
    pet: str | None  # its name by now
    pet_deceased: bool  # by now
    client_id: int  # the prescription's
    client: str  # their name
    owner_id: int  # the pet's owner by now, maybe the same
    owner: str
    since: datetime | None  # UTC, of the last mark; None: marked before marks were noted
    by: str | None  # who marked it last; None: a load


def held_labels(
    connection: Connection, practice_id: str, *, limit: int, after: int
) -> list[HeldLabel]:
    """All that are held, by number; the next page starts `after` the last one of this."""
    rows = connection.execute(
        _HELD, {"practice_id": practice_id, "after": after, "limit": limit}
    ).mappings()
    return [HeldLabel(**row) for row in rows]


def count_held(connection: Connection, practice_id: str) -> int:
    """How many are held."""
    return int(connection.execute(_COUNT, {"practice_id": practice_id}).scalar_one())


HELD_UP = "r.state IN ('needs_new_prescription', 'owner_changed')"  # a prescription r
_IS_HELD = f"r.practice_id = :practice_id AND {HELD_UP}"
_COUNT = text(f"SELECT count(*) FROM scriptright.prescription r WHERE {_IS_HELD}")  # noqa: S608
_NAME = "coalesce(nullif(concat_ws(' ', {0}.first_name, {0}.last_name), ''), {0}.organisation, '')"
_HELD = text(f"""
    SELECT r.prescription_id, r.drug, r.label_name, r.state, r.new_name, r.pet_id, pet.name AS pet,
        pet.deceased AS pet_deceased, r.client_id, {_NAME.format("c")} AS client, pet.client_id AS owner_id,
        {_NAME.format("o")} AS owner, mark.changed_at AS since, mark.actor AS by
    FROM scriptright.prescription r
    JOIN scriptright.pet USING (practice_id, pet_id)
    JOIN scriptright.client c ON c.practice_id = r.practice_id AND c.client_id = r.client_id
    JOIN scriptright.client o ON o.practice_id = r.practice_id AND o.client_id = pet.client_id
    LEFT JOIN LATERAL (
        SELECT m.changed_at, m.actor FROM scriptright.record_change m
        WHERE m.practice_id = r.practice_id AND m.record = 'prescription'
          AND m.record_id = r.prescription_id AND m.field = 'state'
        ORDER BY m.change_id DESC LIMIT 1) mark ON true
    WHERE {_IS_HELD} AND r.prescription_id > :after
    ORDER BY r.prescription_id LIMIT :limit
""")  # noqa: S608 - constants
