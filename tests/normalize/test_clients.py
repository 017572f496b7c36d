"""Whole client rows: what is taken, what is refused, and why."""

import json

import pandas as pd
import pyarrow as pa
import pytest

from tests.frames import raw_clients
from tests.normalize.rows import READ_ON, lines, said
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.columns import (
    CLIENT_SCHEMA,
    NOT_TAKEN_SCHEMA,
    QUARANTINE_SCHEMA,
    table,
)
from vet_pipeline.normalize.conventions import Conventions


def normalize(*rows):
    return normalize_clients(raw_clients(*rows), Conventions(), read_on=READ_ON)


def test_a_client_is_normalized_whole():
    result = normalize(
        {
            "client_key": " 42 ",
            "title": "MR & MRS",
            "first_name": "JOHN & MARY",
            "last_name": "SMITH (OLD)",
            "address_line1": "1 Main St Apt 4",
            "city": "OPELIKA",
            "state": "alabama",
            "postal_code": "368041234",
            "email": "John@EXAMPLE.com",
            "phones": json.dumps([["334-461-0472", "Cell"]]),
        }
    )
    row = said(result.rows.iloc[0].to_dict())
    assert row == {
        "pims_client_id": "42",
        "title": "MR & MRS",
        "first_name": "JOHN",
        "last_name": "SMITH",
        "partner_first_name": "MARY",
        "name_note": "(OLD)",
        "address_line1": "1 Main St",
        "unit": "Apt 4",
        "city": "OPELIKA",
        "state": "AL",
        "postal_code": "36804-1234",
        "po_box": False,
        "phones": '[{"number": "+13344610472", "extension": null, "kind": "mobile",'
        ' "recorded": "334-461-0472"}]',
        "email": "John@example.com",
    }
    assert (len(result.quarantined), len(result.not_taken)) == (0, 0)


def test_a_web_based_pims_that_keeps_its_text_as_a_page_s_source():
    result = normalize(
        {
            "client_key": "42",
            "first_name": "Jos&#233;",
            "last_name": "O&#039;Neil",
            "organisation": "Bell &amp; Sons",
            "address_line1": "1 St Mary&#39;s Rd",
            "city": "Coeur d&apos;Alene",
            "email": "o&#39;neil@example.com",
        }
    )
    assert said(result.rows.iloc[0].to_dict()) == {
        "pims_client_id": "42",
        "first_name": "José",
        "last_name": "O'Neil",
        "organisation": "Bell & Sons",
        "address_line1": "1 St Mary's Rd",
        "city": "Coeur d'Alene",
        "po_box": False,
        "phones": "[]",
        "email": "o'neil@example.com",
    }
    assert lines(result.not_taken) == []


@pytest.mark.parametrize("nothing", ["0", "NULL", "\\N"])
def test_what_an_export_writes_for_no_value_stands_on_no_label(nothing):
    """0 is what a sheet's formulas give for an empty cell, NULL what MySQL's own client prints."""
    blank = ("title", "full_name", "organisation", "address_line2", "address_line3", "state")
    result = normalize(
        dict.fromkeys(blank, nothing)
        | {
            "client_key": "42",
            "first_name": "Ann",
            "last_name": "Lee",
            "address_line1": "12 Oak St",
        }
        | {"phones": json.dumps([[nothing, "Cell"]])}
    )
    assert said(result.rows.iloc[0].to_dict()) == {
        "pims_client_id": "42",
        "first_name": "Ann",
        "last_name": "Lee",
        "address_line1": "12 Oak St",
        "po_box": False,
        "phones": "[]",
    }


def test_what_a_spreadsheet_writes_in_place_of_a_value_is_none():
    result = normalize(
        {
            "client_key": "42",
            "first_name": "#N/A",
            "last_name": "Lee",
            "organisation": "#REF!",
            "address_line1": "12 Oak St",
            "address_line2": "#N/A",
            "address_line3": "#VALUE!",
            "city": "#NAME?",
            "state": "#NULL!",
            "postal_code": "#DIV/0!",
            "phones": json.dumps([["#N/A", "Cell"]]),
            "email": "#N/A",
        }
    )
    assert said(result.rows.iloc[0].to_dict()) == {
        "pims_client_id": "42",
        "last_name": "Lee",
        "address_line1": "12 Oak St",
        "po_box": False,
        "phones": "[]",
    }
    assert lines(result.not_taken) == []


