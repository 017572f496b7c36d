"""Headers of an export that say whose they are, and those that count where no surer one stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.reading import rows
from tests.pims.test_csv_headers import clients, exports
from vet_pipeline.errors import SnapshotShapeChanged


@pytest.mark.parametrize("whose", ["Client ", "client_", "Owner", "CUSTOMER "])
def test_a_header_may_say_whose_it_is(tmp_path: Path, whose: str) -> None:
    names = ("First Name", "Last Name", "Address Line 1", "City", "State/Province", "Home Phone")
    head = ",".join(f"{whose}{name}" for name in names)
    assert clients(tmp_path, f"Client ID,{head}\n7,Ann,Lee,12 Oak St,Marlow,NH,217-555-0142\n") == [
        {
            "client_key": "7",
            "first_name": "Ann",
            "last_name": "Lee",
            "address_line1": "12 Oak St",
            "city": "Marlow",
            "state": "NH",
            "phones": '[["217-555-0142","home phone"]]',
        }
    ]


@pytest.mark.parametrize("whose", ["Patient ", "animal_", "Pet"])
def test_so_may_a_patients_and_in_one_list_of_both_each_takes_its_own(
    tmp_path: Path, whose: str
) -> None:
    content = (
        f"Client ID,Client Name,Client Status,Patient ID,Patient Name,{whose}Birth Date,{whose}Weight"
        "\n7,Ann Lee,Active,1,Rex,2020-02-29,12.5\n"
    )
    got = exports(tmp_path, content, content)
    assert rows(got.clients) == [{"client_key": "7", "full_name": "Ann Lee"}]
    assert rows(got.patients) == [
        {
            "patient_key": "1",
            "client_key": "7",
            "name": "Rex",
            "birth_date": "2020-02-29",
            "weight": "12.5",
        }
    ]


def test_a_header_as_it_is_listed_goes_before_one_that_says_whose_it_is(tmp_path: Path) -> None:
    content = "Client ID,Last Name,City,Client City,Phone,Primary Phone\n7,Lee,Marlow,Bath,1,2\n"
    [found] = clients(tmp_path, content)
    assert (found["city"], found["phones"]) == ("Marlow", '[["1","Phone"]]')


def test_of_several_such_headers_none_is_taken_and_nobody_is_stopped(tmp_path: Path) -> None:
    """Exports that were read before, without them, go on."""
    got = exports(tmp_path, "Client ID,Last Name,Client Phone,Owner Phone\n7,Lee,1,2\n")
    assert rows(got.clients) == [{"client_key": "7", "last_name": "Lee"}]
    assert any("columns headed with phone are never read" in note for note in got.notes)


def test_a_patients_account_is_never_taken_for_its_owners(tmp_path: Path) -> None:
    """Another client may have that number. So it is where VetData calls the animal AccountId."""
    for head in ("Patient ID,Patient Account,Name", "Patient ID,AccountId,ClientAccountId,Name"):
        with pytest.raises(SnapshotShapeChanged, match="client_key"):
            exports(tmp_path, patients=f"{head}\n1,7,Rex,8\n")


def test_headers_of_ezyvet_are_known_and_the_suburb_stands_on_the_parcel(tmp_path: Path) -> None:
    content = (
        "Contact Code,Contact First Name,Contact Last Name,Business Name,Physical Street 1,"
        "Physical Street 2,Physical Suburb,Physical City,Physical Region,Physical Post Code,Mobile"
        "\n9,Jane,Lee,,12 High St,Unit 3,Mt Eden,Auckland,,1024,021 555 123\n"
    )
    got = exports(tmp_path, content, "Animal Code,Owner Contact Code,Animal Name\n1,9,Rex\n")
    assert rows(got.clients) == [
        {
            "client_key": "9",
            "first_name": "Jane",
            "last_name": "Lee",
            "address_line1": "12 High St",
            "address_line2": "Unit 3",
            "address_line3": "Mt Eden",
            "city": "Auckland",
            "postal_code": "1024",
            "phones": '[["021 555 123","Mobile"]]',
        }
    ]
    assert rows(got.patients) == [{"patient_key": "1", "client_key": "9", "name": "Rex"}]


def test_a_county_is_no_state_where_a_header_says_whose_state_it_is(tmp_path: Path) -> None:
    for county in ("County", "Client County"):
        content = f"Client ID,Last Name,{county},Client State\n7,Lee,Sangamon,IL\n"
        [found] = clients(tmp_path, content)
        assert found["state"] == "IL"


@pytest.mark.parametrize(
    ("clients_head", "patients_head"),
    [
        ("Client ID,Client Code", "Client Code"),
        ("ClientID,Owner Number", "OwnerNumber"),
        ("Contact Code,Fax", "Owner Contact ID"),
        ("Client ID,Fax", "Client Code"),
        ("Account No,Fax", "Client ID"),
        ("Acct #,Fax", "Client #"),
    ],
)
def test_pets_are_of_no_client_by_another_number_than_the_clients_key(
    tmp_path: Path, clients_head: str, patients_head: str
) -> None:
    """Client 7 and the client with code 7 are two: the pet's medicine would go to the other."""
    with pytest.raises(SnapshotShapeChanged, match="its clients are told by"):
        exports(
            tmp_path,
            f"{clients_head},Last Name\n7,8,Lee\n8,7,Ray\n",
            f"Patient ID,{patients_head},Name\n1,7,Rex\n",
        )


