"""`practice offboard --erase` where a place that it has to reach is out of reach."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.scriptright.builders import one, whole_database
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness

ERASE = ("practice", "offboard", "elm", "--by", "Dana Field", "--erase")


def test_nothing_is_erased_while_dagsters_database_is_away(
    command: CommandLine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.add_practice()
    copy(command)
    before = whole_database(engine)
    with monkeypatch.context() as patch:
        patch.setenv("DAGSTER_PG_URL", "postgresql://nobody@127.0.0.1:9/dagster")
        told = command(*ERASE)
    assert (told.exit_code, "nothing was changed" in told.stderr) == (1, True)
    assert whole_database(engine) == before
    assert command(*ERASE).exit_code == 0


@pytest.fixture
def full(command: CommandLine) -> Iterator[Path]:
    """A witness on a full disk."""
    place = command.home / "witness"
    place.mkdir(exist_ok=True)
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=1", "tmpfs", str(place)],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.SubprocessError):
        pytest.skip("filling a disk needs root")
    yield place
    subprocess.run(["umount", str(place)], check=False)


def test_what_could_not_be_finished_outside_the_database_says_to_repeat_it(
    command: CommandLine, engine: Engine, full: Path
) -> None:
    command.add_practice()
    told = command(*ERASE)
    assert told.exit_code == 1
    assert "erased in ScriptRight, and not yet everywhere" in told.stderr
    assert "then repeat: vet-pipeline practice offboard elm --by NAME --erase" in told.stderr
    assert one(engine, "SELECT state FROM scriptright.practice") == "offboarded"
    subprocess.run(["umount", str(full)], check=True)
    assert command(*ERASE).exit_code == 0
    assert Witness.of_home(command.home).has("elm", OFFBOARDED)


def test_nor_is_it_finished_where_the_key_is_missing_that_machines_share(
    command: CommandLine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.add_practice()
    with monkeypatch.context() as patch:
        patch.setenv("VET_PIPELINE_WITNESS", str(command.home / "shared"))
        told = command(*ERASE)
    assert "VET_PIPELINE_KEY isn't" in told.stderr
    assert "erased in ScriptRight, and not yet everywhere" in told.stderr
    assert one(engine, "SELECT state FROM scriptright.practice") == "offboarded"
