"""OpenVPMS patients on a real MariaDB: owners, weights and deaths, quirk by quirk."""

from __future__ import annotations

import pytest

from tests.pims.conftest import Server
from tests.pims.openvpms import CLIENT, PET, entity, fresh, owner, weighing
from tests.pims.reading import Rows, read, rows


@pytest.fixture
def database(mariadb: Server) -> str:
    return fresh(mariadb)


def patients(mariadb: Server, database: str, *statements: list[str]) -> Rows:
    mariadb.run(database, *(one for group in statements for one in group))
    return rows(read("openvpms", mariadb.odbc(database)).patients)


def test_a_patient_has_its_current_owner_and_newest_weight(mariadb: Server, database: str) -> None:
    got = patients(
        mariadb,
        database,
        entity(1, CLIENT, "A"),
        entity(2, CLIENT, "B"),
        entity(3, PET, "Rex", species="CANINE", breed="KELPIE", deceased="false",
               dateOfBirth="2019-02-03 00:00:00.0"),
        owner(3, 1, "2019-03-01 10:00:00", ended="2021-01-01 00:00:00"),
        owner(3, 2, "2021-01-01 10:00:00"),
        owner(3, 1, "2024-01-01 10:00:00", kind="patientLocation"),
        weighing(1, 3, "2022-01-05 09:00:00", "21.5", "KILOGRAMS"),
        weighing(2, 3, "2023-01-05 09:00:00", "49.0", "POUNDS"),
        weighing(3, 3, "2024-01-05 09:00:00", "0.0", "KILOGRAMS"),
    )  # fmt: skip
    assert got == [
        {
            "patient_key": "3",
            "client_key": "2",
            "name": "Rex",
            "species": "Canine",
            "breed": "Kelpie",
            "birth_date": "2019-02-03 00:00:00.0",
            "weight": "49.0",
            "weight_unit": "POUNDS",
            "weight_date": "2023-01-05 09:00:00",
            "deceased_flag": "false",
            "status": "active",
        }
    ]


def test_of_two_current_owners_the_later_one_counts_and_a_pet_of_former_owners_has_none(
    mariadb: Server, database: str
) -> None:
    got = patients(
        mariadb,
        database,
        entity(1, CLIENT, "A"),
        entity(2, CLIENT, "B"),
        entity(3, PET, "Same start"),
        owner(3, 1, "2021-01-01 10:00:00"),
        owner(3, 2, "2021-01-01 10:00:00", ended="2199-01-01 00:00:00"),
        entity(4, PET, "Sold"),
        owner(4, 1, "2021-01-01 10:00:00", ended="2022-01-01 00:00:00"),
    )
    assert got == [
        {"patient_key": "3", "client_key": "2", "name": "Same start", "status": "active"},
        {"patient_key": "4", "name": "Sold", "status": "active"},
    ]


def test_deceased_comes_with_and_without_date_and_inactive_is_another_thing(
    mariadb: Server, database: str
) -> None:
    got = patients(
        mariadb,
        database,
        entity(1, PET, "A", active=False, deceased="true", deceasedDate="2024-05-06 00:00:00.0"),
        entity(2, PET, "B", deceased="true"),  # after a merge: no date, still active
        entity(3, PET, "C", active=False, deceased="false", newBreed="Labradoodle"),
    )
    assert got == [
        {
            "patient_key": "1",
            "name": "A",
            "deceased_flag": "true",
            "deceased_date": "2024-05-06 00:00:00.0",
            "status": "inactive",
        },
        {"patient_key": "2", "name": "B", "deceased_flag": "true", "status": "active"},
        {
            "patient_key": "3",
            "name": "C",
            "breed": "Labradoodle",
            "deceased_flag": "false",
            "status": "inactive",
        },
    ]


def test_a_weight_without_unit_keeps_none_and_equal_times_take_the_later_row(
    mariadb: Server, database: str
) -> None:
    got = patients(
        mariadb,
        database,
        entity(1, PET, "A"),
        weighing(1, 1, "2024-01-05 09:00:00", "4.0", "KILOGRAMS"),
        weighing(2, 1, "2024-01-05 09:00:00", "4.2", None),
    )
    assert got == [
        {
            "patient_key": "1",
            "name": "A",
            "weight": "4.2",
            "weight_date": "2024-01-05 09:00:00",
            "status": "active",
        }
    ]


@pytest.mark.parametrize("nothing", ["0.0", "0E-8", "0.0e+1", "-1", "-0.5", "-", ""])
def test_a_weight_of_0_or_below_hides_no_earlier_one(
    mariadb: Server, database: str, nothing: str
) -> None:
    got = patients(
        mariadb,
        database,
        entity(1, PET, "A"),
        weighing(1, 1, "2024-01-05 09:00:00", "12.5", "KILOGRAMS"),
        weighing(2, 1, "2024-02-05 09:00:00", nothing, "KILOGRAMS"),
    )
    assert (got[0]["weight"], got[0]["weight_date"]) == ("12.5", "2024-01-05 09:00:00")


def test_an_owner_from_a_day_to_come_is_not_the_owner_yet(mariadb: Server, database: str) -> None:
    got = patients(
        mariadb,
        database,
        entity(1, CLIENT, "A"),
        entity(2, CLIENT, "B"),
        entity(3, PET, "Rex"),
        owner(3, 1, "2021-01-01 10:00:00"),
        owner(3, 2, "2199-01-01 10:00:00"),
        entity(4, PET, "Bo"),
        owner(4, 2, None),
    )
    assert [row["client_key"] for row in got] == ["1", "2"]


def test_times_with_fractions_of_seconds_change_nothing(mariadb: Server, database: str) -> None:
    mariadb.run(
        database,
        "ALTER TABLE entity_relationships MODIFY active_start_time DATETIME(6),"
        " MODIFY active_end_time DATETIME(6)",
        "ALTER TABLE acts MODIFY activity_start_time DATETIME(6)",
    )
    got = patients(
        mariadb,
        database,
        entity(1, CLIENT, "A"),
        entity(3, PET, "Rex"),
        owner(3, 1, "2021-01-01 10:00:00.25"),
        weighing(1, 3, "2024-01-05 09:00:00.5", "12.5", "KILOGRAMS"),
        weighing(2, 3, "2024-01-05 09:00:00.25", "13.5", "KILOGRAMS"),
    )
    assert got == [
        {
            "patient_key": "3",
            "client_key": "1",
            "name": "Rex",
            "weight": "12.5",
            "weight_unit": "KILOGRAMS",
            "weight_date": "2024-01-05 09:00:00.500000",
            "status": "active",
        }
    ]


def test_a_blank_breed_hides_no_new_one(mariadb: Server, database: str) -> None:
    (got,) = patients(mariadb, database, entity(3, PET, "Rex", breed=" ", newBreed="Lurcher"))
    assert got["breed"] == "Lurcher"
