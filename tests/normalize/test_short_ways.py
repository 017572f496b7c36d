"""Whole frames come out as if each row had been read by itself, from beginning to end."""

import json
import subprocess
import sys
from dataclasses import asdict

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.frames import raw_clients, raw_patients
from tests.normalize.rows import READ_ON, lines
from vet_pipeline.normalize import clients, pets
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.dates import read_date
from vet_pipeline.normalize.deceased import is_deceased, read_flag, read_word
from vet_pipeline.normalize.names import Name, NameReader
from vet_pipeline.normalize.pets import normalize_pets, read_pet_name
from vet_pipeline.normalize.species import read_breed, read_species
from vet_pipeline.normalize.text import lazily
from vet_pipeline.normalize.weights import read_weight

PLAIN_CLIENT = {
    "first_name": "Ann", "last_name": "Smith", "address_line1": "12 Oak St Apt 4", "city": "Fargo",
    "state": "ND", "postal_code": "58102", "email": "ann@example.com",
    "phones": '[["(312) 555-0101","Home"]]',
}  # fmt: skip
ODD_CLIENT = {
    "first_name": "Bob & Ann", "last_name": "Smith (OLD)", "address_line1": "NEED ADDRESS",
    "city": "Fargo, ND 58102", "state": None, "postal_code": "00000", "email": "declined",
    "phones": '[["555-5555", null], ["\\ufffd", ""]]',
}  # fmt: skip
CLIENT = st.fixed_dictionaries(
    {
        name: st.one_of(
            st.just(PLAIN_CLIENT[name]), st.just(ODD_CLIENT[name]), st.none(), st.text(max_size=9)
        )
        for name in PLAIN_CLIENT
    }
)
NAMES_OF = ("title", "first_name", "last_name", "full_name", "organisation")
NAMED = [
    "Ann", "MARY", "O'Brien", "José", "-", "Jr", "K9", "Mary Ann", "Smith, Ann", "Bob & Ann", "Smith (OLD)",
    "Dr. Bob", "Mr", "Rescue", "Null", "NA", "Timmer/Keene", "", "d'", "Smith Jr", "Bob/Ann", None, None,
]  # fmt: skip
NAMES = st.fixed_dictionaries(
    {
        name: st.one_of(st.sampled_from(NAMED), st.text(alphabet="abMNé'-. ,&/", max_size=6))
        for name in NAMES_OF
    }
)
PET = st.fixed_dictionaries(
    {
        "client_key": st.sampled_from([None, "42", " 42", "4 2", " "]),
        "name": st.sampled_from(["Bella", "Bella (FOSTER)", ".", None, "R2D2", " Max"]),
        "species": st.sampled_from(["Canine", "Cat", "Dog/Cat", "?", None]),
        "breed": st.sampled_from(["Poodle", " Poodle ", "none", None]),
        "birth_date": st.sampled_from(["2020-01-02", "2019", "13/45/2019", "soon", None]),
        "birth_date_estimated": st.sampled_from(["1", "0", "perhaps", None]),
        "weight": st.sampled_from(["12.5", "12,500", "0", "-3", "22 lb", None]),
        "weight_unit": st.sampled_from(["lb", "kg", "stone", None]),
        "weight_date": st.sampled_from(["2026-01-02", "2026-02-30", "05/06/26", None]),
        "deceased_flag": st.sampled_from(["1", "0", "perhaps", None]),
        "deceased_date": st.sampled_from(["2026-01-02", "2020-01-01", "2019", "0000-00-00", None]),
        "status": st.sampled_from(["Active", "Deceased", "Moved", "zz", None]),
    }
)


def frames(result):
    return [lines(result.rows), lines(result.quarantined), lines(result.not_taken)]


def read_all(plain_of_group):
    """A group of columns of which no row is plain."""

    def none_plain(*arguments):
        plain, columns = plain_of_group(*arguments)
        return pc.is_null(pc.is_null(plain)), columns

    return none_plain


