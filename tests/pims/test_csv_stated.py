"""Headers that a practice has stated: which column of its exports is which."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pims.reading import rows
from vet_pipeline.errors import PipelineError, SnapshotShapeChanged, UsageError
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions, read_snapshot

Stated = Mapping[str, str]
CLIENTS = "Account No,Client ID,First Name,Last Name\n70,7,Ann,Lee\n80,8,Bob,Moss\n"
PATIENTS = "Patient ID,Account No,Name\n1,70,Rex\n2,80,Kit\n"


def _read(folder: Path, csv_clients: str, csv_patients: str, **headers: Stated) -> RawSnapshot:
    (folder / "clients.csv").write_text(csv_clients)
    (folder / "patients.csv").write_text(csv_patients)
    options = ReadOptions(limits={"settle_seconds": 0}, headers=headers)
    return read_snapshot(load_connector("csv"), f"FOLDER={folder}", options=options)


def test_of_two_numbers_of_a_client_the_stated_one_is_the_key(tmp_path: Path) -> None:
    """IntraVet, ezyVet and others have two: such exports were refused until somebody renamed one."""
    with pytest.raises(SnapshotShapeChanged) as refused:
        _read(tmp_path, CLIENTS, PATIENTS)
    assert (
        refused.value.what
        == "export of clients: 2 headers could be client_key (Account No, Client ID)"
    )
    assert 'practice set ID headers.clients.client_key="HEADER"' in refused.value.next_step
    got = _read(tmp_path, CLIENTS, PATIENTS, clients={"client_key": "Account No"})
    assert rows(got.clients) == [
        {"client_key": "70", "first_name": "Ann", "last_name": "Lee"},
        {"client_key": "80", "first_name": "Bob", "last_name": "Moss"},
    ]
    assert [row["client_key"] for row in rows(got.patients)] == ["70", "80"]


def test_the_other_number_of_the_clients_is_no_owner_though_a_slip_states_it(
    tmp_path: Path,
) -> None:
    """Pets went to whoever's that number is; of a first copy no guard sees that."""
    stated = {"clients": {"client_key": "Account No"}}
    for patients in (
        PATIENTS.replace("Account No", "Client ID"),
        "Patient ID,Account No,Client ID,Name\n1,70,7,Rex\n",
    ):
        with pytest.raises(SnapshotShapeChanged, match="told by Client ID, .* by Account No"):
            _read(tmp_path, CLIENTS, patients, **stated, patients={"client_key": "Client ID"})


def test_a_code_and_a_number_may_be_stated_as_the_same(tmp_path: Path) -> None:
    clients, patients = "Client ID,Last Name\n70,Lee\n", "Patient ID,Owner Code,Name\n1,70,Rex\n"
    with pytest.raises(SnapshotShapeChanged, match="told by Owner Code, .* by Client ID"):
        _read(tmp_path, clients, patients)
    got = _read(tmp_path, clients, patients, patients={"client_key": "Owner Code"})
    assert rows(got.patients) == [{"patient_key": "1", "client_key": "70", "name": "Rex"}]


def test_a_header_that_no_list_knows_is_a_column_once_it_is_stated(tmp_path: Path) -> None:
    got = _read(
        tmp_path,
        "id,familyName,Hubby's cell,Residence\n7,Lee,7705550142,12 Oak St\n",
        "id,clientId,name,Weight (lbs),Weight (kg)\n1,7,Rex,66,30\n",
        clients={
            "client_key": "id",
            "last_name": "familyName",
            "phone5": "hubbys cell",
            "address_line1": "residence",
        },
        patients={"patient_key": "id", "weight": "Weight (kg)"},
    )
    phones = '[["7705550142","hubbys cell"]]'
    assert rows(got.clients) == [
        {"client_key": "7", "last_name": "Lee", "address_line1": "12 Oak St", "phones": phones}
    ]
    assert rows(got.patients) == [
        {"patient_key": "1", "client_key": "7", "name": "Rex", "weight": "30", "weight_unit": "kg"}
    ]


@pytest.mark.parametrize("sign", ["Client #", "Acct #"])
def test_a_sign_for_number_is_part_of_a_stated_header(tmp_path: Path, sign: str) -> None:
    got = _read(
        tmp_path,
        f"{sign},{sign[:-2]},Last Name\n7,99,Lee\n",
        f"Patient ID,{sign},Name\n1,7,Rex\n",
        clients={"client_key": sign},
    )
    assert rows(got.clients)[0]["client_key"] == "7"


@pytest.mark.parametrize(
    ("stated", "there"),
    [
        ("Größe", "Grüße"),
        ("Город", "Имя"),  # of another alphabet nothing was left to compare
        ("Город", ""),
        ("Name", "Client Name"),
        ("Acct #", "Acct"),
    ],
)
def test_a_stated_header_that_is_gone_is_no_other_one_that_is_like_it(
    tmp_path: Path, stated: str, there: str
) -> None:
    clients = f"Client ID,First Name,{there}\n7,Ann,Lee\n"
    patients = "Patient ID,Client ID,Name\n1,7,Rex\n"
    with pytest.raises(SnapshotShapeChanged, match="export of clients: no header for last_name"):
        _read(tmp_path, clients, patients, clients={"last_name": stated})


