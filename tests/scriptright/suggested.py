"""A practice whose client moves, and what of it is suggested to people."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet, rows
from vet_pipeline.scriptright.decisions.review import Suggestion, list_suggestions

OLD_ADDRESS = {
    "address_line1": "12 Elm St",
    "address_line2": None,
    "unit": None,
    "city": "Springfield",
    "state": "IL",
    "postal_code": "62704",
    "po_box": False,
}
NEW_ADDRESS = OLD_ADDRESS | {"address_line1": "9 Oak Ave", "city": "Peoria", "postal_code": "61602"}
MOVED = {"address_line1": "9 Oak Ave", "city": "Peoria", "postal_code": "61602"}


def ann_and_rex(engine: Engine) -> str:
    """Practice oak with Ann Lee and her Rex, taken in by the first load."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    return "oak"


def the_suggestions(engine: Engine, **filters: object) -> list[Suggestion]:
    with engine.connect() as connection:
        return list_suggestions(connection, "oak", **filters)  # type: ignore[arg-type]


def the_suggestion(engine: Engine) -> Suggestion:
    [only] = the_suggestions(engine)
    return only


def address(engine: Engine) -> dict[str, object]:
    [row] = rows(
        engine,
        "SELECT to_jsonb(c) FROM (SELECT address_line1, address_line2, unit, city, state, "
        "postal_code, po_box FROM scriptright.client) c",
    )
    return dict(row[0])


def states(engine: Engine) -> list[tuple[object, ...]]:
    return rows(
        engine,
        "SELECT field, state, decided_by FROM scriptright.suggestion ORDER BY suggestion_id",
    )
