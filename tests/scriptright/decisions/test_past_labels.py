"""A prescription written from a page that is older than its pet's new name or owner."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import client, load, one, pet, rows
from tests.scriptright.meanwhile import beside
from tests.scriptright.prescribed import PRESCRIPTIONS, prescribed, renamed, the_suggestion
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm
from vet_pipeline.scriptright.postgres.roles import transaction

BY: dict[str, Any] = {"by": "Pat Doe", "same_animal": True}
NOTED = """
    SELECT old_value, new_value, cause, actor, suggestion_id IS NOT NULL, via_pims_id
    FROM scriptright.record_change WHERE record = 'prescription' AND record_id = 4
        AND cause <> 'prescribed'
"""


@pytest.fixture
def practice(engine: Engine) -> str:
    return prescribed(engine)


def write(engine: Engine, label_name: str, client_id: int = 1) -> tuple[str, str | None]:
    """The web shop writes prescription 4 by a statement of its own; its state and new name."""
    with transaction(engine, "shop", "oak") as shop:
        shop.execute(
            text(
                "INSERT INTO scriptright.prescription (practice_id, client_id, pet_id, label_name, drug)"
                " VALUES ('oak', :client_id, 1, :label_name, 'tramadol')"
            ),
            {"client_id": client_id, "label_name": label_name},
        )
    *_, (number, _client, _pet, label, state, new_name) = rows(engine, PRESCRIPTIONS)
    assert (number, label) == (4, label_name)
    return state, new_name


def test_a_prescription_under_a_past_name_needs_a_new_one(engine: Engine, practice: str) -> None:
    confirm(engine, practice, renamed(engine, "Max").suggestion_id, **BY)
    assert write(engine, "REX ") == ("needs_new_prescription", "Max")
    assert rows(engine, NOTED) == [
        (
            {"state": "active", "new_name": None},
            {"state": "needs_new_prescription", "new_name": "Max"},
            "rename",
            "Pat Doe",
            True,
            "p1",
        )
    ]


@pytest.mark.parametrize("label_name", ["Max", " max", "Max (Ann's)"])
def test_a_prescription_under_no_past_name_is_left_as_it_is(
    engine: Engine, practice: str, label_name: str
) -> None:
    confirm(engine, practice, renamed(engine, "Max").suggestion_id, **BY)
    assert write(engine, label_name) == ("active", None)


def test_a_name_that_came_back_is_no_past_one(engine: Engine, practice: str) -> None:
    confirm(engine, practice, renamed(engine, "Max").suggestion_id, **BY)
    confirm(engine, practice, renamed(engine, "Rex", 3).suggestion_id, **BY)
    assert write(engine, "Rex") == ("active", None)


def test_a_name_saved_in_the_web_shop_makes_a_past_one_too(engine: Engine, practice: str) -> None:
    with transaction(engine, "shop", practice) as shop:
        web_shop.edit_pet(shop, practice, 1, {"name": "Max"}, actor="web")
    assert write(engine, "Rex") == ("needs_new_prescription", "Max")


def give_to_bo(engine: Engine, practice: str) -> None:
    """The pet gets another owner, by the PIMS and a person's word."""
    load(
        engine, practice, 2,
        [client("1"), client("2", first_name="Bo", email=None)], [pet("p1", "2")],
    )  # fmt: skip
    confirm(engine, practice, the_suggestion(engine).suggestion_id, by="Pat Doe")


def test_a_prescription_for_a_past_owner_is_marked_and_stays_with_that_client(
    engine: Engine, practice: str
) -> None:
    give_to_bo(engine, practice)
    assert write(engine, "Rex", client_id=1) == ("owner_changed", None)
    sql = "SELECT client_id FROM scriptright.prescription WHERE prescription_id = 4"
    assert one(engine, sql) == 1


def test_a_pet_renamed_by_a_statement_beside_a_prescription_being_written_marks_it(
    engine: Engine, practice: str
) -> None:
    def rename() -> None:
        with transaction(engine, "shop", practice) as shop:
            shop.execute(text("UPDATE scriptright.pet SET name = 'Max' WHERE pet_id = 1"))

    beside(
        engine,
        "INSERT INTO scriptright.prescription (practice_id, client_id, pet_id, label_name, drug)"
        " VALUES ('oak', 1, 1, 'Rex', 'tramadol')",
        rename,
    )
    states = [row[4] for row in rows(engine, PRESCRIPTIONS)]
    assert states == ["needs_new_prescription"] * 2 + ["ended", "needs_new_prescription"]


AGAIN = "UPDATE scriptright.prescription SET state = 'active' WHERE prescription_id = 3"


def renew(engine: Engine) -> tuple[str, str | None]:
    """The web shop makes the ended prescription 3 active again; its state and new name."""
    with transaction(engine, "shop", "oak") as shop:
        shop.execute(text(AGAIN))
    [(state, new_name)] = [row[4:] for row in rows(engine, PRESCRIPTIONS) if row[0] == 3]
    return state, new_name


def test_a_prescription_that_ended_under_a_past_name_is_not_active_again_under_it(
    engine: Engine, practice: str
) -> None:
    assert renew(engine) == ("active", None)
    with transaction(engine, "shop", practice) as shop:
        shop.execute(text(AGAIN.replace("active", "ended")))
    confirm(engine, practice, renamed(engine, "Max").suggestion_id, **BY)
    assert renew(engine) == ("needs_new_prescription", "Max")
    with transaction(engine, "shop", practice) as pharmacist:
        pharmacist.execute(text(AGAIN.replace("= 'active'", "= 'active', new_name = NULL")))
    [state] = [row[4] for row in rows(engine, PRESCRIPTIONS) if row[0] == 3]
    assert state == "active"


def test_one_that_ended_for_a_past_owner_is_marked_when_it_is_active_again(
    engine: Engine, practice: str
) -> None:
    give_to_bo(engine, practice)
    assert renew(engine) == ("owner_changed", None)


def test_a_prescription_made_active_again_beside_a_confirmed_rename_is_marked(
    engine: Engine, practice: str
) -> None:
    asked = renamed(engine, "Max")
    beside(engine, AGAIN, lambda: confirm(engine, practice, asked.suggestion_id, **BY))
    assert [row[4] for row in rows(engine, PRESCRIPTIONS)] == ["needs_new_prescription"] * 3
