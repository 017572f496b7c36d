"""What undoing a link means for prescriptions: marks that came with it go, others stay."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import one, rows
from tests.scriptright.two_worlds import FULL_HOME, FULL_PET, Worlds
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.unmerge import undo_link
from vet_pipeline.scriptright.postgres.roles import transaction


def begun(engine: Engine) -> Worlds:
    worlds = Worlds(engine, dict(FULL_HOME), dict(FULL_PET))
    worlds.begin()
    return worlds


def renamed(engine: Engine) -> Worlds:
    """Rexy is Max in the PIMS, and a person has confirmed it."""
    worlds = begun(engine)
    worlds.pets["1"]["name"] = "Max"
    worlds.refresh()
    worlds.decide("pet", "1", "name", yes=True)
    return worlds


def test_a_rename_through_the_link_is_taken_back_and_its_prescriptions_run_on(
    engine: Engine,
) -> None:
    worlds = renamed(engine)
    assert worlds.picture("merged")["prescription"] == (
        "home",
        "home",
        "Rexy",
        "needs_new_prescription",
        "Max",
    )
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["prescription"] == ("home", "home", "Rexy", "active", None)
    kept = rows(
        engine,
        "SELECT old_name, new_name FROM scriptright.rename_attestation "
        "WHERE practice_id = 'merged'",
    )
    assert kept == [("Rexy", "Max")]  # the statement is kept for good


def test_a_new_name_that_the_client_saved_too_keeps_its_prescriptions_marked(
    engine: Engine,
) -> None:
    worlds = renamed(engine)
    worlds.edit_home_pet(name="Max")  # in `merged` it stands there already
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["prescription"][3:] == ("needs_new_prescription", "Max")


def test_a_new_name_saved_in_other_capitals_keeps_its_prescriptions_marked(
    engine: Engine,
) -> None:
    worlds = renamed(engine)
    worlds.edit_home_pet(name="MAX")
    worlds.undo()
    assert worlds.picture("merged")["pet home"] == worlds.picture("apart")["pet home"]
    assert worlds.picture("merged")["prescription"][3] == "needs_new_prescription"
    assert worlds.picture("apart")["prescription"][3] == "needs_new_prescription"


def test_a_name_that_was_taken_back_needs_no_new_prescription_without_the_rename(
    engine: Engine,
) -> None:
    worlds = renamed(engine)
    worlds.edit_home_pet(name="Rexy")
    assert worlds.picture("merged")["prescription"][3:] == ("needs_new_prescription", "Rexy")
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["prescription"][3:] == ("active", None)


def test_a_prescription_written_under_a_name_that_is_taken_back_is_marked(
    engine: Engine,
) -> None:
    worlds = renamed(engine)
    with engine.begin() as connection:
        pet_id = worlds.pet_ids["merged"]
        web_shop.add_prescription(connection, "merged", pet_id, label_name="Max", drug="x")
    worlds.pets["1"]["name"] = "Bo"
    worlds.refresh()
    worlds.decide("pet", "1", "name", yes=True)
    worlds.undo()
    told = "SELECT label_name, state, new_name FROM scriptright.prescription WHERE practice_id = 'merged'"
    assert sorted(rows(engine, told)) == [
        ("Max", "needs_new_prescription", "Rexy"),
        ("Rexy", "active", None),
    ]


def test_a_prescription_written_under_an_owner_who_is_taken_back_is_marked(
    engine: Engine,
) -> None:
    worlds = begun(engine)
    worlds.pets["1"]["client_key"] = "9"
    worlds.refresh()
    worlds.decide("pet", "1", "owner", yes=True)
    with engine.begin() as connection:
        pet_id = worlds.pet_ids["merged"]
        web_shop.add_prescription(connection, "merged", pet_id, label_name="Rexy", drug="x")
    undo_link(engine, "merged", "pet", "1", by="Kim Roe")
    told = "SELECT state FROM scriptright.prescription WHERE practice_id = 'merged' ORDER BY prescription_id"
    assert rows(engine, told) == [("active",), ("owner_changed",)]


def test_a_prescription_written_for_a_pet_that_came_along_stays_with_the_pet(
    engine: Engine,
) -> None:
    worlds = begun(engine)
    tom = one(
        engine,
        "SELECT record_id FROM scriptright.pet_link WHERE practice_id = 'merged' AND pims_id = '3'",
    )
    with engine.begin() as connection:
        web_shop.add_prescription(connection, "merged", tom, label_name="Tom", drug="insulin")
    done = undo_link(engine, "merged", "client", "1", by="Kim Roe")
    assert done.moved_pets == (tom,)
    [marked] = [c for c in done.prescriptions if c.pet_id == tom]
    assert (marked.old_state, marked.new_state) == ("active", "owner_changed")
    assert rows(
        engine,
        "SELECT r.label_name, r.client_id = :home, p.client_id = :new, r.state "
        "FROM scriptright.prescription r JOIN scriptright.pet p USING (practice_id, pet_id) "
        "WHERE r.practice_id = 'merged' AND r.pet_id = :tom",
        home=worlds.home_ids["merged"],
        new=done.new_id,
        tom=tom,
    ) == [("Tom", True, True, "owner_changed")]


@pytest.mark.parametrize("state", ["ended", "active"])
def test_what_became_of_a_marked_prescription_since_is_not_taken_back_with_its_mark(
    engine: Engine, state: str
) -> None:
    worlds = renamed(engine)
    with transaction(engine, "shop", "merged") as shop:
        shop.execute(
            text("UPDATE scriptright.prescription SET state = :state, new_name = NULL"),
            {"state": state},
        )
    undo_link(engine, "merged", "pet", "1", by="Kim Roe")
    assert worlds.picture("merged")["prescription"][3:] == (state, None)
