"""Of a link that is undone: which automatic changes a load would have asked about without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.scriptright.records.who import BOB, CLIENT, PET
from vet_pipeline.policy import FIELD, Field, Record
from vet_pipeline.scriptright.decisions.past import Past, SharedChange
from vet_pipeline.scriptright.decisions.restore import asked_as_another
from vet_pipeline.scriptright.records.replay import Life, Turn
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import all_values, canonical

NAME, EMAIL = FIELD["client", "name"], FIELD["client", "email"]
WEIGHT, DECEASED = FIELD["pet", "weight"], FIELD["pet", "deceased"]
APPLIED = ("apply", "changed")
ASKED = ("suggest", ANOTHER_RECORD)
PUP = PET | {"name": "Luna", "species": "cat", "deceased": False}


def at(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def line(
    field: Field, day: int, was: dict[str, Any], now: dict[str, Any], action: str = "apply"
) -> SharedChange:
    values = canonical(field, was), canonical(field, now)
    return SharedChange("d", 1, field.name, *values, action, "changed", 1, at(day), None, None)


def past_of(record: Record, now: dict[str, Any], **told: list[SharedChange]) -> Past:
    """PIMS record d says `now` by now; what it told since the first of March, by field."""
    says = {"d": all_values(record, now)}
    return Past(at(1), frozenset(), (), {}, told, {}, says)


def judged(field: Field, past: Past, here: dict[str, Any], *lives: Life) -> list[tuple[str, str]]:
    row = all_values(field.record, here)
    by_field = {life.field.name: life for life in lives}
    found = asked_as_another(field, past, by_field, row).told[field.name]
    return [(told.action, told.reason) for told in found]


def became_bob(email_on: int, action: str = "apply") -> Past:
    """Ann's row says Bob, of another house and number, since the fifth; its email changed once."""
    of_bob = {
        field: [line(FIELD["client", field], 5, CLIENT, BOB, "suggest")]
        for field in ("name", "address", "phones")
    }
    return past_of("client", BOB, **of_bob, email=[line(EMAIL, email_on, CLIENT, BOB, action)])


@pytest.mark.parametrize(
    ("email_on", "verdict"), [(4, APPLIED), (5, ASKED), (6, ASKED)]
)  # before, with and after the name
def test_an_email_that_came_with_another_clients_name_is_asked(
    email_on: int, verdict: tuple[str, str]
) -> None:
    assert judged(EMAIL, became_bob(email_on), CLIENT) == [verdict]


def test_an_email_is_taken_where_the_record_was_bobs_or_the_row_has_said_bob_all_along() -> None:
    assert judged(EMAIL, became_bob(6), BOB) == [APPLIED]
    always = past_of("client", BOB, email=[line(EMAIL, 6, CLIENT, BOB)])
    assert judged(EMAIL, always, CLIENT) == [APPLIED]


@pytest.mark.parametrize(
    ("renamed_on", "verdict"), [(3, APPLIED), (6, APPLIED), (7, ASKED)]
)  # before, with and after the email
def test_the_record_is_whoever_it_was_by_then(renamed_on: int, verdict: tuple[str, str]) -> None:
    life = Life(NAME, 7, canonical(NAME, CLIENT))
    life.turns = [Turn(at(renamed_on), canonical(NAME, BOB), said=True)]
    assert judged(EMAIL, became_bob(6), CLIENT, life) == [verdict]


def test_what_was_asked_or_is_of_a_row_of_which_nothing_is_known_stays_as_it_was() -> None:
    assert judged(EMAIL, became_bob(6, "keep"), CLIENT) == [("keep", "changed")]
    assert judged(EMAIL, replace(became_bob(6), says_now={}), CLIENT) == [APPLIED]


def test_what_another_row_has_told_since_is_not_what_this_one_said() -> None:
    other = line(EMAIL, 7, CLIENT, CLIENT)._replace(pims_id="e")
    of_other = line(NAME, 8, CLIENT, BOB)._replace(pims_id="e")
    past = became_bob(6)
    told = {**past.told, "name": [*past.told["name"], of_other]}
    told["email"] = [*past.told["email"], other]
    assert judged(EMAIL, replace(past, told=told), CLIENT) == [ASKED, APPLIED]


def test_other_fields_are_left_as_they_are() -> None:
    past = became_bob(6)
    assert asked_as_another(EMAIL, past, {}, CLIENT).told["name"] == past.told["name"]


def test_a_weight_of_another_animal_is_asked_and_one_of_a_pet_that_lives_again_is_not() -> None:
    dead, heavy = PET | {"deceased": True}, {"weight_value": "9", "weight_kg": "9"}

    def weighed(now: dict[str, Any]) -> Past:
        fields = ("name", "breed", "deceased")
        told = {field: [line(FIELD["pet", field], 5, dead, now)] for field in fields}
        return past_of("pet", now | heavy, **told, weight=[line(WEIGHT, 6, PET, PET | heavy)])

    assert judged(WEIGHT, weighed(PUP), dead) == [ASKED]
    assert judged(WEIGHT, weighed(PET | {"name": "Luna", "deceased": False}), dead) == [APPLIED]


def test_a_death_taken_back_is_asked_where_the_name_is_another_too() -> None:
    dead, luna = PET | {"deceased": True}, PET | {"name": "Luna", "deceased": False}
    told = {"name": [line(FIELD["pet", "name"], 5, dead, luna)]}
    lives = past_of("pet", luna, **told, deceased=[line(DECEASED, 6, dead, luna)])
    assert judged(DECEASED, lives, dead) == [ASKED]
