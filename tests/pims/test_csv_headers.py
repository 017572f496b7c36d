"""How the headers of an export are known: an address that is read by half sends parcels astray."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.reading import read, rows
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions

CLIENTS = "Client ID,Last Name\n7,Lee\n"
PATIENTS = "Patient ID,Client ID,Name\n1,7,Rex\n"


def exports(tmp_path: Path, clients: str = CLIENTS, patients: str = PATIENTS) -> RawSnapshot:
    (tmp_path / "clients.csv").write_text(clients)
    (tmp_path / "patients.csv").write_text(patients)
    return read("csv", f"FOLDER={tmp_path}")


def clients(tmp_path: Path, content: str) -> list[dict[str, str]]:
    return rows(exports(tmp_path, clients=content).clients)


@pytest.mark.parametrize("header", ["Unit", "Units", "UOM", "WeightUnit", "Weight UOM"])
def test_the_unit_of_a_weight_is_never_left_unread(tmp_path: Path, header: str) -> None:
    """Left out, 30 kg would be 30 lb where the practice has set pounds for what has no unit."""
    content = f"Patient ID,Client ID,Name,Weight,{header}\n1,7,Rex,30,kg\n"
    assert rows(exports(tmp_path, patients=content).patients) == [
        {"patient_key": "1", "client_key": "7", "name": "Rex", "weight": "30", "weight_unit": "kg"}
    ]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        *((name, "2026-02-01") for name in ("Date Deceased", "Death Date", "DOD", "DateOfDeath")),
        ("Died", "2026-02-01"),
        ("Died,Date Died", "Y,2026-02-01"),  # which takes nothing away from the date beside it
    ],
)
def test_a_date_of_death_is_known_by_its_usual_names(
    tmp_path: Path, header: str, said: str
) -> None:
    content = f"Patient ID,Client ID,Name,{header}\n1,7,Rex,{said}\n"
    assert rows(exports(tmp_path, patients=content).patients) == [
        {"patient_key": "1", "client_key": "7", "name": "Rex", "deceased_date": "2026-02-01"}
    ]


@pytest.mark.parametrize("header", ["Weighed On", "Last Weighed", "Date of Weight", "WeightDate"])
def test_so_is_the_day_of_a_weighing(tmp_path: Path, header: str) -> None:
    content = f"Patient ID,Client ID,Name,Weight,{header}\n1,7,Rex,30,2026-02-01\n"
    assert rows(exports(tmp_path, patients=content).patients) == [
        {
            "patient_key": "1",
            "client_key": "7",
            "name": "Rex",
            "weight": "30",
            "weight_date": "2026-02-01",
        }
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Client ID,First Name,Last Name,Address,Address2,City,State,ZipCode",
        "ClientID,FirstName,LastName,Address1,Address2,City,State,Zip",
        "client_id,first-name,last.name,Street1,Street2,Town,Province,PostalCode",
    ],
)
def test_headers_are_known_however_their_words_are_joined(tmp_path: Path, header: str) -> None:
    found = clients(tmp_path, f"{header}\n7,Ann,Lee,12 Oak St,Apt 4,Marlow,NH,03456\n")
    assert found == [
        {
            "client_key": "7",
            "first_name": "Ann",
            "last_name": "Lee",
            "address_line1": "12 Oak St",
            "address_line2": "Apt 4",
            "city": "Marlow",
            "state": "NH",
            "postal_code": "03456",
        }
    ]


def test_a_header_of_a_known_spelling_goes_before_one_that_is_run_together(tmp_path: Path) -> None:
    found = clients(tmp_path, "Client ID,Last Name,LastName,Address\n7,Lee,x,12 Oak St\n")
    assert found == [{"client_key": "7", "last_name": "Lee", "address_line1": "12 Oak St"}]


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("HomePhone", "home phone"),
        ("MobilePhone", "mobile phone"),
        ("Work Phone", "Work Phone"),
        ("Phone (Home)", "Phone (Home)"),
    ],
)
def test_a_header_that_is_run_together_says_whose_phone_it_is_as_well(
    tmp_path: Path, header: str, label: str
) -> None:
    [found] = clients(tmp_path, f"Client ID,Last Name,{header}\n7,Lee,217-555-0142\n")
    assert found["phones"] == f'[["217-555-0142","{label}"]]'


def test_a_county_beside_a_state_is_not_taken_for_it(tmp_path: Path) -> None:
    """VetData's own exports have both, and each practice of theirs was refused."""
    head = "Client ID,Last Name,City,{},County\n7,Lee,Marlow,NH,Cheshire\n"
    for state in ("St", "State"):
        assert clients(tmp_path, head.format(state)) == [
            {"client_key": "7", "last_name": "Lee", "city": "Marlow", "state": "NH"}
        ]


