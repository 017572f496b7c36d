"""Cells of every type a driver may return, as text without loss."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vet_pipeline.pims.cells import as_text, fold_phones, key_array, text_array


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        ("", ""),
        (" a ", " a "),
        ("x\0y", "xy"),
        (True, "1"),
        (False, "0"),
        (12, "12"),
        (12.1, "12.1"),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (dt.date(2020, 1, 2), "2020-01-02"),
        (dt.datetime(2020, 1, 2, 3, 4, 5), "2020-01-02 03:04:05"),  # noqa: DTZ001
        (dt.time(3, 4), "03:04:00"),
        (b"Jos\xc3\xa9", "José"),
        (b"Jos\xe9", "José"),
        (b"x\0y", "xy"),
        (bytearray(b"\x81"), "\ufffd"),
        ("half \ud83d", "half \ufffd"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_cell_is_written_out(cell: object, text: str | None) -> None:
    assert as_text(cell) == text


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(), st.integers(), st.binary(max_size=9))))
def test_a_column_never_fails_and_keeps_its_length(cells: list[object]) -> None:
    assert text_array(cells).to_pylist() == [as_text(cell) for cell in cells]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_text_stays_exactly_as_it_is(text: str) -> None:
    assert text_array([text]).to_pylist() == [text]


def test_a_key_loses_its_padding_only() -> None:
    cells = [" 7  ", 7, None, "", "\u00a0x\t"]
    assert key_array(cells).to_pylist() == [" 7", "7", None, "", "\u00a0x\t"]


def test_phones_keep_their_order_and_blank_ones_go() -> None:
    columns = {"phone1": ["1", None], "phone1_label": ["home", "x"], "phone2": [" ", "2"]}
    listed = {"a": [("9", None)], "b": [(5550100, b"fax")]}
    assert fold_phones(text_array(["a", "b"]), columns, listed).to_pylist() == [
        '[["1","home"],["9",null]]',
        '[["2",null],["5550100","fax"]]',
    ]
    assert fold_phones(text_array([None, "c"]), {}, listed).to_pylist() == [None, None]


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.one_of(st.none(), st.text(st.characters(codec="utf-8")))] * 4)),
    st.booleans(),
)
def test_phones_are_json_whatever_was_typed(
    rows: list[tuple[str | None, ...]], is_plain: bool
) -> None:
    if is_plain:  # the common case goes another way
        rows = [
            tuple(cell and "".join(re.findall(r"[ !#-\[\]-~]", cell)) for cell in row)
            for row in rows
        ]
    names = ("phone1", "phone1_label", "phone10", "phone10_label")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    folded = fold_phones(text_array(["k"] * len(rows)), columns, None).to_pylist()
    assert [text and json.loads(text) for text in folded] == [
        [
            [number.replace("\0", ""), label and label.replace("\0", "")]
            for number, label in (row[:2], row[2:])
            if number and number.replace("\0", "").strip()
        ]
        or None
        for row in rows
    ]
