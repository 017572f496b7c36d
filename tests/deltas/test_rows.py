"""Which rows are new, changed, waiting, unchanged, missing or returned."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.frames import baseline, raw_clients
from vet_pipeline.deltas.rows import RowSelection, hash_rows, select_rows, texts

ANN = {"client_key": "1", "first_name": "Ann", "last_name": "Lee"}
BOB = {"client_key": "2", "first_name": "Bob", "last_name": "Ray"}


def select(raw: pd.DataFrame, known: pd.DataFrame) -> RowSelection:
    ids = texts(raw["client_key"])
    return select_rows(ids, hash_rows(raw), known, present_ids=ids)


def lines(selection: RowSelection) -> list[tuple[int, str, str]]:
    keys = selection.keys
    return list(zip(keys["row_number"], keys["pims_id"], keys["kind"], strict=True))


def test_every_row_of_a_first_snapshot_is_new() -> None:
    selection = select(raw_clients(ANN, BOB), baseline())
    assert lines(selection) == [(0, "1", "new"), (1, "2", "new")]
    assert (selection.unchanged, selection.missing, selection.returned) == (0, (), ())


def test_a_row_that_did_not_change_is_only_counted() -> None:
    raw = raw_clients(ANN, BOB)
    hashes = hash_rows(raw).to_pylist()
    selection = select(
        raw, baseline(("1", hashes[0], False, False), ("2", b"another", False, False))
    )
    assert lines(selection) == [(1, "2", "changed")]
    assert selection.unchanged == 1


def test_a_waiting_record_comes_again_even_when_it_did_not_change() -> None:
    raw = raw_clients(ANN)
    selection = select(raw, baseline(("1", hash_rows(raw)[0].as_py(), False, True)))
    assert lines(selection) == [(0, "1", "waiting")]


def test_a_row_gone_from_the_snapshot_is_missing_once() -> None:
    raw = raw_clients(ANN)
    known = baseline(
        ("1", hash_rows(raw)[0].as_py(), False, False),
        ("2", b"x", False, False),
        ("3", b"x", True, False),
    )
    selection = select(raw, known)
    assert (selection.missing, selection.returned) == (("2",), ())


def test_a_row_that_comes_back_is_the_same_record() -> None:
    raw = raw_clients(ANN)
    selection = select(raw, baseline(("1", hash_rows(raw)[0].as_py(), True, False)))
    assert selection.returned == ("1",)
    assert (lines(selection), selection.unchanged) == ([], 1)


def test_a_row_that_can_not_be_read_is_not_missing() -> None:
    raw = raw_clients(ANN)
    selection = select_rows(
        texts(raw["client_key"].iloc[:0]),
        hash_rows(raw.iloc[:0]),
        baseline(("1", b"x", False, False)),
        present_ids=texts(raw["client_key"]),
    )
    assert selection.missing == ()


def test_null_differs_from_an_empty_text() -> None:
    null, empty = hash_rows(
        raw_clients({"client_key": "1"}, {"client_key": "1", "title": ""})
    ).to_pylist()
    assert null != empty


def test_text_can_not_move_between_columns_unnoticed() -> None:
    left, right = hash_rows(
        raw_clients({"client_key": "1", "title": "ab"}, {"client_key": "1", "first_name": "ab"})
    ).to_pylist()
    assert left != right


@given(st.lists(st.tuples(st.text(max_size=3), st.none() | st.text(max_size=5)), max_size=6))
def test_a_hash_depends_on_the_row_alone(rows: list[tuple[str, str | None]]) -> None:
    dicts = [
        {"client_key": key.replace("\x00", ""), "title": t and t.replace("\x00", "")}
        for key, t in rows
    ]
    together = hash_rows(raw_clients(*dicts)).to_pylist()
    assert together == [hash_rows(raw_clients(row))[0].as_py() for row in dicts]
