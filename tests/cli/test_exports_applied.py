"""A folder of exports against what was applied of it: an older file, half of one, other numbers."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import add_exports, copy
from tests.scriptright.builders import rows
from vet_pipeline.errors import PimsUnavailable, SnapshotShapeChanged, SnapshotTorn

CLIENTS = "Client ID,First Name,Last Name,Email\n1,Ann,Lee,{}\n"
PATIENTS = "Patient ID,Client ID,Name,Species,Deceased,Weight\n1,1,Rex,Dog,{},{}\n"
MONDAY = (CLIENTS.format("old@lee.example"), PATIENTS.format("N", "12.5 kg"))
TUESDAY = (CLIENTS.format("ann@lee.example"), PATIENTS.format("Y", "11.5 kg"))
NOW = "SELECT email, deceased, weight_kg FROM scriptright.client JOIN scriptright.pet USING (client_id)"


@pytest.fixture
def folder(command: CommandLine) -> Path:
    """The folder of a practice of exports, copied on Monday and on Tuesday."""
    place = add_exports(command)
    for files, hours_ago in ((MONDAY, 60), (TUESDAY, 20)):
        put(place, files, hours_ago)
        copy(command)
    return place


def put(folder: Path, files: tuple[str, str], hours_ago: float) -> None:
    written = time.time() - hours_ago * 3600
    for name, content in zip(("clients.csv", "patients.csv"), files, strict=True):
        (folder / name).write_text(content)
        os.utime(folder / name, (written, written))


def test_an_older_export_put_back_changes_nothing(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    tuesday = rows(engine, NOW)
    put(folder, MONDAY, 60)
    with pytest.raises(PimsUnavailable, match="clients was written 39|clients was written 40"):
        copy(command)
    assert rows(engine, NOW) == tuesday
    put(folder, TUESDAY, 21)  # by a share that tells summer time
    assert copy(command).state == "applied"
    put(folder, MONDAY, 1)  # exported again: the PIMS says so now
    copy(command)
    assert rows(engine, NOW) == [("old@lee.example", False, rows(engine, NOW)[0][2])]


def test_an_older_export_is_known_though_the_folder_of_snapshots_was_lost_with_it(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    tuesday = rows(engine, NOW)
    shutil.rmtree(command.home / "snapshots")  # the machine as it was on Monday; the database isn't
    put(folder, MONDAY, 60)
    with pytest.raises(PimsUnavailable, match="clients was written 39|clients was written 40"):
        copy(command)
    assert rows(engine, NOW) == tuesday
    put(folder, TUESDAY, 20)
    assert copy(command).state == "applied"


def test_what_a_release_before_has_applied_is_known_by_its_snapshot(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE scriptright.practice SET applied_exports = NULL")
    put(folder, MONDAY, 60)
    with pytest.raises(PimsUnavailable, match="clients was written 39|clients was written 40"):
        copy(command)


def test_an_export_that_was_cut_in_its_last_line_changes_nothing(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    tuesday = rows(engine, NOW)
    cut = PATIENTS.format("Y", "11.5 kg")[:-6]  # "1" for "11.5 kg"
    put(folder, (TUESDAY[0], cut), 1)
    with pytest.raises(SnapshotTorn, match="the export of patients ends in the middle of a line"):
        copy(command)
    assert rows(engine, NOW) == tuesday


def test_an_exporter_that_never_ends_the_last_line_is_read_as_ever(
    command: CommandLine, folder: Path
) -> None:
    put(folder, (TUESDAY[0].rstrip(), TUESDAY[1].rstrip()), 1)
    said = command("run", "elm", "--accept-shape", "--by", "Dana Field")
    assert said.exit_code == 0, said.stderr
    assert copy(command).state == "applied"


def test_an_export_from_before_the_last_one_is_known_by_what_it_holds(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    """Downloaded once more it has today's date: Monday's login and weights were news again."""
    more = "".join(f"{n},Ann{n},Lee,\n" for n in range(100, 124))
    monday, tuesday = ((clients + more, pets) for clients, pets in (MONDAY, TUESDAY))
    for files, hours_ago in ((monday, 10), (tuesday, 8), (tuesday, 7)):
        put(folder, files, hours_ago)
        assert copy(command).state == "applied"
    said = rows(engine, NOW)
    put(folder, monday, 1)
    with pytest.raises(
        PimsUnavailable, match="clients is one from before the one that was applied"
    ):
        copy(command)
    assert rows(engine, NOW) == said
    assert command("run", "elm", "--accept-shape", "--by", "Dana Field").exit_code == 0
    put(folder, monday, 0)
    assert copy(command).state == "applied"


def test_what_a_person_has_accepted_once_leaves_the_others_from_before_known(
    command: CommandLine, folder: Path
) -> None:
    """After it Monday's was news again, and what had been read by then was read no more."""
    more = "".join(f"{n},Ann{n},Lee,\n" for n in range(100, 124))
    days = [(CLIENTS.format(f"{day}@lee.example") + more, MONDAY[1]) for day in ("mo", "tu", "we")]
    for files in days:
        put(folder, files, 1)
        assert copy(command).state == "applied"
    put(folder, days[1], 1)
    assert command("run", "elm", "--accept-shape", "--by", "Dana Field").exit_code == 0
    for old in (days[0], days[2]):
        put(folder, old, 0)
        with pytest.raises(PimsUnavailable, match="clients is one from before the one"):
            copy(command)


@pytest.mark.parametrize("number", ["Account No", "Client Code"])
def test_an_export_of_clients_by_another_number_of_theirs_changes_nothing(
    command: CommandLine, folder: Path, engine: Engine, number: str
) -> None:
    """Of a practice so small no guard holds it: it would ask about each, or have all as new."""
    by_it = [text.replace("Client ID", number).replace("ann@", "new@") for text in TUESDAY]
    before = rows(engine, NOW)
    put(folder, (by_it[0], by_it[1]), 1)
    with pytest.raises(SnapshotShapeChanged) as stopped:
        copy(command)
    assert str(stopped.value) == (
        f"practice elm: export of clients: its rows are told by {number}, those of the one that was"
        f" applied last by Client ID. Next step: have the practice export with Client ID; if {number} is"
        " the same number: vet-pipeline run PRACTICE --accept-shape --by NAME"
    )
    assert rows(engine, NOW) == before
    assert command("run", "elm", "--accept-shape", "--by", "Dana Field").exit_code == 0
    assert copy(command).state == "applied"
    assert [email for email, *_ in rows(engine, NOW)] == ["new@lee.example"]


def test_an_export_of_patients_by_another_number_of_theirs_changes_nothing(
    command: CommandLine, folder: Path
) -> None:
    put(folder, (TUESDAY[0], TUESDAY[1].replace("Patient ID", "Patient Code")), 1)
    with pytest.raises(SnapshotShapeChanged, match="patients: its rows are told by Patient Code"):
        copy(command)


@pytest.mark.parametrize("header", ["ClientID", "Client #", "client_no"])
def test_a_header_of_the_same_number_that_is_spelled_otherwise_is_no_news(
    command: CommandLine, folder: Path, header: str
) -> None:
    put(folder, (TUESDAY[0].replace("Client ID", header), TUESDAY[1]), 1)
    assert copy(command).state == "applied"
