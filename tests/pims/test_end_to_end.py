"""Each connector, from its engine into ScriptRight: first load, then a refresh that changes things.

Through Dagster, by the function behind `vet-pipeline run`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from automation.run import run_practice
from tests.pims import openvpms, test_asm3, test_intravet, test_premvet, test_vetdata, views
from tests.pims.conftest import Server
from tests.pims.reading import insert
from vet_pipeline.pims.connector import CONNECTORS
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import ReaderSettings, Settings
from vet_pipeline.scriptright.postgres.urls import with_driver

Change = Callable[[], None]


@dataclass(frozen=True)
class Case:
    """One PIMS: where it is, and how someone there weighs, renames and reports a death."""

    pims: str
    odbc: str
    change: Change  # new email and new address of the client, new weight, the other pet died
    first_kg: str | None
    later_kg: str | None
    knows_deaths: bool = True


def of_openvpms(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    mariadb: Server = request.getfixturevalue("mariadb")
    database = mariadb.fresh("pims_end")
    statements = [
        *openvpms.entity(1, "party.customerperson", "Bell,Ana", firstName="Ana", lastName="Bell"),
        *openvpms.contact(1, 1, "location", address="1 Elm St", preferred="true"),
        *openvpms.contact(2, 1, "email", emailAddress="old@example.org"),
        *openvpms.entity(2, "party.patientpet", "Rex", species="CANINE"),
        *openvpms.entity(3, "party.patientpet", "Bo", species="CANINE", deceased="false"),
        *openvpms.owner(2, 1, "2020-01-01 00:00:00"),
        *openvpms.owner(3, 1, "2020-01-01 00:00:00"),
        *openvpms.weighing(1, 2, "2024-01-05 09:00:00", "10.0", "KILOGRAMS"),
    ]
    mariadb.run(database, *openvpms.schema(), *openvpms.LOOKUPS, *statements)
    changes = [
        "UPDATE contact_details SET value = 'new@example.org' WHERE name = 'emailAddress'",
        "UPDATE contact_details SET value = '2 Oak St' WHERE name = 'address'",
        "UPDATE entity_details SET value = 'true' WHERE entity_id = 3 AND name = 'deceased'",
        *openvpms.weighing(2, 2, "2025-01-05 09:00:00", "11.0", "KILOGRAMS"),
    ]
    return Case(
        "openvpms", mariadb.odbc(database), lambda: mariadb.run(database, *changes), "10", "11"
    )


def of_asm3(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    sqlite: Server = request.getfixturevalue("sqlite")
    kinds = {"NULL": "", "FLOAT": "FLOAT"}
    sqlite.run(
        "asm3",
        *(table.format_map(kinds) for table in test_asm3.SCHEMA),
        *insert("owner", {"ID": 1, "OwnerForeNames": "Ana", "OwnerSurname": "Bell",
                          "OwnerAddress": "1 Elm St", "EmailAddress": "old@example.org"}),
        *insert("animal", {"ID": 1, "OwnerID": 1, "AnimalName": "Rex", "Weight": 10.0},
                {"ID": 2, "OwnerID": 1, "AnimalName": "Bo"}),
        *insert("configuration", {"ItemName": "ShowWeightInLbs", "ItemValue": "No"}),
    )  # fmt: skip
    changes = [
        "UPDATE owner SET EmailAddress = 'new@example.org', OwnerAddress = '2 Oak St'",
        "UPDATE animal SET Weight = 11.0 WHERE ID = 1",
        "UPDATE animal SET DeceasedDate = '2025-02-03 00:00:00' WHERE ID = 2",
    ]
    return Case("asm3", sqlite.odbc("asm3"), lambda: sqlite.run("asm3", *changes), "10", "11")


def of_premvet(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    mariadb: Server = request.getfixturevalue("mariadb")
    database = mariadb.fresh("pims_end")
    pet = {"ClientKey": 900, "Species": "Dog", "ORT": "SA", "Dead": "Alive", "IsClient": "Yes"}
    mariadb.run(
        database,
        *test_premvet.SCHEMA,
        *insert("client", {**test_premvet.CLIENT, "EMail": "old@example.org"}),
        *insert("animal", {**pet, "SiteAnimal": "1-1", "AnimalName": "Rex", "Weight": 10},
                {**pet, "SiteAnimal": "1-2", "AnimalName": "Bo", "Weight": None}),
    )  # fmt: skip
    changes = [
        "UPDATE client SET EMail = 'new@example.org', AddressLine1 = 'The New Mill', ClientKey = 1",
        "UPDATE animal SET Weight = 11, ClientKey = 1",
        "UPDATE animal SET Dead = 'Dead', Weight = NULL WHERE SiteAnimal = '1-2'",
    ]
    # Its unit isn't recorded, so kilograms are never known.
    return Case(
        "premvet", mariadb.odbc(database), lambda: mariadb.run(database, *changes), None, None
    )


def of_intravet(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    mariadb: Server = request.getfixturevalue("mariadb")
    database = mariadb.fresh("pims_end")
    mariadb.run(
        database,
        *test_intravet.SCHEMA,
        *insert("Client", {"ID": "C", "FirstName": "Ana", "LastName": "Bell",
                           "Street": "1 Elm St", "Email": "old@example.org"}),
        *insert("Patient", {"ID": "P", "ClientID": "C", "Name": "Rex"},
                {"ID": "Q", "ClientID": "C", "Name": "Bo"}),
        *insert("PatientWeight",
                {"ID": 1, "PatientID": "P", "Weight": 10, "Date": "2024-01-01 10:00:00"}),
    )  # fmt: skip
    changes = [
        "UPDATE Client SET Email = 'new@example.org', Street = '2 Oak St'",
        *insert("PatientWeight",
                {"ID": 2, "PatientID": "P", "Weight": 11, "Date": "2025-01-01 10:00:00"}),
    ]  # fmt: skip
    folder = tmp_path / "intravet"
    shutil.copytree(CONNECTORS / "intravet", folder)
    toml = folder / "connector.toml"
    toml.write_text(toml.read_text().replace('engines = ["sqlserver"]', 'engines = ["mariadb"]'))
    return Case(
        str(folder),
        mariadb.odbc(database),
        lambda: mariadb.run(database, *changes),
        None,
        None,
        knows_deaths=False,
    )


def of_vetdata(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    sqlite: Server = request.getfixturevalue("sqlite")
    tables = [table.replace("{BIT}", "BIT") for table in test_vetdata.SCHEMA]
    owner = {"ClientPmsID": "A", "Type": "Owner", "Percentage": 100, "IsPrimary": 1}
    sqlite.run(
        "vetdata",
        *tables,
        *insert("IClient", {"PmsID": "A", "FirstName": "Ana", "LastName": "Bell"}),
        *insert("Client", {"AccountId": "A", "Address1": "1 Elm St", "Email": "old@example.org"}),
        *insert("IPatient",
                {"PmsID": "P", "Name": "Rex", "Weight": 10, "WeightUnit": "kg", "IsDeceased": 0},
                {"PmsID": "Q", "Name": "Bo", "IsDeceased": 0}),
        *insert("IClientPatientRelationship", {**owner, "PatientPmsID": "P"},
                {**owner, "PatientPmsID": "Q"}),
    )  # fmt: skip
    changes = [
        "UPDATE Client SET Email = 'new@example.org', Address1 = '2 Oak St'",
        "UPDATE IPatient SET Weight = 11 WHERE PmsID = 'P'",
        "UPDATE IPatient SET IsDeceased = 1 WHERE PmsID = 'Q'",
    ]
    return Case(
        "vetdata", sqlite.odbc("vetdata"), lambda: sqlite.run("vetdata", *changes), "10", "11"
    )


def of_generic(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    postgresql: Server = request.getfixturevalue("postgresql")
    database = views.make(
        postgresql,
        "pims_end",
        clients=[{"client_key": "C", "first_name": "Ana", "last_name": "Bell",
                  "address_line1": "1 Elm St", "email": "old@example.org"}],
        patients=[{"patient_key": "P", "client_key": "C", "name": "Rex", "weight": "10",
                   "weight_unit": "kg"},
                  {"patient_key": "Q", "client_key": "C", "name": "Bo", "status": "active"}],
    )  # fmt: skip
    changes = [
        "UPDATE vetpipeline_clients SET email = 'new@example.org', address_line1 = '2 Oak St'",
        "UPDATE vetpipeline_patients SET weight = '11' WHERE patient_key = 'P'",
        "UPDATE vetpipeline_patients SET status = 'deceased' WHERE patient_key = 'Q'",
    ]
    return Case(
        "generic", postgresql.odbc(database), lambda: postgresql.run(database, *changes), "10", "11"
    )


def of_csv(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    def write(email: str, street: str, kg: int, dead: str) -> None:
        (tmp_path / "clients.csv").write_text(
            f"client id;first name;last name;address;email\n1;Ana;Bell;{street};{email}\n"
        )
        (tmp_path / "patients.csv").write_text(
            f"patient id;client id;name;weight;deceased\n1;1;Rex;{kg} kg;no\n2;1;Bo;;{dead}\n"
        )

    write("old@example.org", "1 Elm St", 10, "no")
    change = lambda: write("new@example.org", "2 Oak St", 11, "yes")  # noqa: E731
    return Case("csv", f"FOLDER={tmp_path}", change, "10", "11")


CASES = [of_openvpms, of_asm3, of_premvet, of_intravet, of_vetdata, of_generic, of_csv]


def test_no_connector_is_left_out() -> None:
    from vet_pipeline.pims.connector import list_connectors

    assert sorted(case.__name__.removeprefix("of_") for case in CASES) == list_connectors()


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_first_load_and_refresh(
    make: Callable[[pytest.FixtureRequest, Path], Case],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    engine: Engine,
    program_url: str,
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make(request, tmp_path)
    home = tmp_path / "home"
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")  # so that what the run sets is undone afterwards
    monkeypatch.setenv("VET_PIPELINE_HOME", str(home))
    monkeypatch.setenv("SCRIPTRIGHT_URL", program_url)
    monkeypatch.setenv("DAGSTER_PG_URL", with_driver(empty_database_url, "psycopg2"))
    monkeypatch.delenv("VET_PIPELINE_SNAPSHOTS", raising=False)
    monkeypatch.setenv("PIMS_ODBC", case.odbc)
    _practice(engine, case.pims)

    first = _run(home)
    assert (first["state"], first["clients_new"], first["pets_new"]) == ("applied", 1, 2)
    before = _records(engine)
    assert before[0] == "old@example.org"
    assert before[2] == case.first_kg

    again = _run(home)
    assert again["changes_applied"] == again["suggestions_opened"] == 0

    case.change()
    refreshed = _run(home)
    after = _records(engine)
    assert after[0] == "new@example.org"  # automatic
    assert after[1] == before[1]  # the address is a suggestion for staff
    assert refreshed["suggestions_opened"] == 1
    assert after[2] == case.later_kg
    assert after[3] is case.knows_deaths
    assert refreshed["changes_applied"] == 2 + case.knows_deaths


def _run(home: Path) -> dict[str, Any]:
    """What the last asset tells of a run that must have been applied."""
    outcome = run_practice("p1", home=home)
    assert (outcome.state, outcome.error, outcome.failed_checks) == ("applied", "", {})
    return outcome.assets["scriptright_records"]


def _practice(engine: Engine, pims: str) -> None:
    with engine.begin() as connection:
        practices.add(
            connection,
            "p1",
            name="Oak Creek",
            pims=pims,
            odbc_env="PIMS_ODBC",
            contact_email="desk@example.org",
            timezone="America/Denver",
            by="test",
            settings=Settings(reader=ReaderSettings(limits={"settle_seconds": 0})),
        )


def _records(engine: Engine) -> tuple[str, str, str | None, bool]:
    """(email, address, Rex's weight in kg, whether Bo is dead)."""
    with engine.connect() as connection:
        email, address = connection.execute(
            text("SELECT email, address_line1 FROM scriptright.client")
        ).one()
        kilograms = connection.execute(
            text("SELECT weight_kg FROM scriptright.pet WHERE name = 'Rex'")
        ).scalar_one()
        deceased = connection.execute(
            text("SELECT deceased FROM scriptright.pet WHERE name = 'Bo'")
        ).scalar_one()
    return email, address, None if kilograms is None else f"{kilograms:.0f}", deceased
