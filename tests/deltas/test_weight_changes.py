"""A weighing before and after: which one counts, and what a blank or unknown unit does to it."""

from datetime import date

from tests.deltas.changed import pet_change, weight


def test_a_newer_weighing_applies_by_itself() -> None:
    old = weight("10", "lb", "4.5359", date(2026, 1, 1))
    new = weight("11", "lb", "4.9895", date(2026, 2, 1))
    assert pet_change(old, new) == [("weight", "apply", "changed")]


def test_the_same_weight_on_a_later_day_is_a_new_weighing() -> None:
    old = weight("10", "kg", "10", date(2026, 1, 1))
    assert pet_change(old, {**old, "weighed_on": date(2026, 2, 1)}) == [
        ("weight", "apply", "changed")
    ]


def test_a_weight_corrected_on_the_day_of_its_weighing_applies_by_itself() -> None:
    old = weight("100", "kg", "100", date(2026, 1, 1))
    new = weight("10", "kg", "10", date(2026, 1, 1))
    assert pet_change(old, new) == [("weight", "apply", "changed")]


def test_an_older_weighing_never_replaces_a_newer_one() -> None:
    old = weight("10", "kg", "10", date(2026, 2, 1))
    new = weight("12", "kg", "12", date(2026, 1, 1))
    assert pet_change(old, new) == [("weight", "suggest", "older_weighing")]


def test_a_date_of_weighing_that_alone_went_blank_is_no_weighing() -> None:
    old = weight("10", "kg", "10", date(2026, 2, 1))
    assert pet_change(old, {**old, "weighed_on": None}) == [("weight", "keep", "became_blank")]
    assert pet_change(old, weight("11", "kg", "11", None)) == [("weight", "apply", "changed")]


def test_a_weight_that_became_blank_is_a_suggestion() -> None:
    for blank in ({}, {"weight_unit": "kg"}):  # a unit of nothing
        assert pet_change(weight("10", "kg", "10", None), blank) == [
            ("weight", "suggest", "became_blank")
        ]


def test_an_unknown_unit_never_erases_known_kilograms() -> None:
    old, new = weight("10", "kg", "10", None), weight("11", "unknown", None, None)
    assert pet_change(old, new) == [("weight", "suggest", "unit_unknown")]
    assert pet_change(weight("10", "unknown", None, None), new) == [("weight", "apply", "changed")]
