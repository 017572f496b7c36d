"""Undoing a link: both sides as they would be by now without it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import client, one, rows
from tests.scriptright.two_worlds import BARE_HOME, BARE_PET, FULL_HOME, FULL_PET, Worlds
from vet_pipeline.matching import Decision
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.decisions.unmerge import undo_link
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.records.identity import decisions_for_match
from vet_pipeline.scriptright.records.values import SQL_TYPES
from vet_pipeline.scriptright.records.writes import KEY, TABLE


def merged(engine: Engine, home: dict[str, object], home_pet: dict[str, object]) -> Worlds:
    worlds = Worlds(engine, home, home_pet)
    worlds.begin()
    return worlds


@pytest.mark.parametrize("made", ["by the machine", "by a person", "by joining"])
@pytest.mark.parametrize(("home", "home_pet"), [(FULL_HOME, FULL_PET), (BARE_HOME, BARE_PET)])
def test_a_merge_undone_at_once_leaves_no_trace(
    engine: Engine, home: dict[str, object], home_pet: dict[str, object], made: Any
) -> None:
    worlds = Worlds(engine, home, home_pet, made=made)
    worlds.begin()
    assert worlds.picture("merged") != worlds.picture("apart")
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")


def test_automatic_changes_since_the_merge_go_to_the_right_side(engine: Engine) -> None:
    worlds = merged(engine, FULL_HOME, FULL_PET)
    worlds.clients["1"]["email"] = "new@pims.example"
    worlds.pets["1"] |= {"weight": "33", "weight_date": "2026-03-02"}
    worlds.refresh()
    assert one(engine, "SELECT email FROM scriptright.client WHERE practice_id = 'merged' "
               "AND origin = 'home_delivery'") == "new@pims.example"  # fmt: skip
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["client home"]["email"] == "ann@web.example"
    assert worlds.picture("merged")["client 1"]["email"] == "new@pims.example"
    assert worlds.picture("merged")["pet 1"]["weight_kg"] == 33


def test_what_was_only_asked_as_too_much_changed_alike_is_asked_of_the_right_side(
    engine: Engine,
) -> None:
    worlds = merged(engine, FULL_HOME, FULL_PET)
    worlds.clients["1"]["email"] = "new@pims.example"
    worlds.pets["1"] |= {"weight": "33", "weight_date": "2026-03-02", "deceased_flag": "1"}
    worlds.refresh(doubted={"client", "pet"})
    worlds.clients["1"]["city"] = "Salem"
    worlds.refresh()
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")


def test_it_is_asked_since_the_load_that_brought_it(engine: Engine) -> None:
    worlds = merged(engine, FULL_HOME, FULL_PET)
    worlds.clients["1"]["city"] = "Salem"
    worlds.refresh()
    worlds.refresh()
    worlds.undo()
    asked = (
        "SELECT l.snapshot_seq, s.opened_at = l.recorded_at FROM scriptright.suggestion s"
        " JOIN scriptright.load l USING (practice_id, load_id)"
        " WHERE s.practice_id = 'merged' AND s.state = 'open' AND s.field = 'address'"
    )
    assert rows(engine, asked) == [(2, True)]


def test_a_record_that_lost_its_name_in_the_pims_gets_the_last_one_that_was_known(
    engine: Engine,
) -> None:
    bred = {"breed": "Labrador Retriever"}  # as in the PIMS: the row says yet which pet it is
    worlds = merged(engine, FULL_HOME, FULL_PET | bred)
    worlds.clients["1"] |= {"first_name": None, "last_name": None}
    worlds.pets["1"] |= {"name": None, "weight": "33", "weight_date": "2026-03-02"}
    worlds.refresh()
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["pet 1"]["weight_kg"] == 33


def test_a_weighing_whose_date_got_lost_goes_to_the_right_side_too(engine: Engine) -> None:
    worlds = merged(engine, FULL_HOME, FULL_PET)
    worlds.pets["1"] |= {"weight": "33", "weight_date": None}
    worlds.refresh()
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")


def test_what_others_changed_since_the_merge_stays(engine: Engine) -> None:
    worlds = merged(engine, BARE_HOME, BARE_PET)
    worlds.edit_home(email="ann@later.example")
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["client home"]["email"] == "ann@later.example"
    assert worlds.picture("merged")["client home"]["address_line1"] is None


def test_what_a_client_saved_stays_even_if_the_merge_had_filled_it_in(engine: Engine) -> None:
    worlds = merged(engine, BARE_HOME, BARE_PET)
    worlds.edit_home(email="ann@example.com")  # in `merged` it stands there already
    worlds.edit_home_pet(species="dog", breed="Labrador Retriever")
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["client home"]["email"] == "ann@example.com"


def test_what_the_web_shop_wrote_without_a_note_stays_before_and_after_a_later_change(
    engine: Engine,
) -> None:
    worlds = merged(engine, BARE_HOME, BARE_PET)
    shop_writes(worlds, "client", address_line1="77 Web St", email="ann@raw.example")
    shop_writes(worlds, "pet", weight_value="41", weight_unit="kg", weight_kg="41")
    worlds.clients["1"]["email"] = "new@pims.example"  # in `merged` it overwrites the shop's
    worlds.refresh()
    worlds.undo()
    home, pet = (worlds.picture("merged")[f"{record} home"] for record in ("client", "pet"))
    assert (home["address_line1"], home["email"]) == ("77 Web St", "ann@raw.example")
    assert (home["first_name"], pet["weight_kg"], pet["breed"]) == (None, 41, None)


def shop_writes(worlds: Worlds, record: Record, **cells: str) -> None:
    """A statement of the web shop's own on the home record in `merged`."""
    record_id = (worlds.home_ids if record == "client" else worlds.pet_ids)["merged"]
    sets = ", ".join(f"{name} = CAST(:{name} AS {SQL_TYPES.get(name, 'text')})" for name in cells)
    statement = f"UPDATE {TABLE[record]} SET {sets} WHERE {KEY[record]} = :record_id"
    with transaction(worlds.engine, "shop", "merged") as connection:
        connection.execute(text(statement), cells | {"record_id": record_id})


