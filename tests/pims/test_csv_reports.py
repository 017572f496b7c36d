"""What report writers and spreadsheets put into an export beside its rows, or around its cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.reading import read, rows
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims import connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions, read_snapshot

CLIENTS = "Client ID,Last Name,Zip\n7,Lee,01234\n"
PATIENTS = "Patient ID,Client ID,Name\n1,7,Rex\n"
LEE = {"client_key": "7", "last_name": "Lee", "postal_code": "01234"}
REX = {"patient_key": "1", "client_key": "7", "name": "Rex"}


def exports(tmp_path: Path, clients: str = CLIENTS, patients: str = PATIENTS) -> RawSnapshot:
    (tmp_path / "clients.csv").write_text(clients)
    (tmp_path / "patients.csv").write_text(patients)
    return read("csv", f"FOLDER={tmp_path}")


def test_the_header_of_a_report_s_next_page_is_no_client_of_that_name(tmp_path: Path) -> None:
    header = CLIENTS.splitlines()[0]
    got = exports(tmp_path, CLIENTS + f"{header}\n8,Bell,97301\n{header}\n")
    assert rows(got.clients) == [
        LEE,
        {"client_key": "8", "last_name": "Bell", "postal_code": "97301"},
    ]
    assert (
        got.notes[0] == "clients: utf-8, delimiter comma, 3 columns taken, the header 2 times more"
    )


def test_lines_of_blank_cells_below_a_sheet_are_no_records_without_a_key(tmp_path: Path) -> None:
    got = exports(tmp_path, CLIENTS + ",,\n , ,\n,,,\n", PATIENTS + ",,\n")
    assert (rows(got.clients), rows(got.patients)) == ([LEE], [REX])


def test_a_formula_that_keeps_a_text_s_noughts_is_that_text(tmp_path: Path) -> None:
    clients = 'Client ID,Last Name,Zip,Phone\n="007",Lee,"=""01234""",="5035550142"\n8,="",=1,="a\n'
    got = exports(tmp_path, clients, 'Patient ID,Client ID,Name\n1,="007",="Rex ""R"""\n')
    assert rows(got.clients) == [
        LEE | {"client_key": "007", "phones": '[["5035550142","Phone"]]'},
        {"client_key": "8", "postal_code": "=1", "phones": '[["=\\"a","Phone"]]'},
    ]
    assert rows(got.patients) == [REX | {"client_key": "007", "name": 'Rex "R"'}]


def test_an_apostrophe_that_keeps_a_spreadsheet_from_reckoning_is_no_part_of_the_text(
    tmp_path: Path,
) -> None:
    """Each number that begins with + was lost, and parcels went to '12 Oak St."""
    clients = "Client ID,Last Name,Address,Phone\n'7,'t Hooft,'12 Oak St,'+16035550142\n8,Lee,'12' Oak St,\n"
    got = exports(tmp_path, clients, "Patient ID,Client ID,Name,Weight\n1,'7,Rex,'30\n")
    assert rows(got.clients) == [
        {
            "client_key": "'7",
            "last_name": "'t Hooft",
            "address_line1": "12 Oak St",
            "phones": '[["+16035550142","Phone"]]',
        },
        {"client_key": "8", "last_name": "Lee", "address_line1": "'12' Oak St"},
    ]
    assert rows(got.patients) == [REX | {"client_key": "'7", "weight": "30"}]


def test_a_blank_before_quoted_cells_leaves_no_marks_in_them(tmp_path: Path) -> None:
    clients = '"Client ID", "Last Name", "Zip"\n"7", "Lee", "01234"\n'
    got = exports(tmp_path, clients, 'Patient ID, Client ID, Name\n1, "7", "Rex, Jr"\n')
    assert (rows(got.clients), rows(got.patients)) == ([LEE], [REX | {"name": "Rex, Jr"}])


