"""Who decides by a suggestion's number alone decides on what it meant when it got that number."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates, confirmed
from tests.scriptright.builders import add_practice, client, edit, load, one, pet
from tests.scriptright.suggested import the_suggestion, the_suggestions
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import StaleDecision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.decisions.review import confirm

OWNER = "SELECT client_id FROM scriptright.pet"
NAME = "SELECT name FROM scriptright.pet"
ZED = {"first_name": "Zed", "last_name": "Moss"}


@pytest.fixture
def zed(engine: Engine) -> int:
    """Zed Moss of the web shop."""
    add_practice(engine)
    with engine.begin() as connection:
        return web_shop.add_client(connection, "oak", ZED)


@pytest.mark.usefixtures("zed")
def test_a_number_seen_for_a_pet_of_one_owner_renames_none_of_another(engine: Engine) -> None:
    both = [client("1"), client("2", **ZED)]
    load(engine, "oak", 1, both, [pet("p1", "1")], matcher=ToldMatcher())
    load(engine, "oak", 2, both, [pet("p1", "2", name="Max")], matcher=ToldMatcher())
    asked = {one.field: one for one in the_suggestions(engine)}
    confirm(engine, "oak", asked["owner"].suggestion_id, by="Pat Doe")
    with pytest.raises(StaleDecision, match="its animal isn't what it was"):
        confirm(engine, "oak", asked["name"].suggestion_id, by="Pat Doe", same_animal=True)
    assert one(engine, NAME) == "Rex"


def test_a_number_seen_before_its_owner_was_known_moves_no_pet_to_whoever_that_is(
    engine: Engine, zed: int
) -> None:
    told = ToldMatcher({"2": ("possible", [zed])})
    both = [client("1"), client("2", **ZED)]
    load(engine, "oak", 1, both, [pet("p1", "1")], matcher=told)
    load(engine, "oak", 2, both, [pet("p1", "2")], matcher=told)
    seen = the_suggestion(engine)
    assert seen.new["client_id"] is None
    [pair] = candidates(engine)
    confirmed(engine, pair, told)
    with pytest.raises(StaleDecision, match="its owner in ScriptRight isn't what it was"):
        confirm(engine, "oak", seen.suggestion_id, by="Pat Doe")
    assert one(engine, OWNER) != zed
    confirm(engine, "oak", the_suggestion(engine).suggestion_id, by="Pat Doe")
    assert one(engine, OWNER) == zed


def test_an_undone_link_of_the_owners_double_makes_the_owner_no_other(
    engine: Engine, zed: int
) -> None:
    told = ToldMatcher({"2": ("linked", [zed]), "3": ("linked", [zed])})
    three = [client("1"), client("2", **ZED), client("3", **ZED)]
    load(engine, "oak", 1, three, [pet("p1", "1")], matcher=told)
    load(engine, "oak", 2, three, [pet("p1", "2")], matcher=told)
    seen = the_suggestion(engine)
    undo_link(engine, "oak", "client", "3", by="Kim Roe")
    confirm(engine, "oak", seen.suggestion_id, by="Pat Doe")
    assert one(engine, OWNER) == zed


def test_a_save_that_changes_nothing_makes_no_other_animal(engine: Engine, zed: int) -> None:
    with engine.begin() as connection:
        web_shop.add_pet(connection, "oak", zed, {"name": "Rex"})
    told = ToldMatcher({"2": ("linked", [zed])}, {"p1": ("linked", [1])})
    load(engine, "oak", 1, [client("2", **ZED)], [pet("p1", "2")], matcher=told)
    load(engine, "oak", 2, [client("2", **ZED)], [pet("p1", "2", name="Max")], matcher=told)
    [seen] = the_suggestions(engine, field="name")
    edit(engine, "pet", species="dog", breed="Labrador Retriever")
    noted = "SELECT count(*) FROM scriptright.record_change WHERE cause = 'web_shop'"
    assert one(engine, noted) == 1
    confirm(engine, "oak", seen.suggestion_id, by="Pat Doe", same_animal=True)
    assert one(engine, NAME) == "Max"
