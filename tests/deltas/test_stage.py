"""One table after normalizing: every row read is unchanged, normalized or quarantined."""

from dataclasses import replace
from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import baseline, raw_clients, raw_patients
from vet_pipeline.deltas.rows import hash_rows
from vet_pipeline.deltas.stage import RawRows, RecordStage, normalize_stage
from vet_pipeline.normalize.conventions import Conventions

TODAY = date(2026, 11, 23)
ANN = {"client_key": "1", "first_name": "Ann", "last_name": "Lee"}
BOB = {"client_key": "2", "first_name": "Bob", "last_name": "Ray"}


def stage_of(raw: pd.DataFrame, known: pd.DataFrame, record: str = "client") -> RecordStage:
    return normalize_stage(
        record,  # type: ignore[arg-type]
        RawRows.of(raw, record),  # type: ignore[arg-type]
        known,
        baseline_seq=None,
        conventions=Conventions(),
        read_on=TODAY,
    )


def test_only_rows_that_differ_are_normalized() -> None:
    raw = raw_clients(ANN, BOB)
    stage = stage_of(raw, baseline(("1", hash_rows(raw)[0].as_py(), False, False)))
    assert list(stage.rows["pims_client_id"]) == ["2"]
    assert (stage.rows_read, stage.unchanged, len(stage.quarantined)) == (2, 1, 0)


def test_a_bad_row_is_quarantined_with_its_place_and_the_rest_goes_on() -> None:
    raw = raw_patients(
        {"patient_key": "7", "client_key": "1", "name": "Rex", "birth_date": "2020-01-01"},
        {"patient_key": "8", "client_key": "1", "name": "Max", "birth_date": "2024-13-45"},
        {"patient_key": None, "client_key": "1", "name": "Moe"},
        {"patient_key": "9", "client_key": "1", "name": "Pip"},
    )
    stage = stage_of(raw, baseline(), "pet")
    assert list(stage.keys["pims_id"]) == ["7", "9"]
    assert sorted(
        zip(stage.quarantined["row_number"], stage.quarantined["reason"], strict=True)
    ) == [
        (1, "impossible_birth_date"),
        (2, "no_key"),
    ]
    assert stage.is_balanced


def test_a_stage_says_whose_old_rows_and_owners_are_wanted() -> None:
    rex = {"patient_key": "7", "client_key": "1", "name": "Rex"}
    raw = raw_patients(
        rex,
        rex | {"patient_key": "8", "client_key": "2"},
        rex | {"patient_key": "9", "client_key": "3"},
        rex | {"patient_key": "10", "client_key": None},
    )
    known = baseline(("7", b"old", False, False), ("9", b"old", False, True))
    stage = stage_of(raw, known, "pet")
    assert list(stage.keys["kind"]) == ["changed", "new", "waiting", "new"]
    assert stage.changed_ids() == ["7"]
    assert stage.owners_to_look_up() == ["2", "3"]


def test_a_stage_is_of_one_baseline_and_of_the_rules_in_force() -> None:
    stage = stage_of(raw_clients(ANN), baseline())
    assert stage.is_current(None)
    assert not stage.is_current(1)
    assert not replace(stage, rules="an earlier release's").is_current(None)


def test_a_known_record_whose_row_is_bad_now_is_not_missing() -> None:
    raw = raw_patients(
        {"patient_key": "8", "client_key": "1", "name": "Max", "birth_date": "2024-13-45"}
    )
    stage = stage_of(raw, baseline(("8", b"old", False, False)), "pet")
    assert stage.missing == ()
    assert len(stage.quarantined) == 1


def test_a_known_record_whose_key_is_filled_up_with_blanks_now_is_not_missing() -> None:
    padded = raw_clients({**ANN, "client_key": " 1   "})
    stage = stage_of(padded, baseline(("1", b"old", False, False)))
    assert (stage.missing, stage.returned, list(stage.keys["kind"])) == ((), (), ["changed"])


def test_a_known_record_that_stands_there_twice_now_is_not_missing() -> None:
    twice = raw_clients(ANN, {**BOB, "client_key": "1"})
    stage = stage_of(twice, baseline(("1", b"old", False, False)))
    assert list(stage.quarantined["reason"]) == ["duplicate_key", "duplicate_key"]
    assert (stage.missing, len(stage.rows)) == ((), 0)


key = st.sampled_from(["1", "2", "3", " 3", "", None])
name = st.sampled_from(["Ann", "Bob", "", None, "\ufffd"])


@settings(deadline=None)
@given(st.lists(st.tuples(key, name, name), max_size=8), st.integers(0, 8))
def test_rows_read_are_unchanged_or_normalized_or_quarantined(
    cells: list[tuple[str | None, str | None, str | None]], known: int
) -> None:
    raw = raw_clients(
        *({"client_key": k, "first_name": f, "last_name": last} for k, f, last in cells)
    )
    hashes = hash_rows(raw).to_pylist()
    before = {
        (k or "").strip(): h
        for (k, _, _), h in zip(cells[:known], hashes[:known], strict=True)
        if k
    }
    stage = stage_of(raw, baseline(*((k, h, False, False) for k, h in before.items())))
    assert stage.rows_read == stage.unchanged + len(stage.rows) + len(stage.quarantined)
    assert len(stage.keys) == len(stage.rows)
