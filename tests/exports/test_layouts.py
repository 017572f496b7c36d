"""One practice in many layouts: each value comes out right, or is told of, or the file is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.exports.rendering import (
    beside,
    by_excel,
    dated,
    each,
    headed,
    list_of_both,
    padded,
    reordered,
    told_once,
    uk,
    us,
    written,
)
from tests.exports.truth import CLIENTS, PATIENTS
from tests.exports.verdicts import read, verdicts
from vet_pipeline.errors import SnapshotShapeChanged

C, P, BOTH = written(CLIENTS), written(PATIENTS), written(list_of_both())
# The whole name beside a part of it, once with accents and once without.
WHOLE_NAMES = written(
    [
        [
            row[0],
            row[1].replace("é", "e"),
            f"{row[2]}, {row[1]}" if row[0] != "Client ID" else "Client Name",
            *row[3:],
        ]
        for row in CLIENTS
    ]
)
OF_A_DEAD_CLIENT = beside(
    headed(list_of_both(), Deceased="Pet died"),
    "Patient ID",
    "Status",
    lambda row: "Deceased" if row[0] == "1001" else "Active",
)
PET_DIED = {"patients": {"deceased_flag": "Pet died"}}
REPEATED = {"clients: quarantined duplicate_row": 2}  # clients of two patients, in a list of both
UNDATED = {
    "patients: told birth_date": 8,
    "patients: told weighed_on": 7,
    "patients: told deceased_on": 2,
}
UNWEIGHED = {
    f"patients: told {column}": 1
    for column in ("weight_value", "weight_unit", "weight_kg", "weighed_on")
}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    files = [written(sheet, delimiter).encode(encoding) for sheet in (CLIENTS, PATIENTS)]
    assert verdicts(read(tmp_path, *files)) == {}


RIGHT = [
    (written(CLIENTS, quoted=True), written(PATIENTS, end="\n", quoted=True)),
    (written(CLIENTS, end="\r"), "sep=,\r\n" + P),
    (written(reordered(CLIENTS, "Email")), written(reordered(PATIENTS, "Weight"))),
    (C, written(headed(PATIENTS, Patient_Name="Patient's Name", DOB="Date of\nBirth"))),
    (written(headed(CLIENTS, Last_Name="Name")), P),
    (written(headed(CLIENTS, First_Name="Name", Last_Name="Surname")), P),
    (WHOLE_NAMES, P),
    (written(beside(CLIENTS, "Address", "Owner", lambda row: row[2])), P),
    (C, written(beside(headed(PATIENTS, Patient_Name="Pet’s Name"), "Species", "Name", lambda _: "Ana Bell"))),
    (written(each(CLIENTS, "Zip", lambda code: code.lstrip("0"))), P),
    (written(each(CLIENTS, "Zip", lambda code: f"{code.lstrip('0')}.0")), P),
    (written(each(CLIENTS, "Zip", lambda code: f'="{code}"')), P),
    (written(each(CLIENTS, "Phone", lambda it: it.replace("-", "") + ".0")), P),
    (written(each(CLIENTS, "Phone", lambda it: f"'{it.replace('-', '')}")), P),
    (written(each(CLIENTS, "Address", lambda line: f"{line}_x000D_\n")), P),
    (C, written(each(PATIENTS, "Weight", lambda it: it.replace(".", ",")), ";")),
    (C, written(each(each(PATIENTS, "Weight", lambda it: f"{it} kg"), "Weight Unit", lambda _: ""))),
    (C, written(each(PATIENTS, "Species", lambda it: f"{it} - MN"))),
    (C, written(dated(lambda day: f"{day} 00:00:00.000"))),
]  # fmt: skip


@pytest.mark.parametrize(("clients", "patients"), RIGHT)
def test_programs_write_it_so_and_it_is_right(tmp_path: Path, clients: str, patients: str) -> None:
    assert verdicts(read(tmp_path, clients, patients)) == {}


@pytest.mark.parametrize(("order", "write"), [("mdy", us), ("dmy", uk)])
def test_dates_in_an_order_that_somebody_has_said(tmp_path: Path, order: str, write) -> None:
    patients = written(dated(write))
    assert verdicts(read(tmp_path, C, patients, conventions={"date_order": order})) == {}
    assert verdicts(read(tmp_path, C, patients)) == UNDATED


TOLD = [
    # The header again, totals and pages, as reports have them.
    ([*CLIENTS[:3], [cell.upper() for cell in CLIENTS[0]], *CLIENTS[3:]],
     [*PATIENTS[:4], [f"{cell} " for cell in PATIENTS[0]], *PATIENTS[4:]], {}),
    ([*CLIENTS, padded(CLIENTS, "Total", "6", "clients")], [*PATIENTS, padded(PATIENTS, "Grand Count", "", "8")], {}),
    ([*CLIENTS, padded(CLIENTS, "Page 1 of 1")], [*PATIENTS, padded(PATIENTS, "Printed on 11/30/2026")], {}),
    ([*CLIENTS, ["Printed 11/30/2026"]], [*PATIENTS, ["(8 rows affected)"]],
     {"clients: quarantined no_key": 1, "patients: quarantined no_key": 1}),
    # What a spreadsheet shows is what it saves.
    (CLIENTS, dated(lambda _: "########"), UNDATED),
    (CLIENTS, each(PATIENTS, "Weight", lambda it: {"12.5": "12. Mai"}.get(it, it)), UNWEIGHED),
    (CLIENTS, each(PATIENTS, "Weight", lambda it: {"12.5": "8-Mar"}.get(it, it)), UNWEIGHED),
    (CLIENTS, each(PATIENTS, "Weight", lambda it: {"12.5": "####"}.get(it, it)), UNWEIGHED),
    (each(CLIENTS, "Phone", lambda _: "5.03555E+09"), PATIENTS, {"clients: told phones": 5}),
    (CLIENTS, dated(lambda _: "45678"), UNDATED),
]  # fmt: skip


@pytest.mark.parametrize(("clients", "patients", "expected"), TOLD)
def test_what_reports_and_spreadsheets_put_there_is_told_and_copied_as_nothing(
    tmp_path: Path, clients, patients, expected
) -> None:
    assert verdicts(read(tmp_path, written(clients), written(patients))) == expected


def test_a_client_whose_code_is_a_report_s_word_is_one(tmp_path: Path) -> None:
    clients = "Client ID,Last Name,City\nCOUNT,Ho,Salem\nTOTAL,Lee,Salem\nTotal,2 clients,\n,,2\n"
    assert verdicts(read(tmp_path, clients, P))["clients: invented"] == 2


def test_a_list_of_both_is_both_exports(tmp_path: Path) -> None:
    assert verdicts(read(tmp_path, BOTH, BOTH)) == REPEATED
    once = written(told_once(list_of_both()))
    assert verdicts(read(tmp_path, once, once)) == {}


@pytest.mark.parametrize("header", ["Status", "Deceased"])
def test_a_client_s_death_is_none_of_all_the_pets(tmp_path: Path, header: str) -> None:
    both = written(headed(OF_A_DEAD_CLIENT, Status=header))
    headers = PET_DIED if header == "Status" else {}
    found = read(tmp_path, both, both, headers=headers)
    wrong = {} if headers else {"patients: lost deceased": 6}  # two have a date
    assert verdicts(found) == REPEATED | wrong
    said_so = f"{header} stands among the clients' columns, as if it were theirs, and is never read"
    assert any(said_so in note for note in found.notes)


def test_a_pet_s_status_is_read_wherever_it_stands(tmp_path: Path) -> None:
    for before in ("Patient ID", "Species"):
        with_it = beside(
            list_of_both(), before, "Status", lambda row: "Dead" if row[10] == "502" else "ok"
        )
        found = verdicts(read(tmp_path, written(with_it), written(with_it)))
        assert found["patients: wrong deceased"] == 1  # Mia's


def test_blank_cells_that_excel_leaves_out_are_blank(tmp_path: Path) -> None:
    more = [padded(CLIENTS, str(2000 + n), "Ann", "Lee", f"{n} Elm St") for n in range(40)]
    got = read(tmp_path, by_excel([*CLIENTS, *more]), P)
    assert verdicts(got) == {"clients: invented": 40}
    cut = by_excel([*CLIENTS, *more])[: -len(" St\r\n")]
    assert verdicts(read(tmp_path, cut, P))["clients: quarantined no_key"] == 15  # its last block


def test_no_client_is_called_as_a_pet_whatever_the_other_export_is(tmp_path: Path) -> None:
    """The clients' export alone is a list of both, where *Name* is the pet's."""
    both = headed(list_of_both(), Patient_Name="Name")
    nameless = [row if row[0] != "1004" else [*row[:1], "", *row[2:]] for row in both]
    found = verdicts(read(tmp_path, written(nameless), P))
    assert found == REPEATED | {"clients: lost first_name": 1}
    # Unless somebody has said what the pets are called by.
    both = headed(list_of_both(), Patient_Name="Rufname", First_Name="Name", Last_Name="Surname")
    said = {"headers": {"patients": {"name": "Rufname"}}}
    assert verdicts(read(tmp_path, written(both), written(both), **said)) == REPEATED


def test_a_status_that_was_the_pets_and_seems_to_be_their_clients_is_asked_about(
    tmp_path: Path,
) -> None:
    """Two lists became one of both: all pets of a dead client were dead, as it had been read before."""
    text = written(OF_A_DEAD_CLIENT)
    before: dict[str, Any] = {"expected_schema": {"patients.status": "text"}}
    with pytest.raises(SnapshotShapeChanged) as stopped:
        read(tmp_path, text, text, **before)
    steps = stopped.value.next_step.split(": ")
    assert steps[0] == "where it is the pets'"
    assert steps[1].startswith('vet-pipeline practice set ID headers.patients.status="Status" --by')
    stated = read(tmp_path, text, text, **before, headers={"patients": {"status": "Status"}})
    assert verdicts(stated)["patients: wrong deceased"] == 2
    accepted = read(tmp_path, text, text, accept_shape=True)
    assert "patients.status" not in accepted.source_schema


def test_a_client_s_death_beside_the_first_of_its_pets_alone_is_none_of_that_one(
    tmp_path: Path,
) -> None:
    once = written(told_once(OF_A_DEAD_CLIENT))
    assert verdicts(read(tmp_path, once, once, headers=PET_DIED)) == {}


def test_a_mark_of_the_dead_pets_alone_is_read_where_one_of_them_is_not_the_first(
    tmp_path: Path,
) -> None:
    both = headed(list_of_both(), Deceased="Pet died")
    text = written(beside(both, "Patient ID", "Dead", lambda row: "Y" if row[10] == "508" else ""))
    assert "patients.deceased_flag" in read(tmp_path, text, text).source_schema


def test_two_columns_beside_each_other_are_both_the_client_s(tmp_path: Path) -> None:
    both = headed(list_of_both(), DOB="Born", Deceased="Pet died")
    both = beside(both, "Patient ID", "DOB", lambda row: f"19{row[0][2:]}-01-01")
    text = written(beside(both, "Patient ID", "Deceased", lambda row: "NY"[row[0] == "1001"]))
    said = {"headers": {"patients": {"birth_date": "Born", "deceased_flag": "Pet died"}}}
    assert verdicts(read(tmp_path, text, text, **said)) == REPEATED
    found = read(tmp_path, text, text)
    assert {"patients.birth_date", "patients.deceased_flag"}.isdisjoint(found.source_schema)
    stated = [note.split("before the first copy: ")[1] for note in found.notes if "theirs" in note]
    assert [words.split(" --by")[0] for words in stated] == [
        'vet-pipeline practice set ID headers.patients.birth_date="DOB"',
        'vet-pipeline practice set ID headers.patients.deceased_flag="Deceased"',
    ]


def test_a_list_of_clients_with_the_number_of_a_patient_of_each_names_clients(
    tmp_path: Path,
) -> None:
    numbered = [[*row, "Patient ID" if row is CLIENTS[0] else "501"] for row in CLIENTS]
    whole = [[row[0], f"{row[1]} {row[2]}", *row[3:]] for row in numbered]
    whole[0][1] = "Name"
    assert verdicts(read(tmp_path, written(whole), P)) == {}
    surname = written(headed(numbered, Last_Name="Name"))
    assert verdicts(read(tmp_path, surname, P)) == {}