@pytest.mark.parametrize(("client", "patient"), [("Client #", "Patient#"), ("ACCT #", "Animal #")])
def test_a_sign_for_number_is_read_as_it(tmp_path: Path, client: str, patient: str) -> None:
    got = exports(tmp_path, f"{client},LNAME\n7,Lee\n", f"{patient},{client},Name\n1,7,Rex\n")
    assert rows(got.clients) == [{"client_key": "7", "last_name": "Lee"}]
    assert rows(got.patients) == [{"patient_key": "1", "client_key": "7", "name": "Rex"}]


@pytest.mark.parametrize(
    ("key", "beside"),
    [
        ("Client ID", "Account Number"),
        ("Client Code", "Account Number"),
        ("Client Code", "Client #"),
        ("Owner No", "Acct #"),
    ],
)
def test_a_number_that_is_known_since_later_takes_no_key_s_place(
    tmp_path: Path, key: str, beside: str
) -> None:
    """Such exports of practices at work were refused, or all of their clients had other keys."""
    got = exports(
        tmp_path,
        f"{beside},{key},Last Name\n88,7,Lee\n",
        f"Patient ID,{key},{beside},Name\n1,7,88,Rex\n",
    )
    assert rows(got.clients) == [{"client_key": "7", "last_name": "Lee"}]
    assert rows(got.patients) == [{"patient_key": "1", "client_key": "7", "name": "Rex"}]


@pytest.mark.parametrize(
    ("client", "patient", "name"),
    [
        ("Owner #", "Patient #", "Name"),
        ("Client #", "Pet #", "Pet Name"),
        ("Owner #", "Animal #", "Patient"),
    ],
)
def test_a_number_beside_an_id_is_nobody_s_name(
    tmp_path: Path, client: str, patient: str, name: str
) -> None:
    """Such exports were refused, for two headers could be the name."""
    got = exports(
        tmp_path,
        f"Client ID,{client},Name\n7,88,Ann Lee\n",
        f"Patient ID,{patient},Client ID,{name}\n1,99,7,Rex\n",
    )
    assert rows(got.clients) == [{"client_key": "7", "full_name": "Ann Lee"}]
    assert rows(got.patients) == [{"patient_key": "1", "client_key": "7", "name": "Rex"}]


def test_a_pet_is_called_by_the_header_that_says_so_whatever_stands_beside_it(
    tmp_path: Path,
) -> None:
    content = "Patient ID,Client ID,Patient Name,Animal,Patient\n1,7,Rex,Dog,1 - Rex\n"
    assert rows(exports(tmp_path, patients=content).patients) == [
        {"patient_key": "1", "client_key": "7", "name": "Rex"}
    ]


@pytest.mark.parametrize("pet", ["Patient", "Pet", "Animal"])
def test_in_a_list_of_both_no_pet_is_called_as_its_client(tmp_path: Path, pet: str) -> None:
    """Each label would have had the client's name."""
    both = f"Client No,{{}},Patient No,{pet},Species\n7,Ann Lee,1,Rex,cat\n"
    with pytest.raises(SnapshotShapeChanged, match="2 headers could be name"):
        exports(tmp_path, both.format("Name"), both.format("Name"))
    got = exports(tmp_path, both.format("Client Name"), both.format("Client Name"))
    assert [row["name"] for row in rows(got.patients)] == ["Rex"]


def test_in_a_list_of_both_no_client_is_called_as_a_pet(tmp_path: Path) -> None:
    """Nor another with each pet's name: clients of several were quarantined, for their rows differed."""
    both = "Client ID,First Name,Last Name,Patient ID,Name\n7,Ann,Lee,1,Rex\n7,Ann,Lee,2,Max\n8,,,3,Pip\n"
    got = exports(tmp_path, both, both)
    lee = {"client_key": "7", "first_name": "Ann", "last_name": "Lee"}
    assert rows(got.clients) == [lee, lee, {"client_key": "8"}]
    assert [row["name"] for row in rows(got.patients)] == ["Rex", "Max", "Pip"]
    for both in ("Client ID,Client Name,Patient ID,Name", "Client #,Client,Patient #,Patient"):
        got = exports(tmp_path, *[f"{both}\n7,Ann Lee,1,Rex\n"] * 2)
        assert rows(got.clients) == [{"client_key": "7", "full_name": "Ann Lee"}]
        assert rows(got.patients) == [{"patient_key": "1", "client_key": "7", "name": "Rex"}]
