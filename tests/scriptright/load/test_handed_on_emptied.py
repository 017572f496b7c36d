"""A PIMS row that was emptied before another client, or another animal, was typed into it."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, edit, load, one, pet, rows
from tests.scriptright.handed import ANN, BOB, DEAD, OPEN, PET, TOM

NO_CLIENT = dict.fromkeys(client(""))
NO_PET: Cells = dict.fromkeys(pet("", "")) | {"client_key": "1"}


def test_who_is_typed_into_an_emptied_row_is_another_client(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [NO_CLIENT | {"client_key": "1"}], [DEAD])
    load(engine, "oak", 3, [client("1", **BOB)], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == ANN
    assert rows(engine, OPEN) == [
        ("name", "another_record"), ("address", "another_record"), ("phones", "another_record"),
        ("email", "another_record"),
    ]  # fmt: skip


def test_one_who_comes_back_after_it_is_the_same(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [NO_CLIENT | {"client_key": "1"}], [DEAD])
    load(engine, "oak", 3, [client("1", email="new@example.com")], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == "new@example.com"
    assert rows(engine, OPEN) == []


def test_what_is_typed_into_an_emptied_row_is_another_animal(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    load(engine, "oak", 2, [client("1")], [NO_PET | {"patient_key": "10"}])
    load(engine, "oak", 3, [client("1")], [pet("10", "1", **TOM)])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]
    assert rows(engine, OPEN) == [
        ("name", "another_record"), ("age", "another_record"), ("breed", "another_record"),
        ("weight", "another_record"),
    ]  # fmt: skip


def test_so_is_the_next_pup_in_a_dead_pets_emptied_row(engine: Engine) -> None:
    """Nothing was said of its death any more, so that it lives is no change there."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [client("1")], [NO_PET | {"patient_key": "10"}])
    weighed = {"weight": "4", "weight_date": "2026-02-20"}
    load(engine, "oak", 3, [client("1")], [pet("10", "1", name="Tom", **weighed)])
    assert rows(engine, PET) == [("Rex", "dog", 30, True)]
    assert ("weight", "another_record") in rows(engine, OPEN)


def test_what_the_pims_never_said_is_weighed_as_before_where_it_agrees(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1", species=None, birth_date=None)])
    edit(engine, "pet", species="dog", breed="Labrador Retriever", birth_date="2020-05-01")
    weighed = {"weight": "31", "weight_date": "2026-03-02"}
    load(engine, "oak", 2, [client("1")], [pet("10", "1", name="Tom", **weighed)])
    assert one(engine, "SELECT weight_value::int FROM scriptright.pet") == 31
