"""Several PIMS records that feed one ScriptRight record: who wins, and what is asked."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, edit, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import keep_link, list_link_reviews
from vet_pipeline.scriptright.decisions.unmerge import undo_link
from vet_pipeline.scriptright.postgres.roles import transaction

IN_QUESTION = "SELECT pims_id, reasons FROM scriptright.link_review WHERE state = 'open'"
OPEN = """
    SELECT record, field, reason, old_value, new_value FROM scriptright.suggestion
    WHERE state = 'open' ORDER BY suggestion_id
"""


def email(engine: Engine) -> Any:
    return one(engine, "SELECT email FROM scriptright.client")


def shared(engine: Engine, **cells: dict[str, str]) -> Engine:
    """Two PIMS clients and two PIMS pets (`cells` by their keys) that feed one home client and pet."""
    add_practice(engine)
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        dog = web_shop.add_pet(connection, "oak", home, {"name": "Rex", "birth_date": "2020-05-01"})
    both = ToldMatcher(
        clients={"1": ("linked", [home]), "2": ("linked", [home])},
        pets={"10": ("linked", [dog]), "20": ("linked", [dog])},
    )
    clients = [client("1"), client("2")]
    pets = [pet(key, owner, **cells.get(key, {})) for key, owner in (("10", "1"), ("20", "2"))]
    load(engine, "oak", 1, clients, pets, matcher=both)
    return engine


def test_sources_that_disagree_on_an_email_are_a_question(engine: Engine) -> None:
    shared(engine)
    clients = [client("1", email="a@example.com"), client("2", email="b@example.com")]
    load(engine, "oak", 2, clients, [pet("10", "1"), pet("20", "2")])
    assert email(engine) == "ann@example.com"
    found = [(row[2], row[4]) for row in rows(engine, OPEN) if row[1] == "email"]
    assert found == [
        ("sources_disagree", {"email": "a@example.com"}),
        ("sources_disagree", {"email": "b@example.com"}),
    ]


def test_sources_that_agree_on_an_email_change_it_once(engine: Engine) -> None:
    shared(engine)
    clients = [client("1", email="a@example.com"), client("2", email="a@example.com")]
    done = load(engine, "oak", 2, clients, [pet("10", "1"), pet("20", "2")])
    assert email(engine) == "a@example.com"
    assert done.counts["changes_applied"] == 1


def test_of_two_weighings_the_newest_wins(engine: Engine) -> None:
    shared(engine)
    newer = pet("10", "1", weight="31", weight_date="2026-03-03")
    older = pet("20", "2", weight="32", weight_date="2026-03-02")
    load(engine, "oak", 2, [client("1"), client("2")], [older, newer])
    assert str(one(engine, "SELECT weight_value FROM scriptright.pet")) == "31.0000"
    assert ("pet", "weight", "older_weighing") in [row[:3] for row in rows(engine, OPEN)]


def test_of_two_words_on_death_dead_wins(engine: Engine) -> None:
    shared(engine)
    clients = [client("1"), client("2")]
    load(engine, "oak", 2, clients, [pet("10", "1", deceased_flag="1"), pet("20", "2")])
    pets = [pet("10", "1"), pet("20", "2", deceased_flag="1")]
    load(engine, "oak", 3, clients, pets)
    assert one(engine, "SELECT deceased FROM scriptright.pet") is True


def test_alive_waits_for_a_person_while_another_record_of_the_pet_still_says_dead(
    engine: Engine,
) -> None:
    shared(engine)
    clients = [client("1"), client("2")]
    dead, dead_too = pet("10", "1", deceased_flag="1"), pet("20", "2", deceased_flag="1")
    load(engine, "oak", 2, clients, [dead, dead_too])
    load(engine, "oak", 3, clients, [pet("10", "1"), dead_too])
    deceased = "SELECT deceased FROM scriptright.pet"
    assert one(engine, deceased) is True
    asked = [row[:3] for row in rows(engine, OPEN) if row[1] == "deceased"]
    assert asked == [("pet", "deceased", "sources_disagree")]
    load(engine, "oak", 4, clients, [pet("10", "1"), pet("20", "2")])
    assert one(engine, deceased) is False
    assert [row for row in rows(engine, OPEN) if row[1] == "deceased"] == []


def test_an_automatic_change_brings_other_suggestions_on_the_value_in_line(engine: Engine) -> None:
    shared(engine)
    clients = [client("1"), client("2", email=None)]
    pets = [pet("10", "1"), pet("20", "2")]
    load(engine, "oak", 2, clients, pets)
    load(engine, "oak", 3, [client("1", email="n@example.com"), clients[1]], pets)
    found = [(row[3], row[4]) for row in rows(engine, OPEN) if row[1] == "email"]
    assert found == [({"email": "n@example.com"}, {"email": None})]


def test_a_double_that_was_marked_dead_is_a_question_once_the_other_is_weighed_again(
    engine: Engine,
) -> None:
    """The desk ticks one of Rex's two entries to be rid of it: undone, he lives as he did."""
    shared(engine)
    clients, dead = [client("1"), client("2")], pet("20", "2", deceased_flag="1")
    load(engine, "oak", 2, clients, [pet("10", "1"), dead])
    ill = pet("10", "1", weight="28", weight_date="2026-03-03")  # the day on which he died
    load(engine, "oak", 3, clients, [ill, dead])
    assert rows(engine, IN_QUESTION) == []
    well = pet("10", "1", weight="31", weight_date="2026-03-20")
    load(engine, "oak", 12, clients, [well])
    assert rows(engine, IN_QUESTION) == [("20", ["weighed_since_death"])]
    undo_link(engine, "oak", "pet", "20", by="Pat Doe")
    assert rows(engine, IN_QUESTION) == []
    pets = "SELECT deceased, weight_value::int FROM scriptright.pet ORDER BY pet_id"
    assert rows(engine, pets) == [(False, 31), (True, 30)]


