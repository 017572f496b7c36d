"""A pet's new name or new owner, and what becomes of its prescriptions."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, one, pet, rows, whole_database
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused, StaleDecision
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright import records
from vet_pipeline.scriptright.consequences import STATEMENT, Consequence
from vet_pipeline.scriptright.links import undo_link
from vet_pipeline.scriptright.review import Suggestion, confirm, list_suggestions
from vet_pipeline.scriptright.roles import transaction
from vet_pipeline.scriptright.suggestions import open_suggestion

PRESCRIPTIONS = (
    "SELECT prescription_id, client_id, pet_id, label_name, state, new_name "
    "FROM scriptright.prescription ORDER BY prescription_id"
)


@pytest.fixture
def practice(engine: Engine) -> str:
    """Ann Lee's Rex with two active prescriptions and an ended one."""
    add_practice(engine)
    load(
        engine, "oak", 1, [client("1"), client("2", first_name="Bo", email=None)], [pet("p1", "1")]
    )
    with engine.begin() as connection:
        for drug in ("carprofen", "gabapentin", "prednisone"):
            records.add_prescription(connection, "oak", 1, label_name="Rex", drug=drug)
        connection.exec_driver_sql(
            "UPDATE scriptright.prescription SET state = 'ended' WHERE prescription_id = 3"
        )
    return "oak"


def renamed(engine: Engine, name: str, seq: int = 2) -> Suggestion:
    """The suggestion that Rex has another name in the PIMS."""
    load(
        engine,
        "oak",
        seq,
        [client("1"), client("2", first_name="Bo", email=None)],
        [pet("p1", "1", name=name)],
    )
    return the_suggestion(engine)


def the_suggestion(engine: Engine) -> Suggestion:
    with engine.connect() as connection:
        [only] = list_suggestions(connection, "oak")
    return only


def test_a_rename_without_the_statement_is_refused(engine: Engine, practice: str) -> None:
    shown = renamed(engine, "Max")
    assert shown.needs_attestation
    before = whole_database(engine)
    with pytest.raises(DecisionRefused):
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert whole_database(engine) == before


def test_a_rename_keeps_the_statement_with_the_pets_identity(engine: Engine, practice: str) -> None:
    shown = renamed(engine, "Max")
    confirm(
        engine,
        practice,
        shown.suggestion_id,
        by="Pat Doe",
        shown=shown.shown,
        same_animal=True,
        statement="Owner called, microchip checked.",
    )
    assert one(engine, "SELECT name FROM scriptright.pet") == "Max"
    assert rows(
        engine,
        "SELECT suggestion_id, pet_id, pims_id, old_name, new_name, species, breed, "
        "birth_date::text, statement, attested_by, load_id, prescriptions "
        "FROM scriptright.rename_attestation",
    ) == [
        (
            shown.suggestion_id,
            1,
            "p1",
            "Rex",
            "Max",
            "dog",
            "Labrador Retriever",
            "2020-05-01",
            "Owner called, microchip checked.",
            "Pat Doe",
            shown.load_id,
            [1, 2],
        )
    ]


def test_the_statement_has_words_of_its_own_when_none_are_given(
    engine: Engine, practice: str
) -> None:
    shown = renamed(engine, "Max")
    confirm(engine, practice, shown.suggestion_id, by="Pat Doe", same_animal=True)
    assert one(engine, "SELECT statement FROM scriptright.rename_attestation") == STATEMENT


def test_each_active_prescription_needs_a_new_one_and_no_label_changes(
    engine: Engine, practice: str
) -> None:
    shown = renamed(engine, "Max")
    decided = confirm(engine, practice, shown.suggestion_id, by="Pat Doe", same_animal=True)
    assert decided.prescriptions == (
        Consequence(1, 1, 1, "Rex", "active", "needs_new_prescription", "Max"),
        Consequence(2, 1, 1, "Rex", "active", "needs_new_prescription", "Max"),
    )
    assert rows(engine, PRESCRIPTIONS) == [
        (1, 1, 1, "Rex", "needs_new_prescription", "Max"),
        (2, 1, 1, "Rex", "needs_new_prescription", "Max"),
        (3, 1, 1, "Rex", "ended", None),
    ]
    assert rows(
        engine,
        "SELECT record_id, field, old_value, new_value, cause, via_pims_id, actor "
        "FROM scriptright.record_change WHERE record = 'prescription' ORDER BY record_id",
    ) == [
        (
            n,
            "state",
            {"state": "active", "new_name": None},
            {"state": "needs_new_prescription", "new_name": "Max"},
            "rename",
            "p1",
            "Pat Doe",
        )
        for n in (1, 2)
    ]


def test_a_second_rename_moves_the_name_that_is_needed(engine: Engine, practice: str) -> None:
    confirm(engine, practice, renamed(engine, "Max").suggestion_id, by="Pat Doe", same_animal=True)
    confirm(
        engine, practice, renamed(engine, "Moe", 3).suggestion_id, by="Pat Doe", same_animal=True
    )
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Rex", "needs_new_prescription", "Moe"),
        ("Rex", "needs_new_prescription", "Moe"),
        ("Rex", "ended", None),
    ]
    assert rows(engine, "SELECT old_name, new_name FROM scriptright.rename_attestation") == [
        ("Rex", "Max"),
        ("Max", "Moe"),
    ]


