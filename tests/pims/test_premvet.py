"""Premvet's DataMajor tables on MariaDB, from the vendor's public list of tables and fields."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from vet_pipeline.errors import PimsUnavailable
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.registry.practice_settings import Settings

SCHEMA = (
    """CREATE TABLE client (SiteRegistered INT, ClientKey INT, MasterRec INT, CID VARCHAR(20),
       Surname VARCHAR(40), Title VARCHAR(20), Initials VARCHAR(20), AddressLine1 VARCHAR(60),
       AddressLine2 VARCHAR(60), AddressLine3 VARCHAR(60), Postcode VARCHAR(10),
       Telephone VARCHAR(40), Mobile_Number VARCHAR(40), EMail VARCHAR(80), IsClient CHAR(3),
       BadDebt CHAR(3)) DEFAULT CHARSET=latin1""",
    """CREATE TABLE animal (SiteAnimal VARCHAR(20), ClientKey INT, PVID INT,
       AnimalName VARCHAR(40), Species VARCHAR(20), Breed VARCHAR(40), Sex VARCHAR(20),
       ORT CHAR(2), DateOfBirth DATE, Weight DECIMAL(8,2), LastWeightDate DATE, Dead VARCHAR(5),
       DateofDeath DATE, IsClient VARCHAR(3)) DEFAULT CHARSET=latin1""",
)
CLIENT = {
    "ClientKey": 900,
    "CID": "1-4711",
    "Surname": "Hart",
    "Title": "Mr",
    "Initials": "J",
    "AddressLine1": "The Old Mill",
    "AddressLine2": "Church Lane",
    "AddressLine3": "Ripon",
    "Postcode": "HG4 1AA",
    "Telephone": "01765 496000",
    "Mobile_Number": "07700 900002",
    "EMail": "hart@example.org",
    "IsClient": "NO",
    "BadDebt": "Yes",
}
ANIMALS = (
    {"SiteAnimal": "1-1", "ClientKey": 900, "AnimalName": "Fly", "Species": "Dog", "Breed": "Collie",
     "ORT": "SA", "DateOfBirth": "2015-06-07", "Weight": 18.5, "LastWeightDate": "2024-02-03",
     "Dead": "Alive", "DateofDeath": "0000-00-00", "IsClient": "Yes"},
    {"SiteAnimal": "1-2", "ClientKey": 900, "AnimalName": "Herd 7", "Species": "Farm",
     "Breed": "SE 123 456", "Sex": "Dairy", "ORT": "FC", "Dead": "Alive", "IsClient": "Yes"},
    {"SiteAnimal": "1-3", "ClientKey": 900, "AnimalName": "Duke", "Species": "Equine", "Breed": "Cob",
     "ORT": "EQ", "Weight": None, "Dead": "Dead", "DateofDeath": "2023-11-12", "IsClient": "No"},
    {"SiteAnimal": "1-4", "ClientKey": 999, "AnimalName": "Stray", "Species": "Cat", "Dead": "Alive",
     "DateOfBirth": "2020-00-00"},
)  # fmt: skip


@pytest.fixture
def database(mariadb: Server) -> str:
    name = mariadb.fresh("pims_premvet")
    statements = [*SCHEMA, *insert("client", CLIENT), *insert("animal", *ANIMALS)]
    mariadb.run(name, "SET GLOBAL sql_mode = ''", *statements)
    return name


def test_clients_and_animals_are_read_by_their_lasting_keys(mariadb: Server, database: str) -> None:
    got = read("premvet", mariadb.odbc(database))
    assert rows(got.clients) == [
        {
            "client_key": "1-4711",
            "title": "Mr",
            "first_name": "J",
            "last_name": "Hart",
            "address_line1": "The Old Mill",
            "address_line2": "Church Lane",
            "address_line3": "Ripon",
            "postal_code": "HG4 1AA",
            "email": "hart@example.org",
            "phones": '[["07700 900002","mobile"],["01765 496000","telephone"]]',
        }
    ]
    assert rows(got.patients) == [
        {
            "patient_key": "1-1",
            "client_key": "1-4711",
            "name": "Fly",
            "species": "Dog",
            "breed": "Collie",
            "birth_date": "2015-06-07",
            "weight": "18.50",
            "weight_date": "2024-02-03",
            "deceased_flag": "Alive",
            "deceased_date": "0000-00-00",
        },
        {
            "patient_key": "1-2",
            "client_key": "1-4711",
            "name": "Herd 7",
            "species": "Farm",
            "deceased_flag": "Alive",
        },
        {
            "patient_key": "1-3",
            "client_key": "1-4711",
            "name": "Duke",
            "species": "Equine",
            "breed": "Cob",
            "deceased_flag": "Dead",
            "deceased_date": "2023-11-12",
            "status": "moved away",
        },
        {
            "patient_key": "1-4",
            "name": "Stray",
            "species": "Cat",
            "birth_date": "2020-00-00",
            "deceased_flag": "Alive",
        },
    ]


def test_a_regenerated_client_key_changes_nothing(mariadb: Server, database: str) -> None:
    before = read("premvet", mariadb.odbc(database))
    mariadb.run(
        database,
        "UPDATE client SET ClientKey = ClientKey + 5",
        "UPDATE animal SET ClientKey = ClientKey + 5",
    )
    after = read("premvet", mariadb.odbc(database))
    assert rows(after.clients) == rows(before.clients)
    assert rows(after.patients) == rows(before.patients)


def test_the_practice_may_state_the_unit_that_the_export_lacks(
    mariadb: Server, database: str
) -> None:
    read_by = read("premvet", mariadb.odbc(database)).conventions
    assert read_by.weight_unit_when_missing is None
    stated = Settings(weight_unit_when_missing="kg")
    assert stated.conventions(read_by).weight_unit_when_missing == "kg"


def test_absence_means_the_window_of_five_years() -> None:
    assert load_connector("premvet").file.absence_means == "outside_window"


def test_an_animal_whose_client_key_two_clients_share_is_set_aside(
    mariadb: Server, database: str
) -> None:
    other = {**CLIENT, "CID": "2-4711", "ClientKey": 901, "Surname": "Moss"}
    animal = {**ANIMALS[0], "SiteAnimal": "1-5", "ClientKey": 901}
    both = insert("client", other, {**other, "CID": "3-4711"})
    mariadb.run(database, *both, *insert("animal", animal))
    got = read("premvet", mariadb.odbc(database))
    normal = normalize_pets(got.patients, got.conventions, read_on=date(2026, 11, 28))
    assert normal.rows["pims_pet_id"].tolist() == ["1-1", "1-2", "1-3", "1-4"]
    refused = normal.quarantined[["pims_id", "reason"]].to_numpy().tolist()
    assert refused == [["1-5", "duplicate_key"]] * 2


@pytest.mark.parametrize(
    ("days", "column"), [(0, "DATE"), (4, "DATETIME"), (5, "VARCHAR(20)"), (-1, "DATE")]
)
def test_a_snapshot_of_these_days_is_read(
    days: int, column: str, mariadb: Server, database: str
) -> None:
    made = datetime.now(UTC).date() - timedelta(days=days)
    written = f"{made:%d/%m/%Y}" if column.startswith("VARCHAR") else str(made)
    mariadb.run(
        database,
        f"CREATE TABLE created (window_from DATE, stamp {column})",
        f"INSERT INTO created VALUES ('2020-01-01', '{written}')",
    )
    assert len(read("premvet", mariadb.odbc(database)).clients) == 1


def test_a_snapshot_whose_job_has_died_passes_for_no_refresh(
    mariadb: Server, database: str
) -> None:
    made = datetime.now(UTC).date() - timedelta(days=6)
    mariadb.run(
        database, "CREATE TABLE created (stamp DATE)", f"INSERT INTO created VALUES ('{made}')"
    )
    with pytest.raises(PimsUnavailable, match="made from the PIMS 6 days ago"):
        read("premvet", mariadb.odbc(database))
    rarely = read("premvet", mariadb.odbc(database), exports_within_hours=200)
    assert len(rarely.clients) == 1


@pytest.mark.parametrize("table", ["", "(stamp DATE)", "(stamp DATE) SELECT '2020-00-00' AS stamp"])
def test_a_snapshot_that_doesnt_say_its_date_is_read_and_noted(
    table: str, mariadb: Server, database: str
) -> None:
    if table:
        mariadb.run(database, f"CREATE TABLE created {table}")
    notes = read("premvet", mariadb.odbc(database)).notes
    assert any(note.startswith("when this database was made") for note in notes)
