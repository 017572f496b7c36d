"""Registering practices: what is checked, what is stored, what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster import DagsterInstance
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import rows
from vet_pipeline.cli.output import console
from vet_pipeline.cli.practice import print_nobody
from vet_pipeline.cli.session import Session

GOOD = {
    "--name": "Elm Vets",
    "--pims": "generic",
    "--odbc": "DRIVER=SQLite3;Database=/data/elm.sqlite",
    "--email": "desk@elm.example.com",
    "--timezone": "America/Chicago",
    "--by": "Dana Field",
}


def add(command: CommandLine, practice_id: str = "elm", **changes: str | None) -> list[str]:
    """The words of `practice add`; None leaves an option out."""
    named = {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    options = {**GOOD, **named}
    words = [word for pair in options.items() if pair[1] is not None for word in pair]
    return ["practice", "add", practice_id, *(str(word) for word in words)]


def test_a_practice_is_registered_and_becomes_a_partition(command: CommandLine) -> None:
    said = command(*add(command, quiet_hours="21:00-06:30", weight_unit="lb"), "--json")
    assert said.exit_code == 0, said.stderr
    data = said.data
    assert data.pop("installed_at")
    assert data.pop("read_there_too") == data.pop("named_so_too") == []
    assert data == {
        "practice": "elm",
        "name": "Elm Vets",
        "pims": "generic",
        "odbc": "registered",
        "email": "desk@elm.example.com",
        "timezone": "America/Chicago",
        "quiet_from": "21:00",
        "quiet_to": "06:30",
        "state": "active",
        "state_reason": None,
        "settings": {"weight_unit_when_missing": "lb"},
        "applied_snapshot": None,
        "last_success_at": None,
        "next_due_at": None,
    }
    assert command("practice", "show", "elm", "--json").data == {
        **data,
        "installed_at": said.data["installed_at"],
    }
    with DagsterInstance.get() as instance:
        assert "elm" in instance.get_dynamic_partitions("practices")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"timezone": "Chicago"}, "time zone"),
        ({"email": "desk at elm"}, "email"),
        ({"pims": "no_such_pims"}, "no connector"),
        ({"quiet_hours": "9pm-6am"}, "quiet hours"),
        ({"quiet_hours": "06:00-06:00"}, "quiet hours"),
        ({"quiet_hours": "23:50-00:05"}, "last 15 minutes of quiet hours"),
        ({"name": " "}, "name is blank"),
        ({"weight_unit": "stone"}, "weight unit"),
        ({"odbc": None}, "exactly one ODBC source"),
        ({"odbc_env": "ELM_ODBC"}, "exactly one ODBC source"),
        ({"pims": "csv", "odbc": "FOLDER=exports"}, "no whole path"),
        ({"pims": "csv", "odbc": "/data/elm"}, "connector csv doesn't read what"),
        ({"pims": "csv", "odbc": "FOLDER='/data/elm'"}, "without quotation marks"),
        ({"odbc": "FOLDER=/data/elm"}, "doesn't read what the connection string names"),
        ({"odbc": "mysql://reader:secret@elm.example/pims"}, "doesn't read what the connection"),
        ({"odbc": "DRIVER=SQLite3;Database=elm.sqlite"}, "no whole path"),
        ({"odbc": "DRIVER={SQLite3};database = {../oak/elm.sqlite}"}, "no whole path"),
        ({"odbc": "DRIVER=SQLite3;Database=file:elm.sqlite?mode=ro"}, "no whole path"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_registered(
    command: CommandLine, changes: dict[str, str | None], told: str
) -> None:
    said = command(*add(command, **changes))
    assert said.exit_code == 2
    assert told in said.stderr
    assert "next step:" in said.stderr
    assert command("practice", "list", "--json").data == {"practices": []}


@pytest.mark.parametrize(
    ("pims", "odbc"),
    [
        ("csv", "FOLDER=/data/elm"),
        ("generic", "DRIVER=SQLite3;Database=file:/data/elm.sqlite"),
        ("generic", "DRIVER={PostgreSQL Unicode};Server=pims.elm.example;Database=elm"),
        ("generic", "DSN=elm"),
    ],
)
def test_a_whole_path_and_a_server_s_database_are_registered(
    command: CommandLine, pims: str, odbc: str
) -> None:
    said = command(*add(command, pims=pims, odbc=odbc))
    assert said.exit_code == 0, said.stderr


def test_who_registers_another_practices_pims_is_told_whose_it_is(command: CommandLine) -> None:
    mind = "is read from the same place"
    assert "mind" not in command(*add(command)).stdout
    assert f"mind: elm {mind}" in command(*add(command, "oak")).stdout
    assert mind not in command(*add(command, "ash", pims="asm3")).stdout, "other tables"
    by = ("--by", "Dana Field")
    changed = command("practice", "change", "ash", "--pims", "generic", *by).stdout
    assert f"mind: elm, oak {mind}" in changed
    data = command("practice", "change", "oak", "--odbc-env", "OAK_ODBC", *by, "--json").data
    assert data["read_there_too"] == []


def test_who_registers_a_practice_under_a_second_id_is_told_of_the_first(
    command: CommandLine,
) -> None:
    command(*add(command))
    said = command(*add(command, "elmm", name="ELM Vets", odbc="DSN=elm2"))
    assert "mind: elm has this name, too" in said.stdout
    assert "vet-pipeline practice pause elmm --by NAME" in said.stdout
    other = command(*add(command, "oak", name="Oak Vets", odbc="DSN=oak"), "--json").data
    assert other["named_so_too"] == []


@pytest.mark.parametrize("practice_id", ["Elm", "elm street", "../elm", "é", "-elm", "e" * 64])
def test_an_id_is_short_and_plain(command: CommandLine, practice_id: str) -> None:
    assert command(*add(command, "--")[:2], *GOOD_WORDS, "--", practice_id).exit_code == 2
    assert command("practice", "list", "--json").data == {"practices": []}


GOOD_WORDS = [word for pair in GOOD.items() for word in pair]


def test_settings_are_changed_by_a_named_person_and_shown(
    command: CommandLine, engine: Engine
) -> None:
    command(*add(command, weight_unit="lb"))
    words = ("thresholds.missing_percent=20", "matching.link_bits=9", "reader.limits.page_rows=500")
    assert command("practice", "set", "elm", *words).exit_code == 2, "nobody's name"
    said = command("practice", "set", "elm", *words, "--by", "Kim Roe", "--json")
    assert said.exit_code == 0, said.stderr
    assert said.data["settings"] == {
        "thresholds": {"missing_percent": 20},
        "matching": {"link_bits": 9.0},
        "reader": {"limits": {"page_rows": 500}},
        "weight_unit_when_missing": "lb",
    }
    assert "matching.link_bits=9.0" in command("practice", "show", "elm").stdout
    back = command("practice", "set", "elm", "weight_unit_when_missing=", "--by", "Kim Roe")
    assert "weight_unit" not in back.stdout
    assert rows(
        engine,
        "SELECT actor, detail->'settings' FROM scriptright.audit"
        " WHERE act = 'settings_changed' ORDER BY n",
    ) == [
        ("Kim Roe", {
            "matching.link_bits": [None, "9.0"],
            "reader.limits.page_rows": [None, "500"],
            "thresholds.missing_percent": [None, "20"],
        }),
        ("Kim Roe", {"weight_unit_when_missing": ["lb", None]}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("reader.limits.rows=5", "limits of the read"),
        ("matching.engine=rule", "matching.engine"),
        ("weight_unit_when_missing=stone", "weight_unit_when_missing"),
        ("thresholds", "name=value"),
    ],
)
def test_a_setting_that_is_wrong_changes_nothing(
    command: CommandLine, word: str, told: str
) -> None:
    command(*add(command))
    said = command("practice", "set", "elm", "matching.link_bits=9", word, "--by", "Kim Roe")
    assert said.exit_code == 2
    assert "practice elm: " in said.stderr
    assert told in said.stderr
    assert command("practice", "show", "elm", "--json").data["settings"] == {}


@pytest.mark.parametrize("key", ["PWD", "Password", "pwd"])
def test_a_password_is_refused_with_a_hint_and_not_repeated(command: CommandLine, key: str) -> None:
    said = command(*add(command, odbc=f"DSN=elm;UID=reader;{key}=hunter2"))
    assert said.exit_code == 2
    assert "--odbc-env NAME" in said.stderr
    assert "hunter2" not in said.stdout + said.stderr


def test_the_odbc_string_is_never_shown(command: CommandLine) -> None:
    command(*add(command))
    for words in (["practice", "show", "elm"], ["practice", "list"], ["status", "elm"]):
        for form in ([], ["--json"]):
            assert "/data/elm.sqlite" not in command(*words, *form).stdout


def test_a_string_stored_as_a_variables_name_is_never_shown(
    command: CommandLine, engine: Engine
) -> None:
    """Releases before took anything for the name."""
    command(*add(command))
    stored = "UPDATE scriptright.practice SET odbc = NULL, odbc_env = 'DRIVER=x;PWD=hunter2'"
    with engine.begin() as connection:
        connection.exec_driver_sql(stored)
    for form in ([], ["--json"]):
        said = command("practice", "show", "elm", *form)
        assert said.exit_code == 0
        assert "hunter2" not in said.stdout + said.stderr
    assert "practice change" in said.data["odbc"]


def test_a_second_practice_of_the_same_id_is_refused(command: CommandLine) -> None:
    assert command(*add(command)).exit_code == 0
    said = command(*add(command))
    assert said.exit_code == 2
    assert "registered already" in said.stderr
    assert "vet-pipeline practice change elm -h" in said.stderr


def test_a_pause_that_is_repeated_keeps_its_reason_unless_another_is_given(
    command: CommandLine,
) -> None:
    command.add_practice()
    command("practice", "pause", "elm", "--reason", "server moves", "--by", "Dana")

    def repeated(*reason: str) -> str:
        return str(
            command("practice", "pause", "elm", *reason, "--by", "Dana", "--json").data[
                "state_reason"
            ]
        )

    assert repeated() == "server moves"
    assert repeated("--reason", "asked to stop") == "asked to stop"
    command("practice", "resume", "elm", "--by", "Dana")
    assert repeated() == "no reason given"


def test_a_paused_practice_is_not_read_until_it_is_resumed(command: CommandLine) -> None:
    command.add_practice()
    assert (
        command("practice", "pause", "elm", "--reason", "server moves", "--by", "Dana").exit_code
        == 0
    )
    said = command("plan", "elm")
    assert said.exit_code == 1
    assert said.stderr == (
        "error: practice elm: the practice is paused: nothing is read\n"
        "next step: see why with: vet-pipeline practice show elm\n"
    )
    assert command("practice", "resume", "elm", "--by", "Dana").exit_code == 0
    assert command("plan", "elm").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["practice", "show"], ["practice", "pause", "--by", "Dana"], ["practice", "resume", "--by", "Dana"], ["plan"], ["run"],
        ["status"], ["retry"], ["release", "--by", "Dana"], ["review", "list"],
        ["link", "list"], ["history", "--client", "1"], ["audit", "verify"],
    ],
)  # fmt: skip
def test_an_unknown_practice_is_told_by_every_command(
    command: CommandLine, words: list[str]
) -> None:
    groups = {"practice", "review", "link", "audit"}
    place = 2 if words[0] in groups else 1
    said = command(*words[:place], "nowhere", *words[place:], "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "UnknownPractice"
    assert "nowhere" in said.stderr


def test_a_home_without_a_practice_says_which_it_is(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the database is the home's own: a slip in its path makes a new one."""
    monkeypatch.delenv("SCRIPTRIGHT_URL", raising=False)
    print_nobody(console(), Session(Path("/srv/hmoe"), engine))
    assert capsys.readouterr().out.splitlines() == [
        "no practice is registered here (VET_PIPELINE_HOME: /srv/hmoe)",
        "next: name another home, or register one: vet-pipeline practice add -h",
    ]
