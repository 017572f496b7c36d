"""Exports that are links: whoever fills a practice's folder reads nothing else with this program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pims.reading import read, rows
from tests.pims.test_csv import CLIENT, CLIENTS, folder
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims import csv_files
from vet_pipeline.pims.connector import load_connector


def test_a_link_to_another_practices_export_is_not_read(tmp_path: Path) -> None:
    oak, elm = tmp_path / "oak", tmp_path / "elm"
    oak.mkdir()
    elm.mkdir()
    folder(oak)
    elms = folder(elm)
    (elm / "Clients.csv").unlink()
    (elm / "Clients.csv").symlink_to(oak / "Clients.csv")
    with pytest.raises(SnapshotShapeChanged, match="clients is a link to a file outside"):
        read("csv", elms)


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    odbc = folder(tmp_path)
    (tmp_path / "Clients.csv").rename(tmp_path / "2026-11-28.dump")
    (tmp_path / "Clients.csv").symlink_to("2026-11-28.dump")
    assert rows(read("csv", odbc).clients) == [CLIENT]


def test_a_folder_that_is_a_link_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    folder(tmp_path / "real")
    (tmp_path / "here").symlink_to(tmp_path / "real")
    assert rows(read("csv", f"FOLDER={tmp_path / 'here'}").clients) == [CLIENT]


@pytest.mark.parametrize("name", ["secret", "Clients.csv"])
def test_a_link_put_in_place_of_a_file_that_was_looked_at_is_not_followed(
    tmp_path: Path, name: str
) -> None:
    """Neither to another file of the machine, nor to another practice's export of the same name."""
    elsewhere = tmp_path / name
    elsewhere.write_text(CLIENTS)
    inside = tmp_path / "elm"
    inside.mkdir()
    folder(inside)
    wanted = load_connector("csv").file.csv["clients"]
    path = csv_files.find_export("clients", inside, wanted)
    assert path is not None
    path.unlink()
    path.symlink_to(elsewhere)
    with pytest.raises(OSError):  # noqa: PT011 - the caller says that the folder can't be read
        csv_files.content_of(path)


def test_a_file_larger_than_any_practices_is_not_read_into_memory(tmp_path: Path) -> None:
    """It took the memory of the machine, and with it the runs of all other practices."""
    path = tmp_path / "clients.csv"
    path.write_bytes(b"client_key,last_name\n")
    os.truncate(path, 30 << 30)  # a sparse file
    with pytest.raises(SnapshotShapeChanged, match="clients.csv is larger than 512 MB"):
        csv_files.content_of(path)
