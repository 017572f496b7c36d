"""`review list` says whose a suggestion is: a person decides on people and animals, not on numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import add_practice, client, edit, load, pet, phones, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop

BOB = client("2", first_name="Bob", last_name="Moss", address_line1="9 Oak Ave", email=None)
ANN = {
    "first_name": "Ann", "last_name": "Lee", "address_line1": "12 Elm St", "city": "Springfield",
}  # fmt: skip
MOSS = {
    "first_name": "Bob", "last_name": "Moss", "address_line1": "9 Oak Ave", "city": "Springfield",
}  # fmt: skip

BESIDE = {
    "client": ANN, "pet": None, "new_owner": None, "deceased": False, "prescriptions": 0,
    "login_of": [], "namesakes": [], "saved_at": None,
}  # fmt: skip


def listed(command: CommandLine) -> dict[str, dict[str, Any]]:
    found = command("review", "list", "oak", "--json").data["suggestions"]
    return {suggestion["field"]: suggestion["whose"] for suggestion in found}


def test_an_owner_question_says_which_pet_and_who_both_owners_are(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), BOB], [pet("10", "1")])
    load(engine, "oak", 2, [client("1"), BOB], [pet("10", "2")])
    assert listed(command) == {"owner": BESIDE | {"pet": "Rex", "new_owner": MOSS}}
    table = " ".join(command("review", "list", "oak").stdout.split())
    for word in ("Rex", "Ann", "12 Elm St", "Bob", "9 Oak Ave", "PIMS 10"):
        assert word in table


def test_an_owner_who_has_a_pet_of_that_name_in_the_web_shop_alone_is_asked_about_as_one_pet(
    command: CommandLine, engine: Engine
) -> None:
    """Ann's Rex stood under her husband's row: moved, he stood there twice, and died as the copy."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", ANN | {"email": "ann@example.com"})
        web_shop.add_pet(connection, "oak", ann, {"name": "Rex", "species": "dog"})
        web_shop.add_pet(connection, "oak", ann, {"name": "Tom", "species": "cat"})
    load(engine, "oak", 1, [client("1"), BOB], [pet("10", "2")],
         matcher=ToldMatcher({"1": ("linked", [ann])}))  # fmt: skip
    load(engine, "oak", 2, [client("1"), BOB], [pet("10", "1")])
    assert listed(command)["owner"]["namesakes"] == [1]
    table = " ".join(command("review", "list", "oak").stdout.replace("│", "").split())
    assert "who has pet 1 of that name: one pet?" in table
    [asked] = command("review", "list", "oak", "--field", "owner", "--json").data["suggestions"]
    number = str(asked["suggestion_id"])
    said = command("review", "confirm", "oak", number, "--by", "Pat Doe").stdout
    look = "link explain oak pet 10 --with 1"
    assert f"one pet? vet-pipeline {look}" in said
    told = command(*look.split()).stdout
    join = told[told.index("link join") :].splitlines()[0].removesuffix("--by NAME").split()
    assert command(*join, "--by", "Pat Doe").exit_code == 0
    assert rows(engine, "SELECT pet_id, weight_value::int FROM scriptright.pet ORDER BY 1") == [
        (1, 30), (2, None),
    ]  # fmt: skip


def test_a_list_with_what_may_be_anothers_says_how_that_is_decided(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [])
    said = "another record: look who it is by now; still the same one: confirm its name first"
    load(engine, "oak", 2, [client("1", address_line1="1 Fir Rd")], [])
    assert said not in command("review", "list", "oak").stdout
    newcomer = BOB | {"client_key": "1", "phones": phones("(217) 555-0199")}
    load(engine, "oak", 3, [newcomer], [])
    assert said in command("review", "list", "oak").stdout


def test_an_owner_question_that_was_confirmed_says_whose_the_pet_was(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), BOB], [pet("10", "1")])
    load(engine, "oak", 2, [client("1"), BOB], [pet("10", "2")])
    command("review", "confirm", "oak", "1", "--by", "Pat Doe")
    [done] = command("review", "list", "oak", "--state", "all", "--json").data["suggestions"]
    assert done["whose"] == BESIDE | {"pet": "Rex", "new_owner": MOSS}


