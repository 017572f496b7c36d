"""A prescription of a name that a link brings back is made active again, and the link is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import rows
from tests.scriptright.prescribed import PRESCRIPTIONS, home_dog
from tests.scriptright.test_labels_by_links import STATE, WRITTEN, shop, told, undo

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
