"""Numbers in rows of their own find their clients however the two tables keep and order keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from tests.pims.test_vetdata import NO, SCHEMA, filled
from tests.pims.views import make

ENGINES = ["mariadb", "postgresql", "sqlite"]
KEYS = (1, 2, 9, 10, 11, 100, 101, 110, 2000)  # of another order as texts than as numbers
NUMBERS = {str(key): f'[["312-555-0101","{key}"]]' for key in KEYS}


def add_phones(
    server: Server, database: str, kind: str, keys: list[Any], options: str = ""
) -> None:
    """A view of phones with a number for each key; the label is the key without blanks."""
    server.run(
        database,
        f"CREATE TABLE vetpipeline_phones (client_key {kind}, number VARCHAR(20),"
        f" label VARCHAR(9), position INTEGER) {options}",
        *insert(
            "vetpipeline_phones",
            *(
                {
                    "client_key": key,
                    "number": "312-555-0101",
                    "label": str(key).strip(),
                    "position": 1,
                }
                for key in keys
            ),
        ),
    )


@pytest.mark.parametrize(
    ("client_kind", "phone_kind", "client_key", "phone_key"),
    [
        ("VARCHAR(20)", "INTEGER", "{}", "={}"),
        ("INTEGER", "VARCHAR(20)", "={}", "{}"),
        ("VARCHAR(20)", "VARCHAR(20)", "{}", "{:>5}"),
        ("VARCHAR(20)", "CHAR(9)", "{}", "{}"),
    ],
    ids=["numbers", "texts", "blanks before", "blanks behind"],
)
@pytest.mark.parametrize("page_rows", [3, 5000])
@pytest.mark.parametrize("engine", ENGINES)
def test_every_client_gets_its_number_whatever_the_pages(
    engine: str,
    page_rows: int,
    client_kind: str,
    phone_kind: str,
    client_key: str,
    phone_key: str,
    request: pytest.FixtureRequest,
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(
        server,
        types={"client_key": client_kind},
        clients=[{"client_key": client_key.format(key)} for key in KEYS],
    )
    add_phones(server, database, phone_kind, [phone_key.format(key) for key in KEYS])
    got = read("generic", server.odbc(database), page_rows=page_rows)
    assert {row["client_key"]: row["phones"] for row in rows(got.clients)} == NUMBERS
    assert not any("phones" in note for note in got.notes if "isn't there" not in note)


@pytest.mark.parametrize("page_rows", [2, 5000])
def test_phones_of_another_collation_find_their_clients(mariadb: Server, page_rows: int) -> None:
    keys = ["a1", "B2", "c3", "D4", "e5", "F6"]
    database = make(
        mariadb,
        options="COLLATE utf8mb4_general_ci",
        clients=[{"client_key": key} for key in keys],
    )
    add_phones(mariadb, database, "VARCHAR(20)", keys, "COLLATE utf8mb4_bin")
    got = read("generic", mariadb.odbc(database), page_rows=page_rows)
    assert rows(got.clients) == [
        {"client_key": key, "phones": f'[["312-555-0101","{key}"]]'} for key in keys
    ]


@pytest.mark.parametrize("page_rows", [3, 5000])
@pytest.mark.parametrize("engine", ENGINES)
def test_vetdatas_numbers_find_their_clients_though_their_keys_are_of_another_type(
    engine: str, page_rows: int, request: pytest.FixtureRequest
) -> None:
    schema = [
        table.replace("RelationshipPmsID VARCHAR(50)", "RelationshipPmsID INTEGER")
        for table in SCHEMA
    ]
    clients = insert("IClient", *({"PmsID": str(key), "IsDeleted": NO} for key in KEYS))
    numbers = insert(
        "IPhone",
        *(
            {"RelationshipPmsID": key, "Number": "312-555-0101", "Type": key, "IsPrimary": NO}
            for key in KEYS
        ),
    )
    odbc = filled(engine, request, *schema, *clients, *numbers)
    got = read("vetdata", odbc, page_rows=page_rows)
    assert {row["client_key"]: row["phones"] for row in rows(got.clients)} == NUMBERS


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_of_no_client_are_counted_and_noted(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=[{"client_key": "1"}])
    add_phones(server, database, "VARCHAR(9)", ["1", "2", None, "1"])
    got = read("generic", server.odbc(database), page_rows=1)
    assert rows(got.clients) == [
        {"client_key": "1", "phones": '[["312-555-0101","1"],["312-555-0101","1"]]'}
    ]
    assert "2 of 4 rows of phones belong to no client read" in got.notes


def test_numbers_of_no_client_in_exports_are_counted_too(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("client id,last name\nC1,Bell\n")
    (tmp_path / "patients.csv").write_text("patient id,client id,name\nP1,C1,Rex\n")
    (tmp_path / "phones.csv").write_text("client id,number\n C1,1\nC2,2\n")
    got = read("csv", f"FOLDER={tmp_path}")
    assert got.clients["phones"].tolist() == ['[["1",null]]']
    assert "1 of 2 rows of phones belong to no client read" in got.notes


def test_a_page_of_phones_that_doesnt_add_up_is_read_again(sqlite: Server) -> None:
    database = make(sqlite, clients=[{"client_key": str(key)} for key in range(4)])
    add_phones(sqlite, database, "VARCHAR(9)", ["0", "1", "2", "3"])
    sqlite.run(
        database,
        "UPDATE vetpipeline_phones SET label = CAST(x'FF41' AS TEXT) WHERE client_key = '2'",
    )
    got = read("generic", sqlite.odbc(database), page_rows=2)
    assert got.clients["phones"].tolist() == [
        '[["312-555-0101","0"]]',
        '[["312-555-0101","1"]]',
        '[["312-555-0101","ÿA"]]',
        '[["312-555-0101","3"]]',
    ]
    assert got.tables.hashes() == read("generic", sqlite.odbc(database)).tables.hashes()


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_of_one_position_come_in_the_same_order_at_every_read(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=[{"client_key": "1"}])
    add_phones(server, database, "VARCHAR(9)", [])
    kept = [
        {"client_key": "1", "number": number, "label": label, "position": 1}
        for number, label in (("3", "a"), ("2", "b"), ("2", "a"), ("1", "a"))
    ]
    server.run(database, *insert("vetpipeline_phones", *kept))
    assert read("generic", server.odbc(database)).clients["phones"].tolist() == [
        '[["1","a"],["2","a"],["2","b"],["3","a"]]'
    ]
