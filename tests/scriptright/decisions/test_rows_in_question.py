"""Rows that may be another client's by now, as staff see them, and the pets that wait with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from tests.scriptright.builders import add_practice, client, edit, load, pet, phones, rows
from tests.scriptright.handed import ANN, BOB, DEAD, TOM, decide
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import (
    RowInQuestion,
    keep_link,
    list_link_reviews,
    list_rows_in_question,
    undo_link,
)
from vet_pipeline.scriptright.records.in_question import in_question

LUNA = pet("20", "1", name="Luna", birth_date="2025-06-01")


def listed(engine: Engine, limit: int = 100) -> list[RowInQuestion]:
    with engine.connect() as connection:
        return list_rows_in_question(connection, "oak", limit=limit)


@contextmanager
def sent(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (10); her row is Bob's by now, who has brought Luna (20)."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    assert listed(engine) == []
    load(engine, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    return engine


def test_a_row_is_listed_with_its_new_pets_as_long_as_it_says_another(oak: Engine) -> None:
    assert listed(oak) == [RowInQuestion("1", 1, True, ("20",))]
    decide(oak, yes=False)
    assert listed(oak) == [RowInQuestion("1", 1, False, ("20",))]
    load(oak, "oak", 3, [client("1")], [DEAD, LUNA])
    assert listed(oak) == []


def test_a_pet_that_came_shortly_before_the_newcomers_name_is_told_beside_the_row(
    engine: Engine,
) -> None:
    """It is a pet of Ann's here; who has Bob given a number of his own has to know of it."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    old = pet("15", "1", name="Moritz", birth_date="2019-06-01")
    load(engine, "oak", 2, [client("1")], [DEAD, old])
    load(engine, "oak", 9, [client("1")], [DEAD, old, LUNA])
    load(engine, "oak", 10, [client("1", **BOB)], [DEAD, old, LUNA])
    assert listed(engine) == [RowInQuestion("1", 1, True, (), came_before=("20",))]


def test_so_is_one_with_a_name_that_nobody_has_confirmed_beside_the_ones_number(
    engine: Engine,
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [client("1", first_name="Bob", last_name="Moss")], [DEAD, LUNA])
    assert listed(engine) == [RowInQuestion("1", 1, True, ("20",))]
    decide(engine, yes=False)
    assert listed(engine) == [RowInQuestion("1", 1, False, ("20",))]


def test_of_rows_of_which_a_street_alone_is_asked_nothing_is_read(engine: Engine) -> None:
    """After a PIMS's update there are thousands, and a load that changes all pets looks at each owner."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2")])
    load(engine, "oak", 2, [client("1", address_line1="9 Oak Ave"), client("2", **BOB)])
    with engine.connect() as connection:
        with sent(engine) as statements:
            assert in_question(connection, "oak", "client", ["1"], Conventions()) == set()
        assert len(statements) == 2, "what was asked, and whether it was emptied"
        assert in_question(connection, "oak", "client", ["1", "2"], Conventions()) == {"2"}


def test_many_are_listed_with_as_few_statements_as_one(engine: Engine) -> None:
    """Each row's pets were looked for by itself: a hundred rows of 40,000 pets took 13 s."""
    add_practice(engine)
    keys = ("1", "2", "3")
    load(engine, "oak", 1, [client(key) for key in keys])
    pets = [pet(f"2{key}", key, name="Luna") for key in keys]
    load(engine, "oak", 2, [client(key, **BOB) for key in keys], pets)
    with sent(engine) as of_one:
        assert [row.waiting for row in listed(engine, limit=1)] == [("21",)]
    with sent(engine) as of_all:
        assert [row.waiting for row in listed(engine)] == [("21",), ("22",), ("23",)]
    assert len(of_all) == len(of_one)


def test_it_is_listed_no_more_once_the_name_is_confirmed(oak: Engine) -> None:
    decide(oak, yes=True, field="name")
    assert listed(oak) == []


