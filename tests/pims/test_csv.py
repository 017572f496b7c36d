"""A folder of exports: what its files look like is found out, stated, and never repaired."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.pims.reading import read, rows, stopped_by_ctrl_c
from vet_pipeline.errors import (
    PimsUnavailable,
    SnapshotShapeChanged,
    SnapshotTorn,
)
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions, read_snapshot

CLIENTS = "Client ID,First Name,Last Name,Zip,Email\n7,Zoë,O'Neil,01234,zoe@example.org\n"
PATIENTS = "Patient ID,Client ID,Name,Species,DOB,Weight\n1,7,Rex,Dog,02/03/2019,12.5 kg\n"


def folder(tmp_path: Path, clients: str | bytes = CLIENTS, patients: str | bytes = PATIENTS) -> str:
    for name, content in (("Clients.csv", clients), ("patients.TXT", patients)):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return f"FOLDER={tmp_path}"


CLIENT = {
    "client_key": "7",
    "first_name": "Zoë",
    "last_name": "O'Neil",
    "postal_code": "01234",
    "email": "zoe@example.org",
}


def test_exports_are_read_as_text(tmp_path: Path) -> None:
    got = read("csv", folder(tmp_path))
    assert rows(got.clients) == [CLIENT]
    assert rows(got.patients) == [
        {
            "patient_key": "1",
            "client_key": "7",
            "name": "Rex",
            "species": "Dog",
            "birth_date": "02/03/2019",
            "weight": "12.5 kg",
        }
    ]
    assert got.notes == (
        "clients: utf-8, delimiter comma, 5 columns taken",
        "patients: utf-8, delimiter comma, 6 columns taken",
    )


@pytest.mark.parametrize("blank", ["\u00a0", "\t", "\u3000", " "])
def test_keys_have_no_blanks_around_them(tmp_path: Path, blank: str) -> None:
    patients = f"Patient ID,Client ID,Name\n{blank}1,7{blank},Rex\n"
    got = read("csv", folder(tmp_path, CLIENTS.replace("\n7", f"\n7{blank}"), patients))
    assert rows(got.clients) == [CLIENT]
    assert rows(got.patients) == [{"patient_key": "1", "client_key": "7", "name": "Rex"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_found_out(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    content = CLIENTS.replace(",", delimiter).replace("\n", "\r\n").encode(encoding)
    got = read("csv", folder(tmp_path, content))
    assert rows(got.clients) == [CLIENT]
    name = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[delimiter]
    assert got.notes[0] == f"clients: {encoding}, delimiter {name}, 5 columns taken"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_loses_no_letter(tmp_path: Path, encoding: str) -> None:
    patients = "Patient ID,Client ID,Name\n1,7,Őze\n2,7,O\u2019Malley\n3,7,Žofka\n"
    got = read("csv", folder(tmp_path, CLIENTS, patients.encode(encoding)))
    assert [row["name"] for row in rows(got.patients)] == ["Őze", "O\u2019Malley", "Žofka"]
    assert got.notes[1] == f"patients: {encoding}, delimiter comma, 3 columns taken"


def test_bytes_outside_cp1252_are_seen_by_normalizing(tmp_path: Path) -> None:
    got = read("csv", folder(tmp_path, b"client id,last name\n7,Jo\x81\xe9\n"))
    assert rows(got.clients) == [{"client_key": "7", "last_name": "Jo\ufffdé"}]


def test_a_foreign_byte_in_a_utf_8_file_spoils_its_own_row_alone(tmp_path: Path) -> None:
    content = "client id,last name\n7,Zoë\n8,Núñez\n9,José\n".encode()
    got = read("csv", folder(tmp_path, content.replace("é".encode(), b"\xe9")))
    assert [row["last_name"] for row in rows(got.clients)] == ["Zoë", "Núñez", "Jos\ufffd"]
    assert got.notes[0] == "clients: utf-8 (lines that aren't: 1), delimiter comma, 2 columns taken"


def test_a_cp1252_file_with_a_line_that_is_utf_8_by_chance_stays_one(tmp_path: Path) -> None:
    content = "client id,last name\n7,Zoë\n8,Núñez\n9,Ã©\n".encode("cp1252")
    got = read("csv", folder(tmp_path, content))
    assert [row["last_name"] for row in rows(got.clients)] == ["Zoë", "Núñez", "Ã©"]


def test_quotes_newlines_and_excels_first_line_are_understood(tmp_path: Path) -> None:
    got = read(
        "csv",
        folder(tmp_path, 'sep=;\r\nClient No;Address\r\n7;"1 ""A"" St; Rear\nGate"\r\n\r\n'),
    )
    assert rows(got.clients) == [{"client_key": "7", "address_line1": '1 "A" St; Rear\nGate'}]


def test_a_row_with_a_wrong_number_of_cells_is_kept_without_its_key(tmp_path: Path) -> None:
    content = "client id,last name,city\n1,Bell,Oslo\n2,Bell, Jr,Oslo\n3,Hart\n"
    got = read("csv", folder(tmp_path, content))
    assert rows(got.clients) == [{"client_key": "1", "last_name": "Bell", "city": "Oslo"}, {}, {}]
    assert got.notes[0].endswith("3 columns taken, 2 rows with a wrong number of cells")


@pytest.mark.parametrize("line_end", ["\r", "\r\n"])
def test_line_ends_of_any_machine_are_read(tmp_path: Path, line_end: str) -> None:
    got = read("csv", folder(tmp_path, ("sep=,\n" + CLIENTS).replace("\n", line_end)))
    assert rows(got.clients) == [CLIENT]


def test_phones_take_their_label_from_the_header_or_the_column_beside(tmp_path: Path) -> None:
    content = "client id,phone,phone 1 type,mobile,home phone\n7,555-0101,work,555-0102,\n8,,,,\n"
    (tmp_path / "phones.csv").write_text("client id,number,type\n8,555-0109,fax\n")
    got = read("csv", folder(tmp_path, content))
    assert got.clients["phones"].tolist() == [
        '[["555-0101","work"],["555-0102","mobile"]]',
        '[["555-0109","fax"]]',
    ]


def test_columns_outside_the_contract_are_not_taken(tmp_path: Path) -> None:
    got = read("csv", folder(tmp_path, "client id,last name,notes,Canary\n7,Bell,CANARY,1\n"))
    assert "CANARY" not in got.clients.to_csv()
    assert got.notes[0] == "clients: utf-8, delimiter comma, 2 columns taken, 2 never read"


@pytest.mark.parametrize(
    "header",
    [
        'client id,last name,"notes\n1,Canary,x\n2,Canary,y',  # the mark never closes
        'client id,last name,"notes\n1,Canary,x\n2,Canary,y"',
        "client id,last name," + "Canary" * 11,
    ],
)
def test_a_header_that_swallowed_clients_tells_nothing_of_them(tmp_path: Path, header: str) -> None:
    with pytest.raises(SnapshotShapeChanged, match="export of clients: the ") as caught:
        read("csv", folder(tmp_path, header + "\n3,Canary,z\n"))
    assert "Canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("last name,city\nBell,Oslo\n", "export of clients: no header for client_key"),
        ("7,Bell\n8,Hart\n", "export of clients: no header for client_key"),
        ("", "export of clients: is empty. Next step: export with a header row"),
        ("Client ID^Last Name\n7^Bell\n", "no comma, semicolon, tab or bar parts its first line"),
        ("client id,account no\n7,8\n", "export of clients: 2 headers could be client_key"),
    ],
)
def test_headers_that_dont_fit_stop_the_read(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(SnapshotShapeChanged, match=message):
        read("csv", folder(tmp_path, content))


def test_a_missing_header_is_told_with_the_names_it_may_have(tmp_path: Path) -> None:
    with pytest.raises(SnapshotShapeChanged) as caught:
        read("csv", folder(tmp_path, "Clt,Last Name\n7,Bell\n"))
    names = caught.value.next_step.split("client_key, may be headed ")[1].split(" (all:")[0]
    assert {"client id", "account no"} <= set(names.split(", "))
    for name in names.split(", "):
        owner = name if "account" in name else "client id"
        patients = f"Patient ID,{owner},Name\n1,7,Rex\n"
        odbc = folder(tmp_path, f"{name.title()},Last Name\n7,Bell\n", patients)
        found = read("csv", odbc).clients
        assert found["client_key"].tolist() == ["7"]


def test_a_header_that_the_last_export_had_may_not_vanish(tmp_path: Path) -> None:
    before = read("csv", folder(tmp_path))
    folder(tmp_path, CLIENTS.replace("Email", "Mail box"))
    with pytest.raises(SnapshotShapeChanged, match="header for clients.email is gone"):
        read_snapshot(
            load_connector("csv"),
            f"FOLDER={tmp_path}",
            options=ReadOptions({"settle_seconds": 0}, expected_schema=before.source_schema),
        )


def test_a_missing_export_may_come_later(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text(CLIENTS)
    with pytest.raises(PimsUnavailable, match="no export of patients"):
        read("csv", f"FOLDER={tmp_path}")
    with pytest.raises(PimsUnavailable, match="folder of exports can't be read"):
        read("csv", f"FOLDER={tmp_path / 'nowhere'}")
    with pytest.raises(PimsUnavailable, match="names no folder"):
        read("csv", "DRIVER={x}")


def test_of_several_files_that_could_be_an_export_none_is_taken(tmp_path: Path) -> None:
    odbc = folder(tmp_path)
    (tmp_path / "client.txt").write_text(CLIENTS)
    (tmp_path / "clients of Ann Canary.csv").write_text(CLIENTS)
    (tmp_path / "owners.bak").write_text(CLIENTS)
    with pytest.raises(SnapshotShapeChanged) as caught:
        read("csv", odbc)
    assert caught.value.what == ("2 files could be the export of clients: Clients.csv, client.txt")


def test_an_export_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    odbc = folder(tmp_path)

    def write() -> None:  # a page of the exporter's at a time, with pauses far longer than a read
        for _ in range(8):
            with (tmp_path / "Clients.csv").open("a") as export:
                export.write("8,A,B,1,a@example.org\n" * 10)
            time.sleep(0.1)

    writer = threading.Thread(target=write)
    writer.start()
    got = read("csv", odbc, settle_seconds=0.5)
    writer.join()
    assert len(got.clients) == 81


def test_an_export_that_never_rests_is_no_snapshot(tmp_path: Path) -> None:
    odbc = folder(tmp_path)
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.02):
            with (tmp_path / "Clients.csv").open("a") as export:
                export.write("8,A,B,1,a@example.org\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(SnapshotTorn):
            read("csv", odbc, settle_seconds=0.2)
    finally:
        done.set()
        writer.join()


def test_an_export_that_appears_meanwhile_makes_the_read_start_again(tmp_path: Path) -> None:
    odbc = folder(tmp_path)
    phones = threading.Timer(
        0.1, (tmp_path / "phones.csv").write_text, ["client id,number\n7,555-0101\n"]
    )
    phones.start()
    got = read("csv", odbc, settle_seconds=0.4)
    assert got.clients["phones"].tolist() == ['[["555-0101",null]]']


@pytest.mark.parametrize("name", ["Clients.csv", "patients.TXT"])
def test_an_export_job_that_died_passes_for_no_refresh(tmp_path: Path, name: str) -> None:
    odbc = folder(tmp_path)
    days_ago = time.time() - 97 * 3600
    os.utime(tmp_path / name, (days_ago, days_ago))
    with pytest.raises(PimsUnavailable) as told:
        read("csv", odbc)
    part = Path(name).stem.casefold()
    assert told.value.what == f"the export of {part} was written 97 hours ago"
    assert len(read("csv", odbc, exports_within_hours=98).clients) == 1


def test_an_export_that_is_dated_ahead_is_not_new_for_ever(tmp_path: Path) -> None:
    odbc = folder(tmp_path)
    in_a_week = time.time() + 168.5 * 3600
    os.utime(tmp_path / "Clients.csv", (in_a_week, in_a_week))
    with pytest.raises(PimsUnavailable) as told:
        read("csv", odbc)
    assert told.value.what == "the export of clients is dated 168 hours ahead"
    tomorrow = time.time() + 24 * 3600
    os.utime(tmp_path / "Clients.csv", (tomorrow, tomorrow))
    assert len(read("csv", odbc).clients) == 1


def test_waiting_for_exports_to_rest_ends_with_ctrl_c(tmp_path: Path) -> None:
    with stopped_by_ctrl_c():
        read("csv", folder(tmp_path), settle_seconds=60)


def test_dates_in_an_order_nobody_knows_are_told_with_what_to_do(tmp_path: Path) -> None:
    options = ReadOptions({"settle_seconds": 0})
    report = check_connector(load_connector("csv"), folder(tmp_path), options=options)
    told = report.warnings[-1]
    assert told.startswith("nobody can say whether day or month comes first")
    assert "vet-pipeline practice set ID date_order=mdy (or dmy) --by NAME" in told
