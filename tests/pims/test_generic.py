"""The `generic` connector: two views with documented columns, on each engine that installs here."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from tests.pims.views import make
from vet_pipeline.errors import PimsUnavailable
from vet_pipeline.pims.pages import Tables
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

CLIENTS = [
    {"client_key": "C1", "first_name": "Ana", "last_name": "Bell", "city": "Łódź", "state": "",
     "phone1": "555-0101", "phone1_label": "home", "phone2": " ", "phone3": "555-0103"},
    {"client_key": "C2", "full_name": "Bell, Bo 🐕"},
]  # fmt: skip
PATIENTS = [
    {"patient_key": "P1", "client_key": "C1", "name": "Rex", "weight": "12.50", "weight_unit": "kg",
     "birth_date": "02/03/2019", "deceased_flag": "N", "status": "Active"},
    {"patient_key": "P2", "name": "Stray"},
]  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


def test_views_are_read_as_they_are(server: Server) -> None:
    database = make(server, clients=CLIENTS, patients=PATIENTS)
    got = read("generic", server.odbc(database))
    assert tuple(got.clients.columns) == RAW_CLIENT_COLUMNS
    assert tuple(got.patients.columns) == RAW_PATIENT_COLUMNS
    assert rows(got.clients) == [
        {
            "client_key": "C1",
            "first_name": "Ana",
            "last_name": "Bell",
            "city": "Łódź",
            "state": "",
            "phones": '[["555-0101","home"],["555-0103",null]]',
        },
        {"client_key": "C2", "full_name": "Bell, Bo 🐕"},
    ]
    assert rows(got.patients) == PATIENTS


def test_rows_that_nobody_wants_any_more_are_gone_though_a_view_isnt_there(sqlite: Server) -> None:
    """The driver's error of an optional view kept the read's frames, and the rows in them."""
    database = make(sqlite, clients=CLIENTS, patients=PATIENTS)
    gc.collect()
    gc.disable()
    try:
        read("generic", sqlite.odbc(database))
        assert not [one for one in gc.get_objects() if isinstance(one, Tables)]
    finally:
        gc.enable()


def test_a_replica_that_no_longer_follows_passes_for_no_refresh(server: Server) -> None:
    """It answers as ever; what is entered daily tells, whatever somebody has dated ahead."""
    last = datetime.now(UTC).date() - timedelta(days=6)
    database = make(server, clients=CLIENTS, patients=PATIENTS)
    server.run(
        database,
        "CREATE TABLE visit (visited DATE)",
        f"INSERT INTO visit VALUES ('2019-01-01'), ('{last}'), ('2062-11-30')",
        "CREATE VIEW vetpipeline_made AS"
        " SELECT MAX(visited) AS made FROM visit WHERE visited <= CURRENT_DATE",
    )
    with pytest.raises(PimsUnavailable, match="made from the PIMS 6 days ago"):
        read("generic", server.odbc(database))
    server.run(database, f"INSERT INTO visit VALUES ('{last + timedelta(days=4)}')")
    assert rows(read("generic", server.odbc(database)).patients) == PATIENTS
    server.run(database, "DROP TABLE visit" + " CASCADE" * ("Postgre" in server.odbc("")))
    server.run(database, "DROP VIEW IF EXISTS vetpipeline_made")
    notes = read("generic", server.odbc(database)).notes
    assert [note.partition(",")[0] for note in notes[1:]] == [
        "optional table vetpipeline_phones isn't there",
        "optional table vetpipeline_made isn't there",
    ]


def test_a_view_of_phones_comes_after_the_phone_columns(server: Server) -> None:
    database = make(server, clients=CLIENTS)
    server.run(
        database,
        "CREATE TABLE vetpipeline_phones (client_key VARCHAR(9), number VARCHAR(20),"
        " label VARCHAR(9), position INTEGER)",
        *insert(
            "vetpipeline_phones",
            {"client_key": "C2", "number": "2", "label": "b", "position": 2},
            {"client_key": "C2", "number": "1", "label": "a", "position": 1},
            {"client_key": "C1", "number": "9", "label": None, "position": 1},
        ),
    )
    got = read("generic", server.odbc(database), page_rows=1)
    assert got.clients["phones"].tolist() == [
        '[["555-0101","home"],["555-0103",null],["9",null]]',
        '[["1","a"],["2","b"]]',
    ]


def test_rows_without_a_key_and_with_the_same_key_are_all_read(server: Server) -> None:
    clients = [{"client_key": key, "city": str(n)} for n, key in enumerate("AAABBC")]
    clients += [{"client_key": None, "city": "6"}, {"client_key": None, "city": "7"}]
    database = make(server, clients=clients)
    for page_rows in (1, 2, 3, 5, 100):
        got = read("generic", server.odbc(database), page_rows=page_rows)
        assert sorted(got.clients["city"]) == list("01234567")
        assert got.clients["client_key"].isna().sum() == 2


def test_whole_number_keys_are_paged_as_numbers(server: Server) -> None:
    clients = [{"client_key": n, "city": f"city {n}"} for n in (1, 2, 9, 10, 11, 100)]
    database = make(server, clients=clients, types={"client_key": "INTEGER"})
    got = read("generic", server.odbc(database), page_rows=2)
    assert sorted(rows(got.clients), key=lambda row: int(row["client_key"])) == [
        {"client_key": str(row["client_key"]), "city": row["city"]} for row in clients
    ]


def test_empty_views_give_empty_frames(server: Server) -> None:
    got = read("generic", server.odbc(make(server)))
    assert (len(got.clients), len(got.patients)) == (0, 0)
    assert tuple(got.clients.columns) == RAW_CLIENT_COLUMNS


def test_progress_is_told_page_by_page(server: Server) -> None:
    from vet_pipeline.pims.connector import load_connector
    from vet_pipeline.pims.reader import ReadOptions, read_snapshot

    database = make(server, clients=[{"client_key": str(n)} for n in range(5)])
    told: list[tuple[str, int, int]] = []
    read_snapshot(
        load_connector("generic"),
        server.odbc(database),
        options=ReadOptions(limits={"page_rows": 2}),
        progress=lambda *step: told.append(step),
    )
    assert told == [("clients", 2, 5), ("clients", 4, 5), ("clients", 5, 5), ("patients", 0, 0)]
