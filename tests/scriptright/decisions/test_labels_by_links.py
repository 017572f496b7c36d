"""A prescription of a past name or owner, when one of the links that made it past is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.joined import joined
from tests.scriptright.prescribed import PRESCRIPTIONS, home_dog
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.postgres.roles import transaction

BOTH = ToldMatcher(
    {"1": ("linked", [1]), "2": ("linked", [1])}, {"p1": ("linked", [1]), "p2": ("linked", [1])}
)
STRANGER = client("9", first_name="Bo", last_name="Roe", email=None)
CLIENTS = [client("1", first_name=None), client("2", first_name=None), STRANGER]
WRITTEN = """
    INSERT INTO scriptright.prescription (practice_id, client_id, pet_id, label_name, drug)
    VALUES ('oak', 1, 1, 'Rex', 'tramadol')
"""
STATE = "UPDATE scriptright.prescription SET state = '{}'"


@pytest.fixture
def practice(engine: Engine) -> str:
    """Ann's dog Rex, whom two PIMS records feed."""
    home_dog(engine, name="Rex")
    told(engine, 1)
    return "oak"


def told(
    engine: Engine, seq: int, first: str = "Rex", second: str = "Rex", owner: str = "1"
) -> None:
    """What p1 and p2 say in a load; each new name or owner is confirmed."""
    pets = [pet("p1", owner, name=first), pet("p2", "2", name=second)]
    load(engine, "oak", seq, CLIENTS, pets, matcher=BOTH)
    with engine.connect() as connection:
        asked = [s for s in list_suggestions(connection, "oak") if s.field in ("name", "owner")]
    for one_asked in asked:
        if one_asked.record == "pet":
            confirm(engine, "oak", one_asked.suggestion_id, by="Pat Doe", same_animal=True)


def shop(engine: Engine, *statements: str) -> None:
    for statement in statements:
        with transaction(engine, "shop", "oak") as connection:
            connection.execute(text(statement))


def undo(engine: Engine, pims_id: str) -> tuple[str, list[tuple[str, str | None]]]:
    """The dog's name then, and what its prescriptions are."""
    undo_link(engine, "oak", "pet", pims_id, by="Pat Doe")
    name = one(engine, "SELECT name FROM scriptright.pet WHERE pet_id = 1")
    return name, [row[4:] for row in rows(engine, PRESCRIPTIONS)]


@pytest.mark.parametrize("second", ["by a link", "in the web shop"])
@pytest.mark.parametrize("written", ["before", "since"])
def test_undoing_the_first_of_two_renames_leaves_the_marks_of_the_second(
    engine: Engine, practice: str, written: str, second: str
) -> None:
    if written == "before":
        shop(engine, WRITTEN, STATE.format("ended"))
    told(engine, 2, "Max")
    if second == "by a link":
        told(engine, 3, "Max", "Bella")
    else:
        shop(engine, "UPDATE scriptright.pet SET name = 'Bella' WHERE pet_id = 1")
    shop(engine, STATE.format("active") if written == "before" else WRITTEN)
    assert undo(engine, "p1") == ("Bella", [("needs_new_prescription", "Bella")])
    if second == "by a link":
        assert undo(engine, "p2") == ("Rex", [("active", None)])


def test_undoing_the_second_of_two_renames_leaves_the_marks_of_the_first(
    engine: Engine, practice: str
) -> None:
    told(engine, 2, "Max")
    told(engine, 3, "Max", "Bella")
    shop(engine, WRITTEN)
    assert undo(engine, "p2") == ("Max", [("needs_new_prescription", "Max")])
    assert undo(engine, "p1") == ("Rex", [("active", None)])


def test_undoing_a_rename_leaves_the_mark_of_an_owner_who_is_past(
    engine: Engine, practice: str
) -> None:
    before_the_links = "UPDATE scriptright.prescription SET created_at = '2020-01-01'"
    shop(engine, WRITTEN, STATE.format("ended"))
    with engine.begin() as connection:
        connection.execute(text(before_the_links))
    told(engine, 2, "Rex", "Max")
    told(engine, 3, "Rex", "Max", owner="9")
    shop(engine, STATE.format("active"))
    assert undo(engine, "p2") == ("Rex", [("owner_changed", None)])


def test_a_label_of_a_name_that_was_undone_stays_marked_when_the_link_is_undone_again(
    engine: Engine, practice: str
) -> None:
    told(engine, 2, "Max")
    shop(engine, WRITTEN.replace("Rex", "Max"))
    needed = ("needs_new_prescription", "Rex")
    assert undo(engine, "p1") == ("Rex", [needed])
    joined(engine, "pet", "p1", 1)
    assert undo(engine, "p1") == ("Rex", [needed])


