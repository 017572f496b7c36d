"""`connector check` of exports, and of a connector of one's own."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.pims import REX, make_pims
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions
from vet_pipeline.pims.scaffold import scaffold_connector


def test_a_folder_of_exports_can_be_checked_too(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("client id,last name\n1,Canaryson\n")
    (tmp_path / "patients.csv").write_text("patient id,client id,name,species\n2,1,Canarycat,cat\n")
    report = check_connector(
        load_connector("csv"), f"FOLDER={tmp_path}", options=ReadOptions({"settle_seconds": 0})
    )
    assert (report.ready, report.reasons) == (True, [])
    assert report.columns["clients.last_name"] == "text"
    assert report.notes[0] == "clients: utf-8, delimiter comma, 2 columns taken"
    assert "anary" not in json.dumps(report.to_json())


def test_a_spreadsheet_s_numbers_of_days_are_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("client id,last name\n1,Lee\n")
    (tmp_path / "patients.csv").write_text(
        "patient id,client id,name,dob\n1,1,Rex,43500\n2,1,Bo,44197.5\n3,1,Tip,soon\n4,1,Zoe,99999\n"
    )
    report = check_connector(
        load_connector("csv"), f"FOLDER={tmp_path}", options=ReadOptions({"settle_seconds": 0})
    )
    assert report.warnings[-1] == (
        "patients.birth_date: 4 dates can't be taken, 2 of them a spreadsheet's numbers of days. Next"
        " step: give the column a date's format there, year first, and export it anew before the first"
        " copy"
    )


def test_an_animal_with_a_row_for_each_of_its_owners_is_told_with_what_to_do(
    tmp_path: Path,
) -> None:
    (tmp_path / "clients.csv").write_text("client id,last name\n1,Lee\n2,Bell\n")
    (tmp_path / "patients.csv").write_text(
        "patient id,client id,name\n1,1,Rex\n1,2,Rex\n2,1,Bo\n3,2,Tip\n"
    )
    report = check_connector(
        load_connector("csv"), f"FOLDER={tmp_path}", options=ReadOptions({"settle_seconds": 0})
    )
    assert report.warnings[-2:] == [
        "2 rows will be quarantined (patients: duplicate_key)",
        "1 patient with the key of another: where their rows differ, as those of an animal with a"
        " row for each of its owners or weighings, or where the numbers begin anew with each client, none is"
        " copied. Next step: let the export or view name one owner, the one who orders, and the last weight,"
        " and a number that no other has",
    ]


def test_what_nobody_has_and_pets_of_nobody_are_told_before_the_first_copy(tmp_path: Path) -> None:
    """A list that groups pets by client, without headers for ages, weights and deaths that are known."""
    pets = "".join(f"{7 if n % 2 else ''},Lee,{n},Rex,cat,DSH\n" for n in range(26))
    both = f"Client ID,Client Name,Patient ID,Patient Name,Species,Breed\n{pets}"
    (tmp_path / "clients.csv").write_text("Client ID,Last Name,Street,Phone\n7,Lee,12 Oak St,1\n")
    (tmp_path / "patients.csv").write_text(both)
    report = check_connector(
        load_connector("csv"), f"FOLDER={tmp_path}", options=ReadOptions({"settle_seconds": 0})
    )
    assert report.warnings == [
        "13 patients without an owner will be copied as nobody's. Next step: where the PIMS knows one, as a"
        " list does that names the client only beside the first of its pets, let each row name it before"
        " the first copy",
        "there are no emails, birth dates, weights, deaths at all. Next step: where the PIMS has them, see"
        " which column holds them, and before the first copy give it a name that the connector reads"
        " (docs/connectors.md)",
    ]


def test_a_connector_whose_phones_are_no_list_of_pairs_is_not_ready(tmp_path: Path) -> None:
    scaffold_connector("mypims", tmp_path)
    clients = tmp_path / "mypims" / "clients.sql"
    told = clients.read_text().replace("{text: phone1} AS phone1,", "{text: phone1} AS phones,")
    clients.write_text(told)
    client = {"client_key": "C1", "last_name": "Bell", "phone1": "3125550101"}
    odbc = make_pims(tmp_path / "pims.sqlite", [client], [REX])
    report = check_connector(load_connector(tmp_path / "mypims"), odbc)
    assert report.reasons == [
        "phones of 1 client can't be read. Next step: let clients.sql yield phone1, phone1_label, ..."
        " in place of phones (docs/connectors.md)"
    ]


def test_no_connection_is_a_reason_not_an_exception(tmp_path: Path) -> None:
    report = check_connector(load_connector("openvpms"), "DRIVER={No Such Driver}")
    assert not report.ready
    assert "isn't installed" in report.reasons[0]
    report = check_connector(load_connector("csv"), f"FOLDER={tmp_path}")
    assert "there is no export of clients" in report.reasons[0]