def test_a_blank_client_with_a_name_has_no_values_and_no_reasons():
    result = normalize({"client_key": "1", "last_name": "Smith"})
    assert said(result.rows.iloc[0].to_dict()) == {
        "pims_client_id": "1",
        "last_name": "Smith",
        "po_box": False,
        "phones": "[]",
    }
    assert len(result.not_taken) == 0


def test_the_frames_have_exactly_their_schemas():
    for result in (normalize(), normalize({"client_key": "1", "last_name": "Smith"})):
        assert table(result.rows, CLIENT_SCHEMA).schema == CLIENT_SCHEMA
        assert table(result.quarantined, QUARANTINE_SCHEMA).schema == QUARANTINE_SCHEMA
        assert table(result.not_taken, NOT_TAKEN_SCHEMA).schema == NOT_TAKEN_SCHEMA
        assert result.rows["po_box"].dtype == pd.ArrowDtype(pa.bool_())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"last_name": "Smith"}, "no_key"),
        ({"client_key": "1"}, "no_name"),
        ({"client_key": "1", "first_name": "-", "last_name": "UNKNOWN"}, "no_name"),
        ({"client_key": "1", "last_name": "Smi\ufffdth"}, "undecodable_text"),
        ({"client_key": "1", "last_name": "Smith", "city": "a\x81"}, "undecodable_text"),
        (
            {"client_key": "1", "last_name": "Smith", "phones": '[["334\\ufffd", null]]'},
            "undecodable_text",
        ),
        ({"client_key": "1", "last_name": "S" * 10_001}, "text_too_long"),
    ],
)
def test_a_row_that_is_not_taken_has_a_reason(row, reason):
    result = normalize(row)
    assert len(result.rows) == 0
    assert lines(result.quarantined) == [(0, row.get("client_key"), reason)]
    assert len(result.not_taken) == 0


def test_a_known_client_without_a_name_is_taken_and_told():
    raw = raw_clients(
        {"client_key": "1", "last_name": "-", "email": "a@x.org"}, {"client_key": "2"}
    )
    result = normalize_clients(raw, Conventions(), read_on=READ_ON, known={"1"})
    assert list(result.rows["email"]) == ["a@x.org"]
    assert lines(result.not_taken) == [("1", "last_name", "no_name")]
    assert lines(result.quarantined) == [(1, "2", "no_name")]


def test_the_rest_goes_on_in_its_order_when_rows_are_refused():
    result = normalize(
        {"client_key": "3", "last_name": "Cid"},
        {"client_key": "2", "last_name": "."},
        {"client_key": None, "last_name": "Ann"},
        {"client_key": "1", "last_name": "Bob"},
        {"client_key": "1", "last_name": "Bob"},
    )
    assert list(result.rows["last_name"]) == ["Cid", "Bob"]
    assert lines(result.quarantined) == [
        (1, "2", "no_name"),
        (2, None, "no_key"),
        (4, "1", "duplicate_row"),
    ]


def test_row_numbers_are_positions_whatever_the_index_says():
    raw = raw_clients({"client_key": "1", "last_name": "."}).set_axis([77])
    result = normalize_clients(raw, Conventions(), read_on=READ_ON)
    assert lines(result.quarantined) == [(0, "1", "no_name")]


def test_an_organisation_needs_no_person():
    result = normalize({"client_key": "1", "organisation": "Acme Farm"})
    assert said(result.rows.iloc[0].to_dict())["organisation"] == "Acme Farm"


def test_every_value_left_out_is_told_with_its_raw_column():
    result = normalize(
        {
            "client_key": "1",
            "last_name": "Smith",
            "address_line1": "NEED ADDRESS",
            "postal_code": "00000",
            "email": "declined",
            "phones": json.dumps([["555-5555", None], ["12345", None]]),
        }
    )
    assert sorted(lines(result.not_taken)) == [
        ("1", "address_line1", "placeholder"),
        ("1", "email", "placeholder"),
        ("1", "phones", "placeholder"),
        ("1", "phones", "too_short"),
        ("1", "postal_code", "placeholder"),
    ]


def test_values_of_a_refused_row_are_not_told_twice():
    result = normalize({"client_key": "1", "last_name": ".", "email": "declined"})
    assert len(result.not_taken) == 0
    assert lines(result.quarantined) == [(0, "1", "no_name")]
