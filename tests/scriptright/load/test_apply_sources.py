"""Several PIMS records that feed one ScriptRight record: who wins, and what is asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop

OPEN = """
    SELECT record, field, reason, old_value, new_value FROM scriptright.suggestion
    WHERE state = 'open' ORDER BY suggestion_id
"""


def email(engine: Engine) -> Any:
    return one(engine, "SELECT email FROM scriptright.client")


def shared(engine: Engine, **cells: Any) -> Engine:
    """Two PIMS clients and two PIMS pets that feed one home client and one home pet."""
    add_practice(engine)
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        dog = web_shop.add_pet(connection, "oak", home, {"name": "Rex"})
    both = ToldMatcher(
        clients={"1": ("linked", [home]), "2": ("linked", [home])},
        pets={"10": ("linked", [dog]), "20": ("linked", [dog])},
    )
    clients = [client("1"), client("2")]
    load(engine, "oak", 1, clients, [pet("10", "1"), pet("20", "2")], matcher=both)
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
