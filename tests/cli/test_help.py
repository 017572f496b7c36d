"""Help is there for every command, and answers without loading what only a run needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.conftest import CommandLine

COMMANDS = [
    "practice add", "practice list", "practice show", "practice pause", "practice resume", "practice set",
    "run", "plan", "status", "failed", "retry", "release", "review list", "review confirm",
    "review reject", "link list", "link sample", "link keep", "link confirm", "link reject", "link undo", "link explain",
    "history", "match", "connector check", "connector list", "connector new", "migrate", "demo",
    "dev", "audit verify",
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_explains_itself(command: CommandLine, words: str) -> None:
    said = command(*words.split(), "--help")
    assert said.exit_code == 0
    assert "Usage" in said.stdout


@pytest.mark.parametrize("words", [c for c in COMMANDS if c not in {"dev"}])
def test_every_command_that_prints_can_print_json(command: CommandLine, words: str) -> None:
    assert "--json" in command(*words.split(), "--help").stdout


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
