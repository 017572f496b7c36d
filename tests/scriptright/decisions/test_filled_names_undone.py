"""Two PIMS records say the name of a nameless pet: the labels stay marked when one link is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.asked import candidates, confirmed
from tests.scriptright.builders import client, load, one, pet, rows
from tests.scriptright.prescribed import PRESCRIPTIONS, home_dog
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright.decisions.links import Undone, undo_link
from vet_pipeline.scriptright.postgres.roles import transaction

BOTH = ToldMatcher(
    {"1": ("linked", [1]), "2": ("linked", [1])}, {"p1": ("linked", [1]), "p2": ("linked", [1])}
)
ACTIVE = ("active", None)


@pytest.fixture
def practice(engine: Engine) -> str:
    """Ann's nameless dog with active prescriptions for Rex, Max and Bella."""
    return home_dog(engine, "Rex", "Max", "Bella")


def states(engine: Engine) -> list[tuple[str, str | None]]:
    return [row[4:] for row in rows(engine, PRESCRIPTIONS)]


def said(engine: Engine, first: str, second: str) -> None:
    """p1, whose name is filled in, and p2 of a double of its owner feed the dog."""
    clients, pets = [client("1"), client("2")], [pet("p1", "1", name=first)]
    load(engine, "oak", 1, clients[:1], pets, matcher=BOTH)
    load(engine, "oak", 2, clients, [*pets, pet("p2", "2", name=second)], matcher=BOTH)


def undo(engine: Engine, pims_id: str) -> Undone:
    return undo_link(engine, "oak", "pet", pims_id, by="Pat Doe")


def test_a_name_that_the_other_record_says_too_keeps_its_marks(
    engine: Engine, practice: str
) -> None:
    said(engine, "Max", "MAX")
    assert states(engine) == [
        ("needs_new_prescription", "Max"), ACTIVE, ("needs_new_prescription", "Max"),
    ]  # fmt: skip
    undo(engine, "p1")
    assert states(engine) == [
        ("needs_new_prescription", "MAX"), ACTIVE, ("needs_new_prescription", "MAX"),
    ]  # fmt: skip
    undo(engine, "p2")
    assert one(engine, "SELECT name FROM scriptright.pet WHERE pet_id = 1") is None
    assert states(engine) == [ACTIVE] * 3


def test_the_other_record_s_name_marks_the_labels_that_say_another(
    engine: Engine, practice: str
) -> None:
    said(engine, "Max", "Bella")
    undone = undo(engine, "p1")
    assert one(engine, "SELECT name FROM scriptright.pet WHERE pet_id = 1") == "Bella"
    needed = ("needs_new_prescription", "Bella")
    assert states(engine) == [needed, needed, ACTIVE]
    shown = {p.prescription_id: (p.new_state, p.new_name) for p in undone.prescriptions}
    assert shown == {1: needed, 2: needed, 3: ACTIVE}
    undo(engine, "p2")
    assert states(engine) == [ACTIVE] * 3


def test_what_a_pharmacist_has_made_active_under_that_name_stays_active(
    engine: Engine, practice: str
) -> None:
    said(engine, "Max", "Max")
    with transaction(engine, "shop", practice) as shop:
        shop.execute(
            text(
                "UPDATE scriptright.prescription SET state = 'active', new_name = NULL"
                " WHERE prescription_id = 1"
            )
        )
    undo(engine, "p1")
    assert states(engine) == [ACTIVE, ACTIVE, ("needs_new_prescription", "Max")]


def test_one_made_active_under_that_name_stays_so_where_only_the_undo_fills_it_in(
    engine: Engine, practice: str
) -> None:
    load(engine, "oak", 1, [client("1")], [pet("p1", "1", name="Max")], matcher=BOTH)
    for made in ("prescription SET state = 'active', new_name = NULL", "pet SET name = NULL"):
        with transaction(engine, "shop", practice) as shop:
            shop.execute(text(f"UPDATE scriptright.{made}"))
    load(engine, "oak", 2, [client("2")], [pet("p2", "2", name="Max")], matcher=BOTH)
    [its_new_number] = candidates(engine)
    confirmed(engine, its_new_number, BOTH)
    assert one(engine, "SELECT name FROM scriptright.pet WHERE pet_id = 1") is None
    undone = undo(engine, "p1")
    assert one(engine, "SELECT name FROM scriptright.pet WHERE pet_id = 1") == "Max"
    assert states(engine) == [ACTIVE] * 3
    assert [p.new_state for p in undone.prescriptions] == ["active", "active"]


@pytest.mark.parametrize("second", ["Max", "Bella"])
def test_one_that_is_active_again_between_the_two_is_marked_by_what_is_left(
    engine: Engine, practice: str, second: str
) -> None:
    said(engine, "Max", second)
    with transaction(engine, "shop", practice) as shop:
        shop.execute(
            text(
                "UPDATE scriptright.prescription SET state = 'ended', new_name = NULL"
                " WHERE prescription_id = 1"
            )
        )
    undo(engine, "p1")
    with transaction(engine, "shop", practice) as shop:
        shop.execute(
            text("UPDATE scriptright.prescription SET state = 'active' WHERE prescription_id = 1")
        )
    assert states(engine)[0] == ("needs_new_prescription", second)
    undo(engine, "p2")
    assert states(engine) == [ACTIVE] * 3
