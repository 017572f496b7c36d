"""What persons have said of a pet's owner, when an owner's link is undone later."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import USUAL
from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.joined import joined
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import records
from vet_pipeline.scriptright.links import undo_link
from vet_pipeline.scriptright.review import confirm, list_suggestions, reject

CLIENTS = [
    client(key, first_name=name, email=None)
    for key, name in (("1", "Ann"), ("2", "Bo"), ("3", "Cy"))
]
TOLD = ToldMatcher({"3": ("linked", [1])})
FIRST = ToldMatcher({"1": ("linked", [1])})
OWNER = "SELECT client_id FROM scriptright.pet WHERE pet_id = 1"
ASKED = "SELECT state FROM scriptright.suggestion WHERE field = 'owner' ORDER BY suggestion_id"


@pytest.fixture
def practice(engine: Engine) -> str:
    """Home-delivery client 1."""
    add_practice(engine)
    with engine.begin() as connection:
        records.add_client(connection, "oak", {"first_name": "C", "last_name": "Lee"})
    return "oak"


def owned_by(engine: Engine, seq: int, owner: str, told: ToldMatcher = TOLD) -> None:
    """A load of three PIMS clients with a pet that is that one's."""
    load(engine, "oak", seq, CLIENTS, [pet("p1", owner)], matcher=told)


def said(engine: Engine, *, yes: bool) -> None:
    with engine.connect() as connection:
        [asked] = [s for s in list_suggestions(connection, "oak") if s.field == "owner"]
    (confirm if yes else reject)(engine, "oak", asked.suggestion_id, by="Pat Doe")


def test_a_pet_goes_with_the_owner_whom_a_person_has_named_last(
    engine: Engine, practice: str
) -> None:
    owned_by(engine, 1, "1")
    for seq, owner in enumerate("23", start=2):
        owned_by(engine, seq, owner)
        said(engine, yes=True)
    assert one(engine, OWNER) == 1
    undone = undo_link(engine, "oak", "client", "3", by="Kim Roe", conventions=USUAL)
    assert (one(engine, OWNER), undone.moved_pets) == (undone.new_id, (1,))


def test_an_owner_who_was_rejected_is_not_asked_about_when_its_link_is_undone(
    engine: Engine, practice: str
) -> None:
    for seq, owner in enumerate("13", start=1):
        owned_by(engine, seq, owner, FIRST)
    said(engine, yes=False)
    joined(engine, "client", "3", 1)
    undo_link(engine, "oak", "client", "3", by="Kim Roe", conventions=USUAL)
    assert (one(engine, OWNER), rows(engine, ASKED)) == (1, [("rejected",)])


def test_a_pet_goes_with_the_owner_it_came_with_however_often_it_changed_within_one_client(
    engine: Engine, practice: str
) -> None:
    all_one = ToldMatcher({key: ("linked", [1]) for key in "123"})
    for seq, owner in enumerate("123", start=1):
        owned_by(engine, seq, owner, all_one)
    undone = undo_link(engine, "oak", "client", "1", by="Kim Roe", conventions=USUAL)
    assert (one(engine, OWNER), undone.moved_pets) == (undone.new_id, (1,))
    assert rows(engine, ASKED) == [("open",)]
