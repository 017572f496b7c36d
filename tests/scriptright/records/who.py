"""A client, an animal and somebody else, by the columns that say who they are; who is another."""

from __future__ import annotations

from datetime import date
from typing import Any

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.records.another import NOTHING, Known, Unlike, unlike

CLIENT: dict[str, Any] = {
    "first_name": "Ann",
    "last_name": "Lee",
    "address_line1": "12 Elm St",
    "postal_code": "62704",
    "phones": [{"number": "+12175550142"}],
    "email": "ann@example.com",
}
PET: dict[str, Any] = {
    "name": "Rex",
    "species": "dog",
    "breed": "Beagle",
    "birth_date": date(2020, 5, 1),
    "pims_client_id": "1",
}
BOB: dict[str, Any] = {
    "first_name": "Bob",
    "last_name": "Moss",
    "address_line1": "9 Oak Ave",
    "postal_code": "60601",
    "phones": [{"number": "+13125550199"}],
    "email": "bob@example.com",
}


def is_another(
    record: Record, was: dict[str, Any], now: dict[str, Any], known: Known = NOTHING
) -> bool:
    return unlike(record, was, now, known) >= Unlike.ANOTHER
