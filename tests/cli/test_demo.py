"""The demo, on smaller practices than its own: two rounds, real mail, and again from the start."""

from __future__ import annotations

import os
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine
from vet_pipeline.demo import scenario

pytestmark = pytest.mark.slow


def test_two_rounds_merge_hold_quarantine_and_send_one_mail_each(
    command: CommandLine, server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SCRIPTRIGHT_URL", "DAGSTER_PG_URL"):
        del os.environ[name]
    oak, _, moon, pine = scenario.DEMO_PRACTICES
    small = (replace(oak, clients=100, home_clients=40), replace(moon, clients=60),
             replace(pine, clients=200))  # fmt: skip
    home = ("--home", str(server_home))
    monkeypatch.setattr(scenario, "DEMO_PRACTICES", small[:1])
    told = command("demo", *home)
    assert told.exit_code == 0, told.stderr
    assert f"\n  export VET_PIPELINE_HOME={server_home.resolve()}\n" in told.stdout
    assert "  oak-creek: first load: applied in " in told.stderr  # a line as each run ends
    monkeypatch.setattr(scenario, "DEMO_PRACTICES", small)
    said = command("demo", *home, "--json")  # it starts anew
    assert said.exit_code == 0, said.stderr
    first, refresh = said.data["rounds"]["first load"], said.data["rounds"]["refresh"]
    assert [one["state"] for one in first] == ["applied"] * 3
    assert [one["state"] for one in refresh] == ["applied", "held", "applied"]
    assert first[0]["counts"]["clients_linked"] >= 20
    assert refresh[0]["counts"]["changes_applied"] >= 6
    assert {one["reason"] for one in said.data["not_taken"]["pine-ridge"]} >= {
        "duplicate_key",
        "no_key",
        "impossible_birth_date",
    }
    assert set(said.data["emails"].values()) == {"sent"}
    mails = [message_from_bytes(path.read_bytes())
             for path in Path(said.data["mail_folder"]).glob("*.eml")]  # fmt: skip
    assert sorted(mail["To"] for mail in mails) == [
        "desk@half-moon.example.com",
        "desk@oak-creek.example.com",
        "desk@pine-ridge.example.com",
    ]


def test_a_real_server_is_never_emptied_for_the_demo(command: CommandLine) -> None:
    command.add_practice()
    refused = command("demo")
    assert refused.exit_code == 2
    assert "SCRIPTRIGHT_URL" in refused.stderr
    assert len(command("practice", "list", "--json").data["practices"]) == 1


def test_a_real_practice_under_a_demos_id_is_left_alone(
    command: CommandLine, server_home: Path
) -> None:
    for name in ("SCRIPTRIGHT_URL", "DAGSTER_PG_URL"):
        del os.environ[name]
    os.environ["VET_PIPELINE_HOME"] = str(server_home)
    command.add_practice("oak-creek")
    assert command("demo").exit_code == 2
    [practice] = command("practice", "list", "--json").data["practices"]
    assert practice["practice"] == "oak-creek"


def test_a_home_with_other_practices_is_left_alone(command: CommandLine, server_home: Path) -> None:
    for name in ("SCRIPTRIGHT_URL", "DAGSTER_PG_URL"):
        del os.environ[name]
    os.environ["VET_PIPELINE_HOME"] = str(server_home)
    command.add_practice()
    refused = command("demo")
    assert refused.exit_code == 2
    assert "what isn't the demo's: elm\n" in refused.stderr
    assert "--home FOLDER" in refused.stderr
    assert len(command("practice", "list", "--json").data["practices"]) == 1