@settings(max_examples=60, deadline=None)
@given(st.lists(CLIENT, max_size=6))
def test_clients_come_to_the_same_when_every_row_is_read(rows):
    raw = raw_clients(*({"client_key": str(n), **row} for n, row in enumerate(rows)))
    result = normalize_clients(raw, Conventions(), read_on=READ_ON)
    with pytest.MonkeyPatch.context() as patch:
        for group in ("plain_addresses", "plain_phones"):
            patch.setattr(clients, group, read_all(getattr(clients, group)))
        every_row_read = normalize_clients(raw, Conventions(), read_on=READ_ON)
    assert frames(result) == frames(every_row_read)


@settings(max_examples=150, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=6))
@example([{**dict.fromkeys(NAMES_OF), "first_name": "Bob & Ann", "last_name": "Lee"}])
@example([{**dict.fromkeys(NAMES_OF), "first_name": "Ann", "last_name": "Lee & Ray"}])
@example([{**dict.fromkeys(NAMES_OF), "full_name": "Ann Lee"}])
def test_names_are_what_the_reader_says_of_each_row(rows):
    """Whatever a first or a last name says by itself."""
    raw = raw_clients(*({"client_key": str(n), **row} for n, row in enumerate(rows)))
    result = normalize_clients(raw, Conventions(), read_on=READ_ON)
    read = {str(n): NameReader().read(*map(row.get, NAMES_OF)) for n, row in enumerate(rows)}
    taken = {
        client["pims_client_id"]: {name: client[name] for name in asdict(Name())}
        for client in pa.Table.from_pandas(result.rows).to_pylist()
    }
    assert taken == {key: asdict(name) for key, name in read.items() if not name.is_blank}


def test_plain_and_other_clients_stay_in_their_order():
    rows = [PLAIN_CLIENT, ODD_CLIENT, PLAIN_CLIENT, {**ODD_CLIENT, "phones": "x"}, PLAIN_CLIENT]
    raw = raw_clients(*({"client_key": str(n), **row} for n, row in enumerate(rows)))
    result = normalize_clients(raw, Conventions(), read_on=READ_ON)
    assert list(result.rows["pims_client_id"]) == ["0", "2", "3", "4"]
    assert list(result.rows["first_name"]) == ["Ann", "Ann", "Bob", "Ann"]
    assert [len(json.loads(text)) for text in result.rows["phones"]] == [1, 1, 0, 1]
    assert lines(result.quarantined) == [(1, "1", "undecodable_text")]
    assert lines(result.not_taken) == [
        ("3", "address_line1", "placeholder"),
        ("3", "postal_code", "placeholder"),
        ("3", "phones", "unreadable"),
        ("3", "email", "placeholder"),
    ]


@settings(max_examples=80, deadline=None)
@given(st.lists(PET, min_size=1, max_size=6))
def test_pets_are_what_the_readers_say_of_each_of_their_cells(rows):
    conventions = Conventions()
    raw = raw_patients(*({"patient_key": str(n), **row} for n, row in enumerate(rows)))
    result = normalize_pets(raw, conventions, read_on=READ_ON)
    for pet in pa.Table.from_pandas(result.rows).to_pylist():
        row = rows[int(pet["pims_pet_id"])]
        born, weighed, died = (
            read_date(row[column], conventions, READ_ON)
            for column in ("birth_date", "weight_date", "deceased_date")
        )
        weight = read_weight(row["weight"], row["weight_unit"], conventions)
        estimated = read_flag(row["birth_date_estimated"], conventions)[0]
        assert (pet["name"], pet["name_note"]) == read_pet_name(row["name"])
        assert pet["pims_client_id"] == ((row["client_key"] or "").strip() or None)
        assert pet["species"] == read_species(row["species"])
        assert pet["breed"] == read_breed(row["breed"])
        assert pet["birth_date"] == born.value
        assert pet["birth_date_estimated"] == (estimated if born.value else None)
        assert pet["weight_value"] == weight.value
        assert (pet["weight_unit"], pet["weight_kg"]) == (weight.unit, weight.kilograms)
        assert pet["weighed_on"] == (weighed.value if weight.value else None)
        assert pet["deceased_on"] == died.value
        flag, flag_known = read_word(row["deceased_flag"], conventions, flag=True)
        status, status_known = read_word(row["status"], conventions, flag=False)
        said = is_deceased(flag, status, died.value is not None or died.reason is not None)
        assert pet["deceased"] == (said if said or (flag_known and status_known) else None)


