"""ASM3 on three engines over their ODBC drivers, from its documented layout."""

from __future__ import annotations

from datetime import date

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from vet_pipeline.normalize.pets import normalize_pets

SCHEMA = (
    """CREATE TABLE owner (ID INTEGER NOT NULL PRIMARY KEY, OwnerTitle VARCHAR(50),
       OwnerForeNames VARCHAR(200), OwnerSurname VARCHAR(100), OwnerName VARCHAR(255),
       OwnerAddress VARCHAR(255), OwnerTown VARCHAR(100), OwnerCounty VARCHAR(100),
       OwnerPostcode VARCHAR(255), HomeTelephone VARCHAR(255), WorkTelephone VARCHAR(255),
       MobileTelephone VARCHAR(255), EmailAddress VARCHAR(200), OwnerForeNames2 VARCHAR(200),
       Comments VARCHAR(100))""",
    """CREATE TABLE animal (ID INTEGER NOT NULL PRIMARY KEY, OwnerID INTEGER,
       AnimalName VARCHAR(255), SpeciesID INTEGER, BreedID INTEGER, BreedName VARCHAR(255),
       DateOfBirth TIMESTAMP {NULL}, EstimatedDOB INTEGER, Weight {FLOAT}, PutToSleep INTEGER,
       DeceasedDate TIMESTAMP {NULL}, Sex INTEGER)""",
    "CREATE TABLE species (ID INTEGER NOT NULL PRIMARY KEY, SpeciesName VARCHAR(255))",
    "CREATE TABLE breed (ID INTEGER NOT NULL PRIMARY KEY, BreedName VARCHAR(255))",
    "CREATE TABLE configuration (ItemName VARCHAR(255), ItemValue VARCHAR(255))",
)
ROWS = [
    *insert(
        "owner",
        {
            "ID": 1,
            "OwnerTitle": "Ms",
            "OwnerForeNames": "Zoë",
            "OwnerSurname": "O'Neil",
            "OwnerName": "Ms Zoë O'Neil",
            "OwnerAddress": "4 Mill Road",
            "OwnerTown": "Leeds",
            "OwnerCounty": "W Yorks",
            "OwnerPostcode": "LS1 4DY",
            "HomeTelephone": "",
            "WorkTelephone": "0113 496 0001",
            "MobileTelephone": "07700 900001",
            "EmailAddress": "zoe@example.org",
            "OwnerForeNames2": "CANARY",
        },
        {"ID": 2, "OwnerName": "Paws Rescue"},
    ),
    *insert("species", {"ID": 2, "SpeciesName": "Cat"}),
    *insert("breed", {"ID": 9, "BreedName": "Siamese"}),
    *insert(
        "animal",
        {
            "ID": 5,
            "OwnerID": 1,
            "AnimalName": "Miso",
            "SpeciesID": 2,
            "BreedID": 9,
            "BreedName": "Siamese / Burmese",
            "DateOfBirth": "2018-03-04 00:00:00",
            "EstimatedDOB": 1,
            "Weight": 9.5,
            "PutToSleep": 0,
        },
        {
            "ID": 6,
            "OwnerID": 0,
            "AnimalName": "Olive",
            "SpeciesID": 2,
            "BreedID": 9,
            "BreedName": "",
            "EstimatedDOB": 0,
            "Weight": 0,
            "PutToSleep": 1,
            "DeceasedDate": "2024-01-02 00:00:00",
        },
        {"ID": 7, "OwnerID": 1, "AnimalName": "Pip"},
    ),
]
CLIENTS = [
    {
        "client_key": "1",
        "title": "Ms",
        "first_name": "Zoë",
        "last_name": "O'Neil",
        "full_name": "Ms Zoë O'Neil",
        "address_line1": "4 Mill Road",
        "city": "Leeds",
        "state": "W Yorks",
        "postal_code": "LS1 4DY",
        "email": "zoe@example.org",
        "phones": '[["07700 900001","mobile"],["0113 496 0001","work"]]',
    },
    {"client_key": "2", "full_name": "Paws Rescue"},
]
PATIENTS = [
    {
        "patient_key": "5",
        "client_key": "1",
        "name": "Miso",
        "species": "Cat",
        "breed": "Siamese / Burmese",
        "birth_date": "2018-03-04 00:00:00",
        "birth_date_estimated": "1",
        "weight": "9.5",
        "deceased_flag": "0",
    },
    {
        "patient_key": "6",
        "name": "Olive",
        "species": "Cat",
        "breed": "Siamese",
        "birth_date_estimated": "0",
        "weight": "0",
        "deceased_flag": "1",
        "deceased_date": "2024-01-02 00:00:00",
    },
    {"patient_key": "7", "client_key": "1", "name": "Pip"},
]


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    kinds = {"NULL": "NULL" if request.param == "mariadb" else "", "FLOAT": "DOUBLE PRECISION"}
    found.fresh("pims_asm3")
    found.run("pims_asm3", *(table.format_map(kinds) for table in SCHEMA), *ROWS)
    return found