def test_where_there_is_no_state_the_county_is_taken(tmp_path: Path) -> None:
    content = "Client ID,Last Name,Town,County\n7,Lee,Marlow,Bucks\n"
    [found] = clients(tmp_path, content)
    assert (found["city"], found["state"]) == ("Marlow", "Bucks")


@pytest.mark.parametrize("header", ["Street Address", "Addr1", "Street Address 1"])
def test_a_street_is_known_by_its_usual_names(tmp_path: Path, header: str) -> None:
    assert clients(tmp_path, f"Client ID,Last Name,{header},City\n7,Lee,12 Oak St,Marlow\n") == [
        {"client_key": "7", "last_name": "Lee", "address_line1": "12 Oak St", "city": "Marlow"}
    ]


@pytest.mark.parametrize(("header", "is_told"), [("Postal Street", True), ("Address", False)])
def test_addresses_that_lack_their_streets_are_told_before_the_first_copy(
    tmp_path: Path, header: str, is_told: bool
) -> None:
    lines = "7,Lee,12 Oak St,Marlow\n8,Poe,9 Elm St,Marlow\n9,Roe,,Marlow\n"
    exports(tmp_path, clients=f"Client ID,Last Name,{header},City\n{lines}")
    limits = {"settle_seconds": 0}
    report = check_connector(
        load_connector("csv"), f"FOLDER={tmp_path}", options=ReadOptions(limits=limits)
    )
    told = [warning for warning in report.warnings if "no street" in warning]
    assert told == is_told * [
        "most addresses have a city or postal code and no street: parcels would go out without one."
        " Next step: see which column holds it, and before the first copy give it a name that the"
        " connector reads (docs/connectors.md)"
    ]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Zip/Postal Code", "postal_code"),
        ("Postal/Zip", "postal_code"),
        ("City/Town", "city"),
        ("Street Address Line 1", "address_line1"),
        ("Street Address Line 2", "address_line2"),
        ("Apt/Suite", "address_line2"),
        ("Apt/Unit #", "address_line2"),
    ],
)
def test_no_part_of_an_address_is_lost_for_its_header_of_two_words(
    tmp_path: Path, header: str, column: str
) -> None:
    assert clients(tmp_path, f"Client ID,Last Name,{header}\n7,Lee,East B\n") == [
        {"client_key": "7", "last_name": "Lee", column: "East B"}
    ]


def test_columns_that_may_hold_what_is_copied_and_arent_read_are_told(tmp_path: Path) -> None:
    exports(
        tmp_path,
        clients="Client ID,Last Name,Notes,Mailing Zip,House No,ZIP plus 4,O'Hara\n7,Lee,x,1,2,3,4\n",
        patients="Patient ID,Client ID,Name,Color,Ideal Weight (kg)\n1,7,Rex,tan,30\n",
    )
    limits = {"settle_seconds": 0}
    report = check_connector(
        load_connector("csv"), f"FOLDER={tmp_path}", options=ReadOptions(limits=limits)
    )
    step = (
        "Next step: where they hold what is to be copied, head them before the first copy as"
        " vet_pipeline/pims/csv/connector.toml lists, or state which column one is: "
    )
    assert [
        warning.partition("vet-pipeline practice")[0]
        for warning in report.warnings
        if "headed" in warning
    ] == [
        f"clients: columns headed with house, zip are never read. {step}",
        f"patients: columns headed with kg, weight are never read. {step}",
    ]
