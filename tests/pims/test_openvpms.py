"""OpenVPMS on a real MariaDB over its ODBC driver: whole results, quirk by quirk."""

from __future__ import annotations

import pytest

from tests.pims.conftest import Server
from tests.pims.openvpms import CLIENT, PET, contact, entity, fresh, owner, weighing
from tests.pims.reading import Rows, read, rows


@pytest.fixture
def database(mariadb: Server) -> str:
    return fresh(mariadb)


def clients(mariadb: Server, database: str, *statements: list[str]) -> Rows:
    mariadb.run(database, *(one for group in statements for one in group))
    return rows(read("openvpms", mariadb.odbc(database)).clients)


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


def test_a_filler_hides_no_email_and_an_area_code_is_written_once(
    mariadb: Server, database: str
) -> None:
    (got,) = clients(
        mariadb,
        database,
        entity(11, CLIENT, "Bell,Ana"),
        contact(1, 11, "email", preferred="true", emailAddress="n/a"),
        contact(2, 11, "email", preferred="false", emailAddress="ana@example.org"),
        contact(3, 11, "phoneNumber", areaCode="770", telephoneNumber="(770) 555-2345"),
        contact(4, 11, "phoneNumber", areaCode="(770)", telephoneNumber="770-555-2346"),
        contact(5, 11, "phoneNumber", areaCode="770", telephoneNumber="770-2347"),
    )
    assert (got["email"], got["phones"]) == (
        "ana@example.org",
        '[["(770) 555-2345",null],["770-555-2346",null],["770 770-2347",null]]',
    )


@pytest.mark.parametrize("kind", ["DATE", "DATETIME"])
def test_contacts_count_from_the_moment_they_begin_to_the_moment_they_end(
    mariadb: Server, database: str, kind: str
) -> None:
    future, ended = "=CURRENT_DATE + INTERVAL 1 DAY", "=CURRENT_TIMESTAMP - INTERVAL 1 SECOND"
    columns = ", ".join(f"MODIFY active_{edge}_time {kind}" for edge in ("start", "end"))
    got = clients(
        mariadb,
        database,
        [f"ALTER TABLE contacts {columns}"],
        entity(11, CLIENT, "Bell,Ana"),
        contact(1, 11, "location", begun=future, preferred="true", address="1 Next St"),
        contact(2, 11, "location", ended=ended, preferred="true", address="2 Old St"),
        contact(3, 11, "location", begun="=CURRENT_DATE", ended=future, address="3 Now St"),
        contact(4, 11, "email", begun=future, preferred="true", emailAddress="next@example.org"),
        contact(5, 11, "email", begun="2020-01-01", emailAddress="now@example.org"),
        contact(6, 11, "phoneNumber", begun=future, telephoneNumber="1"),
        contact(7, 11, "phoneNumber", begun="=CURRENT_DATE", telephoneNumber="2"),
        contact(8, 11, "phoneNumber", ended=ended, telephoneNumber="3"),
    )
    assert got == [
        {
            "client_key": "11",
            "full_name": "Bell,Ana",
            "address_line1": "3 Now St",
            "email": "now@example.org",
            "phones": '[["2",null]]',
        }
    ]


def test_a_client_without_details_or_contacts_is_still_read(mariadb: Server, database: str) -> None:
    assert clients(mariadb, database, entity(11, CLIENT, None)) == [{"client_key": "11"}]


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
