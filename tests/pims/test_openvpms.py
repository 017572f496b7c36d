"""OpenVPMS on a real MariaDB over its ODBC driver: whole results, quirk by quirk."""

from __future__ import annotations

import pytest

from tests.pims.conftest import Server
from tests.pims.openvpms import LOOKUPS, contact, entity, owner, schema, weighing
from tests.pims.reading import Rows, read, rows

CLIENT, PET = "party.customerperson", "party.patientpet"


@pytest.fixture
def database(mariadb: Server) -> str:
    name = mariadb.fresh("pims_openvpms")
    mariadb.run(name, *schema(), *LOOKUPS)
    return name


def clients(mariadb: Server, database: str, *statements: list[str]) -> Rows:
    mariadb.run(database, *(one for group in statements for one in group))
    return rows(read("openvpms", mariadb.odbc(database)).clients)


def patients(mariadb: Server, database: str, *statements: list[str]) -> Rows:
    mariadb.run(database, *(one for group in statements for one in group))
    return rows(read("openvpms", mariadb.odbc(database)).patients)


def test_a_client_is_put_together_from_details_contacts_and_lookups(
    mariadb: Server, database: str
) -> None:
    got = clients(
        mariadb,
        database,
        entity(11, CLIENT, "Bell,Ana", title="MRS", firstName="Ana", lastName="Bell"),
        contact(1, 11, "location", purposes=(6,), preferred="true", suburb="HILLTOP_2575",
                address="Unit 3\n12 Long St\nRear\nGate 2", state="NSW", postCode="2575"),
        contact(2, 11, "phoneNumber", purposes=(6,), preferred="false", areaCode="02",
                telephoneNumber="5550 1234"),
        contact(3, 11, "phoneNumber", purposes=(7, 6), preferred="true", areaCode="",
                telephoneNumber="0491 570 156"),
        contact(4, 11, "email", preferred="true", emailAddress="ana@example.org"),
        entity(12, PET, "Rex"),
    )  # fmt: skip
    assert got == [
        {
            "client_key": "11",
            "title": "Mrs",
            "first_name": "Ana",
            "last_name": "Bell",
            "full_name": "Bell,Ana",
            "address_line1": "Unit 3",
            "address_line2": "12 Long St",
            "address_line3": "Rear\nGate 2",
            "city": "Hilltop",
            "state": "New South Wales",
            "postal_code": "2575",
            "email": "ana@example.org",
            "phones": '[["0491 570 156","HOME MOBILE"],["02 5550 1234","HOME"]]',
        }
    ]


def test_a_lookup_code_without_its_row_is_taken_as_it_is(mariadb: Server, database: str) -> None:
    got = clients(
        mariadb,
        database,
        entity(11, CLIENT, "Bell,Ana", title="SIR", lastName="Bell"),
        contact(1, 11, "location", address="1 Elm", suburb="NOWHERE", state="QLD"),
    )
    assert got == [
        {
            "client_key": "11",
            "title": "SIR",
            "last_name": "Bell",
            "full_name": "Bell,Ana",
            "address_line1": "1 Elm",
            "city": "NOWHERE",
            "state": "QLD",
        }
    ]


def test_of_several_preferred_addresses_the_home_one_wins_and_closed_ones_never(
    mariadb: Server, database: str
) -> None:
    got = clients(
        mariadb,
        database,
        entity(11, CLIENT, "Bell", companyName="Bell Farm"),
        contact(1, 11, "location", ended="2020-01-01", preferred="true", address="Old"),
        contact(2, 11, "location", purposes=(8,), preferred="true", address="Billing"),
        contact(3, 11, "location", purposes=(6,), preferred="true", address="Home"),
        contact(4, 11, "location", purposes=(6,), preferred="true", address="Copied by a merge"),
        contact(5, 11, "location", purposes=(6,), preferred="true", address=" "),
        contact(6, 11, "email", preferred="false", emailAddress="second@example.org"),
        contact(7, 11, "email", preferred="true", emailAddress="first@example.org"),
        contact(8, 11, "phoneNumber", ended="2020-01-01", telephoneNumber="1"),
        contact(9, 11, "phoneNumber", telephoneNumber="", sms="true"),
        contact(10, 11, "phoneNumber", telephoneNumber="2", sms="true"),
    )
    assert got == [
        {
            "client_key": "11",
            "full_name": "Bell",
            "organisation": "Bell Farm",
            "address_line1": "Home",
            "email": "first@example.org",
            "phones": '[["2","SMS"]]',
        }
    ]


def test_a_client_without_details_or_contacts_is_still_read(mariadb: Server, database: str) -> None:
    assert clients(mariadb, database, entity(11, CLIENT, None)) == [{"client_key": "11"}]


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


@pytest.mark.parametrize("nothing", ["0.0", "-1", "-0.5", "-", ""])
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


def test_names_compare_as_the_collation_does(mariadb: Server, database: str) -> None:
    got = clients(
        mariadb,
        database,
        entity(11, "party.customerPerson", "Bell", LastName="Bell"),
        contact(1, 11, "location", Address="1 Elm", postcode="2575"),
    )
    assert got == [
        {
            "client_key": "11",
            "last_name": "Bell",
            "full_name": "Bell",
            "address_line1": "1 Elm",
            "postal_code": "2575",
        }
    ]


def test_pages_change_nothing(mariadb: Server, database: str) -> None:
    mariadb.run(
        database,
        *(
            one
            for number in range(1, 24)
            for one in [
                *entity(number, CLIENT if number % 2 else PET, f"N{number}", lastName=f"L{number}"),
                *contact(number, number, "phoneNumber", telephoneNumber=f"555 {number}"),
                *owner(number, number - 1, "2021-01-01 10:00:00"),
                *weighing(number, number, "2024-01-05 09:00:00", f"{number}.5", "POUNDS"),
            ]
        ),
    )
    whole = read("openvpms", mariadb.odbc(database))
    for page_rows in (1, 2, 3, 11, 12):
        paged = read("openvpms", mariadb.odbc(database), page_rows=page_rows)
        assert rows(paged.clients) == rows(whole.clients)
        assert rows(paged.patients) == rows(whole.patients)
    assert len(whole.clients) == 12
    assert len(whole.patients) == 11
