"""Undoing the link of one of two PIMS records that feed a client: the other one's life comes out whole.

In `merged` PIMS clients 1 and 2 feed the home client, in `apart` client 2 alone; 1 is undone.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, client, rows
from tests.scriptright.decisions.test_unmerge_lives import live
from tests.scriptright.two_worlds import BARE_HOME, BARE_PET, FULL_HOME, FULL_PET, Worlds
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.decisions.review import Suggestion

Step = tuple[Any, ...]


def says(**cells: str | None) -> Cells:
    return cells


def shared(engine: Engine, home: dict[str, object] = FULL_HOME) -> Worlds:
    worlds = Worlds(engine, dict(home), dict(FULL_PET), duplicate=True)
    worlds.begin()
    return worlds


def both(change: Cells, other: Cells) -> Step:
    """One load brings a change of PIMS client 1 and one of PIMS client 2."""
    return ("clients", ("1", "2"), change, other)


def names_asked(worlds: Worlds) -> list[Suggestion]:
    asked = worlds.suggestions("merged")
    return [s for s in asked if (s.record, s.field) == ("client", "name")]


X, Y = says(email="x@pims.example"), says(email="y@pims.example")


@pytest.mark.parametrize("home", [FULL_HOME, BARE_HOME])
@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([both(X, Y)], id="they disagreed"),
        pytest.param([both(X, X)], id="they agreed"),
        pytest.param([("client", "1", X), ("client", "2", X)], id="the other one said it later"),
        pytest.param(
            [("client", "1", X), ("client", "2", says(email=None))], id="the other went blank"
        ),
        pytest.param(
            [both(X, Y), ("edit_home", {"email": "w@web.example"})], id="saved in the shop since"
        ),
        pytest.param([both(X, Y), ("client", "1", Y)], id="the first one came round"),
    ],
)
def test_an_email_of_the_other_record_that_the_link_had_stopped_is_there(
    engine: Engine, home: dict[str, object], steps: list[Step]
) -> None:
    worlds = shared(engine, home)
    live(worlds, steps)
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")


@pytest.mark.parametrize("yes", [True, False])
def test_a_decision_on_a_question_that_there_would_not_have_been_counts_for_nothing(
    engine: Engine, yes: bool
) -> None:
    worlds = shared(engine)
    live(worlds, [both(X, Y)])
    worlds.decide("client", "2", "email", yes=yes)
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["client home"]["email"] == "y@pims.example"


def test_a_name_that_the_other_record_took_up_is_asked_as_its_change(engine: Engine) -> None:
    worlds = shared(engine)
    worlds.decide("client", "1", "name", yes=True)
    live(worlds, [("client", "2", says(last_name="Lee"))])
    assert names_asked(worlds) == []
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    [asked] = names_asked(worlds)
    assert (asked.reason, asked.old["last_name"], asked.new["last_name"]) == (
        "changed",
        "Lee-Webb",
        "Lee",
    )


def test_a_rename_that_both_records_brought_goes_with_the_last_of_them(engine: Engine) -> None:
    worlds = Worlds(engine, dict(FULL_HOME), dict(FULL_PET), duplicate=True)
    worlds.begin()
    for pims_id, name in (("1", "Max"), ("2", "MAX")):
        worlds.pets[pims_id]["name"] = name
        worlds.refresh()
        worlds.decide("pet", pims_id, "name", yes=True)
    worlds.undo()
    assert worlds.picture("merged")["pet home"] == worlds.picture("apart")["pet home"]
    assert worlds.picture("merged")["prescription"][3] == "needs_new_prescription"
    for world in ("merged", "apart"):
        undo_link(engine, world, "client", "2", by="Kim Roe")
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["prescription"][3:] == ("active", None)


def test_an_owner_change_of_the_other_record_stays_on_a_prescription_that_a_rename_had_marked(
    engine: Engine,
) -> None:
    worlds = Worlds(engine, dict(FULL_HOME), dict(FULL_PET), duplicate=True)
    worlds.begin()
    worlds.pets["1"]["name"] = "Max"
    worlds.refresh()
    worlds.decide("pet", "1", "name", yes=True)
    worlds.pets["2"]["client_key"] = "9"
    worlds.refresh()
    worlds.decide("pet", "2", "owner", yes=True)
    assert worlds.picture("merged")["prescription"][3:] == ("needs_new_prescription", "Max")
    worlds.undo()
    assert worlds.picture("merged")["prescription"] == worlds.picture("apart")["prescription"]
    assert worlds.picture("merged")["prescription"][3:] == ("owner_changed", None)


def test_a_weighing_of_the_other_record_that_was_overtaken_is_there(engine: Engine) -> None:
    worlds = shared(engine)
    newer = says(weight="33", weight_unit="kg", weight_date="2026-03-05")
    older = says(weight="32", weight_unit="kg", weight_date="2026-03-02")
    live(worlds, [("pets", ("1", "2"), newer, older)])
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["pet home"]["weight_kg"] == 32


def test_a_pet_is_alive_again_when_only_the_undone_record_said_dead(engine: Engine) -> None:
    worlds = shared(engine)
    live(worlds, [("pet", "1", says(deceased_flag="1")), ("pet", "2", says(deceased_flag="1"))])
    live(worlds, [("pet", "2", says(deceased_flag="0"))])
    [asked] = [s for s in worlds.suggestions("merged") if s.field == "deceased"]
    assert (asked.pims_id, asked.reason) == ("2", "sources_disagree")
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["pet home"]["deceased"] is False


def taken_back(engine: Engine, then: Cells) -> Worlds:
    """Pet 2, a double, came to say `then` beside what pet 1 had filled in, was dead, and lives."""
    worlds = Worlds(engine, dict(FULL_HOME), dict(BARE_PET), duplicate=True)
    worlds.begin()
    dead, alive = says(deceased_flag="1"), says(deceased_flag="0")
    live(worlds, [("pet", "2", change) for change in (then, dead, alive)])
    assert worlds.picture("merged")["pet home"]["deceased"] is False
    return worlds


def test_a_death_that_was_taken_back_of_another_animal_by_its_row_is_asked_about_once_undone(
    engine: Engine,
) -> None:
    worlds = taken_back(engine, says(breed="Labrador Retriever"))
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    home = worlds.picture("merged")["pet home"]
    assert (home["breed"], home["deceased"]) == ("Beagle", True)
    asked = {
        s.field: s.reason
        for s in worlds.suggestions("merged")
        if (s.record, s.pims_id) == ("pet", "2")
    }
    assert asked == {
        "name": "differs_at_merge", "breed": "another_record", "deceased": "another_record",
    }  # fmt: skip


def test_a_weight_of_another_animal_by_its_row_is_asked_about_once_undone(engine: Engine) -> None:
    """As a rename alone, beside the breed that pet 1 had filled in, it had weighed the home pet."""
    worlds = Worlds(engine, dict(FULL_HOME), dict(BARE_PET), duplicate=True)
    worlds.begin()
    bo = says(name="Bo", breed="Labrador Retriever", weight="16", weight_date="2026-03-02")
    live(worlds, [("pet", "2", bo)])
    assert worlds.picture("merged")["pet home"]["weight_value"] == 16
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["pet home"]["weight_value"] == 14


def test_an_email_of_another_client_by_its_row_is_asked_about_once_undone(engine: Engine) -> None:
    """Client 2's row came to say whom client 1 had filled in, and brought that one's email."""
    worlds = Worlds(engine, {"address_line1": "5 Web St"}, dict(FULL_PET), duplicate=True)
    worlds.begin(client("2", first_name="Zoe", last_name="Poe", email="zoe@pims.example"))
    ann = says(first_name="Ann", last_name="Lee", email="x@pims.example")
    live(worlds, [("client", "2", ann)])
    assert worlds.picture("merged")["client home"]["email"] == "x@pims.example"
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["client home"]["email"] == "zoe@pims.example"


def test_a_death_that_was_taken_back_of_the_same_animal_is_none(engine: Engine) -> None:
    worlds = taken_back(engine, says(birth_date="2020-05-01"))
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["pet home"]["deceased"] is False


def test_an_email_saved_as_it_was_counts_where_another_one_would_have_stood(
    engine: Engine,
) -> None:
    worlds = shared(engine)
    live(worlds, [both(X, Y), ("edit_home", {"email": "ann@web.example"})])
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert worlds.picture("merged")["client home"]["email"] == "ann@web.example"


def test_links_whose_times_overlapped_are_undone_one_after_the_other(engine: Engine) -> None:
    worlds = shared(engine, BARE_HOME)
    live(worlds, [both(X, Y), ("client", "2", X), ("edit_home", {"last_name": "Webb"})])
    worlds.undo()
    live(worlds, [("client", "2", Y)])
    for world in ("merged", "apart"):
        undo_link(engine, world, "client", "2", by="Kim Roe")
    assert worlds.picture("merged") == worlds.picture("apart")
    home = worlds.picture("merged")["client home"]
    assert (home["last_name"], home["email"], home["address_line1"]) == ("Webb", None, None)


def test_only_records_that_share_theirs_leave_what_they_said(engine: Engine) -> None:
    worlds = Worlds(engine, dict(FULL_HOME), dict(BARE_PET), duplicate=True)
    worlds.begin()
    live(worlds, [("client", "9", Y), ("client", "2", X), ("pet", "3", says(name="Tommy"))])
    kept = rows(
        engine,
        "SELECT practice_id, pims_id, field, old_value->>'email', new_value->>'email', action "
        "FROM scriptright.shared_change",
    )
    assert kept == [
        ("merged", "2", "email", "dup@pims.example", "x@pims.example", "apply")
    ]  # in `apart` client 2 has the home client for itself
