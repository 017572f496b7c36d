"""A pet without a name in the web shop gets one by a link: what its labels say is looked at."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import client, load, one, pet, rows
from tests.scriptright.meanwhile import beside
from tests.scriptright.prescribed import PRESCRIPTIONS, home_dog
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import confirm_candidate, list_candidates, undo_link
from vet_pipeline.scriptright.postgres.roles import transaction

LINKED = ToldMatcher({"1": ("linked", [1])}, {"p1": ("linked", [1])})
NEEDED = ("needs_new_prescription", "Max")


@pytest.fixture
def practice(engine: Engine) -> str:
    """Ann's nameless dog with prescriptions for Rex, for Max, and an ended one for Rex."""
    home_dog(engine, "Rex", "MAX ", "Rex")
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.prescription SET state = 'ended' WHERE prescription_id = 3")
        )
    return "oak"


def states(engine: Engine) -> list[tuple[str, str | None]]:
    return [row[4:] for row in rows(engine, PRESCRIPTIONS)]


def named_max(engine: Engine, matcher: ToldMatcher = LINKED) -> None:
    load(engine, "oak", 1, [client("1")], [pet("p1", "1", name="Max")], matcher=matcher)


def test_a_name_that_a_link_fills_in_marks_labels_that_say_another(
    engine: Engine, practice: str
) -> None:
    named_max(engine)
    assert one(engine, "SELECT name FROM scriptright.pet WHERE pet_id = 1") == "Max"
    assert states(engine) == [NEEDED, ("active", None), ("ended", None)]
    noted = """
        SELECT record_id, old_value, new_value, cause, load_id, via_pims_id
        FROM scriptright.record_change WHERE record = 'prescription' AND seen_to IS NULL
    """
    assert rows(engine, noted) == [
        (
            1,
            {"state": "active", "new_name": None},
            {"state": "needs_new_prescription", "new_name": "Max"},
            "rename",
            1,
            "p1",
        )
    ]


@pytest.mark.parametrize("how", ["saved", "by a statement of its own"])
def test_a_name_that_the_web_shop_gives_marks_labels_that_say_another(
    engine: Engine, practice: str, how: str
) -> None:
    if how == "saved":
        with engine.begin() as connection:
            web_shop.edit_pet(connection, practice, 1, {"name": "Max"}, actor="web")
    else:
        with transaction(engine, "shop", practice) as connection:
            connection.execute(text("UPDATE scriptright.pet SET name = 'Max' WHERE pet_id = 1"))
    assert states(engine) == [NEEDED, ("active", None), ("ended", None)]


def test_so_does_a_link_made_by_a_person_and_undoing_takes_the_marks_back(
    engine: Engine, practice: str
) -> None:
    asked = ToldMatcher({"1": ("linked", [1])}, {"p1": ("possible", [1])})
    named_max(engine, asked)
    assert states(engine)[0] == ("active", None)
    with engine.connect() as connection:
        [candidate] = list_candidates(connection, practice, state="open")
    confirm_candidate(engine, practice, candidate.candidate_id, by="Pat Doe", match=asked)
    assert states(engine)[0] == NEEDED
    undo_link(engine, practice, "pet", "p1", by="Pat Doe")
    assert states(engine) == [("active", None), ("active", None), ("ended", None)]


def test_a_prescription_being_written_for_the_nameless_pet_is_waited_for(
    engine: Engine, practice: str
) -> None:
    beside(
        engine,
        "INSERT INTO scriptright.prescription (practice_id, client_id, pet_id, label_name, drug)"
        " VALUES ('oak', 1, 1, 'Rex', 'carprofen')",
        lambda: named_max(engine),
    )
    assert states(engine)[3] == NEEDED


def test_a_name_emptied_in_the_web_shop_and_filled_from_a_new_number_is_no_way_round(
    engine: Engine, practice: str
) -> None:
    with transaction(engine, "shop", practice) as shop:
        for name in ("Rex", None):
            shop.execute(text("UPDATE scriptright.pet SET name = :name"), {"name": name})
    named_max(engine)
    assert states(engine)[:2] == [NEEDED, NEEDED]


@pytest.mark.parametrize("by", ["link", "web shop"])
def test_a_prescription_that_had_ended_before_its_pet_got_a_name_is_not_active_under_another(
    engine: Engine, practice: str, by: str
) -> None:
    if by == "link":
        named_max(engine)
    else:
        with transaction(engine, "shop", practice) as shop:
            shop.execute(text("UPDATE scriptright.pet SET name = 'Max'"))
    with transaction(engine, "shop", practice) as shop:
        shop.execute(
            text("UPDATE scriptright.prescription SET state = 'active' WHERE prescription_id = 3")
        )
    assert states(engine)[2] == NEEDED
    if by == "link":
        undo_link(engine, practice, "pet", "p1", by="Pat Doe")
        assert states(engine) == [("active", None)] * 3


def test_one_for_the_name_that_it_got_or_written_since_is_active_again(
    engine: Engine, practice: str
) -> None:
    named_max(engine)
    with transaction(engine, "shop", practice) as shop:
        web_shop.add_prescription(shop, "oak", 1, label_name="Maxi", drug="tramadol")
        for state in ("ended", "active"):
            shop.execute(
                text(
                    f"UPDATE scriptright.prescription SET state = '{state}'"
                    " WHERE prescription_id IN (2, 4)"
                )
            )
    assert [states(engine)[place] for place in (1, 3)] == [("active", None)] * 2
