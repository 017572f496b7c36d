"""What the next snapshot is compared with."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet, phones
from vet_pipeline.deltas.guards import KnownCounts
from vet_pipeline.deltas.rows import hash_rows
from vet_pipeline.errors import UnknownPractice
from vet_pipeline.scriptright.load.known import known_counts
from vet_pipeline.scriptright.records import baseline
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

ODD = client("1", last_name='O"Neil, Jr.\n\\.', title="", email=None, phones=phones("1", "2"))


def test_a_practice_without_a_load_has_an_empty_baseline(engine: Engine) -> None:
    add_practice(engine)
    with engine.connect() as connection:
        assert baseline.applied_seq(connection, "oak") is None
        hashes = baseline.read_hashes(connection, "oak", "client")
        assert list(hashes.columns) == ["pims_id", "row_hash", "missing", "waiting"]
        assert hashes.empty
        assert baseline.read_rows(connection, "oak", "client", ["1"]).empty
        assert known_counts(connection, "oak") == KnownCounts(0, 0, 0, 0, 0)


def test_raw_rows_come_back_to_the_letter(engine: Engine) -> None:
    add_practice(engine)
    load(
        engine, "oak", 1, [ODD, client("2"), client("3", email=" ")], [pet("10", "1", weight=None)]
    )
    with engine.connect() as connection:
        rows = baseline.read_rows(connection, "oak", "client", ["1", "unknown"])
        pets = baseline.read_rows(connection, "oak", "pet", ["10"])
        hashes = baseline.read_hashes(connection, "oak", "client")
        assert baseline.read_client_ids(connection, "oak", ["3", "unknown"]) == {"3"}
        assert baseline.read_client_ids(connection, "oak", []) == set()
        assert known_counts(connection, "oak") == KnownCounts(3, 1, 1, 0, 0)
    expected = pd.DataFrame([{c: ODD.get(c) for c in RAW_CLIENT_COLUMNS}]).astype("str")
    pd.testing.assert_frame_equal(rows, expected)
    assert tuple(pets.columns) == RAW_PATIENT_COLUMNS
    assert pets["weight"].isna().all()
    [stored] = hashes.loc[hashes["pims_id"] == "1", "row_hash"]
    assert stored == hash_rows(expected)[0].as_py()


def test_known_emails_are_those_that_normalizing_takes(engine: Engine) -> None:
    add_practice(engine)
    fields = ("ann@x.example", "ann@x.example", "n/a", "none@", "noemail@x.example", " ", None)
    load(engine, "oak", 1, [client(str(n), email=field) for n, field in enumerate(fields)])
    with engine.connect() as connection:
        for wanted, told in ((None, 2), (0, 0), (1, 1), (2, 2), (3, 2), (100, 2)):
            known = known_counts(connection, "oak", emails=wanted).emails
            assert known == told or told == wanted <= known <= 2, "exact, or at least as many"


def test_missing_and_waiting_are_told(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2")])
    load(engine, "oak", 2, [client("1")])
    with engine.connect() as connection:
        hashes = baseline.read_hashes(connection, "oak", "client").set_index("pims_id")
    assert hashes["missing"].to_dict() == {"1": False, "2": True}
    assert hashes["waiting"].to_dict() == {"1": False, "2": False}


def test_snapshot_numbers_are_given_out_once(engine: Engine) -> None:
    add_practice(engine)
    assert [baseline.next_snapshot_seq(engine, "oak") for _ in range(3)] == [1, 2, 3]


def test_an_unknown_practice_has_no_baseline_and_no_numbers(engine: Engine) -> None:
    with pytest.raises(UnknownPractice):
        baseline.next_snapshot_seq(engine, "elm")
    with engine.connect() as connection, pytest.raises(UnknownPractice):
        baseline.applied_seq(connection, "elm")
