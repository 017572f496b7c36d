"""What is alike in two names, contacts and animals; what follows is another.py's and apart.py's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.scriptright.records.who import BOB, CLIENT, PET, is_another
from vet_pipeline.scriptright.records.likeness import (
    contacts_of,
    differences,
    identifying,
    may_be_one_pets_name,
    share_house_and_number,
)


def alike(now: dict[str, Any], was: dict[str, Any] | None = None) -> bool:
    a, b = (identifying("client", CLIENT | cells) for cells in (was or {}, now))
    return share_house_and_number(a, b)


def test_two_share_house_and_number_where_both_are_said() -> None:
    nowhere = {"address_line1": None, "postal_code": "62704"}
    assert alike({"last_name": "Moss"})
    assert not alike({"phones": BOB["phones"]})
    assert not alike({"address_line1": "9 Oak Ave"})
    assert not alike(nowhere, nowhere)


def test_a_street_is_one_house_in_one_town_alone() -> None:
    assert not alike({"postal_code": "60601"})
    assert alike({"postal_code": None}, {"postal_code": None})


def test_a_number_that_could_not_be_read_is_a_contact_as_it_was_typed() -> None:
    typed = {"phones": [{"number": None, "recorded": "555-0142 desk"}]}
    assert alike(typed, typed)
    one = identifying("client", CLIENT | typed | {"email": None, "address_line1": None})
    assert contacts_of(one) == {"555-0142 desk"}


def test_who_moves_and_has_another_number_and_email_is_no_other_client() -> None:
    assert differences("client", CLIENT, BOB | {"first_name": "Ann", "last_name": "Lee"}) == ()
    assert differences("client", CLIENT, BOB | {"first_name": "Ann"}) == (
        "surname_and_contacts_differ",
    )


@pytest.mark.parametrize(("days", "differ"), [(400, False), (401, True)])
def test_a_birth_date_that_moves_by_more_than_a_year_and_a_bit_is_anothers(
    days: int, differ: bool
) -> None:
    other = PET | {"birth_date": PET["birth_date"] + timedelta(days=days)}
    assert differences("pet", PET, other) == (("birth_dates_differ",) if differ else ())
    assert differences("pet", other, PET) == differences("pet", PET, other)


def test_what_one_side_does_not_say_does_not_differ() -> None:
    bare = {"name": "Rex", "species": None, "breed": None, "birth_date": None}
    assert differences("pet", PET, bare) == differences("pet", bare, PET) == ()


def test_whose_a_pet_is_in_the_pims_is_among_what_says_which_it_is() -> None:
    assert identifying("pet", PET | {"pims_client_id": "7"}) == {
        "name": "Rex",
        "name_note": None,
        "birth_date": date(2020, 5, 1).isoformat(),
        "birth_date_estimated": None,
        "species": "dog",
        "breed": "Beagle",
        "pims_client_id": "7",
    }


@pytest.mark.parametrize(
    ("one", "other", "is_another_one"),
    [
        ("Mary Jo", "Jo", False),  # a name of two letters is no initial
        ("Adeline", "Addie", False),
        ("Alice", "Lisa", True),  # forms of one by the book, and two sisters
        ("Maria", "Mary", True),
    ],
)
def test_given_names_are_one_by_their_short_forms(
    one: str, other: str, is_another_one: bool
) -> None:
    # With another surname at one number they are told apart by the given names.
    rows = [
        CLIENT | {"first_name": one},
        CLIENT | {"first_name": other, "last_name": "Moss"},
    ]
    assert is_another("client", *rows) is is_another_one
    assert is_another("client", *reversed(rows)) is is_another_one


@pytest.mark.parametrize(
    ("one", "other", "may_be_one"),
    [("bailey", "baylee", True), ("ozzy", "ozzie", True), ("lucy", "lucky", False)],
)
def test_pets_names_are_one_by_their_spellings(one: str, other: str, may_be_one: bool) -> None:
    assert may_be_one_pets_name(one, other) is may_be_one
    assert may_be_one_pets_name(other, one) is may_be_one
