"""IntraVet's names. Its engine, SQL Server, doesn't install here.

So its SQL runs on MariaDB, and what the SQL Server dialect would be sent is compared as text.
"""

from __future__ import annotations

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from vet_pipeline.pims.connector import Connector, load_connector
from vet_pipeline.pims.engines import ENGINES, engine_of
from vet_pipeline.pims.sql import Page, render

SCHEMA = (
    """CREATE TABLE Client (ID VARCHAR(36) PRIMARY KEY, AccountNo INT, FirstName VARCHAR(50),
       LastName VARCHAR(50), CompanyName VARCHAR(50), Street VARCHAR(60), Street2 VARCHAR(60),
       City VARCHAR(50), State VARCHAR(20), Zip VARCHAR(12), County VARCHAR(40),
       Email VARCHAR(80))""",
    """CREATE TABLE ClientPhoneNumber (ID INT PRIMARY KEY, ClientID VARCHAR(36),
       PhoneNumber VARCHAR(30), Description VARCHAR(30))""",
    """CREATE TABLE Patient (ID VARCHAR(36) PRIMARY KEY, ClientID VARCHAR(36), Name VARCHAR(50),
       LongName VARCHAR(80), SpeciesID VARCHAR(36), BreedID VARCHAR(36), SexID VARCHAR(36),
       DOB DATETIME, Microchip VARCHAR(20))""",
    """CREATE TABLE PatientWeight (ID INT PRIMARY KEY, PatientID VARCHAR(36),
       Weight DECIMAL(10,3), Date DATETIME, KEY (PatientID))""",
    "CREATE TABLE ListSpecies (ID VARCHAR(36) PRIMARY KEY, Code VARCHAR(9), Description VARCHAR(40))",
    "CREATE TABLE ListBreed (ID VARCHAR(36) PRIMARY KEY, Code VARCHAR(9), Description VARCHAR(40))",
)
ROWS = [
    *insert(
        "Client",
        {"ID": "C-1", "AccountNo": 7, "FirstName": "Lee", "LastName": "Park", "Street": "9 Oak Ave",
         "Street2": "Apt 2", "City": "Salem", "State": "OR", "Zip": "97301",
         "Email": "lee@example.org"},
    ),
    *insert(
        "ClientPhoneNumber",
        {"ID": 2, "ClientID": "C-1", "PhoneNumber": "(503) 555-0102", "Description": "Work"},
        {"ID": 1, "ClientID": "C-1", "PhoneNumber": "(503) 555-0101", "Description": "Cell"},
    ),
    *insert("ListSpecies", {"ID": "S1", "Code": "K9", "Description": "Canine"}),
    *insert("ListBreed", {"ID": "B1", "Code": "LAB", "Description": "Labrador"}),
    *insert(
        "Patient",
        {"ID": "P-1", "ClientID": "c-1", "Name": "Bo", "SpeciesID": "S1", "BreedID": "B1",
         "DOB": "2016-05-04 00:00:00"},
        {"ID": "P-2", "ClientID": "C-1", "Name": "Mo", "SpeciesID": "S9"},
    ),
    *insert(
        "PatientWeight",
        {"ID": 1, "PatientID": "P-1", "Weight": 61.5, "Date": "2023-01-01 10:00:00"},
        {"ID": 2, "PatientID": "P-1", "Weight": 64.25, "Date": "2024-01-01 10:00:00"},
        {"ID": 3, "PatientID": "P-1", "Weight": 63, "Date": "2024-01-01 10:00:00"},
        {"ID": 4, "PatientID": "P-1", "Weight": 0, "Date": "2024-06-01 10:00:00"},
    ),
]  # fmt: skip


def on_mariadb() -> Connector:
    """The connector, allowed to run on the nearest engine that installs here."""
    real = load_connector("intravet")
    return Connector(real.folder, real.file.model_copy(update={"engines": ("mariadb",)}))


@pytest.fixture
def database(mariadb: Server) -> str:
    name = mariadb.fresh("pims_intravet")
    mariadb.run(name, *SCHEMA, *ROWS)
    return name


