"""Prescriptions that a new name or owner holds up: a pharmacist has a list of them."""

from __future__ import annotations

from contextlib import nullcontext

from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.on_call_login import as_on_call
from tests.scriptright.builders import add_practice, client, edit, load, pet
from tests.scriptright.handed import BOB, decide
from vet_pipeline.scriptright import web_shop


def test_a_prescription_that_needs_a_new_one_is_listed_with_why_and_for_whom(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    bob = client("2", **BOB)
    load(engine, "oak", 1, [client("1"), bob], [pet("p1", "1"), pet("p2", "1", name="Tom")])
    assert "no prescription waits for a new one" in command("review", "labels", "oak").stdout
    with engine.begin() as connection:
        for pet_id, name in ((1, "Rex"), (2, "Tom")):
            web_shop.add_prescription(connection, "oak", pet_id, label_name=name, drug="tramadol")
    load(
        engine, "oak", 2, [client("1"), bob], [pet("p1", "1", name="Max"), pet("p2", "2", name="Tom")]
    )  # fmt: skip
    decide(engine, yes=True)
    rex, tom = command("review", "labels", "oak", "--json").data["prescriptions"]
    assert rex.pop("since") < tom.pop("since")
    assert rex == {
        "prescription_id": 1, "drug": "tramadol", "label_name": "Rex",
        "state": "needs_new_prescription", "new_name": "Max", "pet_id": 1, "pet": "Max",
        "pet_deceased": False, "client_id": 1, "client": "Ann Lee", "owner_id": 1, "owner": "Ann Lee", "by": "Pat Doe",
    }  # fmt: skip
    assert tom == {
        "prescription_id": 2, "drug": "tramadol", "label_name": "Tom", "state": "owner_changed",
        "new_name": None, "pet_id": 2, "pet": "Tom", "pet_deceased": False, "client_id": 1,
        "client": "Ann Lee",
        "owner_id": 2, "owner": "Bob Moss", "by": "Pat Doe",
    }  # fmt: skip
    table = " ".join(command("review", "labels", "oak").stdout.split())
    for words in ("a new one for Max", "owner changed", "Bob Moss"):
        assert words in table
    assert (
        "more: the same with --after 1" in command("review", "labels", "oak", "--limit", "1").stdout
    )
    assert "Rex" not in command("review", "labels", "oak", "--after", "1").stdout


def test_a_pet_that_its_owner_has_again_says_so(command: CommandLine, engine: Engine) -> None:
    add_practice(engine)
    both = [client("1"), client("2", **BOB)]
    load(engine, "oak", 1, both, [pet("p1", "1")])
    with engine.begin() as connection:
        web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug="tramadol")
    for seq, owner, told in ((2, "2", "changed │"), (3, "1", "changed, and back │")):
        load(engine, "oak", seq, both, [pet("p1", owner)])
        decide(engine, yes=True)
        listed = " ".join(command("review", "labels", "oak").stdout.split())
        assert f"owner {told}" in listed


def test_nobody_is_asked_to_write_a_new_one_for_a_dead_pet_unawares(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    with engine.begin() as connection:
        for drug in ("tramadol", "insulin"):
            web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug=drug)
    load(engine, "oak", 2, [client("1")], [pet("p1", "1", name="Max", deceased_flag="1")])
    asked = " ".join(command("review", "list", "oak").stdout.replace("│", " ").split())
    assert "deceased prescriptions: 2" in asked
    assert "snapshot 2" in asked
    command("review", "confirm", "oak", "1", "--same-animal", "--by", "Dana Field")
    assert "confirmed by Dana Field" in command("review", "list", "oak", "--state", "all").stdout
    held = command("review", "labels", "oak", "--json").data["prescriptions"]
    assert [one["pet_deceased"] for one in held] == [True, True]
    assert "deceased" in command("review", "labels", "oak").stdout


def test_what_is_held_is_told_where_staff_look_for_what_waits(
    command: CommandLine, engine: Engine
) -> None:
    """The web shop had renamed him, with nobody to tell it to: no list and no status led there."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    with engine.begin() as connection:
        web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug="tramadol")
    assert "review labels" not in command("review", "list", "oak").stdout
    assert command("status", "oak", "--json").data["practices"][0]["held_prescriptions"] == 0
    edit(engine, "pet", name="Max")
    assert command("review", "list", "oak").stdout.splitlines() == [
        "oak: nothing waits for a person",
        "prescriptions that are held: 1   vet-pipeline review labels oak",
    ]
    assert command("review", "list", "oak", "--json").data["held_prescriptions"] == 1
    for login in (nullcontext(), as_on_call(engine, "scriptright_ops")):
        with login:
            for practice in ((), ("oak",)):
                [status] = command("status", *practice, "--json").data["practices"]
                assert status["held_prescriptions"] == 1
                assert status["what_to_do"] == "vet-pipeline review labels oak"
