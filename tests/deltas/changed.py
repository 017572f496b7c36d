"""One client or pet before and after: what the delta says of each field."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from tests.frames import clients, not_taken, pets
from vet_pipeline.deltas.changes import field_changes

PHONE = {"number": "+13345550100", "extension": None, "kind": "home", "recorded": "334-555-0100"}


def client_change(
    old: dict[str, Any], new: dict[str, Any], *left_out: tuple[str, str]
) -> list[tuple[str, str, str]]:
    was, now = (clients({"pims_client_id": "1", **row}) for row in (old, new))
    told = not_taken(*(("1", *line) for line in left_out))
    return short(field_changes("client", was, now, told, not_taken()))


def pet_change(
    old: dict[str, Any], new: dict[str, Any], *left_out: tuple[str, str]
) -> list[tuple[str, str, str]]:
    was, now = (pets({"pims_pet_id": "1", **row}) for row in (old, new))
    told = not_taken(*(("1", *line) for line in left_out))
    return short(field_changes("pet", was, now, told, not_taken()))


def short(changes: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(changes["field"], changes["action"], changes["reason"], strict=True))


def weight(value: str, unit: str, kg: str | None, on: date | None) -> dict[str, Any]:
    return {
        "weight_value": Decimal(value),
        "weight_unit": unit,
        "weight_kg": None if kg is None else Decimal(kg),
        "weighed_on": on,
    }
