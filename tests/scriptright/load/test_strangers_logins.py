"""An email that is the login of another client, who has nothing in common with this one."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, phones, rows
from tests.scriptright.handed import BOB, OPEN, decide

DESKS: Cells = {"email": "front@oak.example"}  # not where the practice wants to be written to
HERE: Cells = {"address_line1": "5 Fir Ct"}
EMAILS = "SELECT email FROM scriptright.client ORDER BY client_id"


def test_a_strangers_login_in_a_clients_row_is_a_question(engine: Engine) -> None:
    """Bob's row was not the one that was open, or some rows of an export were sorted."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2", **BOB)])
    theirs = client("1", email="BOB@example.com")
    load(engine, "oak", 2, [theirs, client("2", **BOB)])
    assert rows(engine, EMAILS) == [("ann@example.com",), ("bob@example.com",)]
    assert rows(engine, OPEN) == [("email", "another_record")]
    decide(engine, yes=False)
    new = client("1", email="ann@new.example", address_line1="7 Mill Rd")
    load(engine, "oak", 3, [new, client("2", **BOB)])
    assert rows(engine, EMAILS) == [("ann@new.example",), ("bob@example.com",)]
    assert rows(engine, OPEN) == [("address", "changed")]


def test_nor_is_a_strangers_login_hers_that_comes_with_the_strangers_house_and_number(
    engine: Engine,
) -> None:
    """All that is known of Bob but his name was typed, or slipped, into the row above his."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2", **BOB)])
    names: Cells = {"first_name": "Ann", "last_name": "Lee"}
    his = client("1", **BOB | names)
    load(engine, "oak", 2, [his, client("2", **BOB)])
    assert rows(engine, EMAILS) == [("ann@example.com",), ("bob@example.com",)]
    assert ("email", "another_record") in rows(engine, OPEN)


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_strangers_login_that_comes_after_the_house_is_hers_once_the_house_is_confirmed(
    engine: Engine, confirmed: bool
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2", **BOB)])
    house: Cells = {"address_line1": BOB["address_line1"]}
    load(engine, "oak", 2, [client("1", **house), client("2", **BOB)])
    if confirmed:
        decide(engine, yes=True, field="address")
    theirs = client("1", email="bob@example.com", **house)
    load(engine, "oak", 3, [theirs, client("2", **BOB)])
    of_ann = "bob@example.com" if confirmed else "ann@example.com"
    assert rows(engine, EMAILS) == [(of_ann,), ("bob@example.com",)]


def test_one_email_of_several_strangers_at_once_is_a_question_of_each(engine: Engine) -> None:
    """A column was filled down, or somebody wants to be whoever these clients are."""
    add_practice(engine)
    cal = client("3", first_name="Cal", last_name="Diaz", **HERE, phones=None, email="c@x.example")
    load(engine, "oak", 1, [client("1"), client("2", **BOB), cal])
    his: Cells = {"email": "x@evil.example"}
    load(engine, "oak", 2, [client("1", **his), client("2", **BOB | his), cal | his])
    assert rows(engine, EMAILS) == [("ann@example.com",), ("bob@example.com",), ("c@x.example",)]
    assert rows(engine, OPEN) == [("email", "another_record")] * 3


@pytest.mark.parametrize(
    "also",
    [
        {"last_name": "Lee"},  # of the family
        {"first_name": "Ann"},  # she who has married and moved was entered twice
        {"address_line1": "12 Elm St"},  # of the house
        {"phones": phones("(217) 555-0142")},
        {"first_name": None, "last_name": None, "organisation": "Happy Paws Rescue"},
    ],
)
def test_of_the_house_or_the_family_it_is_taken_in(engine: Engine, also: Cells) -> None:
    add_practice(engine)
    other = client("2", **BOB | also)
    load(engine, "oak", 1, [client("1"), other])
    load(engine, "oak", 2, [client("1", email="bob@example.com"), other])
    assert rows(engine, EMAILS) == [("bob@example.com",), ("bob@example.com",)]
    assert rows(engine, OPEN) == []


def test_a_couples_new_email_is_taken_in_for_both_and_asked_of_a_stranger(engine: Engine) -> None:
    add_practice(engine)
    tim: Cells = {"first_name": "Tim"}
    load(engine, "oak", 1, [client("1"), client("2", **tim), client("3", **BOB)])
    new: Cells = {"email": "lees@example.com"}
    lees = [client("1", **new), client("2", **tim | new)]
    load(engine, "oak", 2, [*lees, client("3", **BOB | new)])
    assert rows(engine, EMAILS) == [
        ("lees@example.com",), ("lees@example.com",), ("bob@example.com",)
    ]  # fmt: skip
    assert rows(engine, OPEN) == [("email", "another_record")]


def test_the_desks_own_which_many_have_is_taken_in(engine: Engine) -> None:
    add_practice(engine)
    many = [
        client(
            f"{n}", **BOB | {"phones": phones(f"(217) 555-02{n}"), "last_name": "Moss" + "e" * n}
        )
        for n in range(10, 20)
    ]
    load(engine, "oak", 1, [client("1"), *many])
    load(engine, "oak", 2, [client("1", email="bob@example.com"), *many])
    assert rows(engine, OPEN) == []
    desks = [client("1", **DESKS), *(one | DESKS for one in many)]
    load(engine, "oak", 3, desks)
    assert rows(engine, OPEN) == []


@pytest.mark.parametrize("desks", ["desk@oak.example", "Desk@Oak.example"])
def test_the_practices_own_address_is_no_clients_login_unasked(engine: Engine, desks: str) -> None:
    """Ann's mail came back, or she has no email any more, and the field must hold one."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")])
    load(engine, "oak", 2, [client("1", email=desks)])
    assert rows(engine, EMAILS) == [("ann@example.com",)]
    assert rows(engine, OPEN) == [("email", "another_record")]
    load(engine, "oak", 3, [client("1", email="ann@new.example")])
    assert rows(engine, EMAILS) == [("ann@new.example",)]
    assert rows(engine, OPEN) == []
