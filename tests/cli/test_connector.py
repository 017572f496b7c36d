"""`connector`: listed, checked against a database, started anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.pims import BELL, REX, change, make_pims


def test_the_connectors_are_listed(command: CommandLine) -> None:
    found = command("connector", "list", "--json").data["connectors"]
    assert {"generic", "openvpms", "asm3"} <= {one["name"] for one in found}


def test_a_database_that_can_be_read_has_exit_code_0(command: CommandLine) -> None:
    odbc = make_pims(command.pims, [BELL], [REX])
    said = command("connector", "check", "generic", "--odbc", odbc, "--json")
    assert said.exit_code == 0
    assert said.data["ready"] is True
    assert (said.data["profile"]["clients"], said.data["profile"]["patients"]) == (1, 1)
    for shown in (said.stdout, command("connector", "check", "generic", "--odbc", odbc).stdout):
        assert "Bell" not in shown
        assert "Rex" not in shown


def test_a_word_of_the_pims_steers_no_terminal(command: CommandLine) -> None:
    hostile = {"status": "\x1b[2J\x1b[1mcan be read\u202e"}
    clients = [{**BELL, "client_key": f"C{n}"} for n in range(10)]
    pets = [{**REX, **hostile, "patient_key": f"P{n}", "client_key": f"C{n}"} for n in range(10)]
    odbc = make_pims(command.pims, clients, pets)
    said = command("connector", "check", "generic", "--odbc", odbc).stdout
    mind = "mind: patients.status: 1 word not understood"
    assert rf"{mind} (\u001b[2J\u001b[1mcan be read\u202e)" in said
    assert "\x1b" not in said


def test_a_database_that_cannot_be_read_has_exit_code_1_and_reasons(
    command: CommandLine,
) -> None:
    os.environ["ELM_DB"] = make_pims(command.pims, [BELL], [REX])
    change(command.pims, "ALTER TABLE vetpipeline_clients DROP COLUMN email")
    said = command("connector", "check", "generic", "--odbc-env", "ELM_DB", "--json")
    assert said.exit_code == 1
    assert said.data["ready"] is False
    assert "email" in " ".join(said.data["reasons"])


def test_a_password_on_the_command_line_is_refused(command: CommandLine) -> None:
    said = command("connector", "check", "generic", "--odbc", "DSN=elm;PWD=hunter2")
    assert said.exit_code == 2
    assert "--odbc-env NAME" in said.stderr
    assert "hunter2" not in said.stdout + said.stderr


def test_a_string_given_as_the_variables_name_is_refused_and_not_repeated(
    command: CommandLine,
) -> None:
    said = command("connector", "check", "generic", "--odbc-env", "DRIVER=X;PWD=secret")
    assert said.exit_code == 2
    assert "no variable's name" in said.stderr
    assert "secret" not in said.stdout + said.stderr


def test_a_connector_of_your_own_reads_from_the_first_day(
    command: CommandLine, tmp_path: Path
) -> None:
    made = command("connector", "new", "mypims", "--in", str(tmp_path), "--json")
    assert made.exit_code == 0
    odbc = make_pims(command.pims, [BELL], [REX])
    own = str(tmp_path / "mypims")
    assert command("connector", "check", own, "--odbc", odbc).exit_code == 0
    assert command("connector", "new", "mypims", "--in", str(tmp_path)).exit_code == 2


def test_a_connector_of_your_own_is_found_from_wherever_a_run_starts(
    command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    said = command("connector", "new", "mypims").stdout
    assert "vet-pipeline connector check ./mypims --odbc ..." in said
    odbc = make_pims(command.pims, [BELL], [REX])
    assert command("connector", "check", "./mypims", "--odbc", odbc).exit_code == 0
    words = ["--name", "Elm", "--email", "desk@elm.example", "--timezone", "America/Chicago"]
    added = command(
        *("practice", "add", "elm", *words, "--pims", "./mypims", "--odbc", odbc, "--json"),
        *("--by", "Dana Field"),
    )
    assert added.data["pims"] == str(tmp_path / "here" / "mypims")
    monkeypatch.chdir(tmp_path)
    assert command("plan", "elm").exit_code == 0
