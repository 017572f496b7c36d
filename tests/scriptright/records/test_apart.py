"""When the two sides of a link have drifted apart, and what is no reason to ask."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.scriptright.records.who import BOB, CLIENT, PET
from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.records.apart import (
    identity_of,
    reasons_to_look,
    said_at_link,
    said_now,
)
from vet_pipeline.scriptright.records.shadows import Shadow, shadow_of


def linked(record: Record, pims: dict[str, Any], home: dict[str, Any]) -> Shadow:
    return shadow_of(record, pims) | said_at_link(record, pims, home)


def after(record: Record, row: dict[str, Any], **cells: Any) -> tuple[str, ...]:
    """The reasons once the PIMS says `cells` of a record that was the same on both sides."""
    shadow = linked(record, row, row)
    now = row | cells
    for (of, _), field in FIELD.items():
        if of == record and set(field.columns) & set(cells):
            shadow = said_now(shadow, field, {c: now.get(c) for c in field.columns})
    return reasons_to_look(record, shadow, row)


@pytest.mark.parametrize(
    ("cells", "reasons"),
    [
        ({"first_name": "Bob"}, ("first_names_differ",)),
        ({"first_name": "Anna"}, ()),
        ({"first_name": "A"}, ()),
        ({"first_name": "Nancy"}, ()),  # Ann is short for it
        ({"first_name": "Bob", "partner_first_name": "Ann"}, ()),
        ({"first_name": None, "organisation": "Lee Farms"}, ()),
        ({"last_name": "Garcia"}, ()),  # a marriage
        ({"address_line1": "9 Oak Ave", "postal_code": "60601"}, ()),  # a move
        (
            {
                "last_name": "Garcia",
                "address_line1": "9 Oak Ave",
                "phones": [{"number": "+13125550199"}],
                "email": "garcia@example.com",
            },
            ("surname_and_contacts_differ",),
        ),
        (
            {
                "last_name": "Garcia",
                "address_line1": "9 Oak Ave",
                "phones": [{"number": "+13125550199"}],
            },
            (),  # her email
        ),
    ],
)
def test_a_client_is_in_question_when_it_may_be_another_person(
    cells: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    assert after("client", CLIENT, **cells) == reasons


@pytest.mark.parametrize(
    ("cells", "reasons"),
    [
        ({"name": "Rexy"}, ()),
        ({"name": "Luna"}, ("names_differ",)),
        ({"species": "cat"}, ("species_differ",)),
        ({"species": None}, ()),
        ({"breed": "Boxer"}, ()),
        ({"birth_date": date(2020, 1, 5)}, ()),  # a slip or an estimate
        ({"birth_date": date(2024, 5, 1)}, ("birth_dates_differ",)),
        ({"birth_date": None}, ()),
        ({"name": "Luna", "species": "cat"}, ("names_differ", "species_differ")),
    ],
)
def test_a_pet_is_in_question_when_it_may_be_another_animal(
    cells: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    assert after("pet", PET, **cells) == reasons


def test_a_pet_whose_owner_is_another_client_by_now_is_in_question() -> None:
    shadow = linked("pet", PET, PET)
    assert reasons_to_look("pet", shadow, PET, beside=["owners_differ"]) == ("owners_differ",)
    assert reasons_to_look("pet", shadow, PET, beside=["two_of_one_owner"]) == ("two_of_one_owner",)


def test_an_edit_on_our_side_counts_as_well() -> None:
    shadow = linked("pet", PET, PET)
    home = PET | {"name": "Luna", "species": "cat"}
    assert reasons_to_look("pet", shadow, home) == (
        "names_differ",
        "species_differ",
    )


def test_what_differed_when_a_person_linked_them_is_no_drift() -> None:
    shadow = linked("client", CLIENT, CLIENT | {"first_name": "Bob"})
    home = CLIENT | {"first_name": "Bob"}
    assert reasons_to_look("client", shadow, home) == ()


def test_a_weight_is_no_part_of_who_a_pet_is() -> None:
    shadow = linked("pet", PET, PET)
    assert said_now(shadow, FIELD["pet", "weight"], {"weight_value": "3"}) == shadow
    heavier = identity_of("pet", shadow, PET | {"weight_value": 3})
    assert identity_of("pet", shadow, PET) == heavier


@pytest.mark.parametrize(("one", "other"), [("Beth", "Liz"), ("Liz", "Beth")])
def test_two_short_forms_of_a_name_are_one_whichever_side_says_which(one: str, other: str) -> None:
    """The book has Liz among Beth's forms, and not Beth among Liz's."""
    assert after("client", CLIENT | {"first_name": one}, first_name=other) == ()


def test_a_postal_code_alone_keeps_no_link_from_being_looked_at() -> None:
    nowhere = {"address_line1": None, "postal_code": "62704"}
    gone = BOB | nowhere | {"first_name": "Ann"}
    shadow = linked("client", CLIENT | nowhere, CLIENT | nowhere)
    assert reasons_to_look("client", shadow, gone) == ("surname_and_contacts_differ",)
