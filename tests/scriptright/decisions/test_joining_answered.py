"""What a person was asked of a record of its own, or had refused there, joining doesn't answer."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import open_practice
from tests.scriptright.builders import client, load, pet, phones, rows
from tests.scriptright.handed import OPEN, decide
from tests.scriptright.joined import PETS, joined, load_as_new
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright.decisions.links import undo_link

PHONES = "SELECT phones -> 0 ->> 'recorded' FROM scriptright.client WHERE client_id = 1"
WEIGHTS = "SELECT name, weight_kg::int, weighed_on::text FROM scriptright.pet ORDER BY name, pet_id"
# Rexy of the web shop has no weight, nor her client a number; Rex is of 30 kg, by 0142.
OLDER = [pet("p1", "1", weight="66", weight_date="2026-01-01"), PETS[1]]
NEW_NUMBER = client("1", phones=phones("(217) 555-0199"))
TOM = ("Tom", 30, "2026-02-01")


@pytest.mark.parametrize("said_no", [True, False])
def test_a_blank_gets_what_was_held_there_and_what_was_open_is_asked_here(
    engine: Engine, said_no: bool
) -> None:
    open_practice(engine)
    load_as_new(engine)
    load(engine, "oak", 2, [NEW_NUMBER], OLDER, matcher=ToldMatcher())
    asked = rows(engine, OPEN)
    assert asked == [("phones", "changed"), ("weight", "older_weighing")]
    if said_no:
        decide(engine, yes=False)
    joined(engine, "client", "1", 1)
    assert rows(engine, WEIGHTS) == [("Rexy", 30, "2026-02-01"), TOM]
    assert rows(engine, PHONES) == [("(217) 555-0142",)]
    stands = set() if said_no else {*asked}
    of_the_two = {(field, "differs_at_merge") for field in ("name", "address", "email")}
    assert {*rows(engine, OPEN)} == of_the_two | stands
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    assert rows(engine, WEIGHTS) == [("Rex", 30, "2026-02-01"), ("Rexy", None, None), TOM]
    assert rows(engine, PHONES) == [(None,)]
    assert {*rows(engine, OPEN)} == stands


def test_what_was_open_is_confirmed_here(engine: Engine) -> None:
    open_practice(engine)
    load_as_new(engine)
    load(engine, "oak", 2, [NEW_NUMBER], PETS, matcher=ToldMatcher())
    joined(engine, "client", "1", 1)
    decide(engine, yes=True, field="phones")
    assert rows(engine, PHONES) == [("(217) 555-0199",)]


@pytest.mark.parametrize("said_no", [True, False])
def test_so_it_is_once_the_link_that_had_filled_it_before_is_undone(
    engine: Engine, said_no: bool
) -> None:
    other = client("2", phones=phones("(217) 555-0188"))
    open_practice(engine)
    load(engine, "oak", 1, [client("1"), other], matcher=ToldMatcher())
    load(engine, "oak", 2, [NEW_NUMBER, other], matcher=ToldMatcher())
    if said_no:
        decide(engine, yes=False)
    for pims_id in ("2", "1"):
        joined(engine, "client", pims_id, 1, matcher=ToldMatcher())
    assert rows(engine, PHONES) == [("(217) 555-0188",)]
    undo_link(engine, "oak", "client", "2", by="Pat Doe")
    assert rows(engine, PHONES) == [("(217) 555-0142",)]
    assert (("phones", "changed") in rows(engine, OPEN)) is not said_no
