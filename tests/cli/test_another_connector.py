"""A connector that was registered wrong, or whose folder has moved, is put right."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine, Said
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, make_pims
from tests.scriptright.builders import rows
from vet_pipeline import job
from vet_pipeline.at_hand import stored_manifest
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import SnapshotHeld, SnapshotMissing
from vet_pipeline.pims.scaffold import scaffold_connector
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.decisions import holds
from vet_pipeline.scriptright.records.baseline import known_shape

BY = ("--by", "Dana Field")
_ACTS = "SELECT act, detail FROM scriptright.audit WHERE act = 'connector_changed'"


def _add(command: CommandLine, pims: str, odbc: str) -> Said:
    return command(
        *("practice", "add", "elm", "--name", "Elm Vets", "--pims", pims, "--odbc", odbc, *BY),
        *("--email", "desk@elm.example.com", "--timezone", "America/Chicago"),
    )


def _add_exports(command: CommandLine, exports: str) -> None:
    assert _add(command, "csv", exports).exit_code == 0
    at_once = "reader.limits.settle_seconds=0"  # the files are whole: not waited for
    assert command("practice", "set", "elm", at_once, *BY).exit_code == 0


def _exports(command: CommandLine, patients: str = "") -> str:
    """What leads to a folder of exports with one client."""
    exports = command.home / "exports"
    exports.mkdir()
    (exports / "clients.csv").write_text("Client ID,Last Name\nC1,Bell\n")
    (exports / "patients.csv").write_text(f"Patient ID,Client ID,Name\n{patients}")
    return f"FOLDER={exports}"


def _change(command: CommandLine, pims: str) -> Said:
    return command("practice", "change", "elm", "--pims", pims, *BY)


def test_a_wrong_connector_is_corrected_before_the_first_copy_and_the_practice_keeps_its_id(
    command: CommandLine, engine: Engine
) -> None:
    exports = _exports(command)
    _add_exports(command, exports)
    with pytest.raises(SnapshotHeld):  # a table is empty: it was read all the same
        copy(command)
    odbc = make_pims(command.pims, [BELL], [REX])
    said = _change(command, "generic")
    assert said.exit_code == 0, said.stderr
    assert command("practice", "change", "elm", "--odbc", odbc, *BY).exit_code == 0
    assert command("practice", "show", "elm", "--json").data["pims"] == "generic"
    assert copy(command).state == "applied"  # no header of the exports is missed
    assert rows(engine, _ACTS) == [("connector_changed", {"pims": ["csv", "generic"]})]


def test_a_release_of_what_the_wrong_connector_has_read_keeps_nobody_from_reading_anew(
    command: CommandLine,
) -> None:
    exports = _exports(command)
    _add_exports(command, exports)
    with pytest.raises(SnapshotHeld):
        copy(command)
    with opened(command.home) as session:
        holds.release(session.engine, "elm", 1, by="Dana Field")
    assert _change(command, "generic").exit_code == 0
    odbc = make_pims(command.pims, [BELL], [REX])
    assert command("practice", "change", "elm", "--odbc", odbc, *BY).exit_code == 0
    assert copy(command).state == "applied"


def test_what_the_wrong_connector_has_read_is_never_applied(command: CommandLine) -> None:
    """Be it by a run that was under way, or as the newest in the store."""
    scaffold_connector("mypims", command.home)
    odbc = make_pims(command.pims, [BELL], [REX])
    assert _add(command, str(command.home / "mypims"), odbc).exit_code == 0
    with opened(command.home) as session:
        engine, store = session.engine, session.store
        with session.connected("load", "elm") as connection:
            practice = practices.get(connection, "elm")
        under_way = job.read_step(engine, store, practice)
        assert stored_manifest(engine, store, "elm") == under_way
        assert _change(command, "generic").exit_code == 0
        with session.connected("load", "elm") as connection:
            practice = practices.get(connection, "elm")
        with pytest.raises(SnapshotMissing, match="by another connector"):
            stored_manifest(engine, store, "elm")
        with pytest.raises(SnapshotMissing, match="by another connector"):
            job.apply_step(engine, store, practice, under_way)
    assert copy(command).state == "applied"


def test_what_the_wrong_connector_reads_on_is_no_shape_of_the_right_one(
    command: CommandLine,
) -> None:
    """Its columns would be missed from then on: *header for pims_client.city is gone*."""
    exports = _exports(command, "P1,C1,Rex\n")
    assert _add(command, "generic", make_pims(command.pims, [BELL], [REX])).exit_code == 0
    with opened(command.home) as session:
        with session.connected("load", "elm") as connection:
            under_way = practices.get(connection, "elm")
        said = command("practice", "change", "elm", *("--pims", "csv"), *BY)
        assert said.exit_code == 0, said.stderr
        said = command("practice", "change", "elm", "--odbc", exports, *BY)
        assert said.exit_code == 0, said.stderr
        job.read_step(session.engine, session.store, under_way)
    assert copy(command).state == "applied"


def test_what_was_copied_by_one_connector_is_not_given_to_another(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    said = _change(command, "asm3")
    assert said.exit_code == 1
    assert "its clients were copied by the connector 'generic'" in said.stderr
    assert command("practice", "show", "elm", "--json").data["pims"] == "generic"
    assert rows(engine, _ACTS) == []


def test_a_connector_of_ones_own_that_has_moved_is_found_at_its_new_place(
    command: CommandLine, engine: Engine, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    scaffold_connector("mypims", old)
    assert _add(command, str(old / "mypims"), make_pims(command.pims, [BELL], [REX])).exit_code == 0
    copy(command)
    columns = known_shape(engine, "elm")
    old.rename(new)
    refused = command("plan", "elm")
    assert "vet-pipeline practice change ID --pims FOLDER" in refused.stderr
    said = _change(command, str(new / "mypims"))
    assert said.exit_code == 0, said.stderr
    assert columns
    assert known_shape(engine, "elm") == columns, "one that has gone meanwhile is missed still"
    assert command("plan", "elm", "--json").data["clients"]["read"] == 1


def test_a_connector_that_is_not_there_changes_nothing(command: CommandLine) -> None:
    command.add_practice()
    assert _change(command, "nopims").exit_code == 2
    assert command("practice", "show", "elm", "--json").data["pims"] == "generic"


def test_a_string_that_the_practices_connector_cannot_read_is_refused_as_it_is_changed(
    command: CommandLine, engine: Engine
) -> None:
    """It was registered, and each read failed until somebody looked; with its connector it is right."""
    odbc = make_pims(command.home / "pims.sqlite", [BELL], [REX])
    assert _add(command, "generic", odbc).exit_code == 0
    exports = _exports(command)
    said = command("practice", "change", "elm", "--odbc", exports, *BY)
    assert said.exit_code == 2
    assert "connector generic doesn't read what the connection string names" in said.stderr
    assert rows(engine, "SELECT odbc FROM scriptright.practice") == [(odbc,)]
    both = ("--pims", "csv", "--odbc", exports)
    assert command("practice", "change", "elm", *both, *BY).exit_code == 0
