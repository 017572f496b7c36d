"""Rows packed into one cell: the same columns as cell by cell, or none at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from vet_pipeline.deltas.rows import hash_rows
from vet_pipeline.pims.engines import ENGINES
from vet_pipeline.pims.packed import unpack


def test_columns_come_apart_at_their_marks() -> None:
    rows = ["\xffAnn\xff\xfe\xfeend", "\xfe\xff\xff1\xfeend", "\xff\xc3\xa9\xfe\xff\xe9\xfeend"]
    columns = unpack("".join(rows), 3, "end")
    assert columns is not None
    assert [column.to_pylist() for column in columns] == [
        ["Ann", None, "é"],
        ["", "", None],
        [None, "1", "é"],  # a byte of Windows' alphabet
    ]
    assert [column.to_pylist() for column in unpack(None, 2, "end") or []] == [[], []]


BOB = "\xffBob\xfe\xfe\xfeend"


@pytest.mark.parametrize(
    "row",
    [
        "\xffAnn\xff1\xff1\xff\xfeend",  # a cell held a mark
        "\xffAnn\xff1\xff1",  # cut
        "\xffAnn\xff1\xff1\xfe",  # a cell held a mark, and the row is cut behind it
        "\xffAnn\xff1\xff1\xfeen",  # cut within the word
        "\xffA\u2019n\xff1\xff1\xfeend",  # the driver changed something
        "\xffAnn\xff1\xfe2\xfeend",  # something behind a NULL
        "Ann\xff1\xff1\xfeend",  # something before the first cell
        "\xffAnn\xff1\xff1\xff1\xfe\xfe\xfe\xfeend",  # two rows' marks, one word
    ],
)
def test_a_row_that_doesnt_add_up_takes_nothing(row: str) -> None:
    assert unpack(row, 3, "end") is None
    assert unpack(BOB + row, 3, "end") is None
    assert unpack(row + BOB, 3, "end") is None


def test_a_page_without_any_text_has_no_rows_and_one_that_is_empty_was_cut() -> None:
    assert [column.to_pylist() for column in unpack(None, 2, "end") or []] == [[], []]
    assert unpack("", 2, "end") is None


_CELLS = st.one_of(
    st.none(),
    st.binary(max_size=4),
    st.sampled_from([b"\xff", b"\xfe", b"\xfe\0", b"a\0b", b"", b"Jos\xc3\xa9", b"Jos\xe9"]),
    st.text(max_size=4).map(lambda text: text.encode("utf-8", "replace")),
    st.integers(-9, 9),
    st.floats(allow_nan=False, allow_infinity=False),
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=6))
def test_packed_or_cell_by_cell_is_the_same(
    sqlite: Server, monkeypatch: pytest.MonkeyPatch, cells: list[tuple[object, ...]]
) -> None:
    columns = ("last_name", "phone1", "phone1_label")
    clients = [
        {"client_key": key, **{c: _literal(cell) for c, cell in zip(columns, row, strict=True)}}
        for key, row in enumerate(cells)
    ]
    odbc = sqlite.odbc(make(sqlite, clients=clients))
    got = read("generic", odbc)
    packed = got.clients
    assert got.tables.hashes()["clients"].to_pylist() == hash_rows(packed).to_pylist()
    with monkeypatch.context() as patch:
        patch.setitem(ENGINES, "sqlite", replace(ENGINES["sqlite"], packs=False))
        one_by_one = read("generic", odbc).clients
    assert packed.to_dict("records") == one_by_one.to_dict("records")


def _literal(cell: object) -> object:
    return f"=CAST(x'{cell.hex()}' AS TEXT)" if isinstance(cell, bytes) else cell
