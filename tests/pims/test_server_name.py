"""Practices whose PIMS are on one machine are known by it, and nothing secret tells which."""

from __future__ import annotations

import pytest

from vet_pipeline.pims.server_name import server_name

SAME = [
    "DRIVER={MariaDB Unicode};SERVER=vet.example;DATABASE=oak;UID=reader;PWD=secret",
    "Driver=MySQL; Server = VET.example ; Port=3307;Database=elm",
    "DRIVER={ODBC Driver 18 for SQL Server};SERVER=tcp:vet.example,1433;UID=sa;PWD={a;b}}c}",
    "DRIVER={ODBC Driver 18 for SQL Server};SERVER=vet.example\\AVIMARK;PWD={SERVER=other}",
    "DSN=oak;SERVER={vet.example}",
]


def test_one_machine_has_one_name_whatever_database_port_login_or_driver() -> None:
    assert {server_name(odbc) for odbc in SAME} == {server_name("host=vet.example")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SERVER=a.example", "SERVER=b.example"),
        ("DSN=oak", "DSN=elm"),
        ("DRIVER=SQLite3;Database=/data/oak.db", "DRIVER=SQLite3;Database=/data/elm.db"),
        ("SERVER=127.0.0.1;PORT=5001", "SERVER=127.0.0.1;PORT=5002"),  # ends of tunnels
        ("SERVER=localhost,5001", "SERVER=localhost,5002"),
        ("DSN=vet.example", "SERVER=vet.example"),
    ],
)
def test_different_places_have_different_names(one: str, other: str) -> None:
    assert server_name(one) != server_name(other)


def test_login_and_password_are_in_no_part_of_the_name() -> None:
    assert server_name("SERVER=x;UID=a;PWD=b") == server_name("SERVER=x;UID=c;PWD=d")
    name = server_name("SERVER=vet.example;PWD=secret") or ""
    assert name.startswith("srv-")
    assert len(name) == 16
    assert "vet" not in name.removeprefix("srv-")


def test_a_string_that_names_no_place_has_no_name() -> None:
    assert server_name("DRIVER=SQLite3") is None
    assert server_name("") is None