def test_rows_of_which_none_fits_the_header_are_refused_with_what_may_be_the_cause(
    tmp_path: Path,
) -> None:
    """Held as "all in quarantine", they would leave a person to look for faults in the records."""
    with pytest.raises(SnapshotShapeChanged) as stopped:
        exports(tmp_path, "Client ID,Last Name,Zip\n7,Lee,01234,\n8,Bell,97301,\n")
    assert str(stopped.value) == (
        "export of clients: none of 2 rows has as many cells as the header. Next step: export anew"
        " with one cell in each row for each header; a delimiter at the end of a line makes one more"
    )


@pytest.mark.parametrize(
    ("header", "word"),
    [("MailingAddress", "address"), ("Email2", "email"), ("E-Mail 2", "email"), ("ADDRESS4", "address"),
     ("PhysicalZip", "zip"), ("Tel No", "tel"), ("Phones", "phones"), ("Mob", "mob")],
)  # fmt: skip
def test_words_run_together_in_a_header_are_told_as_well(
    tmp_path: Path, header: str, word: str
) -> None:
    got = exports(tmp_path, clients=f"Client ID,Last Name,{header}\n7,Lee,x\n")
    assert got.tables.notes[0].startswith(f"clients: columns headed with {word} are never read")


@pytest.mark.parametrize(
    "header", ["PatientAlive", "Wt 2", "BirthWeightKg", "Euthanized?", "DeceasedYN"]
)
def test_so_are_those_of_deaths_and_weights(tmp_path: Path, header: str) -> None:
    got = exports(tmp_path, patients=f"Patient ID,Client ID,Name,{header}\n1,7,Rex,x\n")
    assert got.tables.notes[0].startswith("patients: columns headed with ")


def test_keys_that_a_spreadsheet_has_rounded_are_refused(tmp_path: Path) -> None:
    """985112000000001 and 985112000000002 are 9.85112E+14 there: the one's pet was the other's."""
    rounded = "Patient ID,Client ID,Name\n1,9.85112E+14,Rex\n2,9.85112E+14,Max\n3,7,Tip\n"
    with pytest.raises(SnapshotShapeChanged, match="patients: a spreadsheet has rounded 2 keys"):
        exports(tmp_path, patients=rounded)
    with pytest.raises(SnapshotShapeChanged, match="clients: a spreadsheet has rounded 1 keys"):
        exports(tmp_path, 'Client ID,Last Name\n"9,85112E+14",Lee\n')
    got = exports(
        tmp_path,
        "Client ID,Last Name\n1E5,Lee\n2E-12,Bell\n",
        "Patient ID,Client ID,Name\n1,1E5,Rex\n",
    )
    assert [row["client_key"] for row in rows(got.clients)] == ["1E5", "2E-12"]


@pytest.mark.parametrize("nothing", ["", "NULL", "\\N", " "])
def test_a_client_without_a_pet_in_a_list_of_both_is_no_pet_without_a_key(
    tmp_path: Path, nothing: str
) -> None:
    """Where one client in twenty had none, each refresh was held until a person released it."""
    both = (
        "Client ID,Last Name,Patient ID,Patient Name,Weight\n"
        f"7,Lee,1,Rex,30\n8,Bell,{nothing},{nothing},{nothing}\n"
    )
    got = exports(tmp_path, both, both + "9,Roe,,Max,\n")
    assert [row.get("client_key") for row in rows(got.clients)] == ["7", "8"]
    assert rows(got.patients) == [REX | {"weight": "30"}, {"client_key": "9", "name": "Max"}]
    assert got.notes[1].endswith(", 1 row of clients without a patient")


def test_a_file_of_more_rows_than_any_practice_has_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """512 MB of rows of eight bytes took 11 GB, and with them the runs of other practices."""
    monkeypatch.setattr(connector, "MOST_ROWS", 3)
    assert len(exports(tmp_path, patients=PATIENTS + "2,7,Kit\n3,7,Max\n").patients) == 3
    for more in ("4,7,Pip\n", "\n"):
        with pytest.raises(SnapshotShapeChanged, match="patients: there are more than 3 rows"):
            exports(tmp_path, patients=PATIENTS + "2,7,Kit\n3,7,Max\n" + more)


