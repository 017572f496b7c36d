"""Telephone numbers in every way people write them."""

import json

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.normalize.phones import PhoneReader


def read(*pairs, region="US"):
    found = PhoneReader(region).read(json.dumps([list(pair) for pair in pairs]))
    return json.loads(found.text), found.reasons


def numbers(recorded, label=None):
    phones, reasons = read((recorded, label))
    assert reasons == []
    return [(phone["number"], phone["extension"], phone["kind"]) for phone in phones]


def test_numbers_on_lines_of_a_web_page_are_several():
    assert [number for number, _, _ in numbers("334-461-0472<br>334-461-0473")] == [
        "+13344610472",
        "+13344610473",
    ]


@pytest.mark.parametrize(
    "recorded",
    ["334-461-0472", "(334) 461-0472", "334.461.0472", "3344610472", "+1 334 461 0472",
     "+13344610472", "1-334-461-0472", "334/461-0472", "334 461 0472"],
)  # fmt: skip
def test_every_way_of_writing_a_number_comes_to_the_same(recorded):
    assert read((recorded, None)) == (
        [
            {
                "number": "+13344610472",
                "extension": None,
                "kind": "unknown",
                "recorded": recorded.replace("\u00a0", " "),
            }
        ],
        [],
    )


@pytest.mark.parametrize(
    "recorded", ["334-461-0472 x12", "(334) 461-0472 ext. 12", "3344610472#12", "334 461 0472 X 12"]
)
def test_extensions_are_kept(recorded):
    assert numbers(recorded) == [("+13344610472", "12", "unknown")]


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Cell", "mobile"), ("MOBILE", "mobile"), ("Home Phone", "home"), ("Wk", "work"),
     ("fax", "fax"), ("Home Fax", "fax"), ("work cell", "mobile"), ("Home/Fax", "home"),
     ("home or cell", "home"), ("H C", "home"), ("Cell Home", "mobile"), ("Wife", "other"),
     ("", "unknown"), (None, "unknown")],
)  # fmt: skip
def test_the_kind_comes_from_the_label(label, kind):
    assert numbers("334-461-0472", label) == [("+13344610472", None, kind)]


@pytest.mark.parametrize(
    ("recorded", "kind"),
    [("334-461-0472 home", "home"), ("334-461-0472 (cell)", "mobile"), ("H: 334-461-0472", "home"),
     ("334-461-0472 wife", "other"), ("334-461-0472 call after 5", "other")],
)  # fmt: skip
def test_words_beside_the_number_say_the_kind_when_the_label_does_not(recorded, kind):
    assert numbers(recorded) == [("+13344610472", None, kind)]
    assert numbers(recorded, "Work") == [("+13344610472", None, "work")]


def test_the_same_number_twice_is_one_phone_of_the_first_known_kind():
    phones, reasons = read(("3344610472", None), ("334-461-0472", "Work"), ("3344610472", "Home"))
    assert (phones, reasons) == (
        [{"number": "+13344610472", "extension": None, "kind": "work", "recorded": "3344610472"}],
        [],
    )


def test_two_extensions_of_one_number_are_two_phones():
    assert [p["extension"] for p in read(("3344610472x1", None), ("3344610472x2", None))[0]] == [
        "1",
        "2",
    ]


@pytest.mark.parametrize(
    "recorded",
    ["334-461-0472 / 334-461-0473", "334-461-0472 or 334-461-0473", "3344610472, 3344610473",
     "334-461-0472 wife 334-461-0473", "334-461-0472\n334-461-0473", "3344610472 3344610473",
     "(334) 461-0472 (334) 461-0473", "Ann's 334-461-0472 Bob's 334-461-0473"],
)  # fmt: skip
def test_two_numbers_in_one_field_are_two_phones(recorded):
    assert [number for number, _, _ in numbers(recorded)] == ["+13344610472", "+13344610473"]


