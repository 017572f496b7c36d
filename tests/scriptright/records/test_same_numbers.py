"""Client 1 and pet 1, of the same key in the PIMS, are two: what is read of one is none of the other's."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet
from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.decisions.past import changes_of
from vet_pipeline.scriptright.decisions.review import list_suggestions, reject
from vet_pipeline.scriptright.records import suggestions
from vet_pipeline.scriptright.trail.history import history_of


def test_what_is_asked_and_answered_of_one_is_not_of_the_other(engine: Engine) -> None:
    oak = add_practice(engine)
    load(engine, oak, 1, [client("1")], [pet("1", "1")])
    load(engine, oak, 2, [client("1", first_name="Anna")], [pet("1", "1", name="Max")])

    def waiting(record: Record) -> list[tuple[str, str]]:
        with engine.connect() as conn:
            listed = list_suggestions(conn, oak, record=record, record_id=1)
            there = suggestions.open_ones(conn, oak, record, 1, field="name", pims_id="1")
        assert [s.suggestion_id for s in listed] == [row["suggestion_id"] for row in there]
        return [(s.record, s.field) for s in listed]

    assert (waiting("client"), waiting("pet")) == ([("client", "name")], [("pet", "name")])

    with engine.connect() as conn:
        asked = {s.record: s for s in list_suggestions(conn, oak)}
    reject(engine, oak, asked["pet"].suggestion_id, by="Pat Doe", shown=asked["pet"].shown)
    assert (waiting("client"), waiting("pet")) == ([("client", "name")], [])
    reject(engine, oak, asked["client"].suggestion_id, by="Pat Doe", shown=asked["client"].shown)
    # It tells of a blank, after both answers, which are the last word all the same.
    load(
        engine, oak, 3, [client("1", first_name=None, last_name=None)], [pet("1", "1", name="Max")]
    )
    with engine.connect() as conn:
        for record in ("pet", "client"):
            said = asked[record].new
            refused = suggestions.was_rejected(conn, oak, FIELD[record, "name"], "1", said)
            assert refused == (record == "pet")
            key = {"practice_id": oak, "record": record, "record_id": 1}
            kept = conn.execute(suggestions.ALL_OF, key).mappings()
            assert {row["record"] for row in kept} == {record}


def test_what_has_changed_of_one_is_not_of_the_other(engine: Engine) -> None:
    oak = add_practice(engine)
    load(engine, oak, 1, [client("1")], [pet("1", "1")])
    now = (
        [client("1", email="new@example.com")],
        [pet("1", "1", weight="31", weight_date="2026-03-02")],
    )
    load(engine, oak, 2, *now)

    def told(record: Record) -> tuple[list[str], list[tuple[str, str | None]]]:
        with engine.connect() as conn:
            events = history_of(conn, oak, record, 1).events
            changes = changes_of(conn, oak, record, 1)
        return [*changes], [(e.record, e.field) for e in events if e.kind == "changed"]

    assert told("client") == (["email"], [("client", "email")])
    assert told("pet") == (["weight"], [("pet", "weight")])
