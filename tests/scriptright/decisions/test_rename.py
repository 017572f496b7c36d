"""A pet's new name or new owner, and what becomes of its prescriptions."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import client, load, one, pet, rows, whole_database
from tests.scriptright.prescribed import (
    PRESCRIPTIONS,
    home_dog,
    prescribed,
    renamed,
    the_suggestion,
)
from vet_pipeline.errors import DecisionRefused, StaleDecision
from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.records.consequences import STATEMENT, Consequence
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.suggestions import open_suggestion


@pytest.fixture
def practice(engine: Engine) -> str:
    return prescribed(engine)


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
        "FROM scriptright.record_change WHERE record = 'prescription' AND cause <> 'prescribed'"
        " ORDER BY record_id",
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
        web_shop.edit_pet(connection, practice, 1, {"name": "Max"}, actor="web")
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "ended", None),
    ]
    assert rows(engine, "SELECT state FROM scriptright.suggestion") == [("superseded",)]
    assert rows(
        engine,
        "SELECT DISTINCT cause, actor, via_pims_id FROM scriptright.record_change"
        " WHERE record = 'prescription' AND cause <> 'prescribed'",
    ) == [("rename", "web", None)]


def test_a_pet_is_never_renamed_to_nothing(engine: Engine, practice: str) -> None:
    with engine.begin() as connection:
        load_id = one(engine, "SELECT load_id FROM scriptright.load")
        rex, blank = ({"name": name, "name_note": None} for name in ("Rex", None))
        asked = Question(FIELD["pet", "name"], 1, "p1", rex, blank, "became_blank", load_id)
        open_suggestion(connection, practice, asked)
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
        web_shop.edit_pet(connection, practice, 1, {"species": "cat", "breed": None}, actor="web")
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


@pytest.mark.parametrize("was", ["Rex", None])
def test_a_label_of_the_new_name_is_marked_too_where_it_is_confirmed(
    engine: Engine, practice: str, was: str | None
) -> None:
    """Whoever printed it knew of the name before anybody stated that it is the same animal."""
    with engine.begin() as connection:
        web_shop.add_prescription(connection, practice, 1, label_name="Max", drug="tramadol")
        web_shop.edit_pet(connection, practice, 1, {"name": was}, actor="client 1")
    shown = renamed(engine, "Max")
    confirm(
        engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown, same_animal=True
    )
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "ended", None),
        ("Max", "needs_new_prescription", "Max"),
    ]


def test_so_it_is_where_the_web_shop_gives_it_another_name(engine: Engine) -> None:
    home_dog(engine, "Rex", "Max", name="Rex")
    with engine.begin() as connection:
        web_shop.edit_pet(connection, "oak", 1, {"name": "Max"}, actor="client 1")
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Rex", "needs_new_prescription", "Max"),
        ("Max", "needs_new_prescription", "Max"),
    ]
    assert rows(engine, "SELECT DISTINCT version FROM scriptright.prescription") == [(2,)]


def test_what_waits_for_a_name_that_is_gone_waits_for_the_next_one_though_its_label_has_that(
    engine: Engine,
) -> None:
    home_dog(engine, "Max", "Rex", name="Max")
    with engine.begin() as connection:
        for name in ("Rex", None, "Max"):
            web_shop.edit_pet(connection, "oak", 1, {"name": name}, actor="client 1")
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Max", "needs_new_prescription", "Max"),
        ("Rex", "needs_new_prescription", "Max"),
    ]