def test_phones_and_weights_come_from_their_child_tables(mariadb: Server, database: str) -> None:
    got = read(on_mariadb(), mariadb.odbc(database))
    assert rows(got.clients) == [
        {
            "client_key": "C-1",
            "first_name": "Lee",
            "last_name": "Park",
            "address_line1": "9 Oak Ave",
            "address_line2": "Apt 2",
            "city": "Salem",
            "state": "OR",
            "postal_code": "97301",
            "email": "lee@example.org",
            "phones": '[["(503) 555-0101","Cell"],["(503) 555-0102","Work"]]',
        }
    ]
    assert rows(got.patients) == [
        {
            "patient_key": "P-1",
            "client_key": "C-1",  # c-1 in the patient's row: the collation ignores case
            "name": "Bo",
            "species": "Canine",
            "breed": "Labrador",
            "birth_date": "2016-05-04 00:00:00",
            "weight": "63.000",
            "weight_date": "2024-01-01 10:00:00",
        },
        {"patient_key": "P-2", "client_key": "C-1", "name": "Mo"},
    ]


def test_a_weighing_without_a_date_counts_where_none_has_one(
    mariadb: Server, database: str
) -> None:
    weighings = (
        {"ID": 11, "PatientID": "P-1", "Weight": 70},  # P-1 has dated ones
        {"ID": 12, "PatientID": "P-2", "Weight": 8},
        {"ID": 13, "PatientID": "P-2", "Weight": 8.5},
    )
    mariadb.run(database, *insert("PatientWeight", *weighings))
    got = rows(read(on_mariadb(), mariadb.odbc(database)).patients)
    assert [(one["weight"], one.get("weight_date")) for one in got] == [
        ("63.000", "2024-01-01 10:00:00"),
        ("8.500", None),
    ]


def test_of_weighings_of_one_day_the_last_counts_though_ids_are_texts(mariadb: Server) -> None:
    """40 kg was the neighbour's dog; 4 kg, typed next, is row 10, and '10' < '9'."""
    database = mariadb.fresh("pims_iv_texts")
    schema = [
        table.replace("PatientWeight (ID INT", "PatientWeight (ID VARCHAR(36)") for table in SCHEMA
    ]
    weighings = (
        {"ID": "8", "PatientID": "P-1", "Weight": 4.1, "Date": "2023-01-01 00:00:00"},
        {"ID": "9", "PatientID": "P-1", "Weight": 40, "Date": "2024-01-01 00:00:00"},
        {"ID": "10", "PatientID": "P-1", "Weight": 4, "Date": "2024-01-01 00:00:00"},
        {"ID": "90", "PatientID": "P-2", "Weight": 70},
        {"ID": "100", "PatientID": "P-2", "Weight": 7},
    )
    mariadb.run(
        database,
        *schema,
        *insert("Client", {"ID": "C-1", "LastName": "Park"}),
        *insert(
            "Patient",
            {"ID": "P-1", "ClientID": "C-1", "Name": "Bo"},
            {"ID": "P-2", "ClientID": "C-1", "Name": "Mo"},
        ),
        *insert("PatientWeight", *weighings),
    )
    got = rows(read(on_mariadb(), mariadb.odbc(database)).patients)
    assert [one["weight"] for one in got] == ["4.000", "7.000"]


@pytest.mark.parametrize("part", ["clients", "patients", "phones"])
def test_no_macro_is_left_in_what_sql_server_is_sent(part: str) -> None:
    sql = load_connector("intravet").sql(part, "sqlserver")
    assert sql is not None
    text, parameters = render(sql, ENGINES["sqlserver"], "x.ID", Page("a", "b"))
    assert "{" not in text
    assert "LIMIT" not in text
    assert parameters == ["a", "b"]


def test_sql_server_writes_dates_in_iso_whatever_its_language() -> None:
    assert render("SELECT {date: p.DOB}", ENGINES["sqlserver"], "", Page()) == (
        "SELECT CONVERT(varchar(33), p.DOB, 126)",
        [],
    )
    assert engine_of("Microsoft SQL Server", "15.00.2000") == "sqlserver"


def test_a_client_key_in_other_capitals_brings_its_numbers_and_pets(mariadb: Server) -> None:
    database = mariadb.fresh("pims_iv_case")
    mariadb.run(
        database,
        *SCHEMA,
        *insert("Client", {"ID": "C-1", "LastName": "Park"}),
        *insert("ClientPhoneNumber", {"ID": 1, "ClientID": "c-1", "PhoneNumber": "(503) 555-0101"}),
        *insert("Patient", {"ID": "P-1", "ClientID": "c-1", "Name": "Bo"}),
    )
    got = read(on_mariadb(), mariadb.odbc(database))
    assert rows(got.clients)[0]["phones"] == '[["(503) 555-0101",null]]'
    assert rows(got.patients)[0]["client_key"] == "C-1"
