"""What the web shop says of a prescription is noted as it comes, and an undo goes by it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import load, one, pet, rows
from tests.scriptright.decisions.test_labels_by_links import (
    ACTIVE,
    BOTH,
    CLIENTS,
    STATE,
    WRITTEN,
    shop,
    told,
    undo,
)
from tests.scriptright.prescribed import PRESCRIPTIONS, home_dog
from vet_pipeline.scriptright.postgres.roles import transaction

NAMED = "UPDATE scriptright.pet SET name = {} WHERE pet_id = 1"
UNNOTED = "DELETE FROM scriptright.record_change WHERE seen_to IS NOT NULL"
IS_ACTIVE = [("active", None)]


def state(engine: Engine) -> list[tuple[str, str | None]]:
    return [row[4:] for row in rows(engine, PRESCRIPTIONS)]


@pytest.mark.parametrize("label", ["Rex", "Rexy Lee"])
def test_a_name_that_the_web_shop_has_taken_back_needs_nothing_without_the_rename(
    engine: Engine, label: str
) -> None:
    home_dog(engine, name="Rex")
    told(engine, 1)
    shop(engine, WRITTEN.replace("Rex", label))
    told(engine, 2, "Max", "Rex")
    shop(engine, NAMED.format("'Rex'"))
    assert state(engine) == [("needs_new_prescription", "Rex")]
    assert undo(engine, "p1") == ("Rex", IS_ACTIVE)


def test_two_words_on_two_names_are_a_word_on_the_one_that_stays(engine: Engine) -> None:
    home_dog(engine, "Rex", name="Rex")
    told(engine, 1)
    shop(engine, NAMED.format("'Max'"), ACTIVE)
    told(engine, 2, "Rex", "Max")
    told(engine, 3, "Bella", "Max")
    told(engine, 4, "Rex", "Max")
    assert state(engine) == [("needs_new_prescription", "Rex")]
    shop(engine, ACTIVE)
    assert undo(engine, "p1") == ("Max", IS_ACTIVE)


def test_a_mark_for_a_name_that_both_have_said_outlives_the_name_and_one_of_them(
    engine: Engine,
) -> None:
    home_dog(engine, "Rexy")
    both = [pet("p1", "1", name="Rex"), pet("p2", "2", name="Rex")]
    load(engine, "oak", 1, CLIENTS, both, matcher=BOTH)
    shop(engine, NAMED.format("NULL"))
    needed = [("needs_new_prescription", "Rex")]
    assert state(engine) == needed
    assert undo(engine, "p1") == (None, needed)


def test_each_word_is_noted_once_and_marks_are_no_words(engine: Engine) -> None:
    home_dog(engine, name="Rex")
    told(engine, 1)
    shop(engine, WRITTEN)
    told(engine, 2, "Max", "Rex")
    shop(engine, NAMED.format("'Bo'"), ACTIVE, ACTIVE, STATE.format("ended"), ACTIVE)
    noted = """
        SELECT new_value ->> 'state', cause, actor = session_user
        FROM scriptright.record_change WHERE seen_to IS NOT NULL ORDER BY change_id
    """
    assert [row[:2] for row in rows(engine, noted)] == [
        ("active", "prescribed"),
        ("active", "web_shop"),
        ("ended", "web_shop"),
        ("active", "web_shop"),
    ]


def test_a_word_is_on_the_name_that_who_said_it_could_see(engine: Engine) -> None:
    """A rename is under way while the web shop makes the prescription active."""
    home_dog(engine, "Rex", name="Rex")
    told(engine, 1)
    told(engine, 2, "Rex", "Max")
    seen = one(engine, "SELECT max(change_id) FROM scriptright.record_change WHERE record = 'pet'")
    with transaction(engine, "review", "oak") as connection:
        connection.execute(
            text(
                "INSERT INTO scriptright.record_change (practice_id, record, record_id, field,"
                " old_value, new_value, cause, actor) VALUES ('oak', 'pet', 1, 'age', '{}', '{}',"
                " 'confirmed', 'Pat Doe')"
            )
        )
        shop(engine, ACTIVE)
    last = "SELECT seen_to FROM scriptright.record_change WHERE seen_to IS NOT NULL ORDER BY change_id DESC LIMIT 1"
    assert one(engine, last) == seen


@pytest.mark.parametrize("label", ["Rex", "Max"])
def test_what_was_said_before_there_were_notes_is_told_by_the_gaps_that_it_left(
    engine: Engine, label: str
) -> None:
    home_dog(engine, name="Rex")
    told(engine, 1)
    told(engine, 2, "Max", "Rex")
    shop(engine, WRITTEN.replace("Rex", label), ACTIVE)
    told(engine, 3, "Bella", "Rex")
    shop(engine, ACTIVE)
    with engine.begin() as connection:
        connection.execute(text(UNNOTED))
    needed = ("needs_new_prescription", "Rex")
    assert undo(engine, "p1") == ("Rex", IS_ACTIVE if label == "Rex" else [needed])


def test_one_written_in_a_transaction_that_is_older_than_the_link_was_written_since(
    engine: Engine,
) -> None:
    home_dog(engine, name="Rex")
    with transaction(engine, "shop", "oak") as connection:
        connection.execute(text("SELECT now()"))
        told(engine, 1, "Max", "Rex")
        connection.execute(text(WRITTEN.replace("Rex", "Maxy Lee")))
    assert state(engine) == IS_ACTIVE
    assert undo(engine, "p1") == ("Rex", [("needs_new_prescription", "Rex")])
