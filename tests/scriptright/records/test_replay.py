"""A field's life played again: order, links, rivals and decisions, on literal events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from vet_pipeline.deltas.changes import UNREADABLE
from vet_pipeline.policy import FIELD, Field
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.replay import (
    RETURNED,
    Decided,
    Event,
    Life,
    Linked,
    Saved,
    TakenBack,
    Told,
    replay,
)
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.values import Value

EMAIL, DECEASED, NAME = FIELD["client", "email"], FIELD["pet", "deceased"], FIELD["pet", "name"]


def at(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def email(text: str | None) -> Value:
    return {"email": text}


def told(day: int, *changes: tuple[str, str | None, str]) -> Told:
    """Load number `day`: by PIMS id, the email it says now and what the delta makes of it."""
    lines = [
        Change(EMAIL, pims_id, 7, email("old@x.example"), email(new), action, "changed")
        for pims_id, new, action in changes
    ]
    return Told(at(day), day, "2026-02-01", tuple(lines))


def question(
    day: int, pims_id: str, old: Value, new: Value, reason: str = "changed", field: Field = EMAIL
) -> Question:
    """What load number `day` asked."""
    return Question(field, 7, pims_id, old, new, reason, day, at(day))


def played(value: str | None, *events: Event) -> Life:
    return replay(Life(EMAIL, 7, email(value)), events)


def test_events_count_in_their_order_whatever_order_they_come_in() -> None:
    saved = Saved(at(3), email("web@x.example"))
    life = played("a@x.example", saved, told(2, ("2", "b@x.example", "apply")))
    assert (life.value, life.source) == (email("web@x.example"), None)


def test_a_link_fills_a_blank_and_asks_about_a_difference() -> None:
    life = played(
        None,
        Linked(at(1), "2", email("a@x.example"), 1),
        Linked(at(2), "3", email("b@x.example"), 2),
    )
    assert (life.value, life.source) == (email("a@x.example"), ("2", 1))
    assert life.questions == {
        "3": question(2, "3", email("a@x.example"), email("b@x.example"), "differs_at_merge")
    }


def test_what_a_load_s_link_has_filled_its_changes_dont_overwrite() -> None:
    life = played(
        None,
        told(1, ("3", "b@x.example", "apply")),
        Linked(at(1), "2", email("a@x.example"), 1),
    )
    assert life.value == email("a@x.example")
    assert life.questions["3"].reason == "sources_disagree"


def test_of_two_records_that_disagree_neither_is_taken() -> None:
    life = played(
        "a@x.example", told(2, ("2", "b@x.example", "apply"), ("3", "c@x.example", "apply"))
    )
    assert life.value == email("a@x.example")
    assert {i: (q.new["email"], q.reason) for i, q in life.questions.items()} == {
        "2": ("b@x.example", "sources_disagree"),
        "3": ("c@x.example", "sources_disagree"),
    }


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("text", [None, "c@x.example"])
def test_a_decision_on_what_isnt_asked_is_about_nothing(text: str | None, confirmed: bool) -> None:
    life = Life(EMAIL, 7, email("a@x.example"))
    if text:
        life.questions["2"] = question(1, "2", email("a@x.example"), email(text))
    before = dict(life.questions)
    life = replay(life, [Decided(at(2), "2", email("b@x.example"), confirmed, 1)])
    assert (life.value, life.questions) == (email("a@x.example"), before)


def test_a_confirmed_value_answers_the_same_question_and_shows_in_the_others() -> None:
    questions = {
        i: question(1, i, email("a@x.example"), email(new))
        for i, new in (("2", "b@x.example"), ("3", "b@x.example"), ("4", None))
    }
    life = Life(EMAIL, 7, email("a@x.example"), questions)
    life = replay(life, [Decided(at(2), "2", email("b@x.example"), True, 1)])
    assert (life.value, life.source) == (email("b@x.example"), ("2", 1))
    assert life.questions == {"4": question(1, "4", email("b@x.example"), email(None))}


def test_a_question_that_was_answered_no_is_asked_no_more_and_writes_nothing() -> None:
    asked = question(1, "2", email("a@x.example"), email("b@x.example"))
    life = Life(EMAIL, 7, email("a@x.example"), {"2": asked})
    life = replay(life, [Decided(at(2), "2", email("b@x.example"), False, 1)])
    assert (life.value, life.source, life.questions) == (email("a@x.example"), None, {})


def death(dead: bool) -> dict[str, Any]:
    return {"deceased": dead, "deceased_on": None}


@pytest.mark.parametrize("told_how", ["before", "as it was linked", "in a load"])
@pytest.mark.parametrize(("other_says", "outcome"), [(True, "asked"), (False, "alive")])
def test_a_pet_comes_to_life_only_if_no_record_says_dead(
    other_says: bool, outcome: str, told_how: str
) -> None:
    said = death(other_says)
    other = Change(DECEASED, "r", 7, death(not other_says), said, "apply", "changed")
    earlier: dict[str, list[Event]] = {
        "before": [],
        "as it was linked": [Linked(at(1), "r", said, 1)],
        "in a load": [Told(at(1), 1, "", (other,))],
    }
    says = {"p": death(True)} | ({"r": said} if told_how == "before" else {})
    alive = Change(DECEASED, "p", 7, death(True), death(False), "apply", "changed")
    life = Life(DECEASED, 7, death(True), says=says)
    replay(life, [*earlier[told_how], Told(at(2), 2, "", (alive,))])
    assert (life.value == death(False), list(life.questions)) == (
        (False, ["p"]) if outcome == "asked" else (True, [])
    )


def test_a_change_that_the_record_holds_already_answers_its_question() -> None:
    rex = {"name": "Rex"}
    questions = {"p": question(1, "p", rex, {"name": "Max"}, field=NAME)}
    back = Change(NAME, "p", 7, {"name": "Max"}, {"name": "Rex"}, "suggest", "changed")
    life = replay(Life(NAME, 7, rex, questions), [Told(at(2), 2, "", (back,))])
    assert (life.value, life.questions) == ({"name": "Rex"}, {})


def test_a_change_that_does_nothing_ends_a_question_about_something_else() -> None:
    blank = question(1, "p", email("a@x.example"), email(None), "became_blank")
    said = Change(EMAIL, "p", 7, email(None), email("b@x.example"), "keep", "date_known")
    life = Life(EMAIL, 7, email("a@x.example"), {"p": blank})
    assert replay(life, [Told(at(2), 2, "", (said,))]).questions == {}


A, B, HOME = email("a@x.example"), email("b@x.example"), email("home@x.example")


def asks(life: Life) -> dict[str, Value]:
    return {pims_id: one.new for pims_id, one in life.questions.items()}


@pytest.mark.parametrize(("says", "asked"), [(A, {"3": A}), (B, {})])
def test_of_those_that_are_missing_the_one_that_went_last_has_told(
    says: Value, asked: dict[str, Value]
) -> None:
    life = Life(EMAIL, 7, HOME, says={"1": A, "2": B})
    replay(life, [Linked(at(3), "3", says, 3, {"1": "2026-03-01", "2": "2026-03-02"})])
    assert asks(life) == asked


def back(day: int, action: str = "keep", reason: str = RETURNED) -> Told:
    """Load number `day` has PIMS record 1 again, which says A."""
    said = A if reason == RETURNED else B
    change = Change(EMAIL, "1", 7, said, A, action, reason)
    return Told(at(day), day, "2026-02-01", (change,))


@pytest.mark.parametrize(
    ("says", "then", "asked"),
    [
        (B, [back(4)], {"1": A, "3": B}),
        (A, [back(4)], {"3": A}),  # asked of the double now
        (B, [Saved(at(4), A), back(5)], {"3": B}),
        (B, [back(4, "keep", "changed")], {"3": B}),
    ],
)
def test_a_question_put_off_is_asked_again_unless_it_has_an_answer(
    says: Value, then: list[Event], asked: dict[str, Value]
) -> None:
    life = Life(EMAIL, 7, HOME, {"1": question(1, "1", HOME, A)}, says={"1": A})
    replay(life, [Linked(at(3), "3", says, 3, {"1": "2026-03-02"}), *then])
    assert asks(life) == asked
    assert {q.old["email"] for q in life.questions.values()} == {life.value["email"]}


@pytest.mark.parametrize(("reason", "asked"), [(UNREADABLE, {"1": A}), ("became_blank", {})])
def test_a_text_that_nobody_can_read_ends_no_question(reason: str, asked: dict[str, Value]) -> None:
    life = Life(EMAIL, 7, HOME, {"1": question(1, "1", HOME, A)}, says={"1": A})
    unread = Change(EMAIL, "1", 7, A, email(None), "keep", reason)
    replay(life, [Told(at(2), 2, "2026-02-01", (unread,))])
    assert asks(life) == asked


def taken_back(day: int, since: int | None) -> TakenBack:
    """What PIMS record 1 had brought on day 2 is taken back; before this life it had been HOME."""
    return TakenBack(at(day), "1", at(since) if since else None, HOME)


@pytest.mark.parametrize(
    ("then", "value", "asked"),
    [
        ([taken_back(4, 2)], "old@x.example", {}),
        ([Saved(at(1), B), taken_back(4, 2)], "b@x.example", {}),
        ([Saved(at(3), B), taken_back(4, 2)], "b@x.example", {}),  # it stands no more
        ([told(3, ("3", "b@x.example", "apply")), taken_back(4, 2)], "b@x.example", {}),
        ([taken_back(4, None)], "home@x.example", {}),
        # A load that has given the field a value overwrites it with no other.
        ([taken_back(4, 2), told(4, ("3", "b@x.example", "apply"))], "old@x.example", {"3": B}),
    ],
)
def test_what_a_record_had_brought_is_taken_back_if_it_still_stands(
    then: list[Event], value: str, asked: dict[str, Value]
) -> None:
    life = played("old@x.example", told(2, ("1", "a@x.example", "apply")), *then)
    assert (life.value, asks(life)) == (email(value), asked)
