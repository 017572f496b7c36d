"""What drivers and servers do to values, each on the real driver that does it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read, rows
from tests.pims.views import make
from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.pims.connector import CONNECTORS, load_connector


def patient(server: Server, database: str) -> dict[str, str]:
    (row,) = rows(read("generic", server.odbc(database)).patients)
    return row


def client(server: Server, database: str) -> dict[str, str]:
    (row,) = rows(read("generic", server.odbc(database)).clients)
    return row


def test_impossible_dates_arrive_as_text_and_lose_no_row(mariadb: Server) -> None:
    mariadb.run("", "SET GLOBAL sql_mode = ''")
    database = make(
        mariadb,
        types={"birth_date": "DATE", "weight_date": "DATETIME"},
        patients=[
            {"patient_key": "1", "birth_date": "0000-00-00", "weight_date": "0000-00-00"},
            {"patient_key": "2", "birth_date": "2020-00-00", "weight_date": "2020-05-00 10:00:00"},
            {"patient_key": "3", "birth_date": "2020-01-02"},
        ],
    )
    assert rows(read("generic", mariadb.odbc(database)).patients) == [
        {"patient_key": "1", "birth_date": "0000-00-00", "weight_date": "0000-00-00 00:00:00"},
        {"patient_key": "2", "birth_date": "2020-00-00", "weight_date": "2020-05-00 10:00:00"},
        {"patient_key": "3", "birth_date": "2020-01-02"},
    ]


def test_an_infinite_date_of_postgresql_is_not_today(postgresql: Server) -> None:
    database = make(
        postgresql,
        types={"birth_date": "DATE"},
        patients=[{"patient_key": "1", "birth_date": "infinity"}],
    )
    assert patient(postgresql, database) == {"patient_key": "1", "birth_date": "infinity"}


def test_sqlite_doesnt_guess_a_columns_type_from_its_first_row(sqlite: Server) -> None:
    database = make(
        sqlite,
        types={"birth_date": "DATE", "weight": "NUMERIC"},
        patients=[
            {"patient_key": "1", "birth_date": "2020-01-02", "weight": 5},
            {"patient_key": "2", "birth_date": "about 2019", "weight": "53,00"},
        ],
    )
    assert rows(read("generic", sqlite.odbc(database)).patients) == [
        {"patient_key": "1", "birth_date": "2020-01-02", "weight": "5"},
        {"patient_key": "2", "birth_date": "about 2019", "weight": "53,00"},
    ]


def test_bits_are_0_and_1(mariadb: Server) -> None:
    database = make(
        mariadb,
        types={"deceased_flag": "BIT(1)", "birth_date_estimated": "BOOLEAN"},
        patients=[
            {"patient_key": "1", "deceased_flag": "=b'1'", "birth_date_estimated": 0},
            {"patient_key": "2", "deceased_flag": "=b'0'", "birth_date_estimated": 1},
            {"patient_key": "3"},
        ],
    )
    assert rows(read("generic", mariadb.odbc(database)).patients) == [
        {"patient_key": "1", "deceased_flag": "1", "birth_date_estimated": "0"},
        {"patient_key": "2", "deceased_flag": "0", "birth_date_estimated": "1"},
        {"patient_key": "3"},
    ]


@pytest.mark.parametrize(
    ("engine", "text"), [("mariadb", "=CONCAT('x', CHAR(0), 'y')"), ("sqlite", "=CAST(x'780079' AS TEXT)")]
)  # fmt: skip
def test_text_after_a_nul_is_kept(engine: str, text: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=[{"client_key": "1", "last_name": text}])
    assert client(server, database) == {"client_key": "1", "last_name": "xy"}


def test_cp1252_and_undefined_bytes_lose_no_row(mariadb: Server) -> None:
    database = make(
        mariadb,
        options="DEFAULT CHARSET=latin1",
        clients=[{"client_key": "1", "last_name": "=x'4F92486172E9'", "city": "=x'4A81'"}],
    )
    assert client(mariadb, database) == {
        "client_key": "1",
        "last_name": "O’Haré",
        "city": "J\x81",  # cp1252 has no such letter: normalizing sees a control character
    }


@pytest.mark.parametrize("charset", ["latin1", "utf8", "binary"])
def test_a_connection_that_would_lose_characters_is_refused(mariadb: Server, charset: str) -> None:
    database = make(mariadb, clients=[{"client_key": "1", "last_name": "\u017di\U0001f600"}])
    assert client(mariadb, database)["last_name"] == "\u017di\U0001f600"
    odbc = mariadb.odbc(database)
    with pytest.raises(ConnectorInvalid, match=f"the connection's character set is {charset}"):
        read("generic", odbc.replace("CHARSET=utf8mb4", f"CHARSET={charset}"))
    assert read("generic", odbc.replace(";CHARSET=utf8mb4", "")).clients["last_name"].tolist() == [
        "\u017di\U0001f600"
    ]


def test_invalid_utf8_in_sqlite_loses_no_row(sqlite: Server) -> None:
    database = make(
        sqlite, clients=[{"client_key": "1", "last_name": "=CAST(x'4A6F73E9' AS TEXT)"}]
    )
    assert client(sqlite, database) == {"client_key": "1", "last_name": "José"}


@pytest.mark.parametrize(
    ("stored", "delivered"),
    [
        ("4F9248617261", "O\u2019Hara"),  # a Windows apostrophe
        ("4672616E816F6973", "Fran\ufffdois"),  # no character anywhere: normalizing quarantines it
        ("C5BD69C5BE6B61", "\u017di\u017eka"),
        ("52C3A9E9", "R\u00c3\u00a9\u00e9"),  # both at once can't be UTF-8
        ("FF", "\u00ff"),  # the marks of packed.py
        ("FE", "\u00fe"),
        ("41FF42", "A\u00ffB"),
        ("FEFFFE", "\u00fe\u00ff\u00fe"),
        ("4100FF", "A\u00ff"),
    ],
)
def test_no_byte_of_a_sqlite_text_is_lost(sqlite: Server, stored: str, delivered: str) -> None:
    database = make(
        sqlite, clients=[{"client_key": "1", "last_name": f"=CAST(x'{stored}' AS TEXT)"}]
    )
    assert client(sqlite, database) == {"client_key": "1", "last_name": delivered}


def test_padding_of_char_columns_doesnt_separate_pets_from_owners(postgresql: Server) -> None:
    database = make(
        postgresql,
        types={"client_key": "CHAR(10)"},
        clients=[{"client_key": "7"}],
        patients=[{"patient_key": "1", "client_key": "7"}],
    )
    got = read("generic", postgresql.odbc(database))
    assert got.clients["client_key"].tolist() == ["7"]
    assert got.patients["client_key"].tolist() == ["7"]


@pytest.mark.parametrize("engine", ["mariadb", "postgresql"])
def test_a_float_is_written_as_it_was_entered(engine: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(engine)
    kind = "FLOAT" if engine == "mariadb" else "REAL"
    database = make(server, types={"weight": kind}, patients=[{"patient_key": "1", "weight": 12.1}])
    assert patient(server, database) == {"patient_key": "1", "weight": "12.1"}


def test_a_decimal_keeps_its_point_whatever_the_locale(
    mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyodbc

    database = make(
        mariadb,
        types={"weight": "DECIMAL(10,2)"},
        patients=[{"patient_key": "1", "weight": 53.5}],
    )
    separator = pyodbc.getDecimalSeparator()
    pyodbc.setDecimalSeparator(",")  # what pyodbc does by itself under a German locale
    try:
        assert patient(mariadb, database) == {"patient_key": "1", "weight": "53.50"}
    finally:
        pyodbc.setDecimalSeparator(separator)


def test_keys_that_differ_in_case_belong_together_where_the_server_says_so(
    mariadb: Server, postgresql: Server
) -> None:
    clients, patients = [{"client_key": "Ab1"}], [{"patient_key": "1", "client_key": "aB1"}]
    got = read("generic", mariadb.odbc(make(mariadb, clients=clients, patients=patients)))
    assert got.patients["client_key"].tolist() == ["Ab1"]
    got = read("generic", postgresql.odbc(make(postgresql, clients=clients, patients=patients)))
    assert got.patients["client_key"].tolist() == ["aB1"]  # two different keys there


@pytest.mark.parametrize(
    ("collation", "owner"),
    [("utf8mb4_general_ci", "k7Qx"), ("utf8mb4_bin", "K7qX"), ("utf8mb4_unicode_520_ci", "k7Qx")],
)
def test_keys_that_tell_capitals_apart_are_of_two_clients(
    mariadb: Server, collation: str, owner: str
) -> None:
    database = make(
        mariadb,
        options=f"COLLATE {collation}",
        clients=[{"client_key": "k7Qx"}, {"client_key": "12"}],
        patients=[{"patient_key": "1", "client_key": "K7qX"}],
    )
    mariadb.run(
        database,
        "CREATE TABLE vetpipeline_phones (client_key VARCHAR(9), number VARCHAR(9),"
        f" label VARCHAR(9), position INTEGER) COLLATE {collation}",
        "INSERT INTO vetpipeline_phones (client_key, number) VALUES ('K7QX', '1')",
    )
    got = read("generic", mariadb.odbc(database))
    numbers = {"k7Qx": ['[["1",null]]'], "K7qX": []}[owner]
    assert got.patients["client_key"].tolist() == [owner]
    assert got.clients["phones"].dropna().tolist() == numbers


@pytest.mark.parametrize("engine", ["mariadb", "postgresql", "sqlite"])
def test_forty_thousand_letters_in_a_name_field_arrive_whole(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    kind = "LONGTEXT" if engine == "mariadb" else "TEXT"
    long = "é" * 40_000
    database = make(
        server, types={"last_name": kind}, clients=[{"client_key": "1", "last_name": long}]
    )
    assert client(server, database) == {"client_key": "1", "last_name": long}


def test_a_connector_that_doesnt_cast_loses_no_row_either(mariadb: Server, tmp_path: Path) -> None:
    folder = tmp_path / "generic"
    shutil.copytree(CONNECTORS / "generic", folder)
    sql = (folder / "patients.sql").read_text()
    (folder / "patients.sql").write_text(
        sql.replace("{date: birth_date}", "birth_date").replace("{flag: deceased_flag}", "deceased_flag")
        .replace("{text: weight}", "weight")
    )  # fmt: skip
    mariadb.run("", "SET GLOBAL sql_mode = ''")
    database = make(
        mariadb,
        types={"birth_date": "DATE", "deceased_flag": "BIT(1)", "weight": "DECIMAL(8,2)"},
        patients=[
            {"patient_key": "1", "birth_date": "2020-00-00", "deceased_flag": "=b'1'",
             "weight": 1.5, "name": "Zoë"},
            {"patient_key": "2", "birth_date": "2020-01-02", "deceased_flag": "=b'0'"},
        ],
    )  # fmt: skip
    assert rows(read(load_connector(folder), mariadb.odbc(database)).patients) == [
        {
            "patient_key": "1",
            "name": "Zoë",
            "birth_date": "2020-00-00",
            "weight": "1.50",
            "deceased_flag": "1",
        },
        {"patient_key": "2", "birth_date": "2020-01-02", "deceased_flag": "0"},
    ]


def test_unsigned_keys_above_the_signed_ones_end_pages_too(mariadb: Server) -> None:
    """As UUID_SHORT() makes them on a server whose id is 128 or more."""
    keys = ["1", "9223372036854775808", "13835058055282163713", "18446744073709551615"]
    database = make(
        mariadb,
        clients=[{"client_key": key} for key in keys],
        types={"client_key": "BIGINT UNSIGNED"},
    )
    got = read("generic", mariadb.odbc(database), page_rows=1)
    assert got.clients["client_key"].tolist() == keys