def test_so_is_one_beside_a_record_that_was_made_from_the_entry_marked_dead(
    engine: Engine,
) -> None:
    """It has no link to undo: the pet was dead for good, and nobody was asked."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    clients, alive = [client("1"), client("2")], pet("20", "2")
    took = ToldMatcher({"2": ("linked", [1])}, {"20": ("linked", [1])})
    load(engine, "oak", 2, clients[1:], [alive], matcher=took)  # numbered anew
    dead = pet("10", "1", deceased_flag="1", deceased_date="2026-03-04")
    load(engine, "oak", 3, clients, [dead, alive])
    assert rows(engine, IN_QUESTION) == []
    load(engine, "oak", 4, clients, [dead, alive | {"weight_date": "2026-03-06"}])
    assert rows(engine, IN_QUESTION) == [("20", ["dead_by_another"])]
    edit(engine, "pet", deceased=False, deceased_on=None)
    assert rows(engine, IN_QUESTION) == []


def test_who_keeps_such_a_link_is_not_asked_at_the_next_weighing(engine: Engine) -> None:
    shared(engine)
    clients, dead = [client("1"), client("2")], pet("20", "2", deceased_flag="1")
    load(engine, "oak", 2, clients, [pet("10", "1"), dead])
    for seq, day in ((12, "2026-03-20"), (13, "2026-03-21")):
        load(engine, "oak", seq, clients, [pet("10", "1", weight_date=day), dead])
        with engine.connect() as connection:
            for asked in list_link_reviews(connection, "oak"):
                keep_link(engine, "oak", asked.review_id, by="Pat Doe")
    reviews = "SELECT pims_id, state FROM scriptright.link_review"
    assert rows(engine, reviews) == [("20", "kept")]


def test_so_is_a_pet_that_the_web_shop_weighs_after_the_pims_has_told_its_death(
    engine: Engine,
) -> None:
    shared(engine)
    both = [pet(key, owner, deceased_flag="1") for key, owner in (("10", "1"), ("20", "2"))]
    load(engine, "oak", 2, [client("1"), client("2")], both)
    weighed = {"weight_value": "31", "weight_unit": "kg", "weighed_on": "2026-03-20"}
    with transaction(engine, "shop", "oak") as shop:
        dog = one(engine, "SELECT pet_id FROM scriptright.pet")
        web_shop.edit_pet(shop, "oak", dog, weighed, actor="web-shop")
    asked = [("10", ["weighed_since_death"]), ("20", ["weighed_since_death"])]
    assert sorted(rows(engine, IN_QUESTION)) == asked
    with transaction(engine, "shop", "oak") as shop:
        web_shop.edit_pet(shop, "oak", dog, {"deceased": False}, actor="web-shop")
    assert rows(engine, IN_QUESTION) == []


@pytest.mark.parametrize("double", ["10", "20"])
def test_of_a_double_that_was_marked_dead_before_the_first_copy_a_person_is_asked_too(
    engine: Engine, double: str
) -> None:
    dead = {"deceased_flag": "1", "deceased_date": "2026-02-01", "weight_date": "2025-06-01"}
    of = {key: dead if key == double else {"weight_date": "2026-02-25"} for key in ("10", "20")}
    shared(engine, **of)
    assert rows(engine, IN_QUESTION) == [(double, ["weighed_since_death"])]
    undo_link(engine, "oak", "pet", double, by="Pat Doe")
    pets = "SELECT deceased, weighed_on::text FROM scriptright.pet ORDER BY pet_id"
    assert rows(engine, pets) == [(False, "2026-02-25"), (True, "2025-06-01")]


def test_of_a_pet_that_was_weighed_for_the_last_time_after_its_death_nobody_is_asked(
    engine: Engine,
) -> None:
    dead = {"deceased_flag": "1", "deceased_date": "2026-02-01", "weight_date": "2026-02-03"}
    shared(engine, **{"10": dead, "20": dead})
    assert rows(engine, IN_QUESTION) == []
