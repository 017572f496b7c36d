"""What a person can't join, and what the database keeps whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.asked import open_practice
from tests.scriptright.builders import add_practice, load, whole_database
from tests.scriptright.joined import LEE, PETS, REXY, joined, load_as_new, mark
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import (
    DecisionRefused,
    PipelineError,
    StaleDecision,
    UnknownItem,
    UsageError,
)
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import join
from vet_pipeline.scriptright.postgres.roles import transaction


@pytest.fixture
def practice(engine: Engine) -> str:
    return open_practice(engine)


def prescribe(engine: Engine) -> None:
    with transaction(engine, "shop", "oak") as connection:
        web_shop.add_prescription(connection, "oak", 2, label_name="Rex", drug="carprofen")


def edit_client(engine: Engine) -> None:
    with transaction(engine, "shop", "oak") as connection:
        connection.execute(text("UPDATE scriptright.client SET email = NULL WHERE client_id = 3"))


def add_pet(engine: Engine) -> None:
    with transaction(engine, "shop", "oak") as connection:
        web_shop.add_pet(connection, "oak", 3, {"name": "Kit", "species": "cat"})


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (prescribe, "named by prescription 1"),
        (edit_client, "edited in the web shop .record 3"),
        (add_pet, "has pet 4"),
    ],
)
def test_what_is_more_than_a_copy_stays(
    engine: Engine, practice: str, act: Callable[[Engine], None], why: str
) -> None:
    load_as_new(engine)
    act(engine)
    before = whole_database(engine)
    with pytest.raises(DecisionRefused, match=why):
        joined(engine, "client", "1", 1)
    assert whole_database(engine) == before


def test_only_what_a_named_person_has_seen_is_joined(engine: Engine, practice: str) -> None:
    load_as_new(engine)
    seen = mark(engine, "client", "1", 1)
    given: dict[str, Any] = {"match": REXY, "shown": seen}
    before = whole_database(engine)
    for by, record_id, change, error in (
        (" ", 1, {}, UsageError),
        ("Pat Doe", 1, {"shown": "0" * 16}, StaleDecision),
        ("Pat Doe", 2, {}, StaleDecision),
        ("Pat Doe", 3, {"shown": mark(engine, "client", "1", 3)}, DecisionRefused),
        ("Pat Doe", 99, {}, UnknownItem),
    ):
        with pytest.raises(error):
            join(engine, practice, "client", "1", record_id, by=by, **(given | change))
    with pytest.raises(UnknownItem, match="the PIMS has no such client"):
        join(engine, practice, "client", "77", 1, by="Pat Doe", **given)
    assert whole_database(engine) == before
    with transaction(engine, "shop", practice) as connection:
        web_shop.edit_client(connection, practice, 1, {"last_name": "Kim"}, actor="web")
    with pytest.raises(StaleDecision, match="as they are now"):
        join(engine, practice, "client", "1", 1, by="Pat Doe", **given)


def test_a_record_that_is_linked_already_is_not_joined_elsewhere(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 1, LEE, PETS, matcher=ToldMatcher({"1": ("linked", [1])}))
    with pytest.raises(DecisionRefused, match="take that link apart first"):
        joined(engine, "client", "1", 2)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("client", "elm", 4), "42501"),
        (("client", "oak", 1), "23001"),
        (("client", "oak", 3), "client_no_orphans"),
    ],
)
def test_the_database_takes_back_nothing_but_a_copy_of_the_own_practice(
    engine: Engine, practice: str, given: tuple[str, str, int], why: str
) -> None:
    load_as_new(engine)
    add_practice(engine, "elm")
    load_as_new(engine, "elm")
    statement = text("SELECT scriptright.take_back_created(:record, :practice, :id)")
    with (
        pytest.raises(PipelineError, match=why),
        transaction(engine, "review", "oak") as connection,
    ):
        connection.execute(statement, dict(zip(("record", "practice", "id"), given, strict=True)))


def test_what_can_not_be_read_any_more_is_not_joined(engine: Engine, practice: str) -> None:
    load_as_new(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.pims_client SET city = 'Spr\ufffdngfield'"))
    with pytest.raises(DecisionRefused, match="can't be read any more by today's rules"):
        joined(engine, "client", "1", 1)


def test_a_pet_that_a_prescription_names_is_not_joined_with_the_other_of_its_owner(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    joined(engine, "client", "1", 1, matcher=ToldMatcher())  # its pets 2 and 3 move along
    prescribe(engine)
    before = whole_database(engine)
    with pytest.raises(DecisionRefused, match="pet 2, its own record, is named by prescription 1"):
        joined(engine, "pet", "p1", 1)
    assert whole_database(engine) == before
