"""What a key that was handed on says nothing of: the client's other PIMS record, and what is blank."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import open_practice
from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.handed import ANN, BOB, DEAD, OPEN, TOM, decide
from tests.scriptright.joined import PETS, joined, load_as_new
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import list_suggestions
from vet_pipeline.scriptright.decisions.unmerge import undo_link


def test_a_move_that_the_clients_other_record_tells_of_is_a_move(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    told = ToldMatcher({"1": ("linked", [1]), "2": ("linked", [1])})
    load(engine, "oak", 1, [client("1"), client("2")], [], matcher=told)
    moved = client("2", address_line1="3 Fir Ct")
    load(engine, "oak", 2, [client("1"), moved], [], matcher=told)
    load(engine, "oak", 3, [client("1", **BOB), moved], [], matcher=told)
    with engine.connect() as connection:
        asked = list_suggestions(connection, "oak", field="address")
    assert [(s.pims_id, s.reason, s.means_another) for s in asked] == [
        ("2", "changed", False), ("1", "another_record", False),
    ]  # fmt: skip


def test_what_another_animals_row_leaves_blank_is_asked_as_a_blank_or_not_at_all(
    engine: Engine,
) -> None:
    said = TOM | {"name": None, "weight": None, "weight_date": None}
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [client("1")], [pet("10", "1", **said)])
    assert rows(engine, OPEN) == [
        ("age", "another_record"), ("breed", "another_record"), ("weight", "became_blank"),
        ("deceased", "another_record"),
    ]  # fmt: skip


@pytest.mark.parametrize("moved", [False, True])
def test_a_name_that_was_said_no_to_on_the_record_of_an_undone_link_brings_no_email(
    engine: Engine, moved: bool
) -> None:
    """The no outlives the link, so of her own record nobody is asked again whether Ann is Bob."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    told = ToldMatcher({"1": ("linked", [1])})
    said = {"first_name": "Bob", "last_name": "Moss"}
    load(engine, "oak", 1, [client("1")], [], matcher=told)
    load(engine, "oak", 2, [client("1", **said)], [], matcher=told)
    decide(engine, yes=False)
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    said |= {"email": "bob@example.com"} | ({"address_line1": "9 Oak Ave"} if moved else {})
    load(engine, "oak", 3, [client("1", **said)], [], matcher=told)
    assert rows(engine, "SELECT email FROM scriptright.client ORDER BY client_id") == [
        (None,), (ANN,),
    ]  # fmt: skip
    asked = [("address", "another_record")] if moved else []
    assert rows(engine, OPEN) == [*asked, ("email", "another_record")]
    said = {"first_name": "Ann", "last_name": "Lee", "email": "new@example.com"}
    load(engine, "oak", 4, [client("1", **said)], [], matcher=told)
    assert one(engine, "SELECT max(email) FROM scriptright.client") == "new@example.com"


def test_so_does_a_no_that_was_said_on_a_record_that_went_when_it_was_joined(
    engine: Engine,
) -> None:
    open_practice(engine)
    load_as_new(engine)
    said = {"first_name": "Bob"}
    load(engine, "oak", 2, [client("1", **said)], PETS, matcher=ToldMatcher())
    decide(engine, yes=False)
    joined(engine, "client", "1", 1)
    undone = undo_link(engine, "oak", "client", "1", by="Pat Doe")
    said |= {"email": "bob@example.com"}
    load(engine, "oak", 3, [client("1", **said)], PETS, matcher=ToldMatcher())
    assert rows(
        engine, "SELECT email FROM scriptright.client WHERE client_id = :i", i=undone.new_id
    ) == [(ANN,)]
