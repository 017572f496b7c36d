"""A PIMS that renumbers or merges its records tells nobody anything new."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates
from tests.scriptright.builders import Cells, add_practice, client, edit, load, pet, rows
from tests.scriptright.suggested import the_suggestion
from tests.scriptright.told_matcher import ToldMatcher
from tests.scriptright.two_worlds import BARE_PET, FULL_HOME, WORLDS, Worlds
from vet_pipeline.scriptright.decisions.links import confirm_candidate, undo_link
from vet_pipeline.scriptright.decisions.review import confirm, reject

SAME = ToldMatcher({"2": ("linked", [1])}, {"20": ("linked", [1])})
OPEN = """
    SELECT pims_id, field, reason FROM scriptright.suggestion
    WHERE state = 'open' ORDER BY suggestion_id
"""


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (10), loaded as snapshot 1; Ann has moved in the web shop since."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    edit(engine, "client", address_line1="9 Oak Ave", email="shop@example.com")
    return engine


def renumbered(engine: Engine, seq: int, cells: Cells | None = None, **pet_cells: str) -> None:
    """Ann is 2 and Rex is 20 in the PIMS; 1 and 10 are gone."""
    load(
        engine,
        "oak",
        seq,
        [client("2") | (cells or {})],
        [pet("20", "2") | pet_cells],
        matcher=SAME,
    )


def test_what_differed_before_is_no_question_under_a_new_number(oak: Engine) -> None:
    renumbered(oak, 2)
    assert rows(oak, OPEN) == []
    assert rows(oak, "SELECT address_line1, email FROM scriptright.client") == [
        ("9 Oak Ave", "shop@example.com")
    ]
    renumbered(oak, 3, {"address_line1": "1 Fir Ln"})
    assert rows(oak, OPEN) == [("2", "address", "changed")]


def test_what_changed_together_with_the_number_is_a_question(oak: Engine) -> None:
    renumbered(oak, 2, {"address_line1": "1 Fir Ln"})
    assert rows(oak, OPEN) == [("2", "address", "differs_at_merge")]


def test_a_rejected_value_does_not_come_back_under_a_new_number(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", breed="Boxer")])
    reject(oak, "oak", the_suggestion(oak).suggestion_id, by="Pat Doe")
    renumbered(oak, 3, breed="Boxer")
    assert rows(oak, OPEN) == []


def test_an_open_question_is_asked_anew_under_the_new_number(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", breed="Boxer")])
    renumbered(oak, 3, breed="Boxer")
    assert rows(oak, OPEN) == [("20", "breed", "differs_at_merge")]
    confirm(oak, "oak", the_suggestion(oak).suggestion_id, by="Pat Doe")
    assert rows(oak, OPEN) == []


def test_a_question_of_the_old_number_is_past_when_the_new_one_went_back(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", name="Max")])
    renumbered(oak, 3)
    assert rows(oak, OPEN) == []


def test_what_a_client_has_taken_out_is_not_put_back_under_a_new_number(oak: Engine) -> None:
    edit(oak, "client", phones=[], email=None)
    edit(oak, "pet", weight_value="28", weight_kg="28", weighed_on="2026-01-20")
    renumbered(oak, 2)
    assert rows(oak, "SELECT phones, email FROM scriptright.client") == [([], None)]
    assert rows(oak, "SELECT weight_kg::int FROM scriptright.pet") == [(28,)]


def test_only_what_the_last_number_said_is_no_news(oak: Engine) -> None:
    renumbered(oak, 2)
    renumbered(oak, 3, {"address_line1": "1 Fir Ln"})
    confirm(oak, "oak", the_suggestion(oak).suggestion_id, by="Pat Doe")
    third = ToldMatcher({"3": ("linked", [1])}, {"30": ("linked", [1])})
    load(oak, "oak", 4, [client("3")], [pet("30", "3")], matcher=third)
    assert rows(oak, OPEN) == [("3", "address", "differs_at_merge")]


def test_a_person_who_links_the_new_number_gets_no_old_questions_either(oak: Engine) -> None:
    unsure = ToldMatcher({"2": ("possible", [1])})
    load(oak, "oak", 2, [client("2")], [], matcher=unsure)
    [pair] = candidates(oak)
    number, by = pair.candidate_id, "Pat Doe"
    confirm_candidate(oak, "oak", number, by=by, match=unsure)
    assert rows(oak, OPEN) == []


def test_without_the_missing_record_s_link_the_other_is_asked(engine: Engine) -> None:
    worlds = Worlds(engine, dict(FULL_HOME), dict(BARE_PET))
    worlds.begin()
    for field in ("name", "address"):
        worlds.decide("client", "1", field, yes=False)
    del worlds.clients["1"], worlds.pets["1"], worlds.pets["3"]
    worlds.clients["2"] = client("2", email="dup@pims.example")
    worlds.refresh(*(ToldMatcher({"2": ("linked", [worlds.home_ids[w]])}) for w in WORLDS))
    asked = [(s.pims_id, s.field) for s in worlds.suggestions("merged") if s.pims_id == "2"]
    assert asked == [("2", "email")]
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert {s.field for s in worlds.suggestions("merged")} == {"name", "address", "email"}


def test_undoing_a_third_record_s_link_brings_no_question_back(engine: Engine) -> None:
    worlds = Worlds(engine, dict(FULL_HOME), dict(BARE_PET), duplicate=True)
    worlds.begin()
    for field in ("name", "address", "phones", "email"):
        worlds.decide("client", "2", field, yes=False)
    worlds.clients["3"] = worlds.clients.pop("2") | {"client_key": "3"}
    del worlds.pets["2"]
    worlds.refresh(*(ToldMatcher({"3": ("linked", [worlds.home_ids[w]])}) for w in WORLDS))
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    assert [s for s in worlds.suggestions("merged") if s.pims_id == "3"] == []


MOVED = {"address_line1": "77 New Rd"}


@pytest.mark.parametrize("answered", [False, True])
def test_a_question_put_off_while_its_record_was_missing_is_asked_again(
    engine: Engine, answered: bool
) -> None:
    """PIMS client 1 moved, which waits; 1 is missing and its double 2, of the old address, linked."""
    worlds = Worlds(engine, dict(FULL_HOME), dict(BARE_PET))
    worlds.begin()
    for field in ("name", "address"):
        worlds.decide("client", "1", field, yes=True)
    worlds.clients["1"] |= MOVED
    worlds.refresh()
    kept = worlds.clients.pop("1")
    double = {"2": ("linked", [worlds.home_ids["merged"]])}
    worlds.clients["2"] = client("2")
    worlds.refresh(ToldMatcher(double))
    assert _asked_about_the_address(worlds) == []
    if answered:
        worlds.edit_home(**MOVED)
    worlds.clients["1"] = kept
    worlds.refresh()
    assert _asked_about_the_address(worlds) == ([] if answered else ["1"])
    undo_link(engine, "merged", "client", "2", by="Kim Roe")
    assert _asked_about_the_address(worlds) == ([] if answered else ["1"])


def test_a_question_that_was_put_off_and_asked_of_the_double_stays_with_the_double(
    engine: Engine,
) -> None:
    worlds = Worlds(engine, dict(FULL_HOME), dict(BARE_PET))
    worlds.begin()
    worlds.clients["1"] |= MOVED
    worlds.refresh()
    kept = worlds.clients.pop("1")
    worlds.clients["2"] = client("2", **MOVED)
    worlds.refresh(ToldMatcher({"2": ("linked", [worlds.home_ids["merged"]])}))
    assert _asked_about_the_address(worlds) == ["2"]
    worlds.clients["1"] = kept
    worlds.refresh()
    assert _asked_about_the_address(worlds) == ["2"]
    undo_link(engine, "merged", "client", "2", by="Kim Roe")
    assert _asked_about_the_address(worlds) == ["1"]


def _asked_about_the_address(worlds: Worlds) -> list[str]:
    return [
        s.pims_id
        for s in worlds.suggestions("merged")
        if s.field == "address" and s.record_id == worlds.home_ids["merged"]
    ]


ASKED_OF_1 = """
    SELECT new_value ->> 'address_line1', state FROM scriptright.suggestion
    WHERE pims_id = '1' ORDER BY suggestion_id
"""


@pytest.mark.parametrize("street", ["12 Elm St", "1 Fir Ln"])
def test_a_question_put_off_is_past_when_its_record_comes_back_and_says_another_thing(
    oak: Engine, street: str
) -> None:
    load(oak, "oak", 2, [client("1", **MOVED)], [pet("10", "1")])
    renumbered(oak, 3)
    both = [client("1", address_line1=street), client("2")]
    load(oak, "oak", 4, both, [pet("20", "2")], matcher=SAME)
    assert rows(oak, ASKED_OF_1) == [(MOVED["address_line1"], "superseded"), (street, "open")]
