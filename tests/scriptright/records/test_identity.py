"""A word on a pair holds while what identifies either side stands: each field of it, and the last word."""

from __future__ import annotations

import pytest

from vet_pipeline.scriptright.records.identity import IDENTIFYING_RAW, pims_digest, record_digest
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

RAW = {"client": RAW_CLIENT_COLUMNS, "pet": RAW_PATIENT_COLUMNS}
# Of a pet's row: who owns it, what it weighs and whether it lives say nothing about which it is.
NOT_IDENTIFYING = {
    "client": {"client_key"},
    "pet": {"patient_key", "client_key", "birth_date_estimated", "weight", "weight_unit",
            "weight_date", "deceased_flag", "deceased_date", "status"},
}  # fmt: skip
ANN = {
    "title": "Dr", "first_name": "Ann", "last_name": "Lee", "address_line1": "12 Elm St",
    "city": "Peoria", "postal_code": "61602", "email": "ann@example.com",
    "phones": [{"number": "+12175550142", "extension": None, "kind": "home", "recorded": "x"}],
}  # fmt: skip
REX = {"name": "Rex", "species": "dog", "breed": "Beagle", "birth_date": "2020-05-01"}


@pytest.mark.parametrize("record", ["client", "pet"])
def test_every_text_that_tells_who_it_is_counts_in_the_pims(record: str) -> None:
    before = dict.fromkeys(RAW[record], "some")
    tells = {
        column
        for column in RAW[record]
        if pims_digest(record, before | {column: "other"}) != pims_digest(record, before)  # type: ignore[arg-type]
    }
    assert tells == set(RAW[record]) - NOT_IDENTIFYING[record] == set(IDENTIFYING_RAW[record])


@pytest.mark.parametrize(
    ("record", "row", "other"),
    [
        *(("client", ANN, {column: "other"}) for column in ANN if column != "phones"),
        ("client", ANN, {"phones": []}),
        *(("pet", REX, {column: "other"}) for column in REX if column != "birth_date"),
        ("pet", REX, {"birth_date": "2021-05-01"}),
    ],
)
def test_every_value_that_tells_who_it_is_counts_in_scriptright(
    record: str, row: dict[str, object], other: dict[str, object]
) -> None:
    assert record_digest(record, row | other) != record_digest(record, row)  # type: ignore[arg-type]


def test_what_a_pet_weighs_and_whether_it_lives_make_it_no_other() -> None:
    later = REX | {"weight_value": "30", "weight_unit": "kg", "deceased": True}
    assert record_digest("pet", later) == record_digest("pet", REX)
