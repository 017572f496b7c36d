"""Export files with a day in their names, as jobs that drop one each week write them."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from vet_pipeline.errors import PimsUnavailable, SnapshotShapeChanged
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions, read_snapshot

Hours = Mapping[str, float]
NOW: Hours = {}
HEADERS = {
    "client": "Client ID,Last Name",
    "patient": "Patient ID,Client ID,Name",
    "phone": "Client ID,Phone",
}


def names(
    folder: Path, files: dict[str, str], *, ago: Hours = NOW, **limits: float
) -> list[list[str]]:
    """The clients' and the patients' names that are read of `files`: name of a file -> a name."""
    for file, name in files.items():
        header = HEADERS[next(part for part in HEADERS if part in file.casefold())]
        row = f"1,7,{name}" if "patient" in file.casefold() else f"7,{name}"
        (folder / file).write_text(f"{header}\n{row}\n")
        written = time.time() - 3600 * ago.get(file, 0)
        os.utime(folder / file, (written, written))
    options = ReadOptions(limits={"settle_seconds": 0} | limits)
    got = read_snapshot(load_connector("csv"), f"FOLDER={folder}", options=options)
    return [got.clients["last_name"].tolist(), got.patients["name"].tolist()]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("{}_20261122.csv", "{}_20261129.csv"),
        ("{} 2026-11-22.tsv", "{} 2026-11-29.tsv"),
        ("{}.2026_11_22.txt", "{}.2026_11_29.txt"),
        ("2026-12-31-{}.csv", "2027-01-01-{}.csv"),
        ("{}_20261129_0915.csv", "{}_20261129_1430.csv"),
        ("{}20261129T091500.csv", "{}20261129T143000.csv"),
        ("{}_20261129T091500Z.csv", "{}_20261129T143000Z.csv"),
        ("{}_2026-11-29_09-15-00.csv", "{}_2026-11-29_14-30-00.csv"),
    ],
)
def test_of_exports_with_a_day_in_their_names_the_newest_is_read(
    tmp_path: Path, before: str, now: str
) -> None:
    files = {
        before.format("Clients"): "Old",
        before.format("Patients"): "Max",
        now.format("Clients"): "Bell",
        now.format("Patients"): "Rex",
    }
    assert names(tmp_path, files) == [["Bell"], ["Rex"]]


def test_an_export_without_a_day_in_its_name_comes_before_those_that_are_kept_beside_it(
    tmp_path: Path,
) -> None:
    kept = {"Clients_20261129.csv": "Old", "Patients_20261129.csv": "Max"}
    assert names(tmp_path, kept | {"clients.csv": "Bell", "patients.csv": "Rex"}) == [
        ["Bell"],
        ["Rex"],
    ]


@pytest.mark.parametrize("part", ["Clients", "Patients"])
def test_an_export_whose_other_half_has_not_come_is_waited_for(tmp_path: Path, part: str) -> None:
    """Else this week's patients would be read with last week's clients."""
    files = {
        "Clients_20261122.csv": "Old",
        "Patients_20261122.csv": "Max",
        f"{part}_20261129.csv": "New",
    }
    with pytest.raises(PimsUnavailable, match="clients and patients are of two days"):
        names(tmp_path, files)


def test_a_job_that_runs_over_midnight_is_read_once_its_practice_has_said_so(
    tmp_path: Path,
) -> None:
    """It was refused for good: the clients' newest file is always a day older than the patients'."""
    last_night = {"Clients_20261128.csv": "Old", "Patients_20261129.csv": "Max"}
    files = last_night | {"Clients_20261129.csv": "Bell", "Patients_20261130.csv": "Rex"}
    ago = {
        "Clients_20261128.csv": 32.2, "Patients_20261129.csv": 31.9,
        "Clients_20261129.csv": 8.2, "Patients_20261130.csv": 7.9,
    }  # fmt: skip
    with pytest.raises(PimsUnavailable, match="of two days by their names, 20261129 and 20261130"):
        names(tmp_path, files, ago=ago)
    assert names(tmp_path, files, ago=ago, exports_apart_hours=2) == [["Bell"], ["Rex"]]
    # While the job is at work: of one day by their names, and of two nights.
    (tmp_path / "Patients_20261130.csv").unlink()
    files.pop("Patients_20261130.csv")
    with pytest.raises(
        PimsUnavailable, match=r"clients and patients were written 23\.7 hours apart"
    ):
        names(tmp_path, files, ago=ago, exports_apart_hours=2)


def test_times_of_one_day_may_differ(tmp_path: Path) -> None:
    files = {"Clients_20261129_0200.csv": "Bell", "Patients_20261129_0203.csv": "Rex"}
    assert names(tmp_path, files) == [["Bell"], ["Rex"]]


@pytest.mark.parametrize(
    "files",
    [
        {"clients.csv": "Old", "Patients_20261129.csv": "Rex"},
        {"Clients_20261129.csv": "Bell", "patients.csv": "Max"},
        {"clients.csv": "Bell", "patients.csv": "Rex", "Phones_20261129.csv": "7705550101"},
    ],
)
def test_exports_of_which_one_alone_has_a_day_may_not_belong_together(
    tmp_path: Path, files: dict[str, str]
) -> None:
    """The other may be the one that a person put there before the job was set up."""
    with pytest.raises(PimsUnavailable, match=r"of two days by their names, (none|20261129) and"):
        names(tmp_path, files)


def test_numbers_of_clients_that_have_not_come_are_waited_for(tmp_path: Path) -> None:
    files = {"Clients_20261129.csv": "Bell", "Patients_20261129.csv": "Rex"}
    files["Phones_20261122.csv"] = "7705550101"
    with pytest.raises(PimsUnavailable, match="clients and phones are of two days"):
        names(tmp_path, files)


def test_two_exports_of_one_day_and_time_are_refused(tmp_path: Path) -> None:
    files = {
        "Clients_20261129.csv": "Bell",
        "Client_20261129.csv": "Old",
        "Patients_20261129.csv": "Rex",
    }
    with pytest.raises(SnapshotShapeChanged, match="2 files could be the export of clients"):
        names(tmp_path, files)


@pytest.mark.parametrize(
    "file", ["Clients_11292026.csv", "Clients_20261341.csv", "Clients_20261129_old.csv"]
)
def test_what_is_no_day_year_first_makes_another_name(tmp_path: Path, file: str) -> None:
    with pytest.raises(PimsUnavailable, match="there is no export of clients"):
        names(tmp_path, {file: "Bell", "Patients_20261129.csv": "Rex"})
