"""The audit trail can be added to, and whoever rewrites it is found out."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, rows
from vet_pipeline.scriptright.trail import audit


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """A practice whose trail has four entries (the first: it was added)."""
    add_practice(engine)
    with engine.begin() as connection:
        for n in range(2, 5):
            detail = {"load_id": n, "fields": ["email", "ünïcode"], "nested": {"a": None, "b": []}}
            assert audit.append(connection, "oak", "pipeline", "load_applied", detail) == n
    return engine


def test_an_untouched_trail_verifies(kept: Engine) -> None:
    with kept.connect() as connection:
        assert audit.verify(connection, "oak") is None


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE scriptright.audit SET actor = 'someone else' WHERE n = 3",
        "UPDATE scriptright.audit SET act = 'nothing' WHERE n = 3",
        "UPDATE scriptright.audit SET at = at + interval '1 second' WHERE n = 3",
        "UPDATE scriptright.audit SET detail = detail || '{\"load_id\": 9}' WHERE n = 3",
        "UPDATE scriptright.audit SET at = 'infinity' WHERE n = 3",
        "UPDATE scriptright.audit SET at = '20000-01-01' WHERE n = 3",
        "UPDATE scriptright.audit SET detail = '{\"load_id\": 1e5000}' WHERE n = 3",
        "UPDATE scriptright.audit SET detail = (repeat('[', 3000) || repeat(']', 3000))::jsonb WHERE n = 3",
        "UPDATE scriptright.audit SET detail = to_jsonb(1e400 + 0.5) WHERE n = 3",
        "DELETE FROM scriptright.audit WHERE n = 3",
        "UPDATE scriptright.audit SET n = CASE n WHEN 3 THEN 40 ELSE n END",
    ],
)
def test_rewriting_an_entry_behind_the_triggers_is_found(kept: Engine, tamper: str) -> None:
    with kept.begin() as connection:
        connection.execute(text("ALTER TABLE scriptright.audit DISABLE TRIGGER ALL"))
        connection.execute(text(tamper))
        assert audit.verify(connection, "oak") == 3


def test_an_entry_moved_from_another_practice_is_found(kept: Engine) -> None:
    add_practice(kept, "elm")
    with kept.begin() as connection:
        connection.execute(text("ALTER TABLE scriptright.audit DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM scriptright.audit WHERE practice_id = 'oak'"))
        connection.execute(text("UPDATE scriptright.audit SET practice_id = 'oak'"))
        assert audit.verify(connection, "oak") == 1


def test_an_act_that_is_rolled_back_leaves_no_entry(kept: Engine) -> None:
    before = rows(kept, "SELECT * FROM scriptright.audit ORDER BY n")
    with kept.connect() as connection:
        audit.append(connection, "oak", "Test Person", "undone", {})
        connection.rollback()
    assert rows(kept, "SELECT * FROM scriptright.audit ORDER BY n") == before


def test_practices_have_trails_of_their_own(kept: Engine) -> None:
    add_practice(kept, "elm")
    counted = "SELECT practice_id, max(n) FROM scriptright.audit GROUP BY 1 ORDER BY 1"
    assert rows(kept, counted) == [("elm", 1), ("oak", 4)]
