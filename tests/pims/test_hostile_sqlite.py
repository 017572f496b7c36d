"""A SQLite file is a PIMS's own program, too: its views and defaults run where it is read."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.pims import BELL, REX, make_pims
from tests.pims.reading import read, rows
from vet_pipeline.errors import PimsUnavailable, SnapshotShapeChanged
from vet_pipeline.pims import connector
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector


def as_view(path: Path, first_name: str) -> str:
    """The file's ODBC string; its clients are a view whose first names are that expression."""
    odbc = make_pims(path, [BELL], [REX])
    with closing(sqlite3.connect(path)) as connection, connection:
        table = connection.execute("SELECT * FROM vetpipeline_clients")
        columns = ", ".join(name for name, *_ in table.description)
        shown = columns.replace("first_name", f"{first_name} AS first_name")
        connection.execute("ALTER TABLE vetpipeline_clients RENAME TO kept")
        connection.execute(f"CREATE VIEW vetpipeline_clients AS SELECT {shown} FROM kept")
    return odbc


@pytest.mark.parametrize(
    "reaches", ["blob_import('{there}')", "blob_export(x'6869', '{elsewhere}')"]
)
def test_a_file_of_a_practice_reads_and_writes_no_other(tmp_path: Path, reaches: str) -> None:
    there, elsewhere = tmp_path / "another.csv", tmp_path / "written"
    there.write_text("Smith")
    odbc = as_view(tmp_path / "elm.sqlite", reaches.format(there=there, elsewhere=elsewhere))
    with pytest.raises(SnapshotShapeChanged, match="reaches beyond the file"):
        read("generic", odbc)
    assert not check_connector(load_connector("generic"), odbc).ready
    assert not elsewhere.exists()


def with_journal_naming(file: Path, other: Path) -> None:
    """Beside the file the journal of a killed commit over several files, which names another file.

    https://www.sqlite.org/fileformat2.html#the_rollback_journal
    """
    magic, page, nonce = bytes.fromhex("d9d505f920a163d7"), file.read_bytes()[:4096], 7
    head = struct.pack(">IIIII", 1, nonce, file.stat().st_size // 4096, 512, 4096)
    total = (nonce + sum(page[place] for place in range(4096 - 200, 0, -200))) % 2**32
    name = str(other).encode()
    named = struct.pack(">I", 2**30 // 4096 + 1) + name + struct.pack(">II", len(name), sum(name))
    journal = (magic + head).ljust(512, b"\0") + struct.pack(">I", 1) + page
    journal += struct.pack(">I", total) + named + magic
    file.with_name(f"{file.name}-journal").write_bytes(journal)


def test_a_file_of_a_practice_removes_no_other_and_is_itself_left_as_it_is(tmp_path: Path) -> None:
    file, other = tmp_path / "elm 50%.sqlite", tmp_path / "key"
    odbc = make_pims(file, [BELL], [REX])
    assert [row["last_name"] for row in rows(read("generic", odbc).clients)] == ["Bell"]
    other.write_text("of the home")
    with_journal_naming(file, other)
    before = file.read_bytes()
    with pytest.raises(PimsUnavailable, match="left its journal beside the file"):
        read("generic", odbc)
    assert other.read_text() == "of the home"
    assert file.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {file.name, f"{file.name}-journal", "key"}


@pytest.mark.parametrize("closed", [True, False])
def test_a_file_that_is_written_ahead_of_is_read(tmp_path: Path, closed: bool) -> None:
    odbc = make_pims(tmp_path / "elm.sqlite", [BELL], [REX])
    with closing(sqlite3.connect(tmp_path / "elm.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            connection.execute("UPDATE vetpipeline_clients SET last_name = 'Bellini'")
        if closed:
            connection.close()
        found = rows(read("generic", odbc).clients)
    assert [row["last_name"] for row in found] == ["Bellini"]


def test_texts_that_a_view_makes_up_fill_no_disk_and_no_memory(tmp_path: Path) -> None:
    """Gigabytes went into temporary files, and what is written to a disk is missing to all others."""
    odbc = as_view(tmp_path / "elm.sqlite", "printf('%.*c', 100000000, 'x')")
    with closing(sqlite3.connect(tmp_path / "elm.sqlite")) as connection, connection:
        keys = [(f"K{number}",) for number in range(40)]
        connection.executemany("INSERT INTO kept (client_key) VALUES (?)", keys)
    with pytest.raises(SnapshotShapeChanged, match="views make takes more than 512 MB of memory"):
        read("generic", odbc)


def test_a_table_of_more_rows_than_any_practice_has_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Millions of made-up clients were read for an hour, into the memory and the disk of all."""
    odbc = make_pims(tmp_path / "elm.sqlite", [BELL, BELL | {"client_key": "C2"}], [REX])
    assert len(read("generic", odbc).clients) == 2
    monkeypatch.setattr(connector, "MOST_ROWS", 1)
    with pytest.raises(SnapshotShapeChanged, match="clients: there are more than 1 rows"):
        read("generic", odbc)


def test_a_link_to_another_practices_file_is_not_read(tmp_path: Path) -> None:
    """The other's clients were copied as this practice's, by a first copy that no guard looks at."""
    for practice in ("oak", "elm"):
        (tmp_path / practice).mkdir()
    make_pims(tmp_path / "oak" / "pims.sqlite", [BELL], [REX])
    here = tmp_path / "elm" / "pims.sqlite"
    here.symlink_to("../oak/pims.sqlite")
    for odbc in (f"DRIVER=SQLite3;Database={here}", f"DRIVER=SQLite3;Database=file:{here}"):
        with pytest.raises(SnapshotShapeChanged, match="is a link to a file outside of its folder"):
            read("generic", odbc)


def test_a_link_within_the_folder_and_a_folder_that_is_a_link_are_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    make_pims(tmp_path / "real" / "2026-11-28 Müller.sqlite", [BELL], [REX])
    (tmp_path / "real" / "pims.sqlite").symlink_to("2026-11-28 Müller.sqlite")
    (tmp_path / "here").symlink_to("real")
    found = read("generic", f"DRIVER=SQLite3;Database={tmp_path / 'here' / 'pims.sqlite'}")
    assert [row["last_name"] for row in rows(found.clients)] == ["Bell"]


def test_a_view_of_sqlites_own_functions_is_read(tmp_path: Path) -> None:
    odbc = as_view(tmp_path / "elm.sqlite", "upper(first_name)")
    assert [row["first_name"] for row in rows(read("generic", odbc).clients)] == ["ANN"]
