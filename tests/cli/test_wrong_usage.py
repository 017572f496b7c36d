"""Plain mistakes on the command line: told as such, with the next step, and as JSON where asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

PROJECT = Path(__file__).resolve().parents[2]


def test_a_database_url_that_cannot_be_read_is_wrong_usage(command: CommandLine) -> None:
    os.environ["SCRIPTRIGHT_URL"] = "postgresql://nobody:hunter2@127.0.0.1:port/scriptright"
    said = command("practice", "list", "--json")
    assert (said.exit_code, said.data["error"]["kind"]) == (2, "UsageError")
    assert "hunter2" not in said.stdout + said.stderr


def test_a_file_where_a_folder_belongs_is_wrong_usage(command: CommandLine) -> None:
    file = command.home / "file"
    file.write_text("client_id,first_name,last_name\n")
    sides = [
        word
        for option in ("--home-clients", "--home-pets", "--pims-clients", "--pims-pets")
        for word in (option, str(file))
    ]
    for words in (
        ["practice", "list", "--home", str(file)],
        ["practice", "list", "--home", str(file / "below")],
        ["match", *sides, "--out", str(file)],
    ):
        said = command(*words)
        assert said.exit_code == 2, said.stderr
        assert "is a file, not a folder" in said.stderr


def test_a_home_that_cannot_be_made_is_wrong_usage(command: CommandLine) -> None:
    del os.environ["SCRIPTRIGHT_URL"]  # the embedded server lives in the home
    said = command("practice", "list", "--home", "/proc/none/home")
    assert said.exit_code == 2
    assert "nothing can be written under /proc/none/home" in said.stderr


def test_beside_a_named_database_the_home_is_never_a_folder_where_a_person_happens_to_be(
    command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    del os.environ["VET_PIPELINE_HOME"]
    said = command("status", "--json")
    assert (said.exit_code, said.data["error"]["kind"]) == (2, "UsageError")
    assert "VET_PIPELINE_HOME" in said.data["error"]["next_step"]
    assert list(tmp_path.iterdir()) == []
    assert command("status", "--home", str(tmp_path / "home")).exit_code == 0


@pytest.mark.parametrize("words", [["watch"], ["run", "elm"]])
def test_in_productions_home_no_command_starts_a_database_for_dagster(
    command: CommandLine, words: list[str]
) -> None:
    command.add_practice()
    settings = command.home / "dagster" / "dagster.yaml"
    settings.parent.mkdir()
    shutil.copy(PROJECT / "deploy" / "one-machine" / "dagster.yaml", settings)
    del os.environ["DAGSTER_PG_URL"]
    said = command(*words)
    assert said.exit_code == 2
    assert "DAGSTER_PG_URL isn't set" in said.stderr
    assert not (command.home / "postgres").exists()


def test_in_a_pod_whose_dagster_has_its_own_settings_no_command_starts_a_database_for_dagster(
    command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the chart's settings lie at DAGSTER_HOME, and the home is an empty folder of the pod's."""
    command.add_practice()
    (tmp_path / "dagster.yaml").write_text("storage:\n  postgres:\n    postgres_db: {}\n")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    del os.environ["DAGSTER_PG_URL"]
    said = command("watch")
    assert said.exit_code == 2
    words = " ".join(said.stderr.split())
    assert "DAGSTER_PG_URL isn't set, and DAGSTER_HOME leads to settings of its own" in words
    assert "where that folder is another project's: unset DAGSTER_HOME" in words
    assert not (command.home / "postgres").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["review", "list", "elm", "--limit", "many", "--json"],
        ["review", "list", "--json"],
        ["review", "confirm", "elm", "--json", "1", "--no-such-option"],
        ["no-such-command", "--json"],
        *(["link", act, "elm", "9" * 20, "--by", "Dana", "--json"] for act in ("confirm", "keep")),
    ],
)
def test_words_that_are_no_commands_are_told_as_json_too(
    command: CommandLine, words: list[str]
) -> None:
    said = command(*words)
    assert (said.exit_code, said.data["error"]["kind"]) == (2, "UsageError")


def test_a_terminal_that_cannot_write_a_name_gets_it_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "für_uns"
    program = (
        "import sys; from vet_pipeline.cli.app import main\n"
        f"sys.argv[1:] = ['connector', 'new', 'own_pims', '--in', {ascii(str(folder))}]\n"
        "main()\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1", "COLUMNS": "300"},
        capture_output=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, b"")
    assert b"f\\xfcr_uns" in said.stdout


@pytest.mark.parametrize("words", [["practice", "show", b"o\xffk"], ["run", b"caf\xe9", "--json"]])
def test_bytes_that_are_no_text_are_wrong_usage(
    command: CommandLine, words: list[str | bytes]
) -> None:
    program = "from vet_pipeline.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True)
    assert ran.returncode == 2
    assert "bytes that aren't UTF-8" in ran.stderr
    assert ("UsageError" in ran.stdout) == ("--json" in words)
