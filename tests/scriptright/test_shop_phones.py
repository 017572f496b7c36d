"""The web shop's phones are JSON of its own: however it writes them, loads and people go on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, load, one
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.cli.values import in_words
from vet_pipeline.matching import match
from vet_pipeline.matching.phones import all_phone_numbers, house_numbers
from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.records.values import canonical

ODD: list[tuple[Any, Any, str]] = [
    ("217-555-0142", {"recorded": "217-555-0142"}, "217-555-0142"),
    (2175550142, {"recorded": "2175550142"}, "2175550142"),
    (["217", "555"], {"recorded": '["217", "555"]'}, "['217', '555']"),
    ({"number": 2175550142}, {"number": "2175550142"}, "2175550142"),
    ({"number": {"us": "217"}}, {"number": '{"us": "217"}'}, "{'us': '217'}"),
    ({"kind": "home", "recorded": "217"}, {"kind": "home", "recorded": "217"}, "217 (home)"),
    ({"kind": "home", "number": ["2"]}, {"kind": "home", "number": '["2"]'}, "['2'] (home)"),
]


@pytest.mark.parametrize(("written", "read", "shown"), ODD)
def test_a_phone_in_a_shape_of_the_shops_own_is_read_and_shown(
    written: Any, read: dict[str, str], shown: str
) -> None:
    assert canonical(FIELD["client", "phones"], {"phones": [written, None]}) == {"phones": [read]}
    assert in_words({"phones": [written]}) == shown


def test_what_is_no_text_is_no_number_to_compare() -> None:
    cells = [json.dumps([written, None]) for written, _, _ in ODD]
    assert all_phone_numbers(cells)[:3] == [["217-555-0142"], [], []]
    assert house_numbers(cells) == set()


def write(engine: Engine, phones: object, client_id: int | None = None) -> None:
    """The web shop's own statement: a new client, or client `client_id` saved."""
    new = (
        "INSERT INTO scriptright.client (practice_id, origin, last_name, phones)"
        " VALUES ('oak', 'home_delivery', 'Lee', CAST(:phones AS jsonb))"
    )
    saved = "UPDATE scriptright.client SET phones = CAST(:phones AS jsonb) WHERE client_id = :id"
    with transaction(engine, "shop", "oak") as shop:
        statement = new if client_id is None else saved
        shop.execute(text(statement), {"phones": json.dumps(phones), "id": client_id})


def test_a_practice_whose_clients_have_such_phones_is_copied(engine: Engine) -> None:
    add_practice(engine)
    for written, _, _ in ODD:
        write(engine, [written, None])
    load(engine, "oak", 1, [client("1")], matcher=match)
    assert one(engine, "SELECT count(*) FROM scriptright.client") == len(ODD) + 1


@pytest.mark.parametrize("written", [written for written, _, _ in ODD])
def test_a_linked_client_who_saves_such_phones_is_asked_confirmed_and_undone(
    engine: Engine, written: Any
) -> None:
    add_practice(engine)
    write(engine, [written])
    load(engine, "oak", 1, [client("1")], matcher=ToldMatcher({"1": ("linked", [1])}))
    write(engine, [written, "ext. 12"], client_id=1)
    load(engine, "oak", 2, [client("1", phones='[["(217) 555-0199", null]]')])
    with engine.connect() as connection:
        [asked] = [s for s in list_suggestions(connection, "oak") if s.field == "phones"]
    confirm(engine, "oak", asked.suggestion_id, by="Pat Doe")
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    phones = one(engine, "SELECT phones FROM scriptright.client WHERE client_id = 1")
    assert phones == [written, "ext. 12"]


@pytest.mark.parametrize(
    "written", [{"number": "+12175550188"}, {"number": "+12175550188", "kind": None}]
)
def test_the_number_that_the_shop_holds_already_is_no_question(
    engine: Engine, written: dict[str, Any]
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")])
    client_id = one(engine, "SELECT client_id FROM scriptright.client")
    write(engine, [written], client_id=client_id)
    load(engine, "oak", 2, [client("1", phones='[["(217) 555-0188", null]]')])
    with engine.connect() as connection:
        assert list_suggestions(connection, "oak") == []


@pytest.mark.parametrize("more", [{"kind": "", "extension": ""}, {"extension": " ", "sms": True}])
def test_a_blank_that_the_shops_form_leaves_makes_no_other_number(
    engine: Engine, more: dict[str, Any]
) -> None:
    def asked() -> list[str]:
        with engine.connect() as connection:
            return [s.field for s in list_suggestions(connection, "oak") if s.field == "phones"]

    add_practice(engine)
    write(engine, [{"number": "+12175550142"} | more])
    matcher = ToldMatcher({"1": ("linked", [1])})
    load(engine, "oak", 1, [client("1", phones='[["(217) 555-0142", null]]')], matcher=matcher)
    assert asked() == []
    write(engine, [{"number": "+12175550188"} | more], client_id=1)
    load(engine, "oak", 2, [client("1", phones='[["(217) 555-0188", null]]')])
    assert asked() == []