def test_a_value_says_whose_it_would_be(command: CommandLine, engine: Engine) -> None:
    add_practice(engine)
    tom = pet("11", "1", name="Tom")
    load(engine, "oak", 1, [client("1")], [pet("10", "1"), tom])
    with engine.begin() as connection:
        for pet_id in (1, 1, 2):
            web_shop.add_prescription(connection, "oak", pet_id, label_name="Rex", drug="tramadol")
        connection.execute(
            text("UPDATE scriptright.prescription SET state = 'ended' WHERE prescription_id = 1")
        )
    load(engine, "oak", 2, [client("1", email=None)], [pet("10", "1", breed="Boxer"), tom])
    assert listed(command) == {
        "email": BESIDE,
        "breed": BESIDE | {"pet": "Rex", "prescriptions": 1},
    }
    table = command("review", "list", "oak").stdout
    assert "Rex" in table
    assert "Ann Lee" in " ".join(table.split())


def test_what_the_client_has_saved_in_the_web_shop_is_told_from_what_was_copied(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    edit(engine, "client", address_line1="9 Web St", first_name="Anna")  # no pet's name
    moved = client("1", address_line1="1 Fir Rd", phones=phones("(217) 555-0199"))
    load(engine, "oak", 2, [moved], [pet("10", "1", name="Rexo")])
    found = command("review", "list", "oak", "--json").data["suggestions"]
    assert {one["field"]: bool(one["whose"]["saved_at"]) for one in found} == {
        "address": True,
        "phones": False,
        "name": False,
    }
    assert command("review", "list", "oak").stdout.count("saved in the web shop 2") == 1
    numbers = [str(one["suggestion_id"]) for one in found if one["field"] == "address"]
    assert command("review", "reject", "oak", *numbers, "--by", "Pat Doe").exit_code == 0
    done = command("review", "list", "oak", "--state", "all").stdout
    assert "saved in the web shop 2" not in done


def test_an_owner_who_waits_is_named_as_the_pims_has_her(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"first_name": "Kim", "last_name": "Roe"})
    told = ToldMatcher({"2": ("possible", [home])})
    kim = client("2", first_name=None, last_name=None, full_name="Kim Roe", city=None)
    load(engine, "oak", 2, [client("1"), kim], [pet("10", "2")], matcher=told)
    assert listed(command)["owner"]["new_owner"] == {
        "full_name": "Kim Roe", "address_line1": "12 Elm St",
    }  # fmt: skip


def test_a_question_of_a_record_that_the_pims_has_no_more_says_so(
    command: CommandLine, engine: Engine
) -> None:
    """The PIMS had merged the client's second entry away; its old street was confirmed as news."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), BOB], [])
    load(engine, "oak", 2, [client("1"), BOB | {"address_line1": "1 Fir Rd"}], [])
    assert "missing" not in command("review", "list", "oak").stdout
    load(engine, "oak", 3, [client("1")], [], read_at=datetime(2026, 5, 1, tzinfo=UTC))
    told = " ".join(command("review", "list", "oak").stdout.replace("│", " ").split())
    assert "in the PIMS 2" in told
    assert "where it is missing since 2026-05-01" in told
    [asked] = command("review", "list", "oak", "--json").data["suggestions"]
    assert asked["missing_since"].startswith("2026-05-01T00:00:00")


@pytest.mark.parametrize(("flag", "said"), [("Q7", "(unreadable)"), (None, "(blank)")])
def test_a_pims_that_does_not_say_dead_any_more_is_not_shown_to_say_alive(
    command: CommandLine, engine: Engine, flag: str | None, said: str
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1", deceased_flag="1")])
    load(engine, "oak", 2, [client("1")], [pet("10", "1", deceased_flag=flag)])
    table = command("review", "list", "oak").stdout
    assert said in table
    assert "confirmed: alive" in table
