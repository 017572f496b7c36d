"""Cells of every type a driver may return, as text without loss."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vet_pipeline.pims.cells import as_text, key_array, text_array


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


def test_a_key_loses_the_blanks_around_it_only() -> None:
    cells = [" 7  ", 7, None, "", "\u00a0x y\t", "7\r", "\n7"]
    assert key_array(cells).to_pylist() == ["7", "7", None, "", "x y", "7", "7"]


def test_the_blanks_around_a_key_are_those_that_keys_lose_when_they_are_compared() -> None:
    around = [chr(c) for c in range(1, 0x11000) if not 0xD800 <= c < 0xE000]
    assert key_array([f"{c}7{c}" for c in around]).to_pylist() == [
        f"{c}7{c}".strip() for c in around
    ]
