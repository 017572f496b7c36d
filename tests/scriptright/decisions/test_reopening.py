"""A no that was a slip: `review reopen` opens the suggestion again, as long as it is the same question."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, edit, load, one, pet, rows
from tests.scriptright.handed import BOB, decide
from tests.scriptright.suggested import (
    MOVED,
    NEW_ADDRESS,
    address,
    ann_and_rex,
    states,
    the_suggestion,
)
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused, UnknownItem, UsageError
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import list_rows_in_question, undo_link
from vet_pipeline.scriptright.decisions.reopening import reopen, reopen_many
from vet_pipeline.scriptright.decisions.review import Decided, confirm, reject, reject_many
from vet_pipeline.scriptright.trail.history import history_of

MAX = pet("p1", "1", name="Max")
OWNER = "SELECT client_id FROM scriptright.pet"


def no(engine: Engine, number: int = 1) -> None:
    reject(engine, "oak", number, by="Pat Doe")


def again(engine: Engine, number: int = 1) -> Decided:
    return reopen(engine, "oak", number, by="Dana Field")


def refusal(engine: Engine, number: int = 1) -> str:
    with pytest.raises(DecisionRefused) as refused:
        again(engine, number)
    return f"{refused.value.what}; {refused.value.next_step}".split(": ", 1)[1]


@pytest.fixture
def moved(engine: Engine) -> Engine:
    """Ann has moved, and a person has said no to her new address."""
    ann_and_rex(engine)
    load(engine, "oak", 2, [client("1", **MOVED)], [pet("p1", "1")])
    no(engine)
    return engine


def test_what_was_rejected_is_open_as_it_was_and_is_confirmed(moved: Engine) -> None:
    assert again(moved) == Decided(1, "client", 1, "address", "open")
    assert states(moved) == [("address", "open", None)]
    assert the_suggestion(moved).new == NEW_ADDRESS
    confirm(moved, "oak", 1, by="Dana Field")
    assert address(moved) == NEW_ADDRESS
    assert rows(moved, "SELECT actor, act FROM scriptright.audit ORDER BY n DESC LIMIT 3") == [
        ("Dana Field", "suggestion_confirmed"),
        ("Dana Field", "suggestion_reopened"),
        ("Pat Doe", "suggestion_rejected"),
    ]


def test_an_owner_and_a_pets_name_that_were_rejected_by_a_slip_are_asked_again(
    engine: Engine,
) -> None:
    add_practice(engine)
    bob = client("2", **BOB)
    load(engine, "oak", 1, [client("1"), bob], [pet("p1", "1")])
    load(engine, "oak", 2, [client("1"), bob], [MAX | {"client_key": "2"}])
    decide(engine, yes=False)
    load(engine, "oak", 3, [client("1"), bob], [MAX | {"client_key": "2", "weight": "31"}])
    assert [again(engine, n).field for n in (1, 2)] == ["name", "owner"]
    decide(engine, yes=True)
    assert rows(engine, "SELECT name, client_id FROM scriptright.pet") == [("Max", 2)]


def test_a_clients_name_that_was_rejected_by_a_slip_settles_whose_the_row_is(
    engine: Engine,
) -> None:
    """Her new pets wait beside a name that was said no to; confirming it had no way back."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")])
    married = client("1", first_name="Anna Maria", last_name="Moss")
    load(engine, "oak", 2, [married | {"first_name": "Mia"}], [pet("p1", "1")])
    decide(engine, yes=False)
    with engine.connect() as connection:
        assert len(list_rows_in_question(connection, "oak")) == 1
    again(engine)
    decide(engine, yes=True)
    load(engine, "oak", 3, [married | {"first_name": "Mia"}], [pet("p1", "1")])
    assert one(engine, "SELECT count(*) FROM scriptright.pet") == 1


def test_it_shows_what_scriptright_holds_by_now_under_a_new_number(moved: Engine) -> None:
    edit(moved, "client", address_line1="1 Fir Rd")
    assert again(moved) == Decided(2, "client", 1, "address", "open")
    assert the_suggestion(moved).old["address_line1"] == "1 Fir Rd"
    assert states(moved) == [("address", "superseded", None), ("address", "open", None)]
    with moved.connect() as connection:
        told = history_of(connection, "oak", "client", 1).events
    assert [(e.kind, e.by) for e in told if e.kind.startswith("suggestion")] == [
        ("suggestion_opened", None),
        ("suggestion_rejected", "Pat Doe"),
        ("suggestion_reopened", "Dana Field"),
        ("suggestion_superseded", None),
        ("suggestion_opened", None),
    ]


def test_it_is_the_same_for_loads_as_if_it_had_never_been_rejected(moved: Engine) -> None:
    again(moved)
    load(moved, "oak", 3, [client("1")], [pet("p1", "1")])
    assert states(moved) == [("address", "superseded", None)]


def test_a_slip_is_opened_again_after_what_nobody_could_read(moved: Engine) -> None:
    """A blank that was a slip asked something else for a while; the machine has closed that."""
    blank = dict.fromkeys(("address_line1", "city", "state", "postal_code"))
    load(moved, "oak", 3, [client("1", **blank)], [pet("p1", "1")])
    load(moved, "oak", 4, [client("1", **MOVED)], [pet("p1", "1")])
    assert [state for _, state, _ in states(moved)] == ["rejected", "superseded", "open"]
    assert refusal(moved).startswith("the same field was asked about since; decide on 3 instead")
    no(moved, 3)
    assert refusal(moved).startswith(
        "the same field was asked about since; that is 3, which was rejected"
    )


