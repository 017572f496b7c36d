"""Whole pet rows: what is taken, what is refused, and why."""

from datetime import date
from decimal import Decimal

import pytest

from tests.frames import raw_patients
from tests.normalize.rows import READ_ON, lines, said
from vet_pipeline.normalize.columns import PET_SCHEMA, table
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets, read_pet_name

PET = {"patient_key": "7", "client_key": "42", "name": "BELLA"}


def normalize(*rows, **conventions):
    return normalize_pets(raw_patients(*rows), Conventions(**conventions), read_on=READ_ON)


def one(**columns):
    result = normalize({**PET, **columns})
    assert len(result.quarantined) == 0
    return said(result.rows.iloc[0].to_dict()), [line[1:] for line in lines(result.not_taken)]


def test_a_pet_is_normalized_whole():
    row, reasons = one(
        name="BELLA (FOSTER)",
        species="CANINE",
        breed="LABRADOR RETRIEVER",
        birth_date="2019-05-06 00:00:00",
        birth_date_estimated="1",
        weight="12.100000381469727",
        weight_unit="POUNDS",
        weight_date="2026-01-02",
        deceased_flag="N",
        status="Active",
    )
    assert row == {
        "pims_pet_id": "7",
        "pims_client_id": "42",
        "name": "BELLA",
        "name_note": "(FOSTER)",
        "species": "dog",
        "breed": "LABRADOR RETRIEVER",
        "birth_date": date(2019, 5, 6),
        "birth_date_estimated": True,
        "weight_value": Decimal("12.1000"),
        "weight_unit": "lb",
        "weight_kg": Decimal("5.4885"),
        "weighed_on": date(2026, 1, 2),
        "deceased": False,
    }
    assert reasons == []


def test_a_pet_of_which_only_the_name_is_known():
    assert one(client_key=None) == ({"pims_pet_id": "7", "name": "BELLA"}, [])
    assert one(client_key="  ") == ({"pims_pet_id": "7", "name": "BELLA"}, [])


def test_the_rows_have_exactly_their_schema():
    for result in (normalize(), normalize(PET)):
        assert table(result.rows, PET_SCHEMA).schema == PET_SCHEMA


@pytest.mark.parametrize(
    ("recorded", "name", "note"),
    [
        ("Bella *BITES*", "Bella", "*BITES*"),
        ("Bella - CAUTION", "Bella", "- CAUTION"),
        ("Bethany 2", "Bethany 2", None),
        ("R2D2", "R2D2", None),
        ("Sir Barks-a-Lot", "Sir Barks-a-Lot", None),
        ("Bella & Max", "Bella & Max", None),
        ("M*A*S*H", "M*A*S*H", None),
        ("*P!nk*", "P!nk", None),
        ("Bella*BITES", "Bella", "*BITES"),
        ("Bella**Joe", "Bella", "**Joe"),
        ('Bud "Buddy"', "Bud", '"Buddy"'),
        ('"Max"', "Max", None),
        ("X", "X", None),
        ("N/A", None, None),
        ("#N/A", None, None),
        (".", None, None),
        ("UNKNOWN", None, None),
        ("(DECEASED)", None, "(DECEASED)"),
    ],
)
def test_notes_in_a_pet_s_name_go_to_the_note(recorded, name, note):
    assert read_pet_name(recorded) == (name, note)


def test_an_estimate_without_a_birth_date_means_nothing():
    assert one(birth_date_estimated="1")[0] == one()[0]
    assert one(birth_date="2019-05-06", birth_date_estimated="maybe") == (
        {**one()[0], "birth_date": date(2019, 5, 6)},
        [("birth_date_estimated", "unknown_word")],
    )


def test_a_date_of_weighing_without_a_weight_means_nothing():
    assert one(weight="0", weight_unit="KILOGRAMS", weight_date="2026-01-02") == one()
    assert one(weight="-1", weight_date="2026-01-02") == (
        one()[0],
        [("weight", "negative_weight")],
    )


