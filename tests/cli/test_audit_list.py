"""`audit list`: who released, paused, changed and decided, without a look into the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.on_call_login import as_on_call
from tests.scriptright.builders import add_practice, client, load


def test_the_trail_tells_who_did_what_newest_first(command: CommandLine, engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")])
    command("practice", "set", "oak", "thresholds.missing_percent=20", "--by", "Dana Field")
    command("practice", "pause", "oak", "--by", "Pat Doe", "--reason", "asked to stop")
    done = [
        (e["actor"], e["act"]) for e in command("audit", "list", "oak", "--json").data["entries"]
    ]
    assert done[:3] == [
        ("Pat Doe", "practice_paused"),
        ("Dana Field", "settings_changed"),
        ("pipeline", "load_applied"),
    ]
    table = " ".join(command("audit", "list", "oak").stdout.split())
    assert "settings (thresholds.missing_percent none 20" in table
    assert "clients_new 1" in table
    assert "clients_linked 0" not in table
    assert "Lee" not in table


def test_one_kind_of_act_and_what_came_before(command: CommandLine, engine: Engine) -> None:
    add_practice(engine)
    for act in ("pause", "resume", "pause"):
        command("practice", act, "oak", "--by", "Pat Doe")
    paused = command("audit", "list", "oak", "--act", "practice paused", "--limit", "1", "--json")
    assert paused.data["more"]
    [newest] = paused.data["entries"]
    earlier = command("audit", "list", "oak", "--before", str(newest["n"]), "--json").data[
        "entries"
    ]
    assert [entry["act"] for entry in earlier][:2] == ["practice_active", "practice_paused"]
    assert "more: the same with --before" in command("audit", "list", "oak", "--limit", "1").stdout
    assert command("audit", "list", "oak", "--act", "nothing").stdout == "oak: no such entry\n"


def test_a_practice_that_nobody_knows_is_refused(command: CommandLine) -> None:
    said = command("audit", "list", "nope", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "UnknownPractice"


def test_a_login_of_on_call_runs_what_the_runbook_has_it_look_at_first(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    page = Path("docs/runbook.md").read_text().partition("Look here first")[2]
    lines = page.split("```")[1].strip().splitlines()
    asked = [line.partition("#")[0].split()[1:] for line in lines]
    assert ["audit", "list", "oak"] in asked
    with as_on_call(engine, "scriptright_ops", "scriptright_load"):  # docs/security.md
        for words in asked:
            assert "SQLSTATE" not in command(*words).stderr, words
