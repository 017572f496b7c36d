"""What is committed while somebody looks or waits: one moment is shown and decided on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from tests.scriptright.asked import candidates, open_practice
from tests.scriptright.builders import client, edit, load, pet, rows
from tests.scriptright.joined import REXY, joined, load_as_new
from tests.scriptright.suggested import MOVED, the_suggestions
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused, StaleDecision
from vet_pipeline.scriptright.decisions.links import confirm_candidate, explain, join
from vet_pipeline.scriptright.decisions.review import list_suggestions
from vet_pipeline.scriptright.postgres.roles import connected


def meanwhile(connection: Connection, part: str, act: Callable[[], object]) -> None:
    """Once, before the first statement with that part in it: the act, by another connection."""
    left = [act]

    @event.listens_for(connection, "before_cursor_execute")
    def _(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if part in statement and left:
            left.pop()()


def test_a_mark_is_of_the_values_that_were_shown(engine: Engine) -> None:
    open_practice(engine)
    load_as_new(engine)
    with connected(engine, "read", "oak") as connection:
        both_sides = "SELECT * FROM scriptright.pims_client WHERE practice_id = %(practice_id)s"
        meanwhile(connection, both_sides, lambda: edit(engine, "client", last_name="Moss"))
        told = explain(connection, "oak", "client", "1", record_id=1)
    by = {"by": "Pat Doe", "match": REXY}
    with pytest.raises(StaleDecision):
        join(engine, "oak", "client", "1", 1, shown=told.shown or "", **by)


def test_a_list_of_suggestions_outlives_a_record_that_goes_meanwhile(engine: Engine) -> None:
    open_practice(engine)
    load_as_new(engine)
    load(engine, "oak", 2, [client("1", **MOVED)], [pet("p1", "1"), pet("p2", "1", name="Tom")])
    before = the_suggestions(engine)
    with connected(engine, "read", "oak") as connection:
        meanwhile(connection, "scriptright.client ", lambda: joined(engine, "client", "1", 1))
        assert list_suggestions(connection, "oak") == before


def test_a_match_is_decided_by_the_conventions_of_the_baseline_or_not_at_all(
    engine: Engine,
) -> None:
    """Loads of releases before schema 0014 noted none; without a load there is nothing to read."""
    open_practice(engine)
    told = ToldMatcher({"1": ("possible", [2])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1", weight_unit=None)], matcher=told)
    [asked] = candidates(engine)
    noted = "UPDATE scriptright.practice SET applied_conventions = CAST(:said AS jsonb)"
    by = {"by": "Pat Doe", "match": ToldMatcher()}
    with engine.begin() as connection:
        connection.execute(text(noted), {"said": None})
    with pytest.raises(DecisionRefused, match="was not noted by the last load"):
        confirm_candidate(engine, "oak", asked.candidate_id, **by)
    with engine.begin() as connection:
        connection.execute(text(noted), {"said": '{"weight_unit_when_missing": "lb"}'})
    confirm_candidate(engine, "oak", asked.candidate_id, **by)
    weighed = "SELECT weight_value, weight_unit FROM scriptright.pet WHERE origin = 'pims'"
    assert rows(engine, weighed) == [(30, "lb")]
