"""Layouts of which a value would be another one: the file is refused, in words that a practice can follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.rendering import beside, each, headed, uk, written
from tests.exports.truth import CLIENTS, PATIENTS, Sheet
from tests.exports.verdicts import read, verdicts
from tests.pims.reading import read as read_as_it_is
from vet_pipeline.errors import PimsUnavailable, SnapshotShapeChanged

C, P = written(CLIENTS), written(PATIENTS)
SENOR = each(PATIENTS, "Patient Name", lambda name: name.replace("ñ", "n"))


def many_dates(write) -> Sheet:
    """Thirty patients, born on the first to the thirtieth of April."""
    rows = [["Patient ID", "Client ID", "Patient Name", "DOB"]]
    return rows + [[str(n), "1001", "Rex", write(f"2019-04-{n:02}")] for n in range(1, 31)]


def turned(iso: str) -> str:
    """A date written 25/04/2019, in a spreadsheet that has the month first, shown year first."""
    return f"{iso[:4]}-{iso[8:]}-{iso[5:7]}" if int(iso[8:]) <= 12 else uk(iso)


@pytest.mark.parametrize("order", ["ymd", "dmy"])
def test_dates_that_a_spreadsheet_has_turned_around_are_no_dates(
    tmp_path: Path, order: str
) -> None:
    """4 March became 3 April in each that has such a day, of births, weighings and deaths."""
    said = {"conventions": {"date_order": order}}
    with pytest.raises(
        SnapshotShapeChanged, match="patients: of birth_date a spreadsheet has taken 12"
    ):
        read(tmp_path, C, written(many_dates(turned)), **said)
    honest = [
        many_dates(str),
        many_dates(uk),
        many_dates(lambda day: uk(day) if int(day[8:]) % 3 else day),  # two programs', mixed
        many_dates(turned)[:15],  # too few to tell
        # Births that were estimated, and others.
        many_dates(lambda day: uk(day) if int(day[8:]) > 24 else f"20{day[8:]}-01-01"),
    ]
    for sheet in honest:
        read(tmp_path, C, written(sheet), **said)


@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"{\\rtf1", "a text of a word processor"),
        (b"\xef\xbb\xbf<HTML><table>", "a web page or XML"),
        (b"<!DOCTYPE html>", "a web page or XML"),
        (b"\r\n<table border=1>", "a web page or XML"),
        ("\ufeff<?xml version='1.0'?>".encode("utf-16-le"), "a web page or XML"),
    ],
)
def test_a_workbook_by_another_name_is_told_as_one(tmp_path: Path, begin: bytes, kind: str) -> None:
    """It was said that its headers weren't known, with twenty lines of those that are."""
    with pytest.raises(SnapshotShapeChanged, match=f"clients: the file is {kind}.*CSV UTF-8"):
        read(tmp_path, begin + bytes(range(256)), P)


def test_a_workbook_in_place_of_an_export_is_told(tmp_path: Path) -> None:
    """Of whatever else lies there nothing is told, nor what follows the dot where that is no program's."""
    read(tmp_path, C, P)
    (tmp_path / "clients.csv").rename(tmp_path / "Clients.XLSX")
    (tmp_path / "Ann Lee.pdf").touch()
    (tmp_path / "clients.ann lee").touch()
    (tmp_path / "client.csv").mkdir()
    with pytest.raises(PimsUnavailable) as stopped:
        read_as_it_is("csv", f"FOLDER={tmp_path}")
    assert str(stopped.value).startswith(
        "there is no export of clients in the folder, but one that isn't text (.xlsx). Next step: let the"
        " PIMS export CSV; or open it in the spreadsheet and save it as *CSV UTF-8 (comma delimited)*"
    )


def test_letters_of_an_old_mac_are_never_a_name(tmp_path: Path) -> None:
    """In a practice of few such names José was JosŽ, on the label as well."""
    found = verdicts(read(tmp_path, C.encode("mac-roman"), written(SENOR)))
    assert found == {"clients: absent": 2, "clients: quarantined undecodable_text": 2,
                           "patients: wrong name": 1}  # Senor  # fmt: skip


def test_letters_of_dos_are_never_a_name_where_no_other_shows_what_they_are(tmp_path: Path) -> None:
    clients = each(each(CLIENTS, "First Name", lambda it: it.replace("Renée", "Renee")), "Last Name",
                   lambda it: it.replace("ñ", "n").replace("ú", "u"))  # fmt: skip
    found = verdicts(read(tmp_path, written(clients).encode("cp850"), written(SENOR)))
    assert found == {"clients: absent": 1, "clients: quarantined undecodable_text": 1,
                           "clients: wrong first_name": 1, "patients: wrong name": 1}  # fmt: skip


def test_a_name_of_nobody_s_is_asked_about(tmp_path: Path) -> None:
    sheet = beside(headed(PATIENTS, Patient_Name="Pet"), "Pet", "Name", lambda _: "Ana Bell")
    with pytest.raises(SnapshotShapeChanged, match=r"2 headers could be name \(Name, Pet\)"):
        read(tmp_path, C, written(sheet))


def test_dates_of_one_column_say_nothing_of_another(tmp_path: Path) -> None:
    sheet = beside(
        many_dates(uk), "DOB", "Weight Date", lambda row: f"2026-{int(row[0]) % 12 + 1:02}-05"
    )
    read(tmp_path, C, written(sheet), conventions={"date_order": "dmy"})
