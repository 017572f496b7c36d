"""A refresh asks what one load of the same rows would have asked."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates
from tests.scriptright.builders import add_practice, client, load, pet, phones, rows
from vet_pipeline.scriptright import web_shop

LINKS = "SELECT pims_id, record_id, method FROM scriptright.client_link ORDER BY pims_id"
SMITHS: dict[str, Any] = {
    "last_name": "Smith",
    "address_line1": "12 Elm St",
    "city": "Springfield",
    "state": "IL",
    "postal_code": "62704",
    "email": "smith@example.com",
}
NUMBER = {"number": "+12175550142", "extension": None, "kind": "unknown", "recorded": "555-0142"}


def home(engine: Engine, **names: str) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", SMITHS | {"phones": [NUMBER]} | names)
        web_shop.add_pet(connection, "oak", 1, {"name": "Rex", "species": "dog"})


def smith(key: str, first_name: str) -> dict[str, str | None]:
    return client(key, **SMITHS, first_name=first_name)


REX, MILO = pet("p1", "1"), pet("p2", "2", name="Milo", species="cat", breed="DSH")


@pytest.mark.parametrize(
    ("names", "one", "other"),
    [
        ({"first_name": "J"}, "John", "Jane"),
        ({"first_name": "John", "partner_first_name": "Jane"}, "John", "Jane"),
        ({"first_name": "Chris"}, "Christopher", "Christine"),
    ],
)
def test_another_person_of_the_household_is_not_linked_beside_the_first(
    engine: Engine, names: dict[str, str], one: str, other: str
) -> None:
    home(engine, **names)
    load(engine, "oak", 1, [smith("1", one)], [REX])
    assert rows(engine, LINKS) == [("1", 1, "machine")]
    load(engine, "oak", 2, [smith("1", one), smith("2", other)], [REX, MILO])
    assert rows(engine, LINKS) == [("1", 1, "machine")]
    assert [(c.record, c.pims_id, c.record_id) for c in candidates(engine)] == [("client", "2", 1)]


def test_the_same_person_once_more_is_linked(engine: Engine) -> None:
    home(engine, first_name="John")
    first = smith("1", "John") | {"phones": phones("(217) 555-0142", "(217) 555-0199")}
    load(engine, "oak", 1, [first], [REX])
    load(engine, "oak", 2, [first, smith("2", "John")], [REX])
    assert rows(engine, LINKS) == [("1", 1, "machine"), ("2", 1, "machine")]


@pytest.mark.parametrize(
    ("names", "one", "other"),
    [
        ({"first_name": "J"}, "John", "Jane"),
        ({"first_name": "Chris"}, "Christopher", "Christine"),
        ({"first_name": "Maria"}, "Maria Elena", "Maria Isabel"),
    ],
)
def test_nor_is_one_who_comes_when_the_first_has_gone_from_the_pims(
    engine: Engine, names: dict[str, str], one: str, other: str
) -> None:
    home(engine, **names)
    load(engine, "oak", 1, [smith("1", one)], [REX])
    load(engine, "oak", 2, [smith("2", other)], [MILO])
    assert rows(engine, LINKS) == [("1", 1, "machine")]
    assert [(c.record, c.pims_id, c.record_id) for c in candidates(engine)] == [("client", "2", 1)]


def test_the_first_one_s_new_number_is_linked(engine: Engine) -> None:
    home(engine, first_name="Chris")
    load(engine, "oak", 1, [smith("1", "Christopher")], [REX])
    changed = smith("2", "Christopher") | {"email": "chris.smith@other.example"}
    load(engine, "oak", 2, [changed], [REX | {"client_key": "2"}])
    assert rows(engine, LINKS) == [("1", 1, "machine"), ("2", 1, "machine")]
