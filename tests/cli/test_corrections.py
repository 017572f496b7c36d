"""What on-call puts right: a wrong connection or address, and a parked confirmation."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, make_pims
from tests.scriptright.builders import rows

BY = ("--by", "Dana Field")
_COPIED_IN_THE_MORNING = """
    UPDATE scriptright.practice
    SET last_success_at = date_trunc('day', now(), 'UTC') - interval '4 hours'
"""  # 9 or 8 o'clock in Auckland, whenever the test runs


def test_a_wrong_connection_is_corrected_and_the_practice_can_be_read(
    command: CommandLine, engine: Engine
) -> None:
    said = command(
        *("practice", "add", "elm", "--name", "Elm Vets", "--pims", "generic", "--odbc", "DSN=no"),
        *("--by", "Dana Field"),
        *("--email", "desk@elm.example.com", "--timezone", "America/Chicago"),
    )
    assert said.exit_code == 0, said.stderr
    assert command("plan", "elm").exit_code == 1
    odbc = make_pims(command.pims, [BELL], [REX])
    assert command("practice", "change", "elm", "--odbc", odbc, *BY).exit_code == 0
    assert command("plan", "elm", "--json").data["clients"]["read"] == 1
    changed = command(
        "practice", "change", "elm", "--email", "front@elm.example.com", *BY, "--json"
    )
    assert changed.data["email"] == "front@elm.example.com"
    with engine.connect() as connection:
        acts = connection.execute(text("SELECT actor, act, detail FROM scriptright.audit"))
        assert [tuple(row) for row in acts][1:] == [
            ("Dana Field", "connection_changed", {}),
            ("Dana Field", "contact_changed", {}),
        ]


def test_name_zone_and_hours_are_corrected_and_the_next_refresh_is_planned_anew(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    with engine.begin() as connection:  # so that an hour's night lies 49 to 71 hours later
        connection.execute(text(_COPIED_IN_THE_MORNING))
    before = command("practice", "show", "elm", "--json").data
    said = command(
        *("practice", "change", "elm", "--name", "Elm & Oak", "--timezone", "Pacific/Auckland"),
        *("--quiet-hours", "01:00-02:00", "--json", *BY),
    )
    assert said.exit_code == 0, said.stderr
    facts = ("name", "timezone", "quiet_from", "quiet_to")
    assert [said.data[f] for f in facts] == ["Elm & Oak", "Pacific/Auckland", "01:00", "02:00"]
    planned = datetime.fromisoformat(said.data["next_due_at"])
    assert planned.astimezone(ZoneInfo("Pacific/Auckland")).hour == 1
    assert said.data["next_due_at"] != before["next_due_at"]
    none = command("practice", "change", "elm", "--quiet-hours", "none", "--json", *BY).data
    assert (none["timezone"], none["quiet_from"], none["quiet_to"]) == (
        "Pacific/Auckland", None, None,
    )  # fmt: skip
    acts = "SELECT act FROM scriptright.audit WHERE act LIKE '%_changed' ORDER BY n"
    assert rows(engine, acts) == [("name_changed",), ("hours_changed",), ("hours_changed",)]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--name", " "],
        ["--timezone", "localtime"],
        ["--quiet-hours", "21-6"],
        ["--odbc", "DRIVER=X;PWD=secret"],
        ["--odbc", "DSN=elm", "--odbc-env", "ELM_ODBC"],
        ["--odbc", "FOLDER=exports"],
        ["--odbc-env", "DRIVER=X;PWD=secret"],
        ["--email", "desk@elm.example.com, front@elm.example.com"],
    ],
)
def test_a_correction_that_is_not_clear_changes_nothing(
    command: CommandLine, words: list[str]
) -> None:
    command.add_practice()
    before = command("practice", "show", "elm", "--json").data
    said = command("practice", "change", "elm", *words, *BY)
    assert said.exit_code == 2
    assert "secret" not in said.stdout + said.stderr
    assert command("practice", "show", "elm", "--json").data == before


@pytest.mark.parametrize(
    "words",
    [
        ["change", "elm", "--odbc", "DSN=elm"],
        ["set", "elm", "thresholds.floor=30"],
        ["pause", "elm"],
        ["resume", "elm"],
        [
            *("add", "oak", "--name", "Oak Vets", "--pims", "generic", "--odbc", "DSN=oak"),
            *("--email", "desk@oak.example", "--timezone", "America/Chicago"),
        ],
    ],
)
def test_no_act_on_the_registry_is_anonymous(
    command: CommandLine, engine: Engine, words: list[str]
) -> None:
    command.add_practice()
    before = rows(engine, "SELECT p::text FROM scriptright.practice p")
    said = command("practice", *words, "--by", " ")
    assert said.exit_code == 2
    assert "--by NAME" in said.stderr
    assert command("practice", *words).exit_code == 2  # no login stands in for a name
    assert rows(engine, "SELECT p::text FROM scriptright.practice p") == before


@pytest.mark.parametrize(("word", "state"), [("arrived", "sent"), ("again", "pending")])
def test_a_parked_confirmation_is_settled_by_a_named_person_once(
    command: CommandLine, engine: Engine, word: str, state: str
) -> None:
    command.add_practice()
    copy(command)
    refused = command("email", word, "elm", *BY)
    assert refused.exit_code == 1
    assert "no email of the practice is parked" in refused.stderr
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.outbox SET state = 'parked', attempts = 1"))
    assert command("email", word, "elm", "--by", " ").exit_code == 2
    (line,) = command("status", "elm", "--json").data["practices"]
    assert (line["state"], line["what_to_do"]) == (
        "email parked",
        "ask the practice whether it has arrived: then vet-pipeline email arrived elm --by NAME,"
        " else vet-pipeline email again elm --by NAME",
    )
    assert command("email", word, "elm", *BY, "--json").data == {"practice": "elm", "email": state}
    assert command("email", word, "elm", *BY).exit_code == 1
    with engine.connect() as connection:
        found = connection.execute(text("SELECT state, attempts FROM scriptright.outbox")).one()
        said = connection.execute(
            text("SELECT actor, act FROM scriptright.audit ORDER BY n DESC LIMIT 1")
        ).one()
    assert tuple(found) == (state, 1)
    assert tuple(said) == ("Dana Field", f"email_{word}")


def test_without_a_mail_server_sending_says_what_to_set(command: CommandLine) -> None:
    said = command("email", "send")
    assert said.exit_code == 2
    assert "VET_PIPELINE_SMTP_HOST" in said.stderr


def test_what_a_restored_backup_was_still_to_send_is_told_as_parked(
    command: CommandLine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.add_practice()
    make_pims(command.pims, [BELL], [REX])
    copy(command)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.outbox SET requested_in = 'before'"))
    monkeypatch.setenv("VET_PIPELINE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("VET_PIPELINE_SMTP_SENDER", "Pharmacy <desk@pharmacy.example>")
    (said,) = command("email", "send", "--json").data["emails"]
    assert (said["practice"], said["state"]) == ("elm", "parked")
    (line,) = command("status", "elm", "--json").data["practices"]
    assert line["state"] == "email parked"