def test_a_pets_row_is_listed_as_long_as_it_says_another_animal_whatever_was_said_no_to(
    engine: Engine,
) -> None:
    """Else nobody thought of the newcomer again, who is no pet of ScriptRight's."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    tom = pet("10", "1", **TOM)
    load(engine, "oak", 2, [client("1")], [tom])
    assert listed(engine) == [RowInQuestion("10", 1, True, (), "pet")]
    decide(engine, yes=False)
    assert listed(engine) == [RowInQuestion("10", 1, False, (), "pet")]
    load(engine, "oak", 3, [client("1")], [])
    assert listed(engine) == []
    load(engine, "oak", 4, [client("1")], [tom])
    assert listed(engine) == [RowInQuestion("10", 1, False, (), "pet")]
    load(engine, "oak", 5, [client("1")], [pet("10", "1"), tom | {"patient_key": "11"}])
    assert listed(engine) == []


def test_a_pet_that_the_pims_has_no_more_waits_no_more(oak: Engine) -> None:
    load(oak, "oak", 3, [client("1", **BOB)], [DEAD])
    assert listed(oak) == [RowInQuestion("1", 1, True, ())]
    assert listed(oak, limit=0) == []


def test_an_emptied_row_is_listed_where_new_pets_wait_with_it(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    emptied = dict.fromkeys(client("")) | {"client_key": "1"}
    load(engine, "oak", 2, [emptied], [DEAD, LUNA])
    assert listed(engine) == [RowInQuestion("1", 1, False, ("20",))]


def test_who_has_married_and_moved_is_settled_by_house_and_number_whatever_name_is_on_the_parcel(
    engine: Engine,
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    moss = client("1", **BOB | {"first_name": "Ann"})
    load(engine, "oak", 2, [moss], [DEAD, LUNA])
    decide(engine, yes=False, field="name")
    decide(engine, yes=True, field="address")
    assert listed(engine) == [RowInQuestion("1", 1, True, ("20",))]
    decide(engine, yes=True, field="phones")
    assert listed(engine) == []
    load(engine, "oak", 3, [moss | {"email": "ann@new.example"}], [DEAD, LUNA])
    assert rows(engine, "SELECT last_name, email FROM scriptright.client") == [
        ("Lee", "ann@new.example")
    ]
    assert rows(engine, "SELECT name FROM scriptright.pet ORDER BY pet_id") == [
        ("Rex",), ("Luna",),
    ]  # fmt: skip


def test_who_is_of_the_house_is_settled_as_a_partner_in_the_web_shop(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    bob = client("1", first_name="Bob")
    load(engine, "oak", 2, [bob], [DEAD])
    decide(engine, yes=False)
    load(engine, "oak", 3, [bob | {"email": "bob@example.com"}], [DEAD])
    decide(engine, yes=False)
    load(engine, "oak", 4, [bob | {"email": "bob@example.com"}], [DEAD, LUNA])
    assert listed(engine) == [RowInQuestion("1", 1, False, ("20",))]
    edit(engine, "client", partner_first_name="Bob")
    assert listed(engine) == []


@pytest.fixture
def shared(engine: Engine) -> Engine:
    """Home Delivery's Ann, whose PIMS row (1) has come to say Bob of her house, who brought Luna."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    load(engine, "oak", 1, [client("1")], [DEAD], matcher=ToldMatcher({"1": ("linked", [1])}))
    load(engine, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    assert listed(engine) == [RowInQuestion("1", 1, True, ("20",))]
    return engine


def decide_no(engine: Engine) -> None:
    decide(engine, yes=False)


def keep(engine: Engine) -> None:
    with engine.connect() as connection:
        [asked] = list_link_reviews(connection, "oak", record="client")
    keep_link(engine, "oak", asked.review_id, by="Pat Doe", shown=asked.shown)


@pytest.mark.parametrize("name_first", [True, False])
def test_it_is_listed_no_more_once_its_link_is_kept_whatever_name_is_on_the_parcel(
    shared: Engine, name_first: bool
) -> None:
    for step in (decide_no, keep) if name_first else (keep, decide_no):
        step(shared)
    assert listed(shared) == []
    bob = client("1", **BOB | {"email": "bob@new.example"})
    load(shared, "oak", 3, [bob], [DEAD, LUNA])
    assert rows(shared, "SELECT name FROM scriptright.pet ORDER BY pet_id") == [
        ("Rex",), ("Luna",),
    ]  # fmt: skip
    assert rows(shared, "SELECT first_name, email FROM scriptright.client") == [
        ("Ann", "bob@new.example")
    ]


def test_a_kept_link_says_nothing_of_who_is_typed_over_later(shared: Engine) -> None:
    keep(shared)
    load(shared, "oak", 3, [client("1", **BOB | {"first_name": "Cara"})], [DEAD, LUNA])
    assert listed(shared) == [RowInQuestion("1", 1, True, ())]
    keep(shared)
    assert listed(shared) == []
    dora = client("1", first_name="Dora", last_name="Poe", address_line1="3 Ash Rd",
                  phones=phones("(217) 555-0133"), email="dora@example.com")  # fmt: skip
    load(shared, "oak", 4, [dora], [DEAD, LUNA])
    assert rows(shared, "SELECT email FROM scriptright.client") == [(ANN,)]


def test_a_kept_link_that_is_undone_answers_no_more(shared: Engine) -> None:
    decide_no(shared)
    keep(shared)
    undone = undo_link(shared, "oak", "client", "1", by="Pat Doe")
    assert listed(shared) == [RowInQuestion("1", undone.new_id, False, ("20",))]