def test_what_is_another_question_by_now_or_none_is_refused_with_the_next_step(
    moved: Engine,
) -> None:
    again(moved)
    assert refusal(moved).startswith("it is open, not rejected; `vet-pipeline review list oak ")
    no(moved)
    with pytest.raises(UnknownItem):
        again(moved, 9)
    with pytest.raises(UsageError):
        reopen(moved, "oak", 1, by=" ")
    edit(moved, "client", **MOVED)
    assert refusal(moved).startswith("ScriptRight has that value already")
    edit(moved, "client", address_line1="12 Elm St", city="Springfield", postal_code="62704")
    load(moved, "oak", 3, [client("1")], [pet("p1", "1")])
    assert refusal(moved).startswith("the PIMS says something else by now")
    assert states(moved) == [("address", "rejected", "Pat Doe")]


@pytest.fixture
def merged(engine: Engine) -> Engine:
    """Home Delivery's Ann, fed by PIMS client 1, who has moved: a person said no."""
    add_practice(engine)
    with engine.begin() as connection:
        home = {"first_name": "Ann", "last_name": "Lee", "address_line1": "12 Elm St"}
        place = {"city": "Springfield", "state": "IL", "postal_code": "62704"}
        web_shop.add_client(connection, "oak", home | place)
    load(engine, "oak", 1, [client("1")], matcher=ToldMatcher({"1": ("linked", [1])}))
    load(engine, "oak", 2, [client("1", **MOVED)])
    no(engine)
    return engine


def test_a_link_that_is_undone_takes_the_question_along(merged: Engine) -> None:
    again(merged)
    new_id = undo_link(merged, "oak", "client", "1", by="Pat Doe").new_id
    asked = the_suggestion(merged)
    assert (asked.record_id, asked.new) == (new_id, NEW_ADDRESS)


def test_a_no_to_a_link_that_was_undone_since_is_opened_again_on_its_own_record(
    merged: Engine,
) -> None:
    """The row's own record had the old street, and nobody could be asked about the new one."""
    new_id = undo_link(merged, "oak", "client", "1", by="Pat Doe").new_id
    assert again(merged) == Decided(2, "client", new_id, "address", "open")
    assert states(merged) == [("address", "superseded", None), ("address", "open", None)]
    confirm(merged, "oak", 2, by="Dana Field")
    street = "SELECT client_id, address_line1 FROM scriptright.client ORDER BY client_id"
    assert rows(merged, street) == [(1, "12 Elm St"), (new_id, NEW_ADDRESS["address_line1"])]
    assert refusal(merged).startswith("it was superseded, not rejected")


def test_a_no_to_what_the_merged_record_alone_was_asked_is_no_question_once_it_is_undone(
    engine: Engine,
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Moss"})
    load(engine, "oak", 1, [client("1")], matcher=ToldMatcher({"1": ("linked", [1])}))
    no(engine)
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    assert refusal(engine).startswith("ScriptRight has that value already")


def test_what_a_missing_row_said_is_past_once_the_one_in_its_place_says_another_thing(
    merged: Engine,
) -> None:
    """The PIMS has given Ann another number, under which she has moved again."""
    third = {"address_line1": "77 New Rd", "city": "Peoria", "postal_code": "61602"}
    took = ToldMatcher({"9": ("linked", [1])})
    load(merged, "oak", 3, [client("9", **MOVED)], matcher=took)
    assert again(merged) == Decided(1, "client", 1, "address", "open")
    no(merged)
    load(merged, "oak", 4, [client("9", **third)])
    assert refusal(merged).startswith("the PIMS says something else by now")
    assert states(merged) == [("address", "rejected", "Pat Doe"), ("address", "open", None)]


def test_a_mornings_list_that_was_rejected_by_slip_is_opened_again_each_by_itself(
    engine: Engine,
) -> None:
    ann_and_rex(engine)
    load(engine, "oak", 2, [client("1", **MOVED)], [pet("p1", "1", name="Max", breed="Pug")])
    list(reject_many(engine, "oak", [(n, None) for n in (1, 2, 3)], by="Pat Doe"))
    edit(engine, "pet", name="Max")
    done = dict(reopen_many(engine, "oak", [1, 2, 3, 9], by="Dana Field"))
    assert [n for n, one in done.items() if isinstance(one, Decided)] == [1, 3]
    assert sorted(states(engine)) == [
        ("address", "open", None), ("breed", "open", None), ("name", "rejected", "Pat Doe"),
    ]  # fmt: skip


@pytest.mark.parametrize("slip", [{"name": None}, {"birth_date": "20I9-05-01"}])
def test_what_stayed_open_beside_a_name_taken_out_or_a_text_that_nobody_can_read_is_opened_again(
    engine: Engine, slip: Cells
) -> None:
    """It was refused right after the no, as what the PIMS doesn't say any more."""
    ann_and_rex(engine)
    says = MAX | {"birth_date": "2019-05-01"}
    load(engine, "oak", 2, [client("1")], [says])
    load(engine, "oak", 3, [client("1")], [says | slip])
    asked = [("age", "open", None), ("name", "open", None)]
    assert sorted(states(engine)) == asked
    list(reject_many(engine, "oak", [(1, None), (2, None)], by="Pat Doe"))
    assert [again(engine, n).state for n in (1, 2)] == ["open", "open"]
    load(engine, "oak", 4, [client("1")], [says])
    assert sorted(states(engine)) == asked