@pytest.mark.parametrize("before", [("Max", "Rex"), ("Rex", "Bella")])
def test_a_name_taken_back_after_the_other_records_rename_needs_a_new_prescription_still(
    engine: Engine, practice: str, before: tuple[str, str]
) -> None:
    shop(engine, WRITTEN)
    told(engine, 2, *before)
    told(engine, 3, "Max", "Bella")
    shop(engine, "UPDATE scriptright.pet SET name = 'Rex' WHERE pet_id = 1")
    assert undo(engine, "p1") == ("Rex", [("needs_new_prescription", "Rex")])
    assert undo(engine, "p2") == ("Rex", [("active", None)])


def test_an_undo_asks_about_no_name_that_a_joined_record_had_before_it_was_joined(
    engine: Engine,
) -> None:
    home_dog(engine, name="Max")
    rex, max_, other = (pet("p1", "1"), pet("p1", "1", name="Max"), pet("p2", "2", name="Max"))
    load(engine, "oak", 1, CLIENTS, [rex, other], matcher=BOTH)
    undo(engine, "p1")  # a record of its own, Rex
    load(engine, "oak", 2, CLIENTS, [max_, other], matcher=BOTH)
    with engine.connect() as connection:
        [renamed] = [s for s in list_suggestions(connection, "oak") if s.pims_id == "p1"]
    confirm(engine, "oak", renamed.suggestion_id, by="Pat Doe", same_animal=True)
    joined(engine, "pet", "p1", 1)
    undo(engine, "p2")
    with engine.connect() as connection:
        asked = list_suggestions(connection, "oak")
    assert [s.new for s in asked if (s.record_id, s.field) == (1, "name")] == []


def test_a_question_that_an_undo_opens_again_is_open_since_it_was_first_asked(
    engine: Engine, practice: str
) -> None:
    opened = """
        SELECT opened_at, state FROM scriptright.suggestion
        WHERE record = 'pet' AND field = 'name' AND pims_id = 'p2' ORDER BY suggestion_id
    """
    rex, max_ = (pet("p1", "1", name=name) for name in ("Rex", "Max"))
    other = pet("p2", "2", name="Max")
    load(engine, "oak", 2, CLIENTS, [rex, other], matcher=BOTH)
    [(since, _)] = rows(engine, opened)
    load(engine, "oak", 3, CLIENTS, [max_, other], matcher=BOTH)
    with engine.connect() as connection:
        [asked] = [s for s in list_suggestions(connection, "oak") if s.pims_id == "p1"]
    confirm(engine, "oak", asked.suggestion_id, by="Pat Doe", same_animal=True)
    undo(engine, "p1")
    assert rows(engine, opened) == [(since, "superseded"), (since, "open")]


def test_a_link_that_was_undone_and_made_again_keeps_its_marks(
    engine: Engine, practice: str
) -> None:
    shop(engine, WRITTEN)
    undo(engine, "p2")
    joined(engine, "pet", "p2", 1)
    told(engine, 2, "Max")
    told(engine, 3, "Max", "Bella")
    assert undo(engine, "p1") == ("Bella", [("needs_new_prescription", "Bella")])