@pytest.mark.parametrize(
    ("columns", "deceased"),
    [
        ({"deceased_flag": "1"}, {"deceased": True}),
        ({"deceased_flag": "1", "status": "Active"}, {"deceased": True}),
        ({"deceased_flag": "0", "status": "Deceased"}, {"deceased": True}),
        (
            {"deceased_flag": "0", "deceased_date": "2025-01-02"},
            {"deceased": True, "deceased_on": date(2025, 1, 2)},
        ),
        ({"deceased_flag": "0"}, {"deceased": False}),
        ({"status": "Active"}, {"deceased": False}),
        ({"status": "Inactive"}, {}),
        ({"deceased_date": "0000-00-00"}, {}),
        ({}, {}),
    ],
)
def test_deceased_is_what_flag_date_and_status_say_together(columns, deceased):
    row, reasons = one(**columns)
    assert {c: v for c, v in row.items() if c.startswith("deceased")} == deceased
    assert reasons == []


def test_a_death_whose_day_and_month_can_not_be_told_apart_is_still_a_death():
    row, reasons = one(deceased_date="05/06/2025")
    assert (row["deceased"], "deceased_on" in row) == (True, False)
    assert reasons == [("deceased_date", "date_order_unknown")]


def test_a_blank_date_of_death_is_no_death_where_the_order_is_not_known():
    assert one(status="Active", deceased_date="12/30/1899") == one(status="Active")


@pytest.mark.parametrize(
    "nought",
    ["1970-01-01 00:00:00", "1969-12-31 18:00:00", "1/1/1970", "1900-01-01", "1904-01-01",
     "2079-06-06", "12/31/9999"],
)  # fmt: skip
def test_the_first_and_last_day_of_a_program_s_calendar_is_no_day_of_death(nought):
    assert one(status="Active", deceased_date=nought) == one(status="Active")
    assert one(birth_date="2020-01-02", deceased_date=nought) == one(birth_date="2020-01-02")


@pytest.mark.parametrize("written", ["2019", "03/2019", "March 2019", "2019-03-00", "2019-00-00"])
def test_a_death_of_which_only_the_year_or_month_is_known_is_a_death(written):
    row, reasons = one(deceased_flag="0", deceased_date=written)
    assert (row["deceased"], "deceased_on" in row) == (True, False)
    assert reasons == [("deceased_date", "incomplete_date")]


def test_a_death_of_about_a_year_is_a_death_and_its_date_is_told():
    row, reasons = one(deceased_flag="0", deceased_date="about 2019")
    assert (row["deceased"], "deceased_on" in row) == (True, False)
    assert reasons == [("deceased_date", "not_a_date")]
    assert one(deceased_date="1900") == (one()[0], [("deceased_date", "not_a_date")])
    assert one(deceased_date="moved 2019") == (one()[0], [("deceased_date", "not_a_date")])


@pytest.mark.parametrize("written", ["43500", "43500.0", "45992.625", "##", "########"])
def test_a_day_of_death_as_a_spreadsheet_counts_it_is_a_death(written):
    row, reasons = one(status="Active", deceased_date=written)
    assert (row["deceased"], "deceased_on" in row) == (True, False)
    assert reasons == [("deceased_date", "not_a_date")]


def test_what_a_spreadsheet_had_no_room_for_is_told_and_no_word_for_alive():
    """Saved as CSV a narrow column holds ####, and a flag may hold the date; in less room, a FALSE."""
    assert one(birth_date="########") == (one()[0], [("birth_date", "not_a_date")])
    assert one(deceased_flag="########")[0]["deceased"] is True
    assert one(deceased_flag="2019")[0]["deceased"] is True, "as short as FALSE, and a year"
    assert one(deceased_flag="#####") == (one()[0], [("deceased_flag", "unknown_word")])
    assert one(deceased_flag="N", status="####") == (one()[0], [("status", "unknown_word")])


@pytest.mark.parametrize("written", ["1899", "25569", "60000", "2958465", "435001", "43500 a"])
def test_other_numbers_in_the_place_of_a_date_of_death_say_nothing(written):
    row, reasons = one(deceased_date=written)
    assert ("deceased" in row, reasons) == (False, [("deceased_date", "not_a_date")])


NOTHING = (
    "breed",
    "species",
    "birth_date",
    "birth_date_estimated",
    "weight",
    "weight_unit",
    "weight_date",
)


@pytest.mark.parametrize("nothing", ["0", "NULL", "\\N"])
def test_what_exports_write_for_no_value_is_none_in_any_column(nothing):
    """0 is what a sheet's formulas give for an empty cell, NULL what MySQL's own client prints."""
    said = dict.fromkeys((*NOTHING, "deceased_flag", "deceased_date"), nothing)
    assert one(**said, status="Active") == (one()[0] | {"deceased": False}, [])
    weighed = {**PET, "weight": "12", "weight_unit": nothing}
    found = normalize(weighed, weight_unit_when_missing="lb")
    assert (found.rows["weight_unit"].tolist(), len(found.not_taken)) == (["lb"], 0)