def test_owners_and_animals_are_read_alike_on_every_engine(server: Server) -> None:
    got = read("asm3", server.odbc("pims_asm3"))
    # SQLite writes a whole FLOAT with its point.
    patients = [
        row | ({"weight": "0"} if row.get("weight") == "0.0" else {}) for row in rows(got.patients)
    ]
    assert (rows(got.clients), patients) == (CLIENTS, PATIENTS)


@pytest.mark.parametrize(
    ("in_lbs", "in_lbs_fraction", "unit"),
    [
        (None, None, "lb"),
        ("Yes", None, "lb"),
        ("No", None, "kg"),
        ("No", "No", "kg"),
        ("No", "Yes", "lb"),
        ("No", "True", "lb"),
        ("True", "No", "lb"),
        ("False", "False", "kg"),
        ("", "", "kg"),
        (None, "No", "lb"),
    ],
    ids=str,
)
def test_the_weight_unit_is_the_setting_of_the_site(
    server: Server, in_lbs: str | None, in_lbs_fraction: str | None, unit: str
) -> None:
    items = {"ShowWeightInLbs": in_lbs, "ShowWeightInLbsFraction": in_lbs_fraction}
    kept = [
        {"ItemName": name, "ItemValue": value} for name, value in items.items() if value is not None
    ]
    server.run("pims_asm3", *insert("configuration", *kept))
    got = read("asm3", server.odbc("pims_asm3"))
    assert got.conventions.weight_unit_when_missing == unit


def test_flags_of_postgresql_s_own_type_are_understood(postgresql: Server) -> None:
    postgresql.fresh("pims_asm3_flags")
    kinds = {"NULL": "", "FLOAT": "DOUBLE PRECISION"}
    flags = [table.replace("PutToSleep INTEGER", "PutToSleep BOOLEAN") for table in SCHEMA]
    dead = {"ID": 1, "OwnerID": 1, "AnimalName": "Rex", "PutToSleep": "=true"}
    postgresql.run(
        "pims_asm3_flags",
        *(table.format_map(kinds) for table in flags),
        *insert("animal", dead, dead | {"ID": 2, "PutToSleep": "=false"}),
    )
    got = read("asm3", postgresql.odbc("pims_asm3_flags") + ";BoolsAsChar=0")
    pets = normalize_pets(got.patients, got.conventions, read_on=date(2026, 11, 28))
    assert pets.rows["deceased"].tolist() == [True, False]
    assert len(pets.not_taken) == 0


def test_an_apostrophe_which_asm3_writes_as_a_backtick_is_one_again(server: Server) -> None:
    server.run(
        "pims_asm3",
        *insert(
            "owner",
            {
                "ID": 3,
                "OwnerForeNames": "D`Arcy",
                "OwnerSurname": "O`Neil",
                "OwnerAddress": "4 St Mary`s Road",
                "OwnerTown": "Coeur d`Alene",
                "EmailAddress": "d.o`neil@example.org",
                "MobileTelephone": "07700 900001 D`Arcy`s",
            },
        ),
        *insert("animal", {"ID": 8, "OwnerID": 3, "AnimalName": "D`Artagnan &bt;D&bt;"}),
    )
    got = read("asm3", server.odbc("pims_asm3"))
    assert (rows(got.clients)[2:], rows(got.patients)[3:]) == (
        [
            {
                "client_key": "3",
                "first_name": "D'Arcy",
                "last_name": "O'Neil",
                "address_line1": "4 St Mary's Road",
                "city": "Coeur d'Alene",
                "email": "d.o'neil@example.org",
                "phones": '[["07700 900001 D\'Arcy\'s","mobile"]]',
            }
        ],
        [{"patient_key": "8", "client_key": "3", "name": "D'Artagnan `D`"}],
    )
