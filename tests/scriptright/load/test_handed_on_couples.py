"""A couple's row that is one's by now: whose login, whose pets is a person's question."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, one, pet, rows
from tests.scriptright.handed import ANN, MOVED, OPEN, decide
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop

BOTH = client("1", first_name="Ann & Ben")
BEN: Cells = {"first_name": "Ben", "email": "ben@example.com"}
LOGIN = "SELECT email FROM scriptright.client"
IS_ONE = ToldMatcher({"1": ("linked", [1])})


def of_the_web_shop(engine: Engine, first_name: str) -> None:
    """One of the two is a client of the web shop, whom the couple's row feeds."""
    add_practice(engine)
    with engine.begin() as connection:
        home = {"first_name": first_name, "last_name": "Lee", "email": ANN}
        web_shop.add_client(connection, "oak", home)
    load(engine, "oak", 1, [BOTH], matcher=IS_ONE)


@pytest.fixture
def couple(engine: Engine) -> Engine:
    """Ann & Ben Lee with Rex, copied from the PIMS."""
    add_practice(engine)
    load(engine, "oak", 1, [BOTH], [pet("10", "1")])
    return engine


@pytest.mark.parametrize("moved", [{}, MOVED])
def test_of_who_was_named_first_the_login_is_not_the_others_by_itself(
    couple: Engine, moved: Cells
) -> None:
    ben = BOTH | BEN | moved
    load(couple, "oak", 2, [ben], [pet("10", "1"), pet("11", "1", name="Kit")])
    assert one(couple, LOGIN) == ANN
    assert {reason for _, reason in rows(couple, OPEN)} == {"another_record"}
    assert rows(couple, "SELECT name FROM scriptright.pet") == [("Rex",)]  # his new one waits
    decide(couple, yes=False)
    load(couple, "oak", 3, [ben | {"email": "ben@new.example"}], [pet("10", "1")])
    assert one(couple, LOGIN) == ANN


@pytest.mark.parametrize(("whose", "left"), [("Ann", "Ben"), ("Ben", "Ann")])
def test_so_it_is_of_the_one_of_the_two_who_is_the_web_shops(
    engine: Engine, whose: str, left: str
) -> None:
    of_the_web_shop(engine, whose)
    load(engine, "oak", 2, [BOTH | {"first_name": left, "email": "other@example.com"}])
    assert one(engine, LOGIN) == ANN
    assert sorted(rows(engine, OPEN)) == [("email", "another_record"), ("name", "another_record")]


@pytest.mark.parametrize("whose", ["Ann", "Ben"])
def test_whoever_stays_in_the_row_changes_the_login_by_itself(engine: Engine, whose: str) -> None:
    of_the_web_shop(engine, whose)
    load(engine, "oak", 2, [BOTH | {"first_name": whose, "email": "new@example.com"}])
    assert one(engine, LOGIN) == "new@example.com"


def test_two_in_the_other_order_are_the_same(couple: Engine) -> None:
    load(couple, "oak", 2, [BOTH | BEN | MOVED | {"first_name": "Ben & Ann"}])
    assert one(couple, LOGIN) == "ben@example.com"


def test_an_email_that_was_typed_before_the_name_or_after_it_is_asked_about(
    couple: Engine,
) -> None:
    load(couple, "oak", 2, [BOTH | {"email": "ben@example.com"}])
    load(couple, "oak", 3, [BOTH | BEN])
    assert one(couple, LOGIN) == ANN
    asked = [("email", "another_record"), ("name", "another_record")]
    assert sorted(rows(couple, OPEN)) == asked
    load(couple, "oak", 4, [BOTH | BEN | {"email": "ben@new.example"}])
    assert one(couple, LOGIN) == ANN
    assert sorted(rows(couple, OPEN)) == asked
