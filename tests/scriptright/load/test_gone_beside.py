"""A pet's PIMS record goes, and another of the owner's with its name stays: one animal?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, pet, rows
from vet_pipeline.errors import DecisionRefused, StaleDecision
from vet_pipeline.matching import match
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import (
    confirm_candidate,
    list_candidates,
    reject_candidate,
    undo_link,
)

LEE = [client("1")]
DEAD = {"deceased_flag": "1", "deceased_date": "2026-03-07"}
TWICE = pet("11", "1", weight="32", weight_date="2026-03-01")
PETS = """
    SELECT p.pet_id, p.weight_value::int, p.deceased, string_agg(b.pims_id, ' ' ORDER BY b.pims_id)
    FROM scriptright.pet p JOIN scriptright.pims_pet b ON b.record_id = p.pet_id
    GROUP BY p.practice_id, p.pet_id ORDER BY p.pet_id
"""


@pytest.fixture
def entered_twice(engine: Engine) -> Engine:
    """Rex with a prescription, whom the desk has entered once more since."""
    add_practice(engine)
    load(engine, "oak", 1, LEE, [pet("10", "1")])
    with engine.begin() as connection:
        web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug="tramadol")
    load(engine, "oak", 2, LEE, [pet("10", "1"), TWICE])
    return engine


def asked(engine: Engine) -> list[tuple[int, str, int, Any]]:
    with engine.connect() as connection:
        found = list_candidates(connection, "oak")
    return [(c.candidate_id, c.pims_id, c.record_id, c.evidence["reason"]) for c in found]


def after(engine: Engine, seq: int, *pets: Cells) -> list[tuple[int, str, int, Any]]:
    load(engine, "oak", seq, LEE, pets)
    return asked(engine)


def test_which_of_two_entries_goes_is_chance_and_the_death_reaches_the_prescriptions(
    entered_twice: Engine,
) -> None:
    assert after(entered_twice, 3, TWICE) == [(1, "11", 1, "missing_pet")]
    assert after(entered_twice, 4, TWICE | DEAD) == [(1, "11", 1, "missing_pet")]
    decided = confirm_candidate(entered_twice, "oak", 1, by="Dana Field", match=match)
    assert (decided.outcome, decided.record_id) == ("linked", 1)
    assert rows(entered_twice, PETS) == [(1, 32, True, "10 11")]
    undo_link(entered_twice, "oak", "pet", "11", by="Dana Field")
    assert rows(entered_twice, PETS) == [(1, 30, False, "10"), (3, 32, True, "11")]
    assert after(entered_twice, 5, TWICE | DEAD) == [], "told apart"


def test_of_two_animals_a_no_is_remembered_and_each_keeps_its_record(
    entered_twice: Engine,
) -> None:
    after(entered_twice, 3, TWICE)
    decided = reject_candidate(entered_twice, "oak", 1, by="Dana Field")
    assert (decided.outcome, decided.record_id) == ("new", 2)
    assert rows(entered_twice, PETS) == [(1, 30, False, "10"), (2, 32, False, "11")]
    assert after(entered_twice, 4, TWICE) == []


def test_the_question_is_past_once_the_entry_is_back(entered_twice: Engine) -> None:
    assert len(after(entered_twice, 3, TWICE)) == 1
    assert after(entered_twice, 4, pet("10", "1"), TWICE) == []
    with pytest.raises(StaleDecision, match="superseded already"):
        confirm_candidate(entered_twice, "oak", 1, by="Dana Field", match=match)
    assert after(entered_twice, 5, TWICE) == [(2, "11", 1, "missing_pet")]


def test_one_that_a_prescription_names_stays_and_the_refusal_says_so(
    entered_twice: Engine,
) -> None:
    with entered_twice.begin() as connection:
        web_shop.add_prescription(connection, "oak", 2, label_name="Rex", drug="carprofen")
    assert len(after(entered_twice, 3, TWICE)) == 1
    with pytest.raises(DecisionRefused, match="is named by prescription 2"):
        confirm_candidate(entered_twice, "oak", 1, by="Dana Field", match=match)
    assert len(asked(entered_twice)) == 1


@pytest.mark.parametrize(
    "stays",
    [
        [pet("11", "1", name="Tom")],
        [pet("11", "1", species="cat", breed="Siamese")],
        [pet("11", "1", birth_date="2024-01-01")],
        [pet("11", "1"), pet("12", "1")],
    ],
    ids=["another name", "another kind", "another age", "several"],
)
def test_nobody_is_asked_about_who_is_another_or_may_be_several(
    engine: Engine, stays: list[Cells]
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, LEE, [pet("10", "1")])
    load(engine, "oak", 2, LEE, [pet("10", "1"), *stays])
    assert after(engine, 3, *stays) == []
