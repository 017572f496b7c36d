"""Matches on the command line: possible ones decided, made ones explained and undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import records

SAME = {
    "first_name": "Ann",
    "last_name": "Bell",
    "email": "ann.bell@example.com",
    "address_line1": "12 Oak St",
    "city": "Marlow",
    "state": "GA",
    "postal_code": "30004",
}


@pytest.fixture
def home_client(command: CommandLine, engine: Engine) -> int:
    """A Home Delivery client who is Bell of the PIMS, before the first load."""
    command.add_practice()
    with engine.begin() as connection:
        client = records.add_client(connection, "elm", SAME)
        records.add_pet(connection, "elm", client, {"name": "Rex", "species": "dog"})
    return client


def test_a_link_is_listed_explained_and_undone(command: CommandLine, home_client: int) -> None:
    copy(command)
    links = command("link", "list", "elm", "--made", "--json").data["links"]
    assert [(one["record"], one["pims_id"], one["method"]) for one in links if
            one["record"] == "client"] == [("client", "C1", "machine")]  # fmt: skip
    told = command("link", "explain", "elm", "client", "C1", "--json").data
    assert (told["state"], told["record_id"]) == ("linked", home_client)
    assert {one["field"]: one["verdict"] for one in told["fields"]}["name"] == "same"
    undone = command("link", "undo", "elm", "client", "C1", "--by", "Dana Field", "--json")
    assert undone.exit_code == 0
    assert undone.data["home_id"] == home_client
    assert undone.data["new_id"] != home_client
    assert command("link", "list", "elm", "--made", "--json").data["links"] == []


def test_history_finds_a_record_by_its_id_in_the_pims(
    command: CommandLine, home_client: int
) -> None:
    copy(command)
    told = command("history", "elm", "--client", "C1", "--pims", "--json").data
    assert told["record_id"] == home_client
    assert [event["kind"] for event in told["events"]][:2] == ["created", "linked"]
    missing = command("history", "elm", "--client", "C9", "--pims", "--json")
    assert missing.exit_code == 1
    assert missing.data["error"]["kind"] == "UnknownItem"


def test_nothing_possible_is_said_in_words(command: CommandLine) -> None:
    command.add_practice()
    copy(command)
    assert command("link", "list", "elm").stdout == ("elm: no possible match waits for a person\n")
    unknown = command("link", "confirm", "elm", "77", "--by", "Dana", "--json")
    assert unknown.exit_code == 1
    assert unknown.data["error"]["kind"] == "UnknownItem"


@pytest.mark.parametrize("word", ["confirm", "reject"])
def test_a_possible_match_is_decided_by_a_named_person(
    command: CommandLine, engine: Engine, word: str
) -> None:
    command.add_practice()
    with engine.begin() as connection:  # two who could both be Bell: a person has to say
        clients = [records.add_client(connection, "elm", SAME) for _ in range(2)]
    copy(command, told=ToldMatcher({"C1": ("possible", clients)}))
    pairs = command("link", "list", "elm", "--json").data["possible_matches"]
    assert {pair["record_id"] for pair in pairs} == set(clients)
    number = str(pairs[0]["candidate_id"])
    assert command("link", word, "elm", number).exit_code == 2
    said = command("link", word, "elm", number, "--by", "Dana Field", "--json")
    assert said.exit_code == 0
    assert said.data["outcome"] == {"confirm": "linked", "reject": "waiting"}[word]
