"""What each change of a field may do by itself, and what waits for a person."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.deltas.changed import PHONE, client_change, pet_change, short, weight
from tests.frames import clients, not_taken, pets
from vet_pipeline.deltas.changes import field_changes


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ({"last_name": "Lee"}, {"last_name": "Ray"}, "name"),
        ({"city": "Hurtsboro"}, {"city": "Auburn"}, "address"),
        ({"unit": "Apt 1"}, {"unit": None}, "address"),
        ({"phones": "[]"}, {"phones": json.dumps([PHONE])}, "phones"),
    ],
)
def test_a_manual_client_field_waits_for_a_person(
    old: dict[str, Any], new: dict[str, Any], field: str
) -> None:
    reason = "became_blank" if field == "address" and "unit" in old else "changed"
    assert client_change(old, new) == [(field, "suggest", reason)]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ({"name": "Rex"}, {"name": "Max"}, "name"),
        ({"birth_date": date(2020, 1, 1)}, {"birth_date": date(2020, 2, 1)}, "age"),
        ({"species": "dog", "breed": "Beagle"}, {"species": "cat", "breed": "Beagle"}, "breed"),
        ({"pims_client_id": "7"}, {"pims_client_id": "8"}, "owner"),
    ],
)
def test_a_manual_pet_field_waits_for_a_person(
    old: dict[str, Any], new: dict[str, Any], field: str
) -> None:
    assert pet_change(old, new) == [(field, "suggest", "changed")]


def test_an_email_changes_by_itself() -> None:
    assert client_change({"email": "a@x.org"}, {"email": "b@x.org"}) == [
        ("email", "apply", "changed")
    ]


def test_the_four_digits_behind_a_zip_code_are_no_change() -> None:
    short_code, long_code = {"postal_code": "62704"}, {"postal_code": "62704-1234"}
    assert client_change(short_code, long_code) == client_change(long_code, short_code) == []
    asked = [("address", "suggest", "changed")]
    assert client_change(long_code, {"postal_code": "62705-1234"}) == asked
    assert client_change(short_code | {"city": "Auburn"}, long_code | {"city": "Opelika"}) == asked


def test_that_a_birth_date_is_not_estimated_is_no_news_where_nothing_was_said_of_it() -> None:
    born = {"birth_date": date(2020, 5, 1)}
    said = born | {"birth_date_estimated": False}
    assert pet_change(born, said) == pet_change(said, born) == []
    guessed = born | {"birth_date_estimated": True}
    assert pet_change(said, guessed) == [("age", "suggest", "changed")]


def test_the_first_email_of_a_client_is_a_change_like_any() -> None:
    assert client_change({}, {"email": "b@x.org"}) == [("email", "apply", "changed")]


def test_a_blank_email_never_erases_one() -> None:
    assert client_change({"email": "a@x.org"}, {}) == [("email", "suggest", "became_blank")]


def test_the_case_of_an_email_is_no_change() -> None:
    assert client_change({"email": "ANN@x.org"}, {"email": "ann@x.org"}) == []


@pytest.mark.parametrize(
    ("old", "column", "reason", "field"),
    [
        ({"weight_value": Decimal(30)}, "weight", "ambiguous_weight", "weight"),
        ({"birth_date": date(2020, 1, 1)}, "birth_date", "not_a_date", "age"),
    ],
)
def test_what_can_not_be_read_is_no_blank_and_no_question(
    old: dict[str, Any], column: str, reason: str, field: str
) -> None:
    assert pet_change(old, {}, (column, reason)) == [(field, "keep", "unreadable")]
    email = {"email": "ann@x.org"}
    assert client_change(email, {}, ("email", "not_an_email")) == [("email", "keep", "unreadable")]
    assert client_change(email, {}, ("email", "placeholder")) == [
        ("email", "suggest", "became_blank")
    ]


def test_what_is_not_taken_of_a_name_is_no_slip_of_another_field() -> None:
    was = {"name": "Rex", "weight_value": Decimal(30)}
    assert pet_change(was, {"weight_value": Decimal(30)}, ("name", "no_name")) == [
        ("name", "keep", "became_blank")
    ]
    assert pet_change(was, {"name": "Rex"}, ("species", "unknown_word")) == [
        ("weight", "suggest", "became_blank")
    ]


def test_phones_that_can_not_be_read_are_no_question() -> None:
    was = {"phones": json.dumps([PHONE])}
    assert client_change(was, {}, ("phones", "letters")) == [("phones", "keep", "unreadable")]
    assert client_change(was, {}) == [("phones", "suggest", "became_blank")]


def test_a_number_beside_one_that_can_not_be_read_is_a_change_like_any() -> None:
    was, now = ({"phones": json.dumps([PHONE | {"number": n}])} for n in ("+1334", "+1335"))
    assert client_change(was, now, ("phones", "letters")) == [("phones", "suggest", "changed")]


def test_a_negative_weight_means_not_weighed() -> None:
    was = weight("10", "kg", "10", None)
    assert pet_change(was, {}, ("weight", "negative_weight")) == [
        ("weight", "suggest", "became_blank")
    ]


@pytest.mark.parametrize("column", ["deceased_flag", "deceased_date", "status"])
def test_a_word_nobody_knows_where_a_death_was_is_a_question_of_its_own(column: str) -> None:
    slip = (column, "unknown_word")
    assert pet_change({"deceased": True}, {}, slip) == [("deceased", "suggest", "unreadable")]
    assert pet_change({"deceased": False}, {}, slip) == [("deceased", "keep", "unreadable")]


def test_a_slip_is_taken_out_once_it_is_gone_and_no_sooner() -> None:
    blank, slip = clients({"pims_client_id": "1"}), not_taken(("1", "email", "not_an_email"))
    gone = field_changes("client", blank, blank, not_taken(), slip)
    assert short(gone) == [("email", "keep", "slip_taken_out")]
    assert short(field_changes("client", blank, blank, slip, slip)) == []
    silent, word = pets({"pims_pet_id": "1"}), not_taken(("1", "status", "unknown_word"))
    assert short(field_changes("pet", silent, silent, not_taken(), word)) == []
    letters = not_taken(("1", "phones", "letters"))
    assert short(field_changes("client", blank, blank, not_taken(), letters)) == []


def test_trailing_zeros_are_no_change() -> None:
    assert (
        pet_change(weight("10.50", "kg", "10.5", None), weight("10.5", "kg", "10.50", None)) == []
    )


@pytest.mark.parametrize(("was", "now"), [(None, True), (False, True), (True, False)])
def test_deceased_changes_by_itself_both_ways(was: bool | None, now: bool) -> None:
    assert pet_change({"deceased": was}, {"deceased": now}) == [("deceased", "apply", "changed")]


def test_a_pet_of_which_nothing_was_known_does_not_come_to_life() -> None:
    assert pet_change({"deceased": None}, {"deceased": False}) == [
        ("deceased", "keep", "not_deceased")
    ]
    assert pet_change({"deceased": False}, {"deceased": None}) == [
        ("deceased", "keep", "became_blank")
    ]


def test_a_deceased_flag_that_went_blank_is_a_suggestion() -> None:
    assert pet_change({"deceased": True}, {}) == [("deceased", "suggest", "became_blank")]


def test_a_blank_date_of_death_never_erases_one() -> None:
    dead = {"deceased": True, "deceased_on": date(2026, 1, 1)}
    assert pet_change(dead, {"deceased": True}) == [("deceased", "keep", "became_blank")]


def test_a_name_that_went_blank_is_no_question() -> None:
    assert client_change({"first_name": "Ann", "last_name": "Lee"}, {"title": "Dr"}) == [
        ("name", "keep", "became_blank")
    ]
    assert client_change({"first_name": "Ann", "last_name": "Lee"}, {"last_name": "Lee"}) == [
        ("name", "suggest", "changed")
    ]
    assert client_change({"last_name": "Lee"}, {"organisation": "Paws Rescue"}) == [
        ("name", "suggest", "changed")
    ]
    assert pet_change({"name": "Rex"}, {"name_note": "DECEASED"}) == [
        ("name", "keep", "became_blank")
    ]


def test_a_weighing_whose_date_can_not_be_read_replaces_no_dated_one() -> None:
    was, now = weight("30", "kg", "30", date(2026, 2, 1)), weight("8", "kg", "8", None)
    slip = ("weight_date", "date_order_unknown")
    assert pet_change(was, now, slip) == [("weight", "suggest", "undated_weighing")]
    assert pet_change(weight("30", "kg", "30", None), now, slip) == [("weight", "apply", "changed")]


def test_a_date_of_weighing_that_can_not_be_read_says_nothing_of_a_death() -> None:
    dead = {"deceased": True, "deceased_on": date(2026, 1, 5)}
    changes = pet_change(dead, {"deceased": False}, ("weight_date", "not_a_date"))
    assert changes == [("deceased", "apply", "changed")]


def test_a_birth_date_that_went_blank_is_gone_whatever_is_left_of_its_estimate() -> None:
    guess = {"birth_date": date(2020, 1, 1), "birth_date_estimated": True}
    assert pet_change(guess, guess | {"birth_date": None}) == [("age", "suggest", "became_blank")]


def test_who_is_left_with_a_first_name_is_renamed() -> None:
    ann_lee = {"first_name": "Ann", "last_name": "Lee"}
    assert client_change(ann_lee, {"first_name": "Ann"}) == [("name", "suggest", "changed")]


def test_a_blank_owner_leaves_the_pet_where_it_is() -> None:
    assert pet_change({"pims_client_id": "7"}, {}) == [("owner", "keep", "became_blank")]


def test_an_email_that_could_not_be_read_before_says_so() -> None:
    was, now = (clients({"pims_client_id": "1", "email": e}) for e in (None, "a@x.org"))
    changes = field_changes(
        "client", was, now, not_taken(), not_taken(("1", "email", "not_an_email"))
    )
    assert short(changes) == [("email", "apply", "was_unreadable")]


def test_typing_a_phone_number_otherwise_is_no_change() -> None:
    other = {**PHONE, "recorded": "(334) 555 0100"}
    assert client_change({"phones": json.dumps([PHONE])}, {"phones": json.dumps([other])}) == []


@pytest.mark.parametrize("other", [{"extension": "12"}, {"kind": "work"}])
def test_another_extension_or_kind_of_phone_is_a_change(other: dict[str, str]) -> None:
    was, now = ({"phones": json.dumps([phone])} for phone in (PHONE, PHONE | other))
    assert client_change(was, now) == [("phones", "suggest", "changed")]


def test_a_baseline_that_can_not_be_read_makes_every_value_a_suggestion() -> None:
    now = clients({"pims_client_id": "1", "email": "a@x.org"})
    changes = field_changes("client", clients(), now, not_taken(), not_taken())
    assert short(changes) == [("email", "suggest", "baseline_unreadable")]


def test_both_values_are_told_whole() -> None:
    changes = field_changes(
        "pet",
        pets({"pims_pet_id": "1", **weight("10.500", "lb", "4.7627", date(2026, 1, 1))}),
        pets({"pims_pet_id": "1", **weight("11", "lb", "4.9895", date(2026, 2, 1))}),
        not_taken(),
        not_taken(),
    )
    assert changes.to_dict("records") == [
        {
            "record": "pet",
            "pims_id": "1",
            "field": "weight",
            "old": '{"weighed_on":"2026-01-01","weight_kg":"4.7627",'
            '"weight_unit":"lb","weight_value":"10.5"}',
            "new": '{"weighed_on":"2026-02-01","weight_kg":"4.9895",'
            '"weight_unit":"lb","weight_value":"11"}',
            "action": "apply",
            "reason": "changed",
        }
    ]
