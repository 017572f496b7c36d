"""Suggestions that the PIMS, a person or the web shop has overtaken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import client, load, one, pet, whole_database
from tests.scriptright.suggested import (
    MOVED,
    NEW_ADDRESS,
    OLD_ADDRESS,
    address,
    ann_and_rex,
    states,
    the_suggestion,
    the_suggestions,
)
from vet_pipeline.errors import StaleDecision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm, reject


@pytest.fixture
def practice(engine: Engine) -> str:
    """Ann Lee with Rex, taken in by the first load."""
    return ann_and_rex(engine)


def test_what_was_shown_before_the_pims_changed_again_is_stale(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    load(engine, practice, 3, [client("1", address_line1="77 Ash Rd")], [pet("p1", "1")])
    before = whole_database(engine)
    with pytest.raises(StaleDecision, match="superseded already") as stale:
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert stale.value.next_step.startswith("look again with"), "another stands in its place"
    assert whole_database(engine) == before


@pytest.mark.parametrize("word", [confirm, reject])
def test_another_fingerprint_than_the_shown_one_is_refused(
    engine: Engine, practice: str, word: Callable[..., object]
) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    before = whole_database(engine)
    with pytest.raises(StaleDecision):
        word(engine, practice, the_suggestion(engine).suggestion_id, by="Pat", shown="0" * 16)
    assert whole_database(engine) == before


def test_a_record_edited_since_makes_the_decision_stale(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    with engine.begin() as connection:
        edit = {"address_line1": "5 Web St"}
        web_shop.edit_client(connection, practice, shown.record_id, edit, actor="the client")
    with pytest.raises(StaleDecision):
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert address(engine) == OLD_ADDRESS | {"address_line1": "5 Web St"}


def test_a_value_changed_behind_our_back_is_shown_again_before_it_is_overwritten(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE scriptright.client SET address_line1 = '5 Web St'")
    assert the_suggestion(engine).is_stale
    with pytest.raises(StaleDecision):
        confirm(engine, practice, shown.suggestion_id, by="Pat Doe")
    again = the_suggestion(engine)
    assert again.suggestion_id != shown.suggestion_id
    assert (again.old["address_line1"], again.new, again.since) == (
        "5 Web St",
        NEW_ADDRESS,
        shown.since,
    )
    assert address(engine)["address_line1"] == "5 Web St"
    confirm(engine, practice, again.suggestion_id, by="Pat Doe", shown=again.shown)
    assert address(engine) == NEW_ADDRESS


def test_who_confirms_what_another_took_the_place_of_is_led_to_the_list(
    engine: Engine, practice: str
) -> None:
    """The client had saved a street while the list was on the screen: 2 shows it, 1 is past."""
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    with engine.begin() as connection:
        web_shop.edit_client(connection, practice, 1, {"address_line1": "5 Web St"}, actor="web")
    with pytest.raises(StaleDecision) as stale:
        confirm(engine, practice, 1, by="Pat Doe")
    listed = "`vet-pipeline review list oak --record client --id 1 --state all`"
    assert stale.value.next_step.startswith(f"look again with {listed}")


def test_a_suggestion_whose_value_somebody_entered_by_hand_is_settled(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    with engine.begin() as connection:
        web_shop.edit_client(connection, practice, 1, MOVED, actor="the client")
    assert states(engine) == [("address", "superseded", None)]


def test_confirming_one_suggestion_leaves_the_others_of_the_record_confirmable(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", last_name="Kim", **MOVED)], [pet("p1", "1")])
    name, moved = the_suggestions(engine)
    confirm(engine, practice, name.suggestion_id, by="Pat Doe", shown=name.shown)
    confirm(engine, practice, moved.suggestion_id, by="Pat Doe", shown=moved.shown)
    assert [state for _, state, _ in states(engine)] == ["confirmed", "confirmed"]


def test_a_rejected_value_comes_back_only_when_the_pims_changes_again(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    decided = reject(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert decided.state == "rejected"
    load(engine, practice, 3, [client("1", **MOVED)], [pet("p1", "1")])
    assert the_suggestions(engine) == []
    load(engine, practice, 4, [client("1", address_line1="77 Ash Rd")], [pet("p1", "1")])
    assert the_suggestion(engine).new == OLD_ADDRESS | {"address_line1": "77 Ash Rd"}
    assert address(engine) == OLD_ADDRESS


def test_a_value_that_went_back_supersedes_its_suggestion(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    load(engine, practice, 3, [client("1")], [pet("p1", "1")])
    assert states(engine) == [("address", "superseded", None)]


def test_a_clients_new_name_leaves_the_question_about_its_pet_of_the_same_number(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1")], [pet("p1", "1", name="Rexo")])
    shown = the_suggestion(engine)
    with engine.begin() as connection:
        web_shop.edit_client(connection, practice, 1, {"first_name": "Anna"}, actor="client 1")
    assert the_suggestion(engine) == shown
    assert (shown.record, shown.record_id) == ("pet", 1)


def test_a_clients_new_name_means_the_same_whatever_its_pet_of_the_same_number_is_by_now(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", last_name="Kim")], [pet("p1", "1")])
    asked = the_suggestion(engine)
    with engine.begin() as connection:
        web_shop.edit_pet(connection, practice, 1, {"breed": "Boxer"}, actor="client 1")
    confirm(engine, practice, asked.suggestion_id, by="Pat Doe")
    assert one(engine, "SELECT last_name FROM scriptright.client") == "Kim"
