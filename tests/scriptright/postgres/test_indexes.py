"""What is looked for row by row is found by an index, however much the practice has."""

from __future__ import annotations

from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, load, pet, rows
from vet_pipeline.scriptright.decisions import regroup, shown
from vet_pipeline.scriptright.telling import fleet, overview

# Erased rows of these are looked for in each table that refers to them.
_UNINDEXED = """
    SELECT c.conrelid::regclass::text FROM pg_constraint c
    WHERE c.contype = 'f'
      AND c.confrelid IN ('scriptright.client'::regclass, 'scriptright.pet'::regclass)
      AND NOT EXISTS (
        SELECT FROM pg_index i
        WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
          AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
"""
_MANY_QUESTIONS = text("""
    INSERT INTO scriptright.suggestion (practice_id, record, record_id, pims_id, field, reason,
        old_value, new_value, load_id, state, decided_by, decided_at)
    SELECT 'oak', 'pet', 99, 'x' || n, 'weight', 'changed', '{}', '{}', 1, 'rejected', 'Kim', now()
    FROM generate_series(1, 500) n
""")


def test_every_reference_to_a_client_or_pet_has_an_index(engine: Engine) -> None:
    assert rows(engine, _UNINDEXED) == []


def test_whose_a_pet_is_is_found_without_reading_the_practice_s_questions(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet(f"p{n}", "1") for n in range(3)])
    where = {"practice_id": "oak", "record_id": 1, "pims_id": "1", "without": []}
    with engine.begin() as connection:
        connection.execute(_MANY_QUESTIONS)
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # as with far more rows
        explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {regroup._UNDER.text}")
        [plan] = connection.execute(explained, where).scalar_one()
    assert _read_in_vain(plan["Plan"], "suggestion") == 0


_A_TOTAL_RETYPE = text("""
    INSERT INTO scriptright.suggestion (practice_id, record, record_id, pims_id, field, reason,
        old_value, new_value, load_id)
    SELECT 'oak', 'client', n, 'x' || n, 'address', 'changed', '{}', '{}', 1
    FROM generate_series(1, 300) n
""")


def test_what_else_is_asked_of_a_row_is_found_without_reading_all_that_is_open(
    engine: Engine,
) -> None:
    """Right after a load, before the planner knows of it: a list of 10,000 took a minute."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    with engine.begin() as connection:
        connection.execute(_A_TOTAL_RETYPE)
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # as with far more rows
        explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {shown._HANDED_ON.text}")
        asked = {"practice_id": "oak", "ids": list(range(1, 301))}
        [plan] = connection.execute(explained, asked).scalar_one()
    assert _read_in_vain(plan["Plan"], "suggestion") < 3  # a row of the list: itself


_TWO_YEARS_OF_LOADS = text("""
    INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, state, read_at, counts)
    SELECT 'oak', n, n, 'applied', now(), '{"scores_unlike": 0}' FROM generate_series(1, 300) n
""")
_TWO_YEARS_OF_ACTS = text("""
    INSERT INTO scriptright.audit (practice_id, n, actor, act, prev_hash, hash)
    SELECT 'oak', n, 'pipeline', 'load_applied', '', '' FROM generate_series(9, 300) n
""")


def test_how_practices_stand_is_told_without_reading_all_they_ever_loaded(engine: Engine) -> None:
    add_practice(engine)
    asked = (
        (overview._OVERVIEW, {"practice_id": None, "unlike": False}),
        (fleet._PAUSES, {"practices": ["oak"]}),
    )
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(_TWO_YEARS_OF_LOADS)
        connection.execute(_TWO_YEARS_OF_ACTS)
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # as with far more rows
        for statement, values in asked:
            explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}")
            [plan] = connection.execute(explained, values).scalar_one()
            assert _read_in_vain(plan["Plan"], "load", "audit") == 0


def _read_in_vain(node: dict[str, object], *tables: str) -> float:
    """Rows of these tables that the plan reads and leaves out."""
    own = node.get("Rows Removed by Filter", 0) if node.get("Relation Name") in tables else 0
    below = node.get("Plans", [])
    assert isinstance(own, int | float)
    assert isinstance(below, list)
    return own + sum(_read_in_vain(one, *tables) for one in below)