@pytest.mark.parametrize(
    "recorded",
    ["H 334-461-0472 C 334-461-0473", "h: 334-461-0472 c: 334-461-0473",
     "334-461-0472 H 334-461-0473 C", "home 334-461-0472\ncell 334-461-0473"],
)  # fmt: skip
def test_each_of_two_numbers_has_its_own_kind(recorded):
    assert [kind for _, _, kind in numbers(recorded)] == ["home", "mobile"]


def test_letters_of_other_words_say_no_kind():
    assert numbers("334-461-0472 M-F 9-5") == [("+13344610472", None, "other")]
    assert numbers("334-461-0472 c/o Bob") == [("+13344610472", None, "other")]


def test_a_number_that_came_through_a_column_of_numbers_is_a_number():
    assert numbers("3344610472.0") == [("+13344610472", None, "unknown")]


def test_the_good_one_of_two_numbers_is_taken():
    phones, reasons = read(("334-461-0472 or 461-0473", "Home"))
    assert [phone["number"] for phone in phones] == ["+13344610472"]
    assert reasons == ["no_area_code"]


def test_foreign_numbers_are_taken_with_their_country():
    assert numbers("+44 20 7946 0958") == [("+442079460958", None, "unknown")]
    assert numbers("604-555-0123") == [("+16045550123", None, "unknown")]
    assert read(("020 7946 0958", None), region="GB")[0][0]["number"] == "+442079460958"


def test_a_plus_sign_is_never_read_as_the_north_american_way():
    assert numbers("+33 1 42 68 53 00") == [("+33142685300", None, "unknown")]


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        ("000-000-0000", "placeholder"),
        ("(555) 555-5555", "placeholder"),
        ("999-999-9999", "placeholder"),
        ("123-456-7890", "placeholder"),
        ("334-555-5555", "placeholder"),
        ("555-5555", "placeholder"),
        ("461-0472", "no_area_code"),
        ("12345", "too_short"),
        ("334-461-04723", "too_long"),
        ("100-200-3000", "not_in_use"),
        ("333-428-2197", "not_in_use"),
        ("CALL WIFE", "not_a_number"),
        ("1-800-FLOWERS", "letters"),
        ("9" * 300, "not_a_number"),
    ],
)
def test_a_number_that_is_not_taken_has_a_reason(recorded, reason):
    assert read((recorded, "Home")) == ([], [reason])


@pytest.mark.parametrize("recorded", [None, "", "  ", "N/A", ".", "none", "x"])
def test_blank_numbers_are_no_phones_and_need_no_reason(recorded):
    assert read((recorded, "Home")) == ([], [])


@pytest.mark.parametrize("raw", [None, "", "  ", "null", "[]"])
def test_a_blank_field_is_an_empty_list(raw):
    found = PhoneReader("US").read(raw)
    assert (found.text, found.reasons, found.undecodable) == ("[]", [], False)


@pytest.mark.parametrize("raw", ["x", "{}", "[1]", "[[1, 2]]", '[["1", "2", "3"]]', "[" * 9000])
def test_a_field_that_is_not_the_contract_s_json_is_unreadable(raw):
    found = PhoneReader("US").read(raw)
    assert (found.text, found.reasons) == ("[]", ["unreadable"])


@pytest.mark.parametrize("raw", ['[["\\ud800", null]]', '[["334\\ufffd", null]]'])
def test_lost_characters_inside_the_json_are_noticed(raw):
    assert PhoneReader("US").read(raw).undecodable


@given(st.from_regex(r"[2-9]\d{9}", fullmatch=True))
def test_the_short_way_agrees_with_the_library(digits):
    phones, _ = read((digits, None))
    library = phonenumbers.parse(digits, "US")
    if phones:
        assert phonenumbers.is_valid_number(library)
        e164 = phonenumbers.format_number(library, phonenumbers.PhoneNumberFormat.E164)
        assert phones[0]["number"] == e164
    else:
        assert not phonenumbers.is_valid_number(library) or read((digits, None))[1] == [
            "placeholder"
        ]


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_gives_phones_or_reasons_and_reading_e164_again_changes_nothing(number, label):
    phones, _ = read((number, label))
    for phone in phones:
        again = read((phone["number"], None))[0]
        assert [p["number"] for p in again] == [phone["number"]]