def test_another_way_of_writing_the_name_needs_no_new_prescription(
    engine: Engine, practice: str
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE scriptright.pet SET name = 'REX'")
    shown = renamed(engine, "Max")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE scriptright.pet SET name = 'MAX'")
    with pytest.raises(StaleDecision):
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe", same_animal=True)
    again = the_suggestion(engine)
    decided = confirm(engine, practice, again.suggestion_id, by="Pat Doe", same_animal=True)
    assert decided.prescriptions == ()
    assert {state for *_, state, _ in rows(engine, PRESCRIPTIONS)} == {"active", "ended"}


def test_a_pet_renamed_in_the_web_shop_needs_new_prescriptions_too(
    engine: Engine, practice: str
) -> None:
    """The PIMS had the name, too, and a person was to state that it is the same animal."""
    renamed(engine, "Max")
    with transaction(engine, "shop", practice) as connection:
        records.edit_pet(connection, practice, 1, {"name": "Max"}, actor="web")
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "ended", None),
    ]
    assert rows(engine, "SELECT state FROM scriptright.suggestion") == [("superseded",)]
    assert rows(
        engine,
        "SELECT DISTINCT cause, actor, via_pims_id FROM scriptright.record_change"
        " WHERE record = 'prescription'",
    ) == [("rename", "web", None)]


def test_a_pet_is_never_renamed_to_nothing(engine: Engine, practice: str) -> None:
    with engine.begin() as connection:
        open_suggestion(
            connection,
            practice,
            FIELD["pet", "name"],
            record_id=1,
            pims_id="p1",
            old={"name": "Rex", "name_note": None},
            new={"name": None, "name_note": None},
            reason="became_blank",
            load_id=one(engine, "SELECT load_id FROM scriptright.load"),
        )
    shown = the_suggestion(engine)
    before = whole_database(engine)
    with pytest.raises(DecisionRefused):
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe", same_animal=True)
    assert whole_database(engine) == before


def test_an_animal_that_became_another_one_since_it_was_shown_is_stale(
    engine: Engine, practice: str
) -> None:
    shown = renamed(engine, "Max")
    with engine.begin() as connection:
        records.edit_pet(connection, practice, 1, {"species": "cat", "breed": None}, actor="web")
    with pytest.raises(StaleDecision):
        confirm(
            engine,
            practice,
            shown.suggestion_id,
            by="Pat Doe",
            shown=shown.shown,
            same_animal=True,
        )


def test_a_number_seen_for_a_dog_is_never_a_statement_about_a_cat(
    engine: Engine, practice: str
) -> None:
    """The list is not looked at again after the species was confirmed."""
    both = [client("1"), client("2", first_name="Bo", email=None)]
    load(engine, practice, 2, both, [pet("p1", "1", name="Max", species="cat", breed="Siamese")])
    with engine.connect() as connection:
        asked = {s.field: s for s in list_suggestions(connection, practice)}
    assert asked["name"].animal is not None
    assert asked["name"].animal["species"] == "dog"
    confirm(engine, practice, asked["breed"].suggestion_id, by="Pat Doe")
    number = asked["name"].suggestion_id
    with pytest.raises(StaleDecision, match="its animal isn't what it was"):
        confirm(engine, practice, number, by="Pat Doe", same_animal=True)
    assert rows(engine, "SELECT * FROM scriptright.rename_attestation") == []
    again = the_suggestion(engine)
    assert (again.since, again.animal, again.means_another) == (
        asked["name"].since,
        {"client_id": 1, "species": "cat", "breed": "Siamese", "birth_date": "2020-05-01"},
        False,
    )
    confirm(engine, practice, again.suggestion_id, by="Pat Doe", same_animal=True)
    assert rows(engine, "SELECT species FROM scriptright.rename_attestation") == [("cat",)]


def test_a_statement_is_kept_for_good(engine: Engine, practice: str) -> None:
    confirm(engine, practice, renamed(engine, "Max").suggestion_id, by="Pat Doe", same_animal=True)
    with engine.connect() as connection, pytest.raises(Exception, match="append-only") as refused:
        connection.exec_driver_sql("DELETE FROM scriptright.rename_attestation")
    assert isinstance(refused.value.__cause__, psycopg.Error)


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
        " ORDER BY record_id, cause",
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
        zed = records.add_client(connection, "oak", {"first_name": "Zed", "last_name": "Moss"})
    clients = [client("1"), client("2", first_name="Zed", last_name="Moss")]
    told = ToldMatcher({"2": ("linked", [zed])})
    load(engine, "oak", 1, clients, [pet("p1", "1")], matcher=told)
    load(engine, "oak", 2, clients, [pet("p1", "2")], matcher=told)
    seen = the_suggestion(engine)
    assert seen.new["client_id"] == zed
    undone = undo_link(engine, "oak", "client", "2", by="Kim Roe", conventions=Conventions())
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
        home = records.add_client(connection, practice, {"last_name": "Lee"})
    matcher = ToldMatcher(clients={"3": ("possible", [home])})
    load(engine, practice, 2, clients, [pet("p1", "3")], matcher=matcher)
    shown = the_suggestion(engine)
    assert shown.new == {"client_id": None, "pims_client_id": "3"}
    before = whole_database(engine)
    with pytest.raises(DecisionRefused, match="possible match"):
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert whole_database(engine) == before
