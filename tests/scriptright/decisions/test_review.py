"""Suggestions: listing, confirming exactly what was shown, rejecting."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import (
    Cells,
    add_practice,
    client,
    load,
    one,
    pet,
    phones,
    rows,
    whole_database,
)
from tests.scriptright.handed import BOB
from tests.scriptright.suggested import (
    MOVED,
    NEW_ADDRESS,
    OLD_ADDRESS,
    address,
    ann_and_rex,
    states,
    the_suggestion,
    the_suggestions,
)
from vet_pipeline.errors import (
    DecisionRefused,
    PracticeStateRefuses,
    StaleDecision,
    UnknownItem,
    UsageError,
)
from vet_pipeline.scriptright.decisions.review import (
    Decided,
    confirm,
    confirm_many,
    reject,
    reject_many,
)
from vet_pipeline.scriptright.trail import audit


@pytest.fixture
def practice(engine: Engine) -> str:
    """Ann Lee with Rex, taken in by the first load."""
    return ann_and_rex(engine)


def test_a_suggestion_shows_old_and_new_value_its_reason_and_its_load(
    engine: Engine, practice: str
) -> None:
    result = load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    assert (shown.record, shown.pims_id, shown.field) == ("client", "1", "address")
    assert (shown.label, shown.reason, shown.state) == ("client address", "changed", "open")
    assert (shown.old, shown.new, shown.current) == (OLD_ADDRESS, NEW_ADDRESS, OLD_ADDRESS)
    assert (shown.load_id, shown.needs_attestation, shown.is_stale) == (
        result.load_id,
        False,
        False,
    )


def test_confirming_writes_exactly_the_value_that_was_shown(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    decided = confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert decided == Decided(
        shown.suggestion_id, "client", shown.record_id, "address", "confirmed", ()
    )
    assert address(engine) == NEW_ADDRESS
    assert states(engine) == [("address", "confirmed", "Pat Doe")]
    assert rows(
        engine,
        "SELECT field, old_value, new_value, cause, load_id, suggestion_id, via_pims_id, actor "
        "FROM scriptright.record_change",
    ) == [
        (
            "address",
            OLD_ADDRESS,
            NEW_ADDRESS,
            "confirmed",
            shown.load_id,
            shown.suggestion_id,
            "1",
            "Pat Doe",
        )
    ]
    assert one(engine, "SELECT version FROM scriptright.client") == shown.version + 1


@pytest.mark.parametrize(
    ("change", "field", "column", "value"),
    [
        ({"last_name": "Kim"}, "name", "last_name", "Kim"),
        ({"phones": phones("(217) 555-0199")}, "phones", "phones->0->>'number'", "+12175550199"),
        ({"email": None}, "email", "email", None),
    ],
)
def test_every_client_field_can_be_confirmed(
    engine: Engine, practice: str, change: dict[str, str], field: str, column: str, value: object
) -> None:
    load(engine, practice, 2, [client("1", **change)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    assert shown.field == field
    confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert one(engine, f"SELECT {column} FROM scriptright.client") == value


@pytest.mark.parametrize(
    ("change", "field", "column", "value"),
    [
        ({"birth_date": "2019-05-01"}, "age", "birth_date::text", "2019-05-01"),
        ({"breed": "Beagle"}, "breed", "breed", "Beagle"),
        ({"weight": None, "weight_unit": None, "weight_date": None}, "weight", "weight_kg", None),
        ({"weight_date": "2025-02-01", "weight": "20"}, "weight", "weight_kg::int", 20),
    ],
)
def test_every_pet_field_can_be_confirmed(
    engine: Engine, practice: str, change: dict[str, str], field: str, column: str, value: object
) -> None:
    load(engine, practice, 2, [client("1")], [pet("p1", "1", **change)])
    shown = the_suggestion(engine)
    assert shown.field == field
    confirm(engine, practice, shown.suggestion_id, by="Pat Doe", shown=shown.shown)
    assert one(engine, f"SELECT {column} FROM scriptright.pet") == value


def test_a_value_that_a_person_confirms_as_blank_becomes_blank(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", phones=phones())], [pet("p1", "1")])
    shown = the_suggestion(engine)
    assert (shown.reason, shown.new) == ("became_blank", {"phones": []})
    confirm(engine, practice, shown.suggestion_id, by="Pat Doe")
    assert one(engine, "SELECT phones FROM scriptright.client") == []


def test_a_decision_needs_a_name(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    before = whole_database(engine)
    with pytest.raises(UsageError):
        confirm(engine, practice, 1, by="  ")
    with pytest.raises(UsageError):
        reject(engine, practice, 1, by="")
    for many in (confirm_many, reject_many):
        with pytest.raises(UsageError):
            many(engine, practice, [(1, None)], by=" ")
    assert whole_database(engine) == before


def test_a_suggestion_is_decided_once(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)
    reject(engine, practice, shown.suggestion_id, by="Pat Doe")
    before = whole_database(engine)
    with pytest.raises(StaleDecision) as stale:
        confirm(engine, practice, shown.suggestion_id, by="Kim Roe")
    assert stale.value.next_step.startswith("if the no was a slip, `vet-pipeline review reopen")
    with pytest.raises(StaleDecision):
        reject(engine, practice, shown.suggestion_id, by="Kim Roe")
    assert whole_database(engine) == before


def test_of_twenty_who_confirm_at_once_exactly_one_wins(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    shown = the_suggestion(engine)

    def decide(n: int) -> str:
        try:
            confirm(engine, practice, shown.suggestion_id, by=f"Person {n}", shown=shown.shown)
        except StaleDecision:
            return "stale"
        return "confirmed"

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(decide, range(20)))
    assert outcomes == ["confirmed"] + ["stale"] * 19
    assert one(engine, "SELECT count(*) FROM scriptright.record_change") == 1
    assert one(engine, "SELECT version FROM scriptright.client") == shown.version + 1


def test_a_bulk_decision_says_what_became_of_each(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", last_name="Kim", **MOVED)], [pet("p1", "1")])
    name, moved = the_suggestions(engine)
    pairs = [(name.suggestion_id, "outdated"), (moved.suggestion_id, moved.shown)]
    assert [(n, type(became)) for n, became in confirm_many(engine, practice, pairs, by="Pat")] == [
        (name.suggestion_id, StaleDecision),
        (moved.suggestion_id, Decided),
    ]
    assert address(engine) == NEW_ADDRESS


def test_pet_renames_are_never_confirmed_in_bulk(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1", name="Max")])
    before = whole_database(engine)
    asked = the_suggestions(engine)
    with pytest.raises(DecisionRefused) as refused:
        confirm_many(engine, practice, [(s.suggestion_id, s.shown) for s in asked], by="Pat")
    assert whole_database(engine) == before
    [number] = [s.suggestion_id for s in asked if s.field == "name"]
    assert refused.value.next_step.startswith(f"leave out {number}, and look at each by itself")


BOBS_NAME: Cells = {"first_name": "Bob", "last_name": "Moss"}
BOBS_STREET: Cells = {"address_line1": "9 Oak Ave"}


def test_nor_is_what_may_be_another_clients(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **BOB)], [pet("p1", "1")])
    before = whole_database(engine)
    asked = the_suggestions(engine)
    assert {s.reason for s in asked} == {"another_record"}
    with pytest.raises(DecisionRefused):
        list(confirm_many(engine, practice, [(s.suggestion_id, s.shown) for s in asked], by="Pat"))
    assert whole_database(engine) == before


@pytest.mark.parametrize("first", [[], [BOBS_NAME], [BOBS_STREET]])
def test_nor_is_a_newcomers_street_that_was_typed_before_the_number(
    engine: Engine, practice: str, first: list[Cells]
) -> None:
    """Among a morning's moves Bob's street became Ann's: his name beside her number was no doubt."""
    for seq, cells in enumerate([*first, BOBS_NAME | BOBS_STREET], start=2):
        load(engine, practice, seq, [client("1", **cells)], [pet("p1", "1")])
    asked = [(s.suggestion_id, s.shown) for s in the_suggestions(engine, field="address")]
    with pytest.raises(DecisionRefused, match="another record"):
        confirm_many(engine, practice, asked, by="Pat")


