"""An email is a login: who else has it is shown, and such a one isn't confirmed in a list."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import add_practice, client, load, rows
from vet_pipeline.scriptright import web_shop

EMAILS = "SELECT client_id, email FROM scriptright.client ORDER BY client_id"
BOB = client("2", first_name="Bob", last_name="Moss", address_line1="9 Oak Ave", phones=None)


def first_copy(engine: Engine, *, ann: str, bob: str) -> None:
    """Ann and Bob are Home Delivery clients, of whom the PIMS has these emails."""
    add_practice(engine)
    with engine.begin() as connection:
        for row, email in ((client("1"), "ann@web.example"), (BOB, "Bob@web.example")):
            cells = ("first_name", "last_name", "address_line1", "city", "state", "postal_code")
            number = [{"number": "+12175550142"}] if row is not BOB else []
            values = {c: row[c] for c in cells} | {"email": email, "phones": number}
            web_shop.add_client(connection, "oak", values)
        web_shop.add_pet(connection, "oak", 2, {"name": "Tom", "species": "cat"})
    load(engine, "oak", 1, [client("1", email=ann), BOB | {"email": bob}], [])


@pytest.fixture
def at_home(command: CommandLine, engine: Engine) -> CommandLine:
    """Ann's row in the PIMS has Bob's login, his another."""
    first_copy(engine, ann="bob@web.example", bob="b@desk.example")
    return command


def test_whose_login_an_email_is_stands_in_the_list(at_home: CommandLine) -> None:
    found = at_home("review", "list", "oak", "--json").data["suggestions"]
    bob = {"client_id": 2, "first_name": "Bob", "last_name": "Moss"}
    assert [(s["record_id"], s["new"]["email"], s["whose"]["login_of"]) for s in found] == [
        (1, "bob@web.example", [bob]),
        (2, "b@desk.example", []),
    ]
    assert "login of client 2, Bob Moss" in at_home("review", "list", "oak").stdout


def test_another_clients_login_is_confirmed_by_itself_alone(
    at_home: CommandLine, engine: Engine
) -> None:
    refused = at_home("review", "confirm", "oak", "1", "2", "--by", "Dana Field")
    assert refused.exit_code == 1
    assert "another client's login" in refused.stderr
    assert "leave out 1," in refused.stderr
    assert rows(engine, EMAILS) == [(1, "ann@web.example"), (2, "Bob@web.example")]
    assert at_home("review", "confirm", "oak", "2", "--by", "Dana Field").exit_code == 0
    assert at_home("review", "confirm", "oak", "1", "--by", "Dana Field").exit_code == 0
    assert rows(engine, EMAILS) == [(1, "bob@web.example"), (2, "b@desk.example")]


def test_a_login_that_two_are_asked_about_is_both_ones(
    command: CommandLine, engine: Engine
) -> None:
    """The desk has one mailbox for the couple: in one go both would log in with it."""
    first_copy(engine, ann="us@desk.example", bob="Us@desk.example")
    found = command("review", "list", "oak", "--json").data["suggestions"]
    assert [[c["client_id"] for c in s["whose"]["login_of"]] for s in found] == [[2], [1]]
    assert command("review", "confirm", "oak", "1", "2", "--by", "Dana Field").exit_code == 1
    assert rows(engine, EMAILS) == [(1, "ann@web.example"), (2, "Bob@web.example")]


def test_a_login_that_was_said_no_to_is_nobody_s(command: CommandLine, engine: Engine) -> None:
    first_copy(engine, ann="us@desk.example", bob="Us@desk.example")
    assert command("review", "reject", "oak", "2", "--by", "Dana Field").exit_code == 0
    [asked] = command("review", "list", "oak", "--json").data["suggestions"]
    assert (asked["record_id"], asked["whose"]["login_of"]) == (1, [])
