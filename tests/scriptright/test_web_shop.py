"""ScriptRight's own records: what the web shop adds and edits, and what the matcher sees."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, edit, load, one, pet, rows
from vet_pipeline.errors import DatabaseRefused, UnknownItem, UsageError
from vet_pipeline.normalize.columns import CLIENT_SCHEMA, PET_SCHEMA
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.records import sides

HOME: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "Berg",
    "address_line1": "4 Oak Ct",
    "phones": [{"number": "+12175550199", "extension": None, "kind": "mobile", "recorded": "x"}],
    "email": "ada@example.com",
}
DOG: dict[str, Any] = {
    "name": "Max",
    "species": "dog",
    "weight_value": "22.5",
    "weight_unit": "lb",
    "weight_kg": "10.2058",
    "weighed_on": "2026-01-05",
}


def add_home(engine: Engine) -> tuple[int, int]:
    with engine.begin() as connection:
        client_id = web_shop.add_client(connection, "oak", HOME)
        return client_id, web_shop.add_pet(connection, "oak", client_id, DOG)


def side_ids(engine: Engine, *others: str) -> tuple[list[str], list[str]]:
    with engine.connect() as connection:
        side = sides.home_side(connection, "oak", list(others))
    return list(side.clients["client_id"]), list(side.pets["pet_id"])


def test_the_matcher_sees_home_delivery_clients_typed_like_normalized_ones(engine: Engine) -> None:
    add_practice(engine)
    client_id, pet_id = add_home(engine)
    with engine.connect() as connection:
        side = sides.home_side(connection, "oak", [])
    [seen] = pa.Table.from_pandas(side.clients, preserve_index=False).to_pylist()
    assert {k: v for k, v in seen.items() if v} | {"phones": None} == {
        "client_id": str(client_id),
        "first_name": "Ada",
        "last_name": "Berg",
        "address_line1": "4 Oak Ct",
        "email": "ada@example.com",
        "phones": None,
    }
    [seen_pet] = pa.Table.from_pandas(side.pets, preserve_index=False).to_pylist()
    assert (seen_pet["pet_id"], seen_pet["client_id"]) == (str(pet_id), str(client_id))
    assert (str(seen_pet["weight_kg"]), str(seen_pet["weighed_on"])) == ("10.2058", "2026-01-05")
    for frame, schema in ((side.clients, CLIENT_SCHEMA), (side.pets, PET_SCHEMA)):
        for field in schema:
            if not field.name.startswith("pims_"):
                assert frame[field.name].dtype.pyarrow_dtype == field.type, field.name


def test_a_client_of_pims_origin_is_a_candidate_only_while_its_pims_records_are_missing_or_anothers(
    engine: Engine,
) -> None:
    add_practice(engine)
    home, _ = add_home(engine)
    ann, rex = client("1"), pet("10", "1")
    bob = client("2", first_name="Bob", email=None, phones=None, address_line1="9 Pine Rd")
    load(engine, "oak", 1, [ann, bob], [rex])
    created = one(engine, "SELECT record_id FROM scriptright.client_link WHERE pims_id = '1'")
    rex_id = one(engine, "SELECT record_id FROM scriptright.pet_link WHERE pims_id = '10'")
    assert side_ids(engine)[0] == [str(home)]
    load(engine, "oak", 2, [bob])
    assert side_ids(engine) == ([str(home), str(created)], ["1", str(rex_id)])
    load(engine, "oak", 3, [ann, bob], [rex])
    assert side_ids(engine)[0] == [str(home)]
    assert side_ids(engine, "1") == ([str(home), str(created)], ["1", str(rex_id)])


def test_a_web_shop_edit_leaves_its_trace_and_a_new_version(engine: Engine) -> None:
    add_practice(engine)
    client_id, pet_id = add_home(engine)
    with engine.begin() as connection:
        edit = {"email": "new@example.com", "city": "Peoria", "last_name": "Berg"}
        assert web_shop.edit_client(connection, "oak", client_id, edit, actor="client 1") == 3
        assert web_shop.edit_pet(connection, "oak", pet_id, {"name": "Maxi"}, actor="client 1") == 2
    assert rows(
        engine,
        "SELECT record, field, old_value, new_value, cause, actor, load_id, via_pims_id"
        " FROM scriptright.record_change ORDER BY change_id",
    ) == [
        (
            "client",
            "address",
            ADDRESS | {"address_line1": "4 Oak Ct"},
            ADDRESS | {"address_line1": "4 Oak Ct", "city": "Peoria"},
            "web_shop",
            "client 1",
            None,
            None,
        ),
        (
            "client",
            "email",
            {"email": "ada@example.com"},
            {"email": "new@example.com"},
            "web_shop",
            "client 1",
            None,
            None,
        ),
        (
            "pet",
            "name",
            {"name": "Max", "name_note": None},
            {"name": "Maxi", "name_note": None},
            "web_shop",
            "client 1",
            None,
            None,
        ),
    ]


ADDRESS: dict[str, Any] = {
    "address_line1": None,
    "address_line2": None,
    "unit": None,
    "city": None,
    "state": None,
    "postal_code": None,
    "po_box": False,
}


def test_an_edit_that_changes_nothing_leaves_no_trace(engine: Engine) -> None:
    add_practice(engine)
    client_id, _ = add_home(engine)
    with engine.begin() as connection:
        assert web_shop.edit_client(connection, "oak", client_id, HOME, actor="client 1") == 1
    assert rows(engine, "SELECT * FROM scriptright.record_change") == []


def test_an_edit_of_something_unknown_is_refused_and_nothing_is_written(engine: Engine) -> None:
    add_practice(engine)
    client_id, pet_id = add_home(engine)
    with engine.begin() as connection:
        with pytest.raises(UnknownItem):
            web_shop.edit_client(connection, "oak", 999, {"city": "Peoria"}, actor="x")
        with pytest.raises(UsageError, match="no column client_id"):
            web_shop.edit_pet(connection, "oak", pet_id, {"client_id": 2}, actor="x")
    with engine.connect() as connection, pytest.raises(DatabaseRefused, match="email"):
        web_shop.edit_client(connection, "oak", client_id, {"email": "nonsense"}, actor="x")
    assert rows(engine, "SELECT * FROM scriptright.record_change") == []


def test_a_prescription_belongs_to_the_pets_owner(engine: Engine) -> None:
    add_practice(engine)
    client_id, pet_id = add_home(engine)
    with engine.begin() as connection:
        web_shop.add_prescription(connection, "oak", pet_id, label_name="Max", drug="Carprofen")
    assert rows(
        engine, "SELECT client_id, pet_id, label_name, drug, state FROM scriptright.prescription"
    ) == [(client_id, pet_id, "Max", "Carprofen", "active")]


def test_a_flat_that_the_client_typed_into_another_line_is_no_question(engine: Engine) -> None:
    add_practice(engine)
    shop, desk = {"address_line2": "Apt 4"}, {"address_line2": "Apt 4"}
    here = {"city": "Springfield", "state": "IL", "postal_code": "62704"}
    names = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", names | here | shop | {"address_line1": "12 Elm St"})
    first = load(engine, "oak", 1, [client("1", **desk)])
    edit(engine, "client", address_line1="9 Oak Ave, Apt 4", address_line2=None)
    load(engine, "oak", 2, [client("1", **desk, address_line1="9 Oak Ave")])
    assert first.counts["clients_linked"] == 1
    assert rows(engine, "SELECT field, reason FROM scriptright.suggestion") == []
    assert rows(engine, "SELECT address_line1, address_line2, unit FROM scriptright.client") == [
        ("9 Oak Ave, Apt 4", None, None)
    ]