def test_a_pet_may_die_on_the_day_it_was_born():
    values, reasons = one(birth_date="2020-01-02", deceased_date="2020-01-02")
    assert (values["deceased"], values["deceased_on"], reasons) == (True, date(2020, 1, 2), [])


def test_words_nobody_knows_are_told():
    assert one(deceased_flag="perhaps", status="zz")[1] == [
        ("deceased_flag", "unknown_word"),
        ("status", "unknown_word"),
    ]


@pytest.mark.parametrize(
    ("columns", "field", "reason"),
    [
        ({"birth_date": "about 2015"}, "birth_date", "not_a_date"),
        ({"birth_date": "05/06/2015"}, "birth_date", "date_order_unknown"),
        ({"weight": "big"}, "weight", "not_a_weight"),
        ({"weight": "12", "weight_unit": "stone"}, "weight_unit", "unknown_unit"),
        ({"weight": "12", "weight_date": "soon"}, "weight_date", "not_a_date"),
    ],
)
def test_a_value_that_is_not_taken_has_a_reason(columns, field, reason):
    assert one(**columns)[1] == [(field, reason)]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"name": None}, "no_name"),
        ({"name": "(DECEASED)"}, "no_name"),
        ({"name": "Be\ufffdlla"}, "undecodable_text"),
        ({"breed": "x" * 10_001}, "text_too_long"),
        ({"birth_date": "2024-13-45"}, "impossible_birth_date"),
        ({"birth_date": "2026-11-25"}, "impossible_birth_date"),
        ({"weight_date": "2023-02-30"}, "impossible_weight_date"),
        ({"deceased_date": "2030-01-01"}, "impossible_deceased_date"),
        ({"birth_date": "2020-01-02", "deceased_date": "2020-01-01"}, "impossible_deceased_date"),
        ({"client_key": "C\x011"}, "undecodable_text"),
        ({"client_key": "C\n1"}, "undecodable_text"),
    ],
)
def test_a_row_that_is_not_taken_has_a_reason(columns, reason):
    result = normalize({**PET, **columns})
    assert len(result.rows) == 0
    assert lines(result.quarantined) == [(0, "7", reason)]


@pytest.mark.parametrize(
    "columns",
    [
        {"deceased_flag": "Rex 3/4/2026"},
        {"deceased_flag": "Y (PTS)"},
        {"deceased_flag": "X"},
        {"deceased_flag": "*"},
        {"deceased_flag": "\u2020"},
        {"deceased_date": "2/4/26 PTS consent"},
        {"deceased_flag": "0", "status": "gone"},
    ],
)
def test_alive_is_not_said_beside_what_may_be_the_word_for_dead(columns):
    row, reasons = one(**{"status": "Active"} | columns)
    assert row.get("deceased") is None
    assert [reason for _, reason in reasons] in (["unknown_word"], ["not_a_date"])


def test_a_date_in_the_flag_column_says_dead():
    row, reasons = one(status="Active", deceased_flag="2026-02-04")
    assert (row["deceased"], reasons) == (True, [])


def test_a_known_pet_without_a_name_is_taken_and_told():
    rows = ({**PET, "name": "(DECEASED)", "deceased_flag": "Y"}, {"patient_key": "8"})
    result = normalize_pets(raw_patients(*rows), Conventions(), read_on=READ_ON, known={"7"})
    assert list(result.rows["deceased"]) == [True]
    assert lines(result.not_taken) == [("7", "name", "no_name")]
    assert lines(result.quarantined) == [(1, "8", "no_name")]


def test_a_key_with_a_tab_or_line_end_inside_is_refused():
    result = normalize({**PET, "patient_key": "P\t7"}, {**PET, "patient_key": "\t7\n"})
    assert list(result.rows["pims_pet_id"]) == ["7"]
    assert lines(result.quarantined) == [(0, None, "undecodable_text")]


def test_pets_without_a_key_of_their_own_are_refused():
    result = normalize({**PET, "patient_key": ""}, PET, PET)
    assert list(result.rows["pims_pet_id"]) == ["7"]
    assert lines(result.quarantined) == [(0, None, "no_key"), (2, "7", "duplicate_row")]
