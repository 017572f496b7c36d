"""A prescription of a name that a link brings back is made active again, and the link is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import client, load, one, pet, rows
from tests.scriptright.decisions.test_labels_by_links import (
    BOTH,
    CLIENTS,
    STATE,
    WRITTEN,
    shop,
    told,
    undo,
)
from tests.scriptright.prescribed import PRESCRIPTIONS, home_dog, the_suggestion
from vet_pipeline.scriptright.decisions.review import confirm
from vet_pipeline.scriptright.offboard import erase_practice

MAX = WRITTEN.replace("Rex", "Max")
TO_REX = "UPDATE scriptright.pet SET name = 'Rex' WHERE pet_id = 1"
ACTIVE = "UPDATE scriptright.prescription SET state = 'active', new_name = NULL"
NEEDED = ("needs_new_prescription", "Rex")


@pytest.fixture
def practice(engine: Engine) -> str:
    """Ann's dog Max."""
    return home_dog(engine, name="Max")


@pytest.mark.parametrize("before", [(MAX, STATE.format("ended"), TO_REX), (MAX, TO_REX)])
def test_a_label_made_active_under_the_name_that_a_link_had_brought_is_marked_when_it_is_undone(
    engine: Engine, practice: str, before: tuple[str, ...]
) -> None:
    shop(engine, *before)
    told(engine, 1)
    told(engine, 2, "Max")
    shop(engine, ACTIVE)
    assert undo(engine, "p1") == ("Rex", [NEEDED])


def test_what_a_person_had_made_active_before_the_link_is_active_after_it(
    engine: Engine, practice: str
) -> None:
    shop(engine, MAX, TO_REX, ACTIVE)
    told(engine, 1)
    told(engine, 2, "Max")
    assert [row[4:] for row in rows(engine, PRESCRIPTIONS)] == [("needs_new_prescription", "Max")]
    assert undo(engine, "p1") == ("Rex", [("active", None)])


def test_what_an_undo_has_made_active_says_nothing_of_a_label_made_active_again_since(
    engine: Engine, practice: str
) -> None:
    shop(engine, MAX)
    told(engine, 1, "Max", "Max")
    told(engine, 2, "Rex", "Max")
    assert undo(engine, "p1") == ("Max", [("active", None)])
    shop(engine, STATE.format("ended"), TO_REX)
    told(engine, 3, "Rex", "Bella")
    told(engine, 4, "Rex", "Max")
    shop(engine, ACTIVE)
    assert undo(engine, "p2") == ("Rex", [NEEDED])


def test_one_made_active_for_the_owner_that_a_link_had_brought_is_marked_when_it_is_undone(
    engine: Engine, practice: str
) -> None:
    def owned(seq: int, owner: str, second: str | None = None) -> None:
        pets = [pet("p1", owner, name="Max")]
        pets += [pet("p2", second, name="Max")] if second else []
        clients = CLIENTS if second else [client("1", first_name=None), CLIENTS[2]]
        load(engine, "oak", seq, clients, pets, matcher=BOTH)
        if "9" in (owner, second) or seq == 3:
            confirm(engine, "oak", the_suggestion(engine).suggestion_id, by="Pat Doe")

    owned(1, "1")
    owned(2, "9")
    bo = one(engine, "SELECT client_id FROM scriptright.pet WHERE pet_id = 1")
    shop(engine, MAX.replace("'oak', 1, 1", f"'oak', {bo}, 1"))
    owned(3, "1")
    owned(4, "1", "2")
    owned(5, "1", "9")
    shop(engine, ACTIVE)
    assert undo(engine, "p2") == ("Max", [("owner_changed", None)])
    assert one(engine, "SELECT client_id FROM scriptright.pet WHERE pet_id = 1") == 1


@pytest.mark.parametrize("name", ["Max", "MAX"])
def test_a_label_of_a_name_that_the_link_had_brought_and_taken_back_stays_marked(
    engine: Engine, practice: str, name: str
) -> None:
    told(engine, 1, "Max", "Max")
    told(engine, 2, "Rex", "Max")
    shop(engine, WRITTEN)
    told(engine, 3, name, "Max")
    assert undo(engine, "p1") == ("Max", [("needs_new_prescription", "Max")])


def test_one_for_the_owner_that_the_link_had_brought_and_taken_back_stays_marked(
    engine: Engine, practice: str
) -> None:
    told(engine, 1, "Max", "Max")
    told(engine, 2, "Max", "Max", owner="9")
    bo = one(engine, "SELECT client_id FROM scriptright.pet WHERE pet_id = 1")
    shop(engine, MAX.replace("'oak', 1, 1", f"'oak', {bo}, 1"))
    told(engine, 3, "Max", "Max")
    assert undo(engine, "p1") == ("Max", [("owner_changed", None)])


