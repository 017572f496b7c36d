"""Help is there for every command, and answers without loading what only a run needs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.cli.conftest import CommandLine
from vet_pipeline.cli import app


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command of the program, as the words it is called by."""
    if not hasattr(command, "commands"):
        yield " ".join(words)
        return
    for name, below in sorted(command.commands.items()):
        yield from _commands(below, (*words, name))


COMMANDS = list(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_explains_itself(words: str) -> None:
    said = CliRunner().invoke(app, [*words.split(), "--help"])
    assert said.exit_code == 0
    assert "Usage" in said.stdout


@pytest.mark.parametrize("words", [c for c in COMMANDS if c != "dev"])
def test_every_command_that_prints_can_print_json(words: str) -> None:
    said = CliRunner().invoke(app, [*words.split(), "--help"], env={"COLUMNS": "200"})
    assert "--json" in said.stdout


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_about_something_has_an_example(words: str) -> None:
    said = CliRunner().invoke(app, [*words.split(), "--help"], env={"COLUMNS": "200"}).stdout
    assert "Arguments" not in said or f"vet-pipeline {words} " in said.partition("Example")[2]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_and_argument_says_what_it_is(words: str) -> None:
    command: Any = typer.main.get_command(app)
    for word in words.split():
        command = command.commands[word]
    assert [one.opts for one in command.params if not one.help] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_the_line_of_usage_says_once_what_may_be_left_out_and_what_may_be_several(
    words: str,
) -> None:
    said = CliRunner().invoke(app, [*words.split(), "--help"], env={"COLUMNS": "200"}).stdout
    usage = next(line for line in said.splitlines() if "Usage:" in line)
    assert not re.search(r"\[\[|\.\.\.[\]}]", usage), usage


def test_the_list_of_commands_is_grouped_by_what_one_is_about_to_do() -> None:
    lines = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).stdout.splitlines()
    first_words = [line.strip("╭│─╰╮╯ ").split("  ")[0] for line in lines]
    listed = first_words[first_words.index("Copying a practice") :]
    assert [word for word in listed if word] == [
        *("Copying a practice", "practice", "connector", "plan", "run", "status", "policy"),
        *("Deciding what waits for a person", "review", "link", "release", "history"),
        *("On call", "failed", "show", "retry", "watch", "email", "audit"),
        *("Setting up and trying out", "demo", "dev", "migrate", "match"),
    ]


@pytest.mark.parametrize(
    ("group", "listed"),
    [
        ("practice", "add list show change set pause resume offboard"),
        ("review", "list confirm reject reopen labels misread"),
        ("link", "list explain confirm reject keep undo join part sample"),
    ],
)
def test_the_commands_of_a_group_stand_as_one_comes_to_need_them(group: str, listed: str) -> None:
    lines = CliRunner().invoke(app, [group, "--help"], env={"COLUMNS": "200"}).stdout.splitlines()
    words = [line.strip("│ ").split("  ")[0] for line in lines if line.startswith("│")]
    assert [word for word in words if not word.startswith("-")] == listed.split()


@pytest.mark.parametrize("words", COMMANDS)
def test_what_an_example_does_stands_in_brackets_behind_it(words: str) -> None:
    """Without colours nothing else tells the one from the other, and both are copied."""
    command: Any = typer.main.get_command(app)
    for word in words.split():
        command = command.commands[word]
    shown = [part for part in (command.epilog or "").split("\n\n") if "`vet-pipeline" in part[:14]]
    assert [one for one in shown if not re.fullmatch(r"`[^`]+`( \(.+\))?\s*", one)] == []


def test_help_loads_nothing_heavy() -> None:
    heavy = ["pandas", "sqlalchemy", "pyodbc", "dagster", "great_expectations", "pyarrow"]
    script = (
        "import sys; from vet_pipeline.cli import app; from typer.testing import CliRunner;"
        "assert CliRunner().invoke(app, ['run', '--help']).exit_code == 0;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words",
    [["run"], ["no-such-command"], ["run", "elm", "--no-such-option"], ["review", "list"]],
)
def test_wrong_usage_has_exit_code_2(command: CommandLine, words: list[str]) -> None:
    assert command(*words).exit_code == 2