def test_lists_come_in_pages_and_by_filter(engine: Engine, practice: str) -> None:
    load(
        engine, practice, 2, [client("1", last_name="Kim", **MOVED)], [pet("p1", "1", breed="Pug")]
    )
    everything = the_suggestions(engine)
    assert [s.field for s in everything] == ["name", "address", "breed"]
    first = the_suggestions(engine, limit=2)
    rest = the_suggestions(engine, limit=2, after=first[-1].suggestion_id)
    assert first + rest == everything
    assert [s.field for s in the_suggestions(engine, record="pet")] == ["breed"]
    assert [s.field for s in the_suggestions(engine, field="name")] == ["name"]
    reject(engine, practice, everything[0].suggestion_id, by="Pat Doe")
    assert [s.field for s in the_suggestions(engine, state="rejected")] == ["name"]
    assert len(the_suggestions(engine, state=None)) == 3


def test_a_suggestion_of_another_practice_is_unknown(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", **MOVED)], [pet("p1", "1")])
    add_practice(engine, "elm")
    with pytest.raises(UnknownItem):
        confirm(engine, "elm", the_suggestion(engine).suggestion_id, by="Pat Doe")


def test_people_decide_for_a_paused_practice_but_not_for_an_offboarded_one(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", last_name="Kim", **MOVED)], [pet("p1", "1")])
    name, moved = the_suggestions(engine)
    set_state(engine, "paused")
    confirm(engine, practice, name.suggestion_id, by="Pat Doe")
    set_state(engine, "offboarded")
    with pytest.raises(PracticeStateRefuses):
        confirm(engine, practice, moved.suggestion_id, by="Pat Doe")


def set_state(engine: Engine, state: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET state = :s"), {"s": state})


def test_every_decision_is_in_the_audit_and_carries_no_value(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", last_name="Zyxw", **MOVED)], [pet("p1", "1")])
    name, moved = the_suggestions(engine)
    reject(engine, practice, name.suggestion_id, by="Pat Doe")
    confirm(engine, practice, moved.suggestion_id, by="Kim Roe")
    acts = rows(
        engine,
        "SELECT actor, act, detail FROM scriptright.audit WHERE act LIKE 'suggestion%' ORDER BY n",
    )
    assert [
        (actor, act, detail["suggestion_id"], detail["field"]) for actor, act, detail in acts
    ] == [
        ("Pat Doe", "suggestion_rejected", name.suggestion_id, "name"),
        ("Kim Roe", "suggestion_confirmed", moved.suggestion_id, "address"),
    ]
    written = json.dumps([detail for _, _, detail in acts])
    assert not any(word in written for word in ("Zyxw", "Oak Ave", "Peoria", "Elm", "Lee"))
    with engine.connect() as connection:
        assert audit.verify(connection, practice) is None
