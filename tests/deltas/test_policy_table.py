"""The policy's table is what the delta goes by."""

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.deltas.changed import PHONE, client_change, pet_change, weight
from vet_pipeline.policy import FIELDS, LaterChange


def test_the_policy_is_the_table_of_what_is_copied() -> None:
    automatic = {(f.record, f.name) for f in FIELDS if f.later is LaterChange.AUTOMATIC}
    attested = {(f.record, f.name) for f in FIELDS if f.later is LaterChange.ATTESTED}
    manual = {(f.record, f.name) for f in FIELDS if f.later is LaterChange.MANUAL}
    assert automatic == {("client", "email"), ("pet", "weight"), ("pet", "deceased")}
    assert attested == {("pet", "name")}
    assert manual == {
        ("client", "name"),
        ("client", "address"),
        ("client", "phones"),
        ("pet", "age"),
        ("pet", "breed"),
        ("pet", "owner"),
    }


@pytest.mark.parametrize("later", [LaterChange.MANUAL, LaterChange.AUTOMATIC])
def test_what_waits_for_a_person_is_the_table_s_to_say_alone(
    monkeypatch: pytest.MonkeyPatch, later: LaterChange
) -> None:
    # Each field but name and owner, whose meaning is more than a value's.
    told = {f.name: replace(f, later=later) for f in FIELDS if f.name not in ("name", "owner")}
    monkeypatch.setattr(
        "vet_pipeline.deltas.changes.fields_of",
        lambda record: tuple(f for f in told.values() if f.record == record),
    )
    action = "apply" if later is LaterChange.AUTOMATIC else "suggest"
    client = {"city": "Auburn", "phones": json.dumps([PHONE]), "email": "b@x.org"}
    pet = {"birth_date": date(2020, 2, 1), "breed": "Beagle", "deceased": True}
    pet |= weight("12", "kg", "12", date(2026, 2, 1))
    assert client_change({"email": "a@x.org", "city": "Opp", "phones": "[]"}, client) == [
        (name, action, "changed") for name in ("address", "phones", "email")
    ]
    assert pet_change({"breed": "Boxer", "deceased": False}, pet) == [
        (name, action, "changed") for name in ("age", "breed", "weight", "deceased")
    ]
