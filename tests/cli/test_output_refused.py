"""Output that nobody takes: a reader that has seen enough, a full disk, no width."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import rows

PROGRAM = "from vet_pipeline.cli import main; main()"
NOT_WHOLE = (
    "error: the output isn't whole, it couldn't be written (ENOSPC);"
    " the command itself went on to its end\n"
)


def run(*words: str, into: int) -> tuple[int, str]:
    """Exit code and stderr of a command that writes into a file descriptor."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        stdout=into, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stderr


@pytest.mark.parametrize(
    "words", [["--help"], ["practice", "change", "--help"], ["policy"], ["policy", "--json"], []]
)
def test_a_reader_that_has_seen_enough_is_no_failure(words: list[str]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    code, said = run(*words, into=writes)
    os.close(writes)
    assert (code, said) == (0 if words else 2, "")


@pytest.mark.parametrize("words", [["--help"], ["policy"], ["policy", "--json"]])
def test_a_full_disk_is_one_clear_line(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        assert run(*words, into=full.fileno()) == (1, NOT_WHOLE)


def test_what_was_asked_is_done_though_nobody_could_be_told(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    with Path("/dev/full").open("wb") as full:
        words = ("practice", "pause", "elm", "--by", "Dana Field", "--json")
        assert run(*words, into=full.fileno()) == (1, NOT_WHOLE)
        assert run("status", "--json", into=full.fileno()) == (1, NOT_WHOLE)
        code, said = run("status", "oak", "--json", into=full.fileno())
    assert code == 1
    assert said.splitlines()[0] == "error: practice oak: no such practice"
    assert rows(engine, "SELECT state FROM scriptright.practice") == [("paused",)]


def test_a_run_goes_on_when_nobody_reads_its_progress_any_more(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    reads, writes = os.pipe()
    os.close(reads)
    words = [sys.executable, "-c", PROGRAM, "run", "elm"]
    ended = subprocess.run(words, stdout=writes, stderr=writes, check=False)
    os.close(writes)
    assert ended.returncode == 0
    assert rows(engine, "SELECT state FROM scriptright.load") == [("applied",)]


@pytest.mark.parametrize("columns", ["", "0", "wide"])
def test_no_width_of_the_terminal_makes_a_done_act_a_failed_one(
    command: CommandLine, engine: Engine, columns: str
) -> None:
    command.add_practice()
    os.environ["COLUMNS"] = columns
    said = command("practice", "pause", "elm", "--by", "Dana Field")
    assert (said.exit_code, said.stdout, said.stderr) == (0, "elm is paused\n", "")
    assert rows(engine, "SELECT state FROM scriptright.practice") == [("paused",)]
