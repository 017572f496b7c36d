"""The same data through a session that is set otherwise: by the server, the string, the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.pims import BELL, REX, make_pims
from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from tests.pims.views import make
from vet_pipeline.pims.driver_log import without_log


def test_a_limit_of_rows_on_the_server_cuts_no_read(mariadb: Server) -> None:
    keys = [str(number) for number in range(10, 40)]
    database = make(
        mariadb,
        clients=[{"client_key": key} for key in keys],
        patients=[{"patient_key": key, "client_key": "10"} for key in keys],
    )
    phones = (
        "CREATE TABLE vetpipeline_phones (client_key TEXT, number TEXT, label TEXT, position INT)"
    )
    numbers = [{"client_key": key, "number": "770-555-2345"} for key in keys]
    mariadb.run(database, phones, *insert("vetpipeline_phones", *numbers))

    got = read("generic", mariadb.odbc(database) + ";INITSTMT=SET SESSION sql_select_limit = 10")

    assert list(got.clients["client_key"]) == list(got.patients["patient_key"]) == keys
    assert got.clients["phones"].notna().all()


@pytest.mark.parametrize("mode", ["EMPTY_STRING_IS_NULL", "PAD_CHAR_TO_FULL_LENGTH", "ORACLE"])
def test_a_mode_of_the_server_changes_no_text(mariadb: Server, mode: str) -> None:
    database = make(
        mariadb,
        types={"first_name": "CHAR(20)"},
        clients=[{"client_key": "1", "first_name": "Ana", "last_name": ""}],
    )

    got = read("generic", mariadb.odbc(database) + f";INITSTMT=SET SESSION sql_mode = '{mode}'")

    assert rows(got.clients) == [{"client_key": "1", "first_name": "Ana", "last_name": ""}]


def test_the_clock_of_our_machine_moves_no_day(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = make(
        postgresql,
        types={"weight_date": "TIMESTAMP WITH TIME ZONE"},
        patients=[{"patient_key": "1", "weight_date": "2026-01-01 20:00:00-05"}],
    )
    found = []
    for zone in ("Asia/Tokyo", "America/Los_Angeles"):
        monkeypatch.setenv("PGTZ", zone)
        found.append(rows(read("generic", postgresql.odbc(database)).patients))

    assert found[0] == found[1]


@pytest.mark.parametrize("asked", ["CX=1cc00", "Debug=1;", "B2=1;B3=1", "debug=2;CommLog=1"])
def test_a_driver_told_to_log_what_it_does_writes_no_cell_where_all_may_read(
    postgresql: Server, asked: str
) -> None:
    database = make(postgresql, clients=[{"client_key": "1", "last_name": "Kaminski"}])

    got = read("generic", f"{postgresql.odbc(database)};{asked}")

    assert list(got.clients["last_name"]) == ["Kaminski"]
    assert [log.name for log in Path("/tmp").glob(f"*log_*{os.getpid()}.log")] == []


def test_a_driver_named_by_its_file_keeps_no_log_either() -> None:
    string = "DRIVER=/usr/lib/odbc/psqlodbcw.so;SERVER=pims;CX=1cc00;"

    assert without_log(string) == string + "Debug=0;CommLog=0"


def test_a_sqlite_driver_told_to_trace_writes_no_file(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    odbc = make_pims(tmp_path / "pims.sqlite", [BELL], [REX])

    got = read("generic", odbc.replace(";", f";TraceFile={trace};", 1))

    assert list(got.clients["last_name"]) == ["Bell"]
    assert not trace.exists()


@pytest.mark.parametrize(
    "string",
    [
        "DRIVER=SQLite3;Database=/data/debug=1.sqlite",
        "DRIVER=MariaDB Unicode;PWD={a;Debug=1};SERVER=pims",
        "FOLDER=/data/exports",
    ],
)
def test_a_string_that_asks_for_no_log_stays_as_it_is(string: str) -> None:
    assert without_log(string) == string
