"""What holds for any rows whatever: nothing crashes, nothing is lost."""

import json
import time

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import raw_clients, raw_patients
from tests.normalize.rows import READ_ON
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.columns import CLIENT_SCHEMA, PET_SCHEMA, table
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

AWKWARD = st.sampled_from(
    ["", " ", ".", "N/A", "\ufffd", "\x00", "\u200b", "0", "-1", "1", "2020-00-00", "0000-00-00",
     "05/06/20", "2020-01-01", "Smith, John & Mary", "(OLD)", "**", "PO Box 1", "#4", "12,5 kg",
     "[]", "null", '[["334-461-0472 x1", "Cell"]]', "a@b.com; c@d.com", "Y", "Deceased", "\x85"]
)  # fmt: skip
CELL = st.one_of(st.none(), AWKWARD, st.text(max_size=25))
KEY = st.one_of(CELL, st.sampled_from("123"))
PHONES = st.lists(
    st.tuples(
        st.one_of(st.none(), st.text(max_size=20)), st.one_of(st.none(), st.text(max_size=8))
    ),
    max_size=3,
).map(json.dumps)


def rows(columns, key):
    cells = dict.fromkeys(columns, CELL) | {key: KEY}
    if "phones" in cells:
        cells["phones"] = st.one_of(CELL, PHONES)
    return st.lists(st.fixed_dictionaries(cells), max_size=4)


def check(result, raw, schema, key):
    assert len(raw) == len(result.rows) + len(result.quarantined)
    assert table(result.rows, schema).schema == schema
    refused = set(result.quarantined["row_number"])
    assert len(refused) == len(result.quarantined)
    taken = [k.strip() for n, k in enumerate(raw[key]) if n not in refused]
    assert list(result.rows[schema.names[0]]) == taken
    assert len(set(taken)) == len(taken)
    assert set(result.not_taken["pims_id"]) <= set(taken)
    for column in table(result.rows, schema).columns:
        if pa.types.is_string(column.type):
            assert all(text.strip() for text in column.to_pylist() if text is not None)


@settings(max_examples=80, deadline=None)
@given(rows(RAW_CLIENT_COLUMNS, "client_key"), st.sampled_from(["US", "GB"]))
def test_every_client_read_is_taken_or_quarantined(cells, region):
    raw = raw_clients(*cells)
    conventions = Conventions(phone_region=region)
    result = normalize_clients(raw, conventions, read_on=READ_ON)
    check(result, raw, CLIENT_SCHEMA, "client_key")
    assert all(isinstance(json.loads(text), list) for text in result.rows["phones"])


@settings(max_examples=80, deadline=None)
@given(rows(RAW_PATIENT_COLUMNS, "patient_key"), st.sampled_from(["ymd", "mdy", "dmy"]))
def test_every_patient_read_is_taken_or_quarantined(cells, order):
    raw = raw_patients(*cells)
    result = normalize_pets(raw, Conventions(date_order=order), read_on=READ_ON)
    check(result, raw, PET_SCHEMA, "patient_key")
    pets = table(result.rows, PET_SCHEMA).to_pylist()
    for pet in pets:  # what ScriptRight's constraints ask for
        assert pet["weight_value"] is None or pet["weight_value"] > 0
        assert (pet["weight_value"] is None) == (pet["weight_unit"] is None)
        assert pet["weight_value"] is not None or pet["weighed_on"] is None
        assert pet["birth_date"] is not None or pet["birth_date_estimated"] is None
        assert pet["deceased_on"] is None or pet["deceased"]


@settings(max_examples=50, deadline=None)
@given(rows(RAW_PATIENT_COLUMNS, "patient_key"))
def test_a_row_means_the_same_alone_as_among_others(cells):
    raw = raw_patients(*cells)
    together = normalize_pets(raw, Conventions(), read_on=READ_ON).rows
    for place in range(len(together)):
        pims_id = together["pims_pet_id"].iloc[place]
        row = next(r for r in cells if (r["patient_key"] or "").strip() == pims_id)
        alone = normalize_pets(raw_patients(row), Conventions(), read_on=READ_ON).rows
        assert table(alone, PET_SCHEMA).to_pylist() == [
            table(together, PET_SCHEMA).to_pylist()[place]
        ]


def test_the_longest_texts_are_read_in_no_time():
    long = ["(" * 9999, "*" * 9999, "a " * 4999, "1," * 4999, "#1 " * 3333, "-" * 9999, "@" * 9999]
    clients = [
        {**dict.fromkeys(RAW_CLIENT_COLUMNS, text), "client_key": str(n)}
        for n, text in enumerate(long)
    ]
    clients += [{"client_key": "p", "last_name": "a", "phones": json.dumps([["(" * 9000, "x"]])}]
    patients = [
        {**dict.fromkeys(RAW_PATIENT_COLUMNS, text), "patient_key": str(n)}
        for n, text in enumerate(long)
    ]
    started = time.process_time()
    normalize_clients(raw_clients(*clients), Conventions(), read_on=READ_ON)
    normalize_pets(raw_patients(*patients), Conventions(), read_on=READ_ON)
    assert time.process_time() - started < 5  # takes 0.2; by the square of a cell it would take 30
