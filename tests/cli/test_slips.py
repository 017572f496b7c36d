"""A slip of who decides: each refusal and each page leads to the command that puts it right."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import change
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop

BY = ("--by", "Dana Field")


def shown(told: str, before: str) -> list[str]:
    """The words of the command that stands behind `before`, without the program's name."""
    [command] = [line.removeprefix(before) for line in told.splitlines() if line.startswith(before)]
    return command.removeprefix("vet-pipeline ").removesuffix(" --by NAME").split()


def test_not_the_same_said_by_slip_is_taken_back_by_what_is_shown_and_so_is_the_same(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "elm", {"first_name": "Ann", "last_name": "Bell"})
    copy(command, told=ToldMatcher({"C1": ("possible", [home])}))
    assert command("link", "reject", "elm", "1", *BY).exit_code == 0
    refused = command("link", "confirm", "elm", "1", *BY)
    look = f"link explain elm client C1 --with {home}"
    assert f"look at both with `vet-pipeline {look}`" in " ".join(refused.stderr.split())
    join = shown(command(*look.split()).stdout, "if they are one: ")
    assert command(*join, *BY).exit_code == 0
    undo = shown(command(*look.split()).stdout, "if they are two: ")
    own = command(*undo, *BY, "--json").data["new_id"]
    told = " ".join(command("history", "elm", "--client", str(home)).stdout.split())
    assert f"unlinked │ link │ client {home} │ client {own} │" in told
    assert shown(command(*look.split()).stdout, "if they are one: ")[:2] == ["link", "join"]


@pytest.mark.parametrize("word", ["confirm", "reject"])
def test_who_decides_a_suggestion_again_is_led_to_who_decided_it(
    command: CommandLine, word: str
) -> None:
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET address_line1 = '9 Elm Ave'")
    copy(command)
    assert command("review", word, "elm", "1", *BY).exit_code == 0
    error = command("review", "confirm", "elm", "1", *BY, "--json").data["error"]
    told = [part for part in error["next_step"].split("`") if part.startswith("vet-pipeline")][-1]
    assert told == "vet-pipeline history elm --client 1"
    assert "Dana Field" in command(*told.split()[1:]).stdout


def test_a_no_to_a_suggestion_said_by_slip_is_taken_back_by_what_is_shown(
    command: CommandLine,
) -> None:
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET address_line1 = '9 Elm Ave'")
    copy(command)
    command("review", "reject", "elm", "1", *BY)
    refused = " ".join(command("review", "confirm", "elm", "1", *BY).stderr.split())
    reopen = "review reopen elm 1"
    assert f"if the no was a slip, `vet-pipeline {reopen} --by NAME`" in refused
    listed = command("review", "list", "elm", "--state", "rejected").stdout
    assert f"a no that was a slip: vet-pipeline {reopen.replace('1', 'NUMBER')}" in listed
    said = command(*reopen.split(), "1", "--by", "Pat Doe").stdout.splitlines()
    assert said == ["1: open (client 1, address)"]
    assert "9 Elm Ave" in command("review", "list", "elm").stdout
    assert command("review", "confirm", "elm", "1", *BY).exit_code == 0
    history = command("history", "elm", "--client", "1", "--json").data["events"]
    assert [(e["kind"], e["by"]) for e in history if e["kind"].startswith("suggestion")] == [
        ("suggestion_opened", None),
        ("suggestion_rejected", "Dana Field"),
        ("suggestion_reopened", "Pat Doe"),
        ("suggestion_confirmed", "Dana Field"),
    ]


def test_a_link_is_undone_as_it_was_shown_and_no_other_that_was_made_meanwhile(
    command: CommandLine, engine: Engine
) -> None:
    """A colleague had put the wrong link right; undone was the right one, and told apart for good."""
    command.add_practice()
    with engine.begin() as connection:
        for street in ("1 Fir Rd", "12 Oak St"):
            ann = {"first_name": "Ann", "last_name": "Bell", "address_line1": street}
            web_shop.add_client(connection, "elm", ann)
    copy(command, told=ToldMatcher({"C1": ("linked", [1])}))
    undo = shown(command("link", "explain", "elm", "client", "C1").stdout, "if they are two: ")
    look = ("link", "explain", "elm", "client", "C1", "--with", "2")
    said = command(*look).stdout
    assert shown(said, "it is linked with client 1; if those are two: ") == undo
    assert "link join" not in said, "it would be refused"
    assert command(*undo, *BY).exit_code == 0
    assert command(*shown(command(*look).stdout, "if they are one: "), *BY).exit_code == 0
    refused = command(*undo, *BY)
    assert refused.exit_code == 1
    assert "the PIMS client feeds client 2 by now, not 1" in " ".join(refused.stderr.split())
    assert command("link", "undo", "elm", "client", "C1", *BY).exit_code == 0


def test_prescriptions_that_undoing_a_link_changes_are_told_before_it_is_done(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "elm", {"first_name": "Ann", "last_name": "Bell"})
        max_ = web_shop.add_pet(connection, "elm", ann, {"name": "Max", "species": "dog"})
        web_shop.add_prescription(connection, "elm", max_, label_name="Max", drug="tramadol")
    copy(command, told=ToldMatcher({"C1": ("linked", [ann])}, {"P1": ("linked", [max_])}))
    renamed = ("--same-animal", "--statement", "chip read", *BY)
    number = command("review", "list", "elm", "--field", "name", "--json").data["suggestions"][0]
    assert (
        command("review", "confirm", "elm", str(number["suggestion_id"]), *renamed).exit_code == 0
    )
    undo = ("link", "undo", "elm", "pet", "P1", *BY)
    told = command(*undo)
    assert told.exit_code == 1
    said = " ".join(told.stderr.split())
    assert "nothing is done yet, as it changes what is sent: prescription 1: active (pet 1)" in said
    assert states(engine) == ["needs_new_prescription"]
    assert command(*undo, "--shown", said.split("--shown ")[1][:16]).exit_code == 0
    assert states(engine) == ["active"]


def states(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT state FROM scriptright.prescription")
        return list(found.scalars())
