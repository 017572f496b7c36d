"""Whole numbers kept as floating-point ones, as what Access or FoxPro held is often taken over."""

from __future__ import annotations

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from vet_pipeline.errors import ConnectorInvalid

CLIENTS = [
    {"client_key": "1234567", "last_name": "Bell"},
    {"client_key": "1234570", "last_name": "Lee"},
]
REX = [{"patient_key": "1", "client_key": "1234567", "name": "Rex"}]


def test_an_owner_s_number_that_the_server_rounds_makes_no_pet_another_client_s(
    mariadb: Server,
) -> None:
    """MariaDB's text of a FLOAT has six digits: Bell's Rex was Lee's."""
    database = make(mariadb, clients=CLIENTS, patients=REX)
    mariadb.run(database, "ALTER TABLE vetpipeline_patients MODIFY client_key FLOAT")
    with pytest.raises(ConnectorInvalid) as refused:
        read("generic", mariadb.odbc(database))
    assert str(refused.value) == (
        "patients.sql: client_key is a floating-point number of more than six digits, of which the"
        " server tells six (1234567 as 1234570). Next step: cast it in the SQL or the view:"
        " CAST(x AS DECIMAL(20))"
    )


def test_so_it_is_with_a_client_s_own_and_with_a_phone_s(mariadb: Server) -> None:
    database = make(mariadb, types={"client_key": "FLOAT"}, clients=CLIENTS)
    with pytest.raises(ConnectorInvalid, match=r"^clients\.sql: client_key is a floating"):
        read("generic", mariadb.odbc(database))
    database = make(mariadb, clients=CLIENTS)
    mariadb.run(
        database,
        "CREATE TABLE vetpipeline_phones (client_key FLOAT, number VARCHAR(20), label VARCHAR(9),"
        " position INT)",
        "INSERT INTO vetpipeline_phones VALUES (1234567, '7705550101', 'home', 1)",
    )
    with pytest.raises(ConnectorInvalid, match=r"^phones\.sql: client_key is a floating"):
        read("generic", mariadb.odbc(database))


@pytest.mark.parametrize(
    ("column", "number"), [("phone2", "7705551234"), ("postal_code", "303011234")]
)
def test_so_it_is_with_whatever_has_more_digits(mariadb: Server, column: str, number: str) -> None:
    """The number was ten clients' one, 770-555-0000."""
    database = make(mariadb, types={column: "FLOAT"}, clients=[CLIENTS[0] | {column: number}])
    with pytest.raises(ConnectorInvalid, match=rf"^clients\.sql: {column} is a floating"):
        read("generic", mariadb.odbc(database))


def test_a_weight_beyond_belief_stops_no_read(mariadb: Server) -> None:
    """An uninitialised float: normalizing leaves it out and tells."""
    database = make(mariadb, types={"weight": "FLOAT"}, patients=[REX[0] | {"weight": "-3.4e38"}])
    assert read("generic", mariadb.odbc(database)).patients["weight"].tolist() == ["-3.4e38"]


@pytest.mark.parametrize("kind", ["DOUBLE", "DECIMAL(12, 0)", "FLOAT"])
def test_numbers_that_come_whole_are_read(mariadb: Server, kind: str) -> None:
    """Of a FLOAT those of six digits do."""
    short = "123456" if kind == "FLOAT" else "1234567"
    database = make(
        mariadb,
        types={"client_key": kind},
        clients=[{"client_key": short, "last_name": "Bell"}],
        patients=[{"patient_key": "1", "client_key": short, "name": "Rex"}, {"patient_key": "2"}],
    )
    got = read("generic", mariadb.odbc(database))
    assert got.clients["client_key"].tolist() == [short]
    assert got.patients["client_key"].fillna("").tolist() == [short, ""]


def test_a_view_that_casts_them_mends_it(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, patients=REX)
    mariadb.run(
        database,
        "ALTER TABLE vetpipeline_patients MODIFY client_key FLOAT",
        "RENAME TABLE vetpipeline_patients TO animals",
        "CREATE VIEW vetpipeline_patients AS SELECT patient_key, CAST(client_key AS DECIMAL(20))"
        " AS client_key, name, species, breed, birth_date, birth_date_estimated, weight, weight_unit,"
        " weight_date, deceased_flag, deceased_date, status FROM animals",
    )
    got = read("generic", mariadb.odbc(database))
    assert got.patients["client_key"].tolist() == ["1234567"]