def many(columns, numbers):
    """Rows with a reason in two columns each, in one frame that is read in several steps."""
    return pd.DataFrame(
        {
            name: pd.array(numbers if value is None else [value] * len(numbers), dtype="str")
            for name, value in columns.items()
        }
    )


@pytest.mark.parametrize("step", [10_000, 20_000, 30_000])
def test_the_size_of_a_step_changes_no_result(step, monkeypatch):
    numbers = [str(number) for number in range(20_002)]
    blank_client = raw_clients(
        {"last_name": "Smith", "postal_code": "00000", "email": "none@x.com"}
    )
    blank_pet = raw_patients({"name": "Bella", "birth_date": "soon", "weight": "big"})
    owners = many({**blank_client.iloc[0].to_dict(), "client_key": None}, numbers)
    animals = many({**blank_pet.iloc[0].to_dict(), "patient_key": None}, numbers)
    monkeypatch.setattr(clients, "CLIENTS_AT_A_TIME", step)
    monkeypatch.setattr(pets, "PETS_AT_A_TIME", step)
    told = {
        "client": normalize_clients(owners, Conventions(), read_on=READ_ON).not_taken,
        "pet": normalize_pets(animals, Conventions(), read_on=READ_ON).not_taken,
    }
    blocks = (numbers[:10_000], numbers[10_000:20_000], numbers[20_000:])
    assert list(told["client"]["pims_id"]) == [key for block in blocks for key in block * 2]
    assert list(told["pet"]["pims_id"]) == [key for block in blocks for key in block * 2]
    assert list(told["client"]["field"][9_999:10_001]) == ["postal_code", "email"]


def test_a_part_of_a_frame_is_read_as_if_it_were_all_there_is():
    odd = {"client_key": "1", "last_name": "Peña", "city": "x" * 20_000, "email": "declined"}
    raw = raw_clients(odd, {"client_key": "2", **PLAIN_CLIENT, "city": None}, odd).iloc[1:2]
    alone = raw_clients({"client_key": "2", **PLAIN_CLIENT, "city": None})
    part, whole = (normalize_clients(one, Conventions(), read_on=READ_ON) for one in (raw, alone))
    assert frames(part) == frames(whole)
    assert len(part.rows) == 1


def test_a_pattern_is_compiled_once_and_not_before_it_is_asked_for():
    broken, letter = lazily("("), lazily("[a-z]")
    assert letter() is letter()
    assert letter().fullmatch("a")
    with pytest.raises(Exception, match="missing"):
        broken()


def test_libraries_for_odd_values_are_not_loaded_with_the_room_nor_by_pets():
    program = """
import sys
from tests.normalize.rows import READ_ON
from tests.frames import raw_clients, raw_patients
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets
normalize_pets(raw_patients({"patient_key": "1", "name": "Bella"}), Conventions(), read_on=READ_ON)
client = {"client_key": "1", "last_name": "Smith", "email": "a@example.com"}
normalize_clients(raw_clients(client), Conventions(), read_on=READ_ON)
print(sorted({"phonenumbers", "email_validator"} & set(sys.modules)))
phones = '[["(312) 555-0101","Home"]]'
normalize_clients(raw_clients({**client, "phones": phones}), Conventions(), read_on=READ_ON)
print(sorted({"phonenumbers", "email_validator"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["[]", "['phonenumbers']"]