def test_a_label_of_a_first_link_is_past_when_a_later_one_that_outlived_it_is_undone(
    engine: Engine,
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        web_shop.add_pet(connection, "oak", 1, {"species": "dog", "name": "Rex"})
    alone = [pet("p1", "1", name=name) for name in ("Rex", "Max")]
    load(engine, "oak", 1, CLIENTS, alone[:1], matcher=BOTH)
    load(engine, "oak", 2, CLIENTS, alone[1:], matcher=BOTH)
    with engine.connect() as connection:
        [asked] = [s for s in list_suggestions(connection, "oak") if s.record == "pet"]
    confirm(engine, "oak", asked.suggestion_id, by="Pat Doe", same_animal=True)
    shop(engine, WRITTEN.replace("Rex", "Max"))
    told(engine, 3, "Max", "Max")
    told(engine, 4, "Max", "Bella")
    assert undo(engine, "p1") == ("Bella", [("needs_new_prescription", "Bella")])
    assert undo(engine, "p2") == ("Rex", [("needs_new_prescription", "Rex")])


@pytest.mark.parametrize("second", [("Bella", "Rex"), ("Max", "Bella")])
def test_a_hold_that_the_web_shop_has_set_between_two_renames_outlives_their_undoing(
    engine: Engine, practice: str, second: tuple[str, str]
) -> None:
    shop(engine, WRITTEN)
    told(engine, 2, "Max")
    shop(engine, "UPDATE scriptright.prescription SET state = 'owner_changed', new_name = NULL")
    told(engine, 3, *second)
    undo(engine, "p1")
    assert undo(engine, "p2") == ("Rex", [("owner_changed", None)])


@pytest.mark.parametrize("written", ["before", "since"])
def test_a_label_of_the_first_name_asks_for_no_name_that_only_undone_links_have_said(
    engine: Engine, written: str
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        web_shop.add_pet(connection, "oak", 1, {"species": "dog", "name": "Rex"})
    if written == "before":
        shop(engine, WRITTEN, STATE.format("ended"))
    load(engine, "oak", 1, CLIENTS, [pet("p1", "1", name="Bella")], matcher=BOTH)
    with engine.connect() as connection:
        [asked] = [s for s in list_suggestions(connection, "oak") if s.record == "pet"]
    confirm(engine, "oak", asked.suggestion_id, by="Pat Doe", same_animal=True)
    told(engine, 2, "Bella", "Bella")
    told(engine, 3, "Bella", "Max")
    assert undo(engine, "p2")[0] == "Bella"
    shop(engine, STATE.format("active") if written == "before" else WRITTEN)
    assert undo(engine, "p1") == ("Rex", [("active", None)])


def test_a_label_that_the_undone_link_had_brought_itself_stays_marked(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        web_shop.add_pet(connection, "oak", 1, {"species": "dog", "name": "Rex"})
    for seq, name in enumerate(("Rex", "Max", "Bella"), start=1):
        told(engine, seq, name, "Rex")
        if name == "Max":
            shop(engine, WRITTEN.replace("Rex", "Max"), STATE.format("ended"))
    needed = ("needs_new_prescription", "Rex")
    undo(engine, "p1")
    shop(engine, STATE.format("active"))
    assert [row[4:] for row in rows(engine, PRESCRIPTIONS)] == [needed]
    joined(engine, "pet", "p1", 1)
    assert undo(engine, "p1") == ("Rex", [needed])


BELLA = ("needs_new_prescription", "Bella")
TO_BELLA = "UPDATE scriptright.pet SET name = 'Bella' WHERE pet_id = 1"
ACTIVE = "UPDATE scriptright.prescription SET state = 'active', new_name = NULL"


def test_what_a_person_made_active_under_a_name_stays_so_without_the_other_records_rename(
    engine: Engine,
) -> None:
    home_dog(engine, "Rex", name="Rex")
    told(engine, 1)
    told(engine, 2, "Rex", "Bella")
    shop(engine, ACTIVE)
    told(engine, 3, "Max", "Bella")
    assert undo(engine, "p1") == ("Bella", [("active", None)])
    assert undo(engine, "p2") == ("Rex", [("active", None)])


@pytest.mark.parametrize("names", [["Max"], ["Max", "Zoe"]])
@pytest.mark.parametrize("first", ["by a link", "in the web shop"])
def test_a_word_on_a_name_that_is_gone_is_none_on_the_name_that_a_label_had_needed_before(
    engine: Engine, first: str, names: list[str]
) -> None:
    home_dog(engine, "Rex", name="Rex")
    told(engine, 1)
    if first == "by a link":
        told(engine, 2, "Rex", "Bella")
    else:
        shop(engine, TO_BELLA)
    for seq, name in enumerate(names, start=3):
        told(engine, seq, name, "Bella")
        if name == "Max":
            shop(engine, ACTIVE)
    assert undo(engine, "p1") == ("Bella", [BELLA])


@pytest.mark.parametrize("names", [["Zoe"], ["Rex", "Max"]])
def test_being_made_active_again_under_a_name_that_is_gone_is_no_word_on_the_other(
    engine: Engine, names: list[str]
) -> None:
    home_dog(engine, "Rex", name="Rex")
    told(engine, 1)
    told(engine, 2, "Max", "Rex")
    told(engine, 3, "Max", "Bella")
    shop(engine, ACTIVE.replace("active", "ended"))
    for seq, name in enumerate(names, start=4):
        told(engine, seq, name, "Bella")
    shop(engine, ACTIVE)
    assert undo(engine, "p1") == ("Bella", [BELLA])
