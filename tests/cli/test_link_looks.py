"""What staff see of a possible match: why they are asked, and the pets of both sides."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import add_practice, client, edit, load, pet
from tests.scriptright.handed import BOB, decide
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop

ANN = {
    "first_name": "Ann", "last_name": "Lee", "address_line1": "12 Elm St", "city": "Springfield",
    "state": "IL", "postal_code": "62704",
}  # fmt: skip


def test_who_decides_whether_two_clients_are_one_sees_why_and_their_pets(
    command: CommandLine, engine: Engine
) -> None:
    """Pets that are alike in nothing forbade the link, and nobody was shown which pets."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", ANN)
        web_shop.add_pet(connection, "oak", 1, {"name": "Bella", "species": "cat"})
    patients = [pet("p1", "1"), pet("p2", "1", name="Tom", birth_date=None, deceased_flag="1")]
    load(engine, "oak", 1, [client("1")], patients)
    listed = " ".join(command("link", "list", "oak").stdout.split())
    assert "pets differ: both have pets, and no two of them are alike" in listed
    assert "changed since" not in listed
    told = command("link", "explain", "oak", "1", "--json").data
    rex = {"name": "Rex", "species": "dog", "breed": "Labrador Retriever"}
    assert told["pets"] == [
        [{"name": "Bella", "species": "cat"}],
        [
            rex | {"birth_date": "2020-05-01"},
            rex | {"name": "Tom", "deceased": True},
        ],
    ]
    said = " ".join(command("link", "explain", "oak", "1").stdout.split())
    assert "pets │ Bella, cat │ Rex, 2020-05-01, dog, Labrador Retriever │ │ none alike" in said
    edit(engine, "client", address_line1="9 Web St")
    assert "changed since" in command("link", "list", "oak").stdout


def test_of_a_couple_both_are_named(command: CommandLine, engine: Engine) -> None:
    """Whether Ben is one of Ann & Ben was asked as whether he is Ann."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", ANN | {"partner_first_name": "Ben"})
    told = ToldMatcher({"1": ("possible", [1])})
    load(engine, "oak", 1, [client("1", first_name="Ben")], matcher=told)
    assert "Ann Lee & Ben" in command("link", "list", "oak").stdout


def test_a_link_in_question_whose_row_may_be_anothers_isnt_to_be_undone_for_that(
    command: CommandLine, engine: Engine
) -> None:
    """Undone, Bob's row got a copy of Ann's record, and nobody could say of that that it is his."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", ANN | {"email": "ann@example.com"})
    told = ToldMatcher({"1": ("linked", [1])})
    load(engine, "oak", 1, [client("1")], matcher=told)
    said = "Q1: a row of its record may be another's by now, see above"
    load(engine, "oak", 2, [client("1", **BOB)])
    assert said in command("link", "list", "oak").stdout
    assert "give it a number of its own" in " ".join(
        command("review", "list", "oak").stdout.split()
    )
    decide(engine, yes=True)
    assert said not in command("link", "list", "oak").stdout


def test_a_list_that_is_cut_off_says_what_to_do(
    command: CommandLine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", ANN)
    possible = ToldMatcher({key: ("possible", [home]) for key in ("2", "3")})
    load(engine, "oak", 1, [client("1"), client("2"), client("3")], [], matcher=possible)
    one = ("link", "list", "oak", "--limit", "1")
    assert "there are more than the 1 shown: give a higher --limit" in command(*one).stdout
    assert command(*one, "--json").data["more"] is True
    assert "there are more" not in command("link", "list", "oak", "--limit", "2").stdout
    monkeypatch.setattr("vet_pipeline.cli.link.MOST", 1)  # of 10,000 a higher one is refused
    assert "more than the 1 shown: decide some, and look again" in command(*one).stdout