@pytest.mark.parametrize("there", ["STRASSE", "Straße ", "stra\u00dfe:", "Strasse"])
def test_a_stated_header_is_known_whatever_its_case_blanks_and_signs(
    tmp_path: Path, there: str
) -> None:
    patients = "Patient ID,Client ID,Name\n1,7,Rex\n"
    for stated in ("Straße", unicodedata.normalize("NFD", "straße")):
        got = _read(
            tmp_path,
            f"Client ID,Last Name,{there}\n7,Lee,12 Oak St\n",
            patients,
            clients={"address_line1": stated},
        )
        assert rows(got.clients)[0]["address_line1"] == "12 Oak St"


def test_one_header_is_not_two_columns(tmp_path: Path) -> None:
    stated = {"last_name": "Name", "organisation": "Name"}
    with pytest.raises(SnapshotShapeChanged, match="export of clients: no header for organisation"):
        _read(tmp_path, "Client ID,Name\n7,Lee\n", PATIENTS, clients=stated)


def test_what_is_stated_as_one_column_is_no_other(tmp_path: Path) -> None:
    got = _read(
        tmp_path,
        "Client ID,Name,Suburb\n7,Lee,Ponsonby\n",
        "Patient ID,Client ID,Name\n1,7,Rex\n",
        clients={"last_name": "Name", "city": "Suburb"},
    )
    assert rows(got.clients) == [{"client_key": "7", "last_name": "Lee", "city": "Ponsonby"}]


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"clients": {"email": "Mailbox"}}, "export of clients: no header for email"),
        ({"clients": {"key": "Account No"}}, "headers.clients: key is no column of this"),
        ({"phones": {"note": "Note"}}, "headers.phones: note is no column of this connector's"),
    ],
)
def test_what_is_stated_and_is_not_there_stops_the_read(
    tmp_path: Path, headers: Mapping[str, Stated], told: str
) -> None:
    with pytest.raises(PipelineError, match=told):
        _read(tmp_path, "Client ID,Last Name\n7,Lee\n", PATIENTS, **headers)


def test_headers_are_for_exports_alone() -> None:
    with pytest.raises(UsageError, match=r"headers\.clients: client_key is no column"):
        load_connector("generic").file.require_columns({"clients": {"client_key": "id"}})


def test_connector_check_reads_by_the_headers_that_are_stated(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text(CLIENTS)
    (tmp_path / "patients.csv").write_text(PATIENTS)
    stated = {"clients": {"client_key": "Account No"}}
    options = ReadOptions(limits={"settle_seconds": 0}, headers=stated)
    report = check_connector(load_connector("csv"), f"FOLDER={tmp_path}", options=options)
    assert report.ready, report.reasons


def test_an_export_in_another_language_is_read_once_its_headers_are_stated(tmp_path: Path) -> None:
    clients = "Kundennr;Nachname;PLZ\n7;Lee;01067\n"
    patients = "Tiernr;Kundennr;Tiername;Gewicht in kg\n1;7;Rex;30,5\n"
    with pytest.raises(SnapshotShapeChanged, match="no header for client_key"):
        _read(tmp_path, clients, patients)
    got = _read(
        tmp_path,
        clients,
        patients,
        clients={"client_key": "Kundennr", "last_name": "Nachname", "postal_code": "PLZ"},
        patients={
            "patient_key": "Tiernr",
            "client_key": "Kundennr",
            "name": "Tiername",
            "weight": "Gewicht in kg",
        },
    )
    assert rows(got.clients) == [{"client_key": "7", "last_name": "Lee", "postal_code": "01067"}]
    assert rows(got.patients) == [
        {
            "patient_key": "1",
            "client_key": "7",
            "name": "Rex",
            "weight": "30,5",
            "weight_unit": "kg",
        }
    ]


def test_of_one_header_twice_nobody_is_told_to_state_it(tmp_path: Path) -> None:
    with pytest.raises(SnapshotShapeChanged) as refused:
        _read(tmp_path, "Client ID,Last Name,Address,Address\n7,Lee,a,b\n", PATIENTS)
    assert refused.value.next_step.startswith("leave all but one of the columns out")


def test_in_a_list_of_both_it_is_stated_whose_a_name_and_a_mark_are(tmp_path: Path) -> None:
    both = "Client ID,Name,Patient ID,Patient,Deleted\n7,Ann Lee,1,Rex,N\n7,Ann Lee,2,Max,Y\n"
    got = _read(
        tmp_path,
        both,
        both,
        clients={"full_name": "Name"},
        patients={"name": "Patient", "deleted": "Deleted"},
    )
    assert rows(got.clients) == [{"client_key": "7", "full_name": "Ann Lee"}] * 2
    assert [row["name"] for row in rows(got.patients)] == ["Rex"]
