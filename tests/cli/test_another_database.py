"""A connection string that led to another practice's database, or to an older export, is put right."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, make_pims
from tests.scriptright.builders import rows
from vet_pipeline import job
from vet_pipeline.at_hand import stored_manifest
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import SnapshotMissing
from vet_pipeline.registry import practices

BY = ("--by", "Dana Field")
_POOL = BELL | {"client_key": "C7", "first_name": "Bo", "last_name": "Pool"}
_LAST_NAMES = "SELECT last_name FROM scriptright.client"


def _add(command: CommandLine, pims: str, odbc: str) -> None:
    said = command(
        *("practice", "add", "elm", "--name", "Elm Vets", "--pims", pims, "--odbc", odbc, *BY),
        *("--email", "desk@elm.example.com", "--timezone", "America/Chicago"),
    )
    assert said.exit_code == 0, said.stderr


def _change(command: CommandLine, odbc: str) -> None:
    said = command("practice", "change", "elm", "--odbc", odbc, *BY)
    assert said.exit_code == 0, said.stderr


def test_what_was_read_from_another_practices_database_is_not_applied_once_that_is_corrected(
    command: CommandLine, engine: Engine, tmp_path: Path
) -> None:
    """Of a first copy no guard would see it; be it by a run under way, or as the newest stored."""
    other = make_pims(tmp_path / "other.sqlite", [_POOL], [REX | {"client_key": "C7"}])
    _add(command, "generic", other)
    with opened(command.home) as session:
        with session.connected("load", "elm") as connection:
            practice = practices.get(connection, "elm")
        under_way = job.read_step(session.engine, session.store, practice)
        assert stored_manifest(session.engine, session.store, "elm") == under_way
        _change(command, make_pims(command.pims, [BELL], [REX]))
        with session.connected("load", "elm") as connection:
            practice = practices.get(connection, "elm")
        with pytest.raises(SnapshotMissing, match="by another connection"):
            stored_manifest(session.engine, session.store, "elm")
        for record in ("client", "pet"):
            job.normalize_step(session.engine, session.store, under_way, record)
        job.delta_step(session.engine, session.store, under_way)
        with pytest.raises(SnapshotMissing, match="by another connection"):
            job.apply_step(session.engine, session.store, practice, under_way)
    assert rows(engine, _LAST_NAMES) == []
    assert copy(command).state == "applied"
    assert rows(engine, _LAST_NAMES) == [("Bell",)]


def test_columns_of_another_practices_exports_are_not_missed_once_the_folder_is_corrected(
    command: CommandLine, tmp_path: Path
) -> None:
    for name, header, values in (("other", ",Phone", ",(706) 555-0101"), ("own", "", "")):
        (tmp_path / name).mkdir()
        clients = f"Client ID,Last Name{header}\nC1,Bell{values}\n"
        (tmp_path / name / "clients.csv").write_text(clients)
        (tmp_path / name / "patients.csv").write_text("Patient ID,Client ID,Name\nP1,C1,Rex\n")
    _add(command, "csv", f"FOLDER={tmp_path / 'other'}")
    at_once = "reader.limits.settle_seconds=0"  # the files are whole: not waited for
    assert command("practice", "set", "elm", at_once, *BY).exit_code == 0
    with opened(command.home) as session, session.connected("load", "elm") as connection:
        job.read_step(session.engine, session.store, practices.get(connection, "elm"))
    _change(command, f"FOLDER={tmp_path / 'own'}")
    assert copy(command).state == "applied"
