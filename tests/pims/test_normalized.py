"""What connectors deliver is what normalizing understands: units, flags and dates of each PIMS."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.pims import test_asm3, test_premvet, test_vetdata
from tests.pims.conftest import Server
from tests.pims.openvpms import LOOKUPS, entity, owner, schema, weighing
from tests.pims.reading import read
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.pets import normalize_pets

READ_ON = date(2026, 3, 1)
COLUMNS = ["pims_pet_id", "species", "birth_date", "weight_kg", "weight_unit", "deceased"]


def pets(connector: str, odbc: str) -> list[list[Any]]:
    """Each pet's typed values; no client, pet or value may be refused."""
    got = read(connector, odbc)
    clients = normalize_clients(got.clients, got.conventions, read_on=READ_ON)
    result = normalize_pets(got.patients, got.conventions, read_on=READ_ON)
    assert (len(clients.quarantined), len(result.quarantined)) == (0, 0)
    rows = result.rows[COLUMNS].astype(object)
    return rows.where(rows.notna(), None).values.tolist()


def test_openvpms_is_understood(mariadb: Server) -> None:
    database = mariadb.fresh("pims_normalized")
    statements = [
        *entity(1, "party.customerperson", "Bell,Ana", lastName="Bell"),
        *entity(2, "party.patientpet", "Rex", species="CANINE", deceased="false",
                dateOfBirth="2019-02-03 00:00:00.0"),
        *entity(3, "party.patientpet", "Bo", active=False, deceased="true"),
        *owner(2, 1, "2020-01-01 00:00:00"),
        *weighing(1, 2, "2024-01-05 09:00:00", "50.0", "POUNDS"),
        *weighing(2, 3, "2024-01-05 09:00:00", "4200.0", "GRAMS"),
    ]  # fmt: skip
    mariadb.run(database, *schema(), *LOOKUPS, *statements)
    assert pets("openvpms", mariadb.odbc(database)) == [
        ["2", "dog", date(2019, 2, 3), Decimal("22.6796"), "lb", False],
        ["3", None, None, Decimal("4.2000"), "g", True],
    ]


def test_asm3_is_understood(sqlite: Server) -> None:
    kinds = {"NULL": "", "FLOAT": "FLOAT"}
    tables = [table.format_map(kinds) for table in test_asm3.SCHEMA]
    sqlite.run("asm3", *tables, *test_asm3.ROWS)
    assert pets("asm3", sqlite.odbc("asm3")) == [
        ["5", "cat", date(2018, 3, 4), Decimal("4.3091"), "lb", False],
        ["6", "cat", None, None, None, True],
        ["7", None, None, None, None, None],
    ]


def test_premvet_is_understood(mariadb: Server) -> None:
    database = mariadb.fresh("pims_normalized")
    animals = [animal for animal in test_premvet.ANIMALS if animal["SiteAnimal"] != "1-4"]
    mariadb.run(
        database,
        "SET GLOBAL sql_mode = ''",
        *test_premvet.SCHEMA,
        *test_premvet.insert("client", test_premvet.CLIENT),
        *test_premvet.insert("animal", *animals),
    )
    assert pets("premvet", mariadb.odbc(database)) == [
        ["1-1", "dog", date(2015, 6, 7), None, "unknown", False],
        ["1-2", "Farm", None, None, None, False],
        ["1-3", "horse", None, None, None, True],
    ]


def test_vetdata_is_understood(sqlite: Server) -> None:
    statements = [*test_vetdata.SCHEMA, *test_vetdata.ROWS]
    for name, word in test_vetdata.WORDS["sqlite"].items():
        statements = [statement.replace(f"{{{name}}}", word) for statement in statements]
    sqlite.run("vetdata", *statements)
    assert pets("vetdata", sqlite.odbc("vetdata")) == [
        ["P1", "cat", date(2017, 8, 9), Decimal("4.3091"), "lb", False],
        ["P2", None, None, None, None, True],
    ]


def test_a_date_of_zeros_is_no_death_and_no_birth(mariadb: Server) -> None:
    database = mariadb.fresh("pims_normalized")
    schema_of_mariadb = [table.replace("{BIT}", "BIT(1)") for table in test_vetdata.SCHEMA]
    pet = {"PmsID": "P1", "Name": "Nib", "DateOfBirth": "2017-08-09", "DateOfDeath": "0000-00-00"}
    mariadb.run(
        database,
        "SET SESSION sql_mode = ''",
        *schema_of_mariadb,
        *test_vetdata.insert("IPatient", pet, {**pet, "PmsID": "P2", "DateOfBirth": "0000-00-00"}),
    )
    assert pets("vetdata", mariadb.odbc(database)) == [
        ["P1", None, date(2017, 8, 9), None, None, False],
        ["P2", None, None, None, None, False],
    ]
