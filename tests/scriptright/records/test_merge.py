"""The rules of a merge and of a later change, without a database."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scriptright.records.changed import settle
from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.records.merge import (
    is_past,
    merge_field,
)
from vet_pipeline.scriptright.records.rivals import CAME_BACK
from vet_pipeline.scriptright.records.values import alike, canonical, is_blank

NAME, ADDRESS = FIELD["client", "name"], FIELD["client", "address"]
PHONES, EMAIL = FIELD["client", "phones"], FIELD["client", "email"]
WEIGHT, DECEASED = FIELD["pet", "weight"], FIELD["pet", "deceased"]
BREED, AGE = FIELD["pet", "breed"], FIELD["pet", "age"]


def phone(number: str, recorded: str = "", kind: str = "unknown") -> dict[str, Any]:
    return {"number": number, "extension": None, "kind": kind, "recorded": recorded}


def weight(kg: str | None, on: str | None = None) -> dict[str, Any]:
    unit = None if kg is None else "kg"
    return {"weight_value": kg, "weight_unit": unit, "weight_kg": kg, "weighed_on": on}


def pounds(lb: str, kg: str, on: str | None = None) -> dict[str, Any]:
    return {"weight_value": lb, "weight_unit": "lb", "weight_kg": kg, "weighed_on": on}


def of_no_unit(value: str, on: str) -> dict[str, Any]:
    return {"weight_value": value, "weight_unit": "unknown", "weighed_on": on}


def verdict(field: Any, home: dict[str, Any], pims: dict[str, Any]) -> tuple[str, str]:
    found = merge_field(field, home, pims)
    return found.outcome, found.reason


def test_a_blank_field_is_filled_and_a_blank_one_in_the_pims_erases_nothing() -> None:
    assert verdict(EMAIL, {}, {"email": "a@b.example"}) == ("fill", "blank_in_scriptright")
    assert verdict(EMAIL, {"email": "a@b.example"}, {}) == ("keep", "blank_in_pims")
    assert verdict(EMAIL, {}, {}) == ("same", "blank_in_pims")


def test_what_ships_today_stays_and_a_difference_is_a_question() -> None:
    home, pims = {"address_line1": "5 Web St"}, {"address_line1": "12 Elm St"}
    assert verdict(ADDRESS, home, pims) == ("suggest", "differs_at_merge")


def test_half_an_address_is_never_filled_from_another() -> None:
    home = {"address_line1": "12 Elm St", "city": "Peoria"}
    assert verdict(ADDRESS, home, home | {"unit": "Apt 4"}) == ("suggest", "differs_at_merge")


def test_a_blank_breed_of_the_same_species_is_filled() -> None:
    dog, cat = {"species": "dog"}, {"species": "cat"}
    beagle = {"species": "dog", "breed": "Beagle"}
    assert verdict(BREED, dog, beagle) == ("fill", "blank_in_scriptright")
    assert verdict(BREED, cat, beagle) == ("suggest", "differs_at_merge")
    assert verdict(BREED, {"species": "dog", "breed": "Pug"}, beagle)[0] == "suggest"


def test_a_blank_within_a_unit_of_the_pims_is_no_question() -> None:
    beagle, dog = {"species": "dog", "breed": "Beagle"}, {"species": "Dog"}
    assert verdict(BREED, beagle, dog) == ("same", "blank_in_pims")
    assert verdict(BREED, beagle, {"species": "cat"}) == ("suggest", "differs_at_merge")
    known = {"birth_date": "2020-05-01", "birth_date_estimated": False}
    assert verdict(AGE, known, {"birth_date": "2020-05-01"}) == ("same", "blank_in_pims")
    assert verdict(AGE, known, {"birth_date": "2020-06-01"}) == ("suggest", "differs_at_merge")


def test_the_web_shop_email_stays() -> None:
    home, pims = {"email": "a@web.example"}, {"email": "a@pims.example"}
    assert verdict(EMAIL, home, pims) == ("suggest", "differs_at_merge")


def test_capitals_spaces_and_the_writing_of_a_phone_are_no_difference() -> None:
    assert verdict(NAME, {"last_name": "De  Vries"}, {"last_name": "DE VRIES"})[0] == "same"
    one = [phone("+12175550142", "(217) 555-0142", "mobile"), phone("+12175550199")]
    other = [phone("+12175550199"), phone("+12175550142", "217.555.0142")]
    assert verdict(PHONES, {"phones": one}, {"phones": other})[0] == "same"
    assert verdict(PHONES, {"phones": one}, {"phones": other[:1]})[0] == "suggest"


def test_the_four_digits_behind_a_zip_code_are_no_difference() -> None:
    here = {"address_line1": "12 Elm St", "postal_code": "62704"}
    assert verdict(ADDRESS, here, here | {"postal_code": "62704-1234"})[0] == "same"
    assert verdict(ADDRESS, here, here | {"postal_code": "62705-1234"})[0] == "suggest"


def test_a_phone_that_the_record_already_holds_is_no_question_however_it_is_typed() -> None:
    held = {"phones": [phone("+12175550142", "+12175550142", "mobile")]}
    same = {"phones": [phone("+12175550142", "(217) 555-0142", "mobile")]}
    assert settle(PHONES, held, same, "suggest", "changed") == ("same", "same")
    landline = {"phones": [phone("+12175550142", "(217) 555-0142", "home")]}
    assert settle(PHONES, held, landline, "suggest", "changed") == ("suggest", "changed")


@pytest.mark.parametrize(
    ("home", "pims", "expected"),
    [
        (weight(None), weight("30", "2026-01-01"), ("fill", "blank_in_scriptright")),
        (weight("16", "2026-01-01"), weight("30", "2026-02-01"), ("apply", "newer_weighing")),
        (weight("12", "2026-02-01"), weight("30", "2026-01-01"), ("keep", "older_weighing")),
        (weight("12", "2026-02-01"), weight("30", "2026-02-01"), ("suggest", "differs_at_merge")),
        (weight("12"), weight("30", "2026-02-01"), ("suggest", "differs_at_merge")),
        (weight("12", "2026-02-01"), weight("30"), ("suggest", "differs_at_merge")),
        (weight("12"), weight("12.0", "2026-02-01"), ("fill", "blank_in_scriptright")),
        (weight("12", "2026-02-01"), weight("12"), ("same", "same")),
        (weight("12", "2026-02-01"), weight("12", "2026-01-01"), ("keep", "older_weighing")),
        (weight("12", "2026-02-01"), weight("12", "2026-03-01"), ("apply", "newer_weighing")),
        (weight("12"), weight(None), ("keep", "blank_in_pims")),
        (
            weight("30", "2026-01-01"),
            of_no_unit("66", "2026-02-01"),
            ("suggest", "differs_at_merge"),
        ),
        (weight("30", "2026-02-01"), of_no_unit("66", "2026-01-01"), ("keep", "older_weighing")),
        (
            of_no_unit("60", "2026-01-01"),
            of_no_unit("66", "2026-02-01"),
            ("apply", "newer_weighing"),
        ),
        (
            of_no_unit("60", "2026-01-01"),
            of_no_unit("66", "2026-01-01"),
            ("suggest", "differs_at_merge"),
        ),
        (of_no_unit("60", "2026-01-01"), of_no_unit("60.0", "2026-01-01"), ("same", "same")),
        (
            weight("4.2", "2026-01-01"),
            weight("4.2", "2026-01-01") | {"weight_value": "4200", "weight_unit": "g"},
            ("same", "same"),
        ),
        (weight("11.3", "2026-01-01"), pounds("24.9", "11.2945", "2026-01-01"), ("same", "same")),
        (weight("2.3", "2026-01-01"), pounds("5", "2.268", "2026-01-01"), ("same", "same")),
        (
            weight("2.3", "2026-01-01"),
            pounds("5.3", "2.404", "2026-01-01"),
            ("suggest", "differs_at_merge"),
        ),
        (
            weight("2.3", "2026-01-01"),
            weight("2.31", "2026-01-01"),
            ("suggest", "differs_at_merge"),
        ),
        (weight("60"), of_no_unit("60", "2026-02-01"), ("suggest", "differs_at_merge")),
        (of_no_unit("60", "2026-02-01"), weight("60"), ("suggest", "differs_at_merge")),
    ],
)
def test_the_newer_weighing_wins_where_it_can_be_told(
    home: dict[str, Any], pims: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert verdict(WEIGHT, home, pims) == expected


@pytest.mark.parametrize(
    ("was", "now", "outcome"),
    [
        ("60", "27.2", "suggest"),  # kilograms that were read as pounds
        ("27.2", "60", "suggest"),
        ("0.38", "380", "suggest"),  # grams
        ("4", "2", "suggest"),
        ("4", "2.1", "apply"),
        ("4", "7.9", "apply"),
        ("4", "8", "suggest"),
        ("4", "10", "suggest"),  # a pup has grown, or who has gained was typed in pounds
        ("4", "39", "suggest"),  # who has lost a little, and the decimal point with it
    ],
)
def test_a_newer_weighing_that_may_be_of_another_unit_is_a_question(
    was: str, now: str, outcome: str
) -> None:
    home, pims = weight(was, "2026-01-01"), weight(now, "2026-02-01")
    assert verdict(WEIGHT, home, pims)[0] == outcome


@pytest.mark.parametrize(
    ("home", "pims", "outcome"),
    [
        ({}, {"deceased": True}, "apply"),
        ({"deceased": True}, {"deceased": False}, "keep"),
        ({"deceased": True}, {"deceased": None}, "keep"),
        ({"deceased": True}, {"deceased": True, "deceased_on": "2026-01-01"}, "fill"),
        ({"deceased": True, "deceased_on": "2026-01-01"}, {"deceased": True}, "same"),
        (
            {"deceased": True, "deceased_on": "2026-01-01"},
            {"deceased": True, "deceased_on": "2026-01-02"},
            "suggest",
        ),
        ({"deceased": True}, {"deceased": True}, "same"),
        ({}, {"deceased": None}, "same"),
    ],
)
def test_dead_wins(home: dict[str, Any], pims: dict[str, Any], outcome: str) -> None:
    assert merge_field(DECEASED, home, pims).outcome == outcome


def test_a_change_that_scriptright_holds_already_needs_nothing() -> None:
    assert settle(EMAIL, {"email": "a@b.example"}, {"email": "a@b.example"}, "apply", "x") == (
        "same",
        "same",
    )


def test_an_automatic_change_meets_the_record_as_it_is_now() -> None:
    assert settle(WEIGHT, weight("12", "2026-02-01"), weight("9", "2026-01-01"), "apply", "x") == (
        "suggest",
        "older_weighing",
    )
    assert settle(EMAIL, {"email": "a@b.example"}, {}, "apply", "x") == (
        "suggest",
        "became_blank",
    )
    undated = weight("9")
    known = weight("12", "2026-02-01")
    assert settle(WEIGHT, known, undated, "apply", "x", known_on="2026-03-01")[0] == "apply"
    assert settle(WEIGHT, known, undated, "apply", "x", known_on="2026-02-01")[0] == "suggest"
    assert settle(
        DECEASED, {"deceased": True, "deceased_on": "2026-01-01"}, {"deceased": True}, "apply", "x"
    ) == ("keep", "date_known")


def test_of_a_date_of_death_and_a_weighing_of_one_day_the_later_word_counts() -> None:
    died = {"deceased": True, "deceased_on": "2026-01-01"}
    other = {"deceased": True, "deceased_on": "2026-01-02"}
    assert settle(DECEASED, died, other, "apply", "changed") == ("apply", "changed")
    assert settle(DECEASED, {"deceased": True}, died, "apply", "changed") == ("apply", "changed")
    was, slip = weight("12", "2026-02-01"), weight("120", "2026-02-01")
    assert settle(WEIGHT, slip, was, "apply", "changed") == ("apply", "changed")


def test_a_weighing_of_no_unit_never_erases_the_kilograms_that_scriptright_holds() -> None:
    new = of_no_unit("66", "2026-02-01")
    assert settle(WEIGHT, weight("30", "2026-01-01"), new, "apply", "changed") == (
        "suggest",
        "unit_unknown",
    )
    was = of_no_unit("60", "2026-01-01")
    assert settle(WEIGHT, was, new, "apply", "changed") == ("apply", "changed")


def test_a_value_that_came_back_is_asked_only_where_nothing_stands() -> None:
    lee, kim = {"last_name": "Lee"}, {"last_name": "Kim"}
    assert settle(NAME, kim, lee, "suggest", CAME_BACK) == ("keep", CAME_BACK)
    assert settle(NAME, {}, lee, "suggest", CAME_BACK) == ("suggest", CAME_BACK)


def test_an_automatic_value_that_came_back_is_asked_where_another_stands() -> None:
    was, back = weight("12", "2026-02-01"), weight("13", "2026-03-01")
    assert settle(WEIGHT, was, back, "apply", CAME_BACK) == ("suggest", CAME_BACK)
    assert settle(WEIGHT, {}, back, "apply", CAME_BACK) == ("apply", CAME_BACK)


def test_a_name_taken_out_puts_no_question_aside_and_another_one_does() -> None:
    assert not is_past(NAME, {"last_name": "Kim"}, {"title": "Dr"})
    assert is_past(NAME, {"last_name": "Kim"}, {"last_name": "Roy"})


def test_a_date_that_went_blank_alone_puts_no_question_aside_and_another_weight_does() -> None:
    asked = canonical(WEIGHT, weight("12", "2026-02-01"))
    assert not is_past(WEIGHT, asked, canonical(WEIGHT, weight("12")))
    assert is_past(WEIGHT, asked, canonical(WEIGHT, weight("13")))
    assert is_past(WEIGHT, asked, canonical(WEIGHT, weight("12", "2026-03-01")))
    died = canonical(DECEASED, {"deceased": True, "deceased_on": "2026-02-01"})
    assert not is_past(DECEASED, died, canonical(DECEASED, {"deceased": True}))
    assert is_past(DECEASED, died, canonical(DECEASED, {"deceased": False}))


def test_an_undated_weighing_is_only_replaced_by_one_of_after_the_last_snapshot() -> None:
    def becomes(new: dict[str, Any]) -> tuple[str, str]:
        return settle(WEIGHT, weight("32"), new, "apply", "changed", known_on="2026-03-01")

    assert becomes(weight("30", "2026-02-28")) == ("suggest", "older_weighing")
    assert becomes(weight("30", "2026-03-01")) == ("apply", "changed")
    assert becomes(weight("32", "2026-02-28")) == ("apply", "changed"), "its date became known"
    assert becomes(weight("30")) == ("apply", "changed")


def test_values_have_one_form() -> None:
    assert canonical(WEIGHT, weight("12.5000"))["weight_kg"] == "12.5"
    assert canonical(WEIGHT, weight("120"))["weight_kg"] == "120"
    assert canonical(PHONES, {"phones": "[]"}) == canonical(PHONES, {}) == {"phones": []}
    assert canonical(ADDRESS, {"city": ""}) == canonical(ADDRESS, {"po_box": None})
    assert is_blank(NAME, {"last_name": None})
    assert not is_blank(NAME, {"last_name": "Lee"})
    assert alike(EMAIL, {"email": "A@b.example"}, {"email": "a@B.example"})
