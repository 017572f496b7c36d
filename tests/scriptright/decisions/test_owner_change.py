"""A pet's new owner: the pet moves, no prescription does, and each is shown."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, one, pet, rows, whole_database
from tests.scriptright.prescribed import PRESCRIPTIONS, prescribed, the_suggestion
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused, StaleDecision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.decisions.review import Suggestion, confirm, list_suggestions
from vet_pipeline.scriptright.records.consequences import Consequence


@pytest.fixture
def practice(engine: Engine) -> str:
    return prescribed(engine)


def sold(engine: Engine) -> Suggestion:
    """The suggestion that Rex belongs to Bo now."""
    load(
        engine,
        "oak",
        2,
        [client("1"), client("2", first_name="Bo", email=None)],
        [pet("p1", "2")],
    )
    return the_suggestion(engine)


def test_an_owner_change_moves_the_pet_and_no_prescription(engine: Engine, practice: str) -> None:
    shown = sold(engine)
    assert (shown.field, shown.old, shown.new) == (
        "owner",
        {"client_id": 1, "pims_client_id": "1"},
        {"client_id": 2, "pims_client_id": "2"},
    )
    decided = confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert decided.prescriptions == (
        Consequence(1, 1, 1, "Rex", "active", "owner_changed", None, True),
        Consequence(2, 1, 1, "Rex", "active", "owner_changed", None, True),
    )
    assert one(engine, "SELECT client_id FROM scriptright.pet") == 2
    assert rows(engine, PRESCRIPTIONS) == [
        (1, 1, 1, "Rex", "owner_changed", None),
        (2, 1, 1, "Rex", "owner_changed", None),
        (3, 1, 1, "Rex", "ended", None),
    ]


@pytest.mark.parametrize("order", [("name", "owner"), ("owner", "name")])
def test_a_rename_and_an_owner_change_in_either_order_show_every_prescription(
    engine: Engine, practice: str, order: tuple[str, str]
) -> None:
    both = [client("1"), client("2", first_name="Bo", email=None)]
    load(engine, practice, 2, both, [pet("p1", "2", name="Max")])
    for field in order:
        with engine.connect() as connection:
            [asked] = list_suggestions(connection, practice, field=field)
        decided = confirm(
            engine, practice, asked.suggestion_id, by="Pat Doe", shown=asked.shown, same_animal=True
        )
        assert [c.prescription_id for c in decided.prescriptions] == [1, 2]
    assert {(c.new_state, c.new_name, c.owner_changed) for c in decided.prescriptions} == {
        ("needs_new_prescription", "Max", True)
    }
    assert rows(engine, PRESCRIPTIONS) == [
        (1, 1, 1, "Rex", "needs_new_prescription", "Max"),
        (2, 1, 1, "Rex", "needs_new_prescription", "Max"),
        (3, 1, 1, "Rex", "ended", None),
    ]
    assert rows(engine, "SELECT prescriptions FROM scriptright.rename_attestation") == [([1, 2],)]
    assert rows(
        engine,
        "SELECT record_id, cause FROM scriptright.record_change WHERE record = 'prescription'"
        " AND cause <> 'prescribed' ORDER BY record_id, cause",
    ) == [(1, "confirmed"), (1, "rename"), (2, "confirmed"), (2, "rename")]


def test_a_second_owner_change_shows_what_the_first_has_marked(
    engine: Engine, practice: str
) -> None:
    confirm(engine, practice, sold(engine).suggestion_id, by="Pat Doe")
    both = [client("1"), client("2", first_name="Bo", email=None)]
    load(engine, practice, 3, both, [pet("p1", "1")])
    decided = confirm(engine, practice, the_suggestion(engine).suggestion_id, by="Pat Doe")
    assert decided.prescriptions == (
        Consequence(1, 1, 1, "Rex", "owner_changed", "owner_changed", None),
        Consequence(2, 1, 1, "Rex", "owner_changed", "owner_changed", None),
    )


def test_a_number_seen_for_one_owner_never_moves_the_pet_to_another(engine: Engine) -> None:
    """PIMS client 2 fed Home Delivery's Zed Moss; that link was undone after the list was seen."""
    add_practice(engine)
    with engine.begin() as connection:
        zed = web_shop.add_client(connection, "oak", {"first_name": "Zed", "last_name": "Moss"})
    clients = [client("1"), client("2", first_name="Zed", last_name="Moss")]
    told = ToldMatcher({"2": ("linked", [zed])})
    load(engine, "oak", 1, clients, [pet("p1", "1")], matcher=told)
    load(engine, "oak", 2, clients, [pet("p1", "2")], matcher=told)
    seen = the_suggestion(engine)
    assert seen.new["client_id"] == zed
    undone = undo_link(engine, "oak", "client", "2", by="Kim Roe")
    with pytest.raises(StaleDecision, match="its owner in ScriptRight isn't what it was"):
        confirm(engine, "oak", seen.suggestion_id, by="Pat Doe")
    assert one(engine, "SELECT client_id = :z FROM scriptright.pet", z=zed) is False
    with engine.connect() as connection:
        [again] = list_suggestions(connection, "oak", field="owner")
    assert (again.new["client_id"], again.means_another) == (undone.new_id, False)
    confirm(engine, "oak", again.suggestion_id, by="Pat Doe")
    assert one(engine, "SELECT client_id FROM scriptright.pet") == undone.new_id


def test_an_owner_whom_scriptright_does_not_know_yet_is_refused(
    engine: Engine, practice: str
) -> None:
    clients = [client("1"), client("2", first_name="Bo", email=None), client("3")]
    with engine.begin() as connection:
        home = web_shop.add_client(connection, practice, {"last_name": "Lee"})
    matcher = ToldMatcher(clients={"3": ("possible", [home])})
    load(engine, practice, 2, clients, [pet("p1", "3")], matcher=matcher)
    shown = the_suggestion(engine)
    assert shown.new == {"client_id": None, "pims_client_id": "3"}
    before = whole_database(engine)
    with pytest.raises(DecisionRefused, match="possible match"):
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert whole_database(engine) == before
