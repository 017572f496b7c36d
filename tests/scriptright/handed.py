"""Ann and Rex of a small practice, who and what their keys are handed on to, and what is asked then."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, pet, phones
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions, reject

OPEN = """
    SELECT field, reason FROM scriptright.suggestion WHERE state = 'open' ORDER BY suggestion_id
"""
PET = "SELECT name, species, weight_value::int, deceased FROM scriptright.pet"
ANN = "ann@example.com"
DEAD = pet("10", "1", deceased_flag="1")
BOB: Cells = {
    "first_name": "Bob", "last_name": "Moss", "address_line1": "9 Oak Ave",
    "phones": phones("(217) 555-0188"), "email": "bob@example.com",
}  # fmt: skip
MOVED: Cells = {"address_line1": "9 Oak Ave", "phones": phones("(217) 555-0188")}
TOM: Cells = {
    "name": "Tom", "species": "cat", "breed": "Siamese", "birth_date": "2025-01-01",
    "weight": "4", "weight_date": "2026-02-20", "deceased_flag": "0",
}  # fmt: skip
RESCUE: Cells = {
    "first_name": None, "last_name": None, "organisation": "Happy Paws Rescue",
    "address_line1": "7 Mill Rd", "phones": phones("(217) 555-0177"), "email": "paws@example.com",
}  # fmt: skip


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (10), who is dead, loaded as snapshot 1."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    return engine


@pytest.fixture
def living(oak: Engine) -> Engine:
    """The same, and Rex lives: his death was a mistake."""
    load(oak, "oak", 2, [client("1")], [pet("10", "1")])
    return oak


def decide(engine: Engine, *, yes: bool, field: str | None = None) -> None:
    with engine.connect() as connection:
        asked = [s for s in list_suggestions(connection, "oak") if field in (None, s.field)]
    for s in asked:
        if yes:
            confirm(engine, "oak", s.suggestion_id, by="Pat Doe", same_animal=s.record == "pet")
        else:
            reject(engine, "oak", s.suggestion_id, by="Pat Doe")
