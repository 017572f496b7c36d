"""What a key that was handed on says nothing of: the client's other PIMS record, and what is blank."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet, rows
from tests.scriptright.handed import BOB, DEAD, OPEN, TOM
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import records
from vet_pipeline.scriptright.review import list_suggestions


def test_a_move_that_the_clients_other_record_tells_of_is_a_move(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        records.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    told = ToldMatcher({"1": ("linked", [1]), "2": ("linked", [1])})
    load(engine, "oak", 1, [client("1"), client("2")], [], matcher=told)
    moved = client("2", address_line1="3 Fir Ct")
    load(engine, "oak", 2, [client("1"), moved], [], matcher=told)
    load(engine, "oak", 3, [client("1", **BOB), moved], [], matcher=told)
    with engine.connect() as connection:
        asked = list_suggestions(connection, "oak", field="address")
    assert [(s.pims_id, s.reason, s.means_another) for s in asked] == [
        ("2", "changed", False), ("1", "another_record", False),
    ]  # fmt: skip


def test_what_another_animals_row_leaves_blank_is_asked_as_a_blank_or_not_at_all(
    engine: Engine,
) -> None:
    said = TOM | {"name": None, "weight": None, "weight_date": None}
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [client("1")], [pet("10", "1", **said)])
    assert rows(engine, OPEN) == [
        ("age", "another_record"), ("breed", "another_record"), ("weight", "became_blank"),
        ("deceased", "another_record"),
    ]  # fmt: skip
