"""Which rows have a key of their own."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.frames import raw_clients
from tests.normalize.columns import texts
from tests.normalize.rows import lines
from vet_pipeline.normalize.columns import QUARANTINE_SCHEMA
from vet_pipeline.normalize.keys import split_keys, trimmed


def test_rows_with_their_own_keys_are_all_taken_untouched():
    raw = raw_clients({"client_key": "1"}, {"client_key": "2"})
    taken, refused = split_keys(raw, "client_key")
    assert taken is raw
    assert list(refused.columns) == QUARANTINE_SCHEMA.names
    assert lines(refused) == []


def test_keys_are_trimmed_and_the_raw_frame_stays_as_it_was():
    raw = raw_clients({"client_key": " 1 "}, {"client_key": "a b"})
    taken, refused = split_keys(raw, "client_key")
    assert list(taken["client_key"]) == ["1", "a b"]
    assert list(raw["client_key"]) == [" 1 ", "a b"]
    assert taken["client_key"].dtype == raw["client_key"].dtype
    assert lines(refused) == []


def test_taken_rows_keep_their_index_labels():
    raw = raw_clients({}, {"client_key": "1"}, {"client_key": ""}, {"client_key": "2"})
    taken, refused = split_keys(raw, "client_key")
    assert list(taken.index) == [1, 3]
    assert lines(refused) == [(0, None, "no_key"), (2, None, "no_key")]


def test_of_equal_rows_with_one_key_the_first_is_taken():
    row = {"client_key": "1", "last_name": "Smith"}
    taken, refused = split_keys(raw_clients(row, row, row), "client_key")
    assert list(taken.index) == [0]
    assert lines(refused) == [(1, "1", "duplicate_row"), (2, "1", "duplicate_row")]


def test_of_different_rows_with_one_key_none_is_taken():
    raw = raw_clients(
        {"client_key": "1", "last_name": "Smith"},
        {"client_key": "1", "last_name": "Jones"},
        {"client_key": "1 ", "last_name": "Smith"},
        {"client_key": "2", "last_name": "Smith"},
    )
    taken, refused = split_keys(raw, "client_key")
    assert list(taken["client_key"]) == ["2"]
    assert lines(refused) == [(n, "1", "duplicate_key") for n in range(3)]


def test_null_and_empty_text_make_rows_different():
    raw = raw_clients({"client_key": "1"}, {"client_key": "1", "city": ""})
    assert lines(split_keys(raw, "client_key")[1]) == [
        (0, "1", "duplicate_key"),
        (1, "1", "duplicate_key"),
    ]


@pytest.mark.parametrize("key", ["a\x00b", "a\ufffdb", "\u200b", "a\x81", "a\x07"])
def test_a_key_with_broken_characters_is_refused_and_not_shown(key):
    taken, refused = split_keys(raw_clients({"client_key": key}), "client_key")
    assert len(taken) == 0
    assert lines(refused) == [(0, None, "undecodable_text")]


def test_a_key_that_is_no_id_but_a_text_is_refused():
    refused = split_keys(raw_clients({"client_key": "9" * 256}), "client_key")[1]
    assert lines(refused) == [(0, None, "text_too_long")]


def test_half_a_surrogate_pair_is_refused_and_not_a_crash():
    raw = pd.DataFrame({"client_key": pd.Series(["ok", "x\ud800"], dtype=object)})
    taken, refused = split_keys(raw, "client_key")
    assert list(taken["client_key"]) == ["ok"]
    assert lines(refused) == [(1, None, "undecodable_text")]


def test_an_empty_frame_is_no_problem():
    taken, refused = split_keys(raw_clients(), "client_key")
    assert (len(taken), len(refused)) == (0, 0)


@pytest.mark.parametrize(
    "keys",
    [["1", "2", "10"], ["1", "10", "2"], ["2", "1", "10"], ["9", "10", "a1"], ["01", "1"], ["1"]],
)
def test_different_keys_are_taken_in_whatever_order_they_come(keys):
    raw = raw_clients(*({"client_key": key} for key in keys))
    assert split_keys(raw, "client_key")[0] is raw


@pytest.mark.parametrize("keys", [["1", "1", "2"], ["1", "2", "2"], ["10", "2", "10"], ["9", "9"]])
def test_a_key_that_comes_twice_is_noticed_in_whatever_order(keys):
    raw = raw_clients(*({"client_key": key} for key in keys))
    assert list(split_keys(raw, "client_key")[0]["client_key"]) == sorted(set(keys), key=keys.index)


@given(st.lists(st.text(alphabet="019aé ", max_size=3), max_size=8))
def test_only_keys_of_one_row_are_taken(keys):
    raw = raw_clients(*({"client_key": key, "city": str(n)} for n, key in enumerate(keys)))
    once = Counter(key.strip() for key in keys)
    taken = [key.strip() for key in keys if key.strip() and once[key.strip()] == 1]
    assert list(split_keys(raw, "client_key")[0]["client_key"]) == taken


def test_an_owner_s_key_is_trimmed_too_and_a_blank_one_is_none():
    keys = texts([" 42\t", "a b", "7", "", "  ", "\u00a0", None])
    assert trimmed(keys).to_pylist() == ["42", "a b", "7", None, None, None, None]
