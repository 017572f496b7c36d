"""Weights, their units, and kilograms."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.weights import read_weight


def read(value, unit=None, **conventions):
    weight = read_weight(value, unit, Conventions(**conventions))
    numbers = [n if n is None else str(n.normalize()) for n in (weight.value, weight.kilograms)]
    return numbers[0], weight.unit, numbers[1], weight.reasons


NOT_WEIGHED = (None, None, None, [])


@pytest.mark.parametrize(
    ("word", "unit", "kilograms"),
    [
        ("kg", "kg", "12.5"), ("KGS", "kg", "12.5"), ("KILOGRAMS", "kg", "12.5"), ("Kg.", "kg", "12.5"),
        ("g", "g", "0.0125"), ("GRAMS", "g", "0.0125"),
        ("lb", "lb", "5.6699"), ("lbs", "lb", "5.6699"), ("#", "lb", "5.6699"), ("POUNDS", "lb", "5.6699"),
        ("oz", "oz", "0.3544"), ("ounces", "oz", "0.3544"),
    ],
)  # fmt: skip
def test_units_are_known_by_their_words(word, unit, kilograms):
    assert read("12.5", word) == ("12.5", unit, kilograms, [])


def test_kilograms_are_exact_to_four_places():
    assert read("100", "lb")[2] == "45.3592"
    assert read("1", "lb")[2] == "0.4536"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.100000381469727", "12.1"),
        ("12.3456", "12.3456"),
        ("12.34567", "12.3457"),
        ("123.45678", "123.457"),
        ("123.45670", "123.4567"),
        ("0.00450", "0.0045"),
        ("0.01250", "0.0125"),
        ("0.035274", "0.0353"),
        ("5.0000000000", "5"),
        ("12.", "12"),
        (".5", "0.5"),
        ("12,5", "12.5"),
        ("0,450", "0.45"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("+7", "7"),
        ("1.25e+001", "12.5"),
    ],
)
def test_numbers_are_read_as_decimals(text, value):
    assert read(text, "kg") == (value, "kg", value, [])


@pytest.mark.parametrize(
    ("text", "unit", "kilograms"),
    [("2000", "kg", "2E+3"), ("2000000", "g", "2E+3"), ("2000000", "unknown", None)],
)
def test_the_heaviest_animal_is_weighed(text, unit, kilograms):
    assert read(text, unit, weight_unit_when_missing=None)[2:] == (kilograms, [])


def test_grams_are_as_free_of_noise():
    assert read("4500.10009765625", "g")[:3] == ("4500.1", "g", "4.5001")


@pytest.mark.parametrize(
    "text", ["12.5 kg", "12.5kg", "12,5 KG", "12.5 kilograms", "12.5kg ~", "12.5 kg*"]
)
def test_a_unit_written_with_the_value_counts(text):
    assert read(text) == ("12.5", "kg", "12.5", [])
    assert read(text, "kgs") == ("12.5", "kg", "12.5", [])
    assert read(text, "Kilogram(s)") == ("12.5", "kg", "12.5", [])
    assert read(text, "Kilograms (kg)") == ("12.5", "kg", "12.5", [])


@pytest.mark.parametrize(
    "text",
    ["~816 lb", "816lbs est.", "816 lb (est)", "816# approx", "Approx. 816 lbs", "816 lb estimated",
     "est 816", "816 (Est.)", "816 ~", "about 816", "816 lb 0 oz est"],
)  # fmt: skip
def test_a_weight_that_was_estimated_keeps_its_unit(text):
    assert read(text, weight_unit_when_missing="lb") == ("816", "lb", "370.1314", [])
    assert read(text, "lbs") == ("816", "lb", "370.1314", [])


@pytest.mark.parametrize("text", ["816 lb?", "816 best", "816 tape"])
def test_a_doubt_or_another_word_is_no_unit(text):
    assert read(text, weight_unit_when_missing="lb")[1:3] == ("unknown", None)


def test_an_estimate_without_a_number_or_of_two_is_none():
    assert read("est")[3] == read("est 10-12 lb")[3] == [("weight", "not_a_weight")]


def test_a_full_stop_before_a_unit_makes_no_day_of_it():
    assert read("12. lbs") == ("12", "lb", "5.4431", [])
    assert read("12 mos") == ("12", "unknown", None, [("weight_unit", "unknown_unit")])


def test_pounds_and_ounces_are_added_up():
    assert read("12 lbs 4 oz") == ("12.25", "lb", "5.5565", [])
    assert read("0 lb 20 oz") == ("1.25", "lb", "0.567", [])  # a kitten
    assert read("7 lb 16 oz") == ("8", "lb", "3.6287", [])  # 15.97, rounded
    assert read("12# 4oz", "lb") == ("12.25", "lb", "5.5565", [])


def test_a_missing_unit_comes_from_the_site_setting_or_is_unknown():
    assert read("12.5") == ("12.5", "unknown", None, [])
    for blank in ("-", "null", "NA", ""):
        assert read("12.5", blank, weight_unit_when_missing="lb") == ("12.5", "lb", "5.6699", [])


def test_a_unit_nobody_knows_is_never_guessed():
    assert read("12.5", "stone, lb") == ("12.5", "unknown", None, [("weight_unit", "unknown_unit")])
    assert read("12.5", "stone", weight_unit_when_missing="lb") == (
        "12.5",
        "unknown",
        None,
        [("weight_unit", "unknown_unit")],
    )


def test_nines_that_an_animal_may_weigh_are_its_weight():
    """22.046 lb, which a program turns into kilograms, are 9.9999."""
    weighed = ("9.9", "9.999", "9.9999", "99.9", "999", "999.5")
    assert tuple(read(text, "kg")[0] for text in weighed) == weighed


def test_a_sign_behind_the_number_is_no_unit_that_the_site_could_stand_in_for():
    assert read("12.5 *", weight_unit_when_missing="lb")[1:3] == ("unknown", None)
    assert read("12.5 (", weight_unit_when_missing="lb") == (
        "12.5",
        "unknown",
        None,
        [("weight_unit", "unknown_unit")],
    )


def test_a_value_that_contradicts_its_unit_has_no_unit():
    assert read("12.5", "kg, lb") == ("12.5", "unknown", None, [("weight_unit", "unit_conflict")])
    assert read("12.5 lb", "kg") == ("12.5", "unknown", None, [("weight_unit", "unit_conflict")])


@pytest.mark.parametrize(
    "text", [None, "", " ", "0", "0.0", "0,00", "0 kg", ".", "N/A", "none", "xxx", "1e-05"]
)
def test_zero_and_blank_mean_not_weighed(text):
    assert read(text, "kg") == NOT_WEIGHED


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("-3", "kg", "negative_weight"),
        ("big", "kg", "not_a_weight"),
        ("12.5.3", "kg", "not_a_weight"),
        ("Infinity", "kg", "not_a_weight"),
        ("9" * 50, "kg", "not_a_weight"),
        ("10-12 lb", None, "not_a_weight"),
        ("30-35", "kg", "not_a_weight"),
        ("12'5", "lb", "not_a_weight"),
        ("4 kg 500 g", None, "not_a_weight"),
        ("12½ lb", None, "not_a_weight"),
        ("8 lb 20 oz", None, "not_a_weight"),
        ("8-Mar", "lb", "not_a_weight"),  # of 8-3 and 12.5, as spreadsheets show them
        ("12. Mai", "kg", "not_a_weight"),
        ("8-mars", None, "not_a_weight"),
        ("####", "kg", "not_a_weight"),
        ("12,500", "g", "ambiguous_weight"),
        ("2000.1", "kg", "implausible_weight"),
        ("4500", "lb", "implausible_weight"),
        ("2000001", "unknown", "implausible_weight"),
        ("-3.4028235E+38", "kg", "implausible_weight"),
        ("-1e30", "lb", "implausible_weight"),
        ("99999999999999999999999999999999 lb 4 oz", None, "implausible_weight"),
        ("0.0001", "g", "implausible_weight"),
        ("999.9", "kg", "implausible_weight"),  # what gets past a form that wants a weight
        ("99.990", "lb", "implausible_weight"),
        ("9999", "g", "implausible_weight"),
    ],
)
def test_a_weight_that_is_not_taken_has_a_reason(text, unit, reason):
    assert read(text, unit) == (None, None, None, [("weight", reason)])


@given(st.decimals(min_value="0.001", max_value="1999", places=3))
def test_a_recorded_weight_is_kept_exactly(number):
    weight = read_weight(str(number), "kg", Conventions())
    assert weight.value == number == weight.kilograms


@given(st.floats(min_value=0.125, max_value=1000, width=32))
def test_the_noise_of_a_binary_float_is_rounded_off(number):
    weight = read_weight(repr(float(number)), "kg", Conventions())
    assert abs(weight.value - Decimal(float(number))) <= Decimal("0.0005")


@given(st.text(max_size=40), st.text(max_size=10))
def test_any_text_is_a_weight_that_the_database_takes_or_none(value, unit):
    weight = read_weight(value, unit, Conventions())
    assert (weight.value is None) == (weight.unit is None)
    if weight.value is not None:
        assert weight.value > 0
        assert (weight.unit == "unknown") == (weight.kilograms is None)
        assert weight.kilograms is None or weight.kilograms > 0


@given(st.one_of(st.from_regex(r"[0-9]{1,8}\.?[0-9]{0,6}", fullmatch=True), st.text("0123456789.")))
def test_digits_with_a_dot_are_what_the_patterns_make_of_them(text):
    if text.strip("."):  # with a sign in front it is for the patterns
        assert read_weight(text, "kg", Conventions()) == read_weight(
            f"+{text}", "kg", Conventions()
        )


@pytest.mark.parametrize(
    ("text", "value"),
    [("12.", "12"), ("1" * 41, None), ("0" * 39 + "1", "1"), ("1.2.3", None), ("\u0661", "1")],
)
def test_what_are_hardly_digits_with_a_dot_comes_to_the_same_as_ever(text, value):
    assert read(text, "kg")[0] == value
