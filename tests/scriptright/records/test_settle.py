"""What a change in the PIMS does to a record that holds something else by then."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scriptright.records.changed import settle
from vet_pipeline.deltas.changes import NOT_DECEASED, UNREADABLE, WAS_UNREADABLE
from vet_pipeline.policy import FIELD, Field
from vet_pipeline.scriptright.load.told_before import merge_beside
from vet_pipeline.scriptright.records.merge import is_past, says_nothing
from vet_pipeline.scriptright.records.rivals import CAME_BACK

NAME, EMAIL = FIELD["client", "name"], FIELD["client", "email"]
PET_NAME = FIELD["pet", "name"]
WEIGHT, DECEASED = FIELD["pet", "weight"], FIELD["pet", "deceased"]
ANN, ANNA = {"email": "ann@x.org"}, {"email": "anna@x.org"}


def weight(kg: str, on: str | None = None) -> dict[str, Any]:
    return {"weight_value": kg, "weight_unit": "kg", "weight_kg": kg, "weighed_on": on}


def changed(
    field: Field, held: dict[str, Any], new: dict[str, Any], **days: str | None
) -> tuple[str, str]:
    return settle(field, held, new, "apply", "changed", **days)


def test_an_email_that_changed_replaces_the_one_that_is_held() -> None:
    assert changed(EMAIL, ANN, ANNA) == ("apply", "changed")
    assert changed(EMAIL, {}, ANNA) == ("apply", "changed")


def test_what_the_delta_leaves_alone_is_asked_by_nobody() -> None:
    assert settle(EMAIL, ANN, {}, "keep", "became_blank") == ("keep", "became_blank")
    assert settle(EMAIL, ANN, ANN, "keep", "became_blank") == ("same", "same")


def test_a_text_that_nobody_can_read_is_no_blank_that_the_record_has_too() -> None:
    assert settle(EMAIL, {}, {}, "keep", UNREADABLE) == ("keep", UNREADABLE)
    alive, unknown = {"deceased": False}, {"deceased": None}
    assert settle(DECEASED, alive, unknown, "suggest", UNREADABLE) == ("same", "same")


@pytest.mark.parametrize("reason", [CAME_BACK, WAS_UNREADABLE])
def test_an_email_that_was_there_before_is_asked_where_another_stands(reason: str) -> None:
    assert settle(EMAIL, ANNA, ANN, "apply", reason) == ("suggest", reason)
    assert settle(EMAIL, {}, ANN, "apply", reason) == ("apply", reason)


def test_of_an_older_weighing_that_came_back_it_is_said_that_it_is_older() -> None:
    held, back = weight("12", "2026-03-01"), weight("13", "2026-02-01")
    assert settle(WEIGHT, held, back, "apply", CAME_BACK) == ("suggest", "older_weighing")


def test_alive_where_nothing_was_known_is_asked_of_a_dead_record_alone() -> None:
    alive = {"deceased": False}
    assert settle(DECEASED, {"deceased": True}, alive, "keep", NOT_DECEASED) == (
        "suggest",
        NOT_DECEASED,
    )
    assert settle(DECEASED, {}, alive, "keep", NOT_DECEASED) == ("same", "same")


def test_alive_after_dead_is_applied_to_a_dead_record() -> None:
    dead = {"deceased": True, "deceased_on": "2026-01-01"}
    assert changed(DECEASED, dead, {"deceased": False}) == ("apply", "changed")


def test_the_first_weighing_of_a_record_is_taken_however_old_it_is() -> None:
    old = weight("30", "2020-01-01")
    assert changed(WEIGHT, {}, old, known_on="2026-03-01") == ("apply", "changed")


def test_a_weighing_whose_date_went_blank_alone_leaves_the_date_that_is_known() -> None:
    held = weight("12", "2026-02-01")
    assert changed(WEIGHT, held, weight("12"), known_on="2026-01-01") == ("keep", "date_known")


@pytest.mark.parametrize(
    ("held_on", "known_on", "unseen_from", "outcome"),
    [
        ("2026-02-28", "2026-03-01", None, "apply"),
        ("2026-03-01", "2026-03-01", None, "suggest"),
        ("2026-02-28", "2026-03-01", "2026-02-28", "suggest"),  # it may be as old as its absence
        ("2026-02-27", "2026-03-01", "2026-02-28", "apply"),
        ("2026-03-02", None, None, "apply"),  # who asks has looked at the days
    ],
)
def test_an_undated_weighing_is_newer_than_one_of_before_its_row_was_seen_last(
    held_on: str, known_on: str | None, unseen_from: str | None, outcome: str
) -> None:
    days = {"known_on": known_on, "unseen_from": unseen_from}
    assert changed(WEIGHT, weight("12", held_on), weight("9"), **days)[0] == outcome


def test_a_dated_weighing_is_newer_than_an_older_dated_one_whenever_it_was_read() -> None:
    held, new = weight("12", "2026-01-01"), weight("13", "2026-02-01")
    assert changed(WEIGHT, held, new, known_on="2026-03-01") == ("apply", "changed")
    assert changed(WEIGHT, weight("12"), new) == ("apply", "changed")


def test_a_question_is_past_once_its_row_says_another_thing_that_can_be_read() -> None:
    assert is_past(EMAIL, ANN, ANNA)
    assert not is_past(EMAIL, ANN, ANN)
    assert not is_past(EMAIL, ANN, {"email": None}, UNREADABLE)


@pytest.mark.parametrize("column", ["first_name", "last_name", "organisation"])
def test_any_of_its_names_names_a_client(column: str) -> None:
    assert not says_nothing(NAME, {column: "Lee"})
    assert says_nothing(NAME, {"title": "Dr", "name_note": "VIP"})


def test_a_note_names_no_pet_and_a_blank_email_says_nothing() -> None:
    assert not says_nothing(PET_NAME, {"name": "Rex"})
    assert says_nothing(PET_NAME, {"name_note": "bites"})
    assert says_nothing(EMAIL, {"email": None})
    assert not says_nothing(EMAIL, ANN)


def test_a_merge_says_nothing_of_the_owner_who_is_linked_before() -> None:
    fields = [found.field.name for found in merge_beside("pet", {}, {"name": "Rex"}, [])]
    assert fields == ["name", "age", "breed", "weight", "deceased"]