def test_not_the_same_is_remembered_for_the_client_and_the_pet(engine: Engine) -> None:
    worlds = merged(engine, FULL_HOME, FULL_PET)
    worlds.undo()
    with engine.connect() as connection:
        words = decisions_for_match(connection, "merged")
    assert words == [
        Decision("client", "1", str(worlds.home_ids["merged"]), same=False),
        Decision("pet", "1", str(worlds.pet_ids["merged"]), same=False),
    ]


def test_the_link_of_one_pet_can_be_undone_alone(engine: Engine) -> None:
    worlds = merged(engine, FULL_HOME, BARE_PET)
    done = undo_link(engine, "merged", "pet", "1", by="Kim Roe")
    picture = worlds.picture("merged")
    apart = worlds.picture("apart")
    assert picture["pet home"] == apart["pet home"]
    assert picture["pet 1"] == apart["pet 1"] | {"owner": "home"}
    assert picture["client home"]["phones"] != []  # the owner's link stays
    assert done.home_id == worlds.pet_ids["merged"]


def with_duplicate(engine: Engine, home: dict[str, object]) -> Worlds:
    """PIMS client 2 is linked to the home client in both worlds, after client 1 in one."""
    worlds = Worlds(engine, home, BARE_PET, duplicate=True)
    worlds.begin()
    return worlds


def test_a_duplicate_in_the_pims_gets_its_say_back(engine: Engine) -> None:
    worlds = with_duplicate(engine, BARE_HOME)
    assert worlds.picture("merged")["client home"]["address_line1"] == "12 Elm St"
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["client home"]["address_line1"] == "8 Fir Ln"


def test_a_duplicate_keeps_no_question_that_only_the_undone_link_had_raised(
    engine: Engine,
) -> None:
    worlds = with_duplicate(engine, BARE_HOME)
    worlds.edit_home(email="ann@web.example", phones=[])
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")


def test_a_duplicate_s_question_that_the_undone_link_had_answered_is_asked_again(
    engine: Engine,
) -> None:
    worlds = Worlds(engine, FULL_HOME, FULL_PET, duplicate=True)
    worlds.begin(duplicate=client("2"))  # both say ann@example.com, the web shop something else
    worlds.edit_home(email="ann@new.example")  # settles nothing
    worlds.decide("client", "1", "email", yes=True)
    assert [s.pims_id for s in worlds.suggestions("merged") if s.field == "email"] == []
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    [asked] = [s for s in worlds.suggestions("merged") if s.field == "email"]
    assert (asked.pims_id, asked.old["email"]) == ("2", "ann@new.example")


def test_a_duplicate_s_question_that_a_person_has_answered_since_is_not_asked_again(
    engine: Engine,
) -> None:
    worlds = Worlds(engine, FULL_HOME, FULL_PET, duplicate=True)
    worlds.begin(duplicate=client("2"))
    worlds.decide("client", "1", "email", yes=True)
    worlds.clients["2"]["email"] = None
    worlds.refresh()
    worlds.decide("client", "2", "email", yes=False)
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert [s.pims_id for s in worlds.suggestions("merged") if s.field == "email"] == []


def test_links_can_be_undone_one_after_the_other(engine: Engine) -> None:
    worlds = with_duplicate(engine, BARE_HOME)
    worlds.clients["1"]["email"] = "one@pims.example"
    worlds.refresh()
    worlds.clients["2"]["email"] = "two@pims.example"
    worlds.refresh()
    worlds.undo()
    for world in ("merged", "apart"):
        undo_link(engine, world, "client", "2", by="Kim Roe")
    assert worlds.picture("merged") == worlds.picture("apart")
    home = worlds.picture("merged")["client home"]
    assert (home["last_name"], home["address_line1"], home["email"]) == ("Lee", None, None)


def test_what_two_records_of_the_pims_had_said_alike_goes_with_the_last_of_them(
    engine: Engine,
) -> None:
    worlds = Worlds(engine, BARE_HOME, BARE_PET, duplicate=True)
    worlds.begin(duplicate=client("2", last_name="Leigh"))  # address, phones, email as client 1's
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    for world in ("merged", "apart"):
        undo_link(engine, world, "client", "2", by="Kim Roe")
    assert worlds.picture("merged") == worlds.picture("apart")
    home = worlds.picture("merged")["client home"]
    assert (home["address_line1"], home["phones"], home["email"]) == (None, [], None)


def test_an_undone_link_can_be_made_again_and_undone_again(engine: Engine) -> None:
    worlds = merged(engine, BARE_HOME, BARE_PET)
    worlds.undo()
    worlds.refresh()
    assert worlds.picture("merged") == worlds.picture("apart")