def test_a_persons_word_on_a_name_that_stays_is_left_by_an_undo(
    engine: Engine, practice: str
) -> None:
    told(engine, 1, "Max", "Max")
    told(engine, 2, "Rex", "Max")
    shop(engine, WRITTEN, "UPDATE scriptright.pet SET name = 'Zoe' WHERE pet_id = 1", ACTIVE)
    assert undo(engine, "p1") == ("Zoe", [("active", None)])


def test_a_label_of_the_pharmacists_own_words_is_as_it_was_before_the_link_renamed_the_pet(
    engine: Engine, practice: str
) -> None:
    told(engine, 1, "Max", "Max")
    shop(engine, WRITTEN.replace("Rex", "Max Lee"))
    told(engine, 2, "Rex", "Max")
    assert undo(engine, "p1") == ("Max", [("active", None)])


def test_a_label_that_was_past_when_it_was_written_stays_marked_without_both_renames(
    engine: Engine, practice: str
) -> None:
    told(engine, 1, "Max", "Max")
    told(engine, 2, "Bella", "Max")
    told(engine, 3, "Bella", "Rex")
    told(engine, 4, "Bella", "Max")
    shop(engine, WRITTEN.replace("Rex", "Bella"))
    needed = ("needs_new_prescription", "Max")
    assert undo(engine, "p1") == ("Max", [needed])
    assert undo(engine, "p2") == ("Max", [needed])


@pytest.mark.parametrize("again", [True, False])
def test_a_label_of_a_past_name_is_marked_when_the_practice_has_left(
    engine: Engine, practice: str, again: bool
) -> None:
    shop(engine, MAX, STATE.format("ended"))
    told(engine, 1, "Max", "Max")
    told(engine, 2, "Rex", "Max")
    erase_practice(engine, "oak", by="Kim Roe", key=b"k" * 32)
    shop(engine, STATE.format("active") if again else MAX)
    assert rows(engine, PRESCRIPTIONS)[-1][4:] == NEEDED
    shop(engine, ACTIVE)
    assert rows(engine, PRESCRIPTIONS)[-1][4:] == ("active", None)


def rex_by_p1_before_p2(engine: Engine) -> None:
    """P1 has renamed Max to Rex before p2 was linked, which then said Max."""
    for seq, name in enumerate(("Max", "Rex"), start=1):
        load(engine, "oak", seq, CLIENTS, [pet("p1", "1", name=name)], matcher=BOTH)
    confirm(engine, "oak", the_suggestion(engine).suggestion_id, by="Pat Doe", same_animal=True)
    told(engine, 3)
    told(engine, 4, "Rex", "Max")


def test_a_label_that_is_the_pets_name_again_is_held_for_no_name_that_is_gone(
    engine: Engine, practice: str
) -> None:
    rex_by_p1_before_p2(engine)
    shop(engine, MAX)
    assert undo(engine, "p2") == ("Rex", [NEEDED])
    assert undo(engine, "p1") == ("Max", [("active", None)])


def test_one_that_a_person_held_between_asks_for_the_name_that_its_pet_has(
    engine: Engine, practice: str
) -> None:
    rex_by_p1_before_p2(engine)
    shop(engine, MAX, STATE.format("owner_changed"))
    assert undo(engine, "p2") == ("Rex", [NEEDED])
    assert undo(engine, "p1") == ("Max", [("owner_changed", None)])  # as the person had held it


def test_an_owner_who_is_past_lifts_no_mark_of_a_name_that_is_past(
    engine: Engine, practice: str
) -> None:
    shop(engine, TO_REX)
    told(engine, 1)
    told(engine, 2, owner="9")
    bo = one(engine, "SELECT client_id FROM scriptright.pet WHERE pet_id = 1")
    shop(engine, MAX.replace("'oak', 1, 1", f"'oak', {bo}, 1"))
    told(engine, 3)
    assert rows(engine, PRESCRIPTIONS)[0][4:] == NEEDED
    assert undo(engine, "p2") == ("Rex", [NEEDED])


@pytest.mark.parametrize("back", ["by undoing", "in the web shop", "by a rename"])
def test_a_name_that_was_taken_back_is_a_past_one_when_the_practice_has_left(
    engine: Engine, practice: str, back: str
) -> None:
    told(engine, 1, "Max", "Max")
    told(engine, 2, "Rex", "Max")
    if back == "by undoing":
        undo(engine, "p1")
    elif back == "by a rename":
        told(engine, 3, "Max", "Max")
    else:
        shop(engine, TO_REX.replace("Rex", "Max"))
    erase_practice(engine, "oak", by="Kim Roe", key=b"k" * 32)
    shop(engine, WRITTEN)
    assert rows(engine, PRESCRIPTIONS)[0][4:] == ("needs_new_prescription", "Max")


def test_what_was_written_before_the_links_is_no_word_on_a_name_that_has_come_back_since(
    engine: Engine, practice: str
) -> None:
    shop(engine, MAX, TO_REX)
    told(engine, 1)
    told(engine, 2, "Rex", "Max")
    assert undo(engine, "p1") == ("Max", [("needs_new_prescription", "Max")])