@pytest.mark.timeout(90)  # it was twelve minutes
def test_a_header_of_a_sheets_whole_width_is_read_and_a_wider_one_is_not(tmp_path: Path) -> None:
    """10 kB of commas behind the headers took half a minute, 100 kB the hour that a read may last."""
    assert rows(exports(tmp_path, _as_wide_as(16_384)).clients) == [LEE]
    with pytest.raises(SnapshotShapeChanged, match="the header has more than 16,384 columns"):
        exports(tmp_path, _as_wide_as(100_000))


def _as_wide_as(columns: int) -> str:
    return "".join(f"{line}{',' * (columns - 3)}\n" for line in CLIENTS.splitlines())


def test_a_row_without_end_is_not_taken_apart(tmp_path: Path) -> None:
    """Each of its delimiters took eight bytes: a file of 512 MB the memory of all other runs."""
    with pytest.raises(SnapshotShapeChanged, match="line 3 has more than 16 million letters"):
        exports(tmp_path, f"{CLIENTS}8{',' * (17 << 20)}\n")


def test_of_a_large_export_it_is_told_which_row_has_a_stray_mark(tmp_path: Path) -> None:
    """Who heard that a row has no end looked for a long one, not for a quotation mark."""
    after = ("9,Bell," + "n" * 2_000 + "\n") * 9_000
    with pytest.raises(SnapshotShapeChanged, match="marks of the row that begins in line 3 don't"):
        exports(tmp_path, f'{CLIENTS}8,"Lee,\n{after}')


def test_a_list_of_a_round_number_of_rows_is_told_of(tmp_path: Path) -> None:
    """What a web page's export or an old spreadsheet leaves out isn't in the first copy, and no guard sees it."""
    for rows_, told in ((1000, True), (1001, False), (65535, True)):
        more = "".join(f"{n},7,Rex\n" for n in range(2, rows_ + 1))
        got = exports(tmp_path, patients=PATIENTS + more)
        assert any(f"exactly {rows_:,} rows" in note for note in got.notes) is told


def test_headers_below_a_title_are_told_as_that(tmp_path: Path) -> None:
    """*No header for client_key* said nothing of it."""
    for title in ("Oak Animal Clinic - Client List,,\nPrinted 11/30/2026,,\n", "Client List\n\n"):
        with pytest.raises(
            SnapshotShapeChanged, match="clients: its headers seem to stand in line 3"
        ):
            exports(tmp_path, title + CLIENTS)


def test_the_mark_with_which_dos_ends_a_file_is_no_row(tmp_path: Path) -> None:
    """It was one without a key at each load, and an export that was cut looked like those before."""
    got = exports(tmp_path, CLIENTS + "\x1a", PATIENTS + "\x1a")
    assert (rows(got.clients), rows(got.patients)) == ([LEE], [REX])
    assert got.exports["clients"]["whole"] == 1


def test_a_last_line_without_an_end_is_told_before_the_first_copy(tmp_path: Path) -> None:
    """Cut in its last cell it passes for a whole one, half an email; no later read asks again."""
    cut = "Client ID,Last Name,Email\n7,Lee,lee@example.co"
    told = (
        "clients: the last line doesn't end, as where a file was cut while it was sent. Next step: see"
        " before the first copy that the PIMS has 1 of them, and whether its last row is whole"
    )
    got = exports(tmp_path, cut)
    assert got.tables.notes == (told,)
    applied = ReadOptions({"settle_seconds": 0}, applied_exports=got.exports)
    again = read_snapshot(load_connector("csv"), f"FOLDER={tmp_path}", options=applied)
    assert again.tables.notes == ()
