"""Phones of columns and of rows of their own, folded into one column of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vet_pipeline.normalize.phones import PhoneReader
from vet_pipeline.pims.cells import text_array
from vet_pipeline.pims.phones import column_pairs, fold_phones, row_pairs

Cells = Sequence[str | bytes | int | None]


def folded(
    keys: Sequence[str | None], columns: Mapping[str, Cells], *rows: Cells
) -> list[str | None]:
    """Keys of clients, columns phone1.., and keys, numbers, labels and extensions of rows."""
    told = fold_phones(
        text_array(keys), column_pairs(columns, len(keys)), row_pairs(*rows) if rows else None
    )
    found: list[str | None] = told.phones.to_pylist()
    return found


def test_phones_keep_their_order_and_blank_ones_go() -> None:
    columns = {"phone1": ["1", None], "phone1_label": ["home", "x"], "phone2": [" ", "2"]}
    rows = (["b", "a ", "b", "c", "b"], [5550100, "9", "8", "7", ""], [b"fax", None] + ["x"] * 3)
    assert folded(["a", "b"], columns, *rows) == [
        '[["1","home"],["9",null]]',
        '[["2",null],["5550100","fax"],["8","x"]]',
    ]


def test_clients_without_a_number_have_none() -> None:
    assert folded([None, "c"], {}, ["a", None], ["1", "2"], [None, None]) == [None, None]
    assert folded(["c"], {}) == [None]
    assert folded([], {}, [], [], []) == []


def test_clients_of_the_same_key_have_the_same_numbers() -> None:
    both = '[["1",null],["2",null]]'
    rows = (["a", "a"], ["1", "2"], [None, None])
    assert folded(["a", "b", "a"], {}, *rows) == [both, None, both]


@pytest.mark.parametrize(
    ("extension", "recorded", "read"),
    [
        ("12", "217-555-0142 x12", ["+12175550142", "12"]),
        (" 12 ", "217-555-0142 x12", ["+12175550142", "12"]),
        ("x12", "217-555-0142, x12", ["+12175550142", "12"]),
        ("Ext. 12", "217-555-0142, Ext. 12", ["+12175550142", "12"]),
        ("", "217-555-0142", ["+12175550142", None]),
        (None, "217-555-0142", ["+12175550142", None]),
        # None of these is an extension; the number stays one.
        ("after 5", "217-555-0142, after 5", ["+12175550142", None]),
        ("12-3", "217-555-0142, 12-3", ["+12175550142", None]),
        ("12345678", "217-555-0142, 12345678", ["+12175550142", None]),
    ],
)
def test_an_extension_is_written_so_that_normalizing_reads_it(
    extension: str | None, recorded: str, read: list[str | None]
) -> None:
    rows = (["a", "a"], ["217-555-0142", " "], ["work", "home"], [extension, "7"])
    [text] = folded(["a"], {}, *rows)
    assert text is not None
    assert json.loads(text) == [[recorded, "work"]]
    [phone] = json.loads(PhoneReader("US").read(text).text)
    assert [phone["number"], phone["extension"]] == read


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
    texts = folded(["k"] * len(rows), columns)
    assert [text and json.loads(text) for text in texts] == [
        [
            [number.replace("\0", ""), label and label.replace("\0", "")]
            for number, label in (row[:2], row[2:])
            if number and number.replace("\0", "").strip()
        ]
        or None
        for row in rows
    ]
