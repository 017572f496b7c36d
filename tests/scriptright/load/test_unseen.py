"""A weight without a date may be as old as the snapshot that last had its row: docs/rules.md, 1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, delta_of, edit, load, one, pet, rows
from tests.scriptright.decisions.test_unmerge_lives import live
from tests.scriptright.two_worlds import FULL_HOME, FULL_PET, Worlds
from vet_pipeline.deltas.guards import OfEach
from vet_pipeline.scriptright.load.known import now_refused
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.postgres.migrate import migrate

OPEN = "SELECT field, reason FROM scriptright.suggestion WHERE state = 'open'"
WEIGHT = "SELECT weight_value::float FROM scriptright.pet WHERE name = 'Rex'"
SEEN = "SELECT pims_id, seen_at FROM scriptright.pims_pet WHERE seen_at IS NOT NULL ORDER BY 1"
LOADS = """
    INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, state, read_at, counts)
    SELECT 'oak', n, n::text, 'applied', read_at, '{}'
    FROM unnest(ARRAY[CAST(:read0 AS timestamptz), :read1, :read2]) WITH ORDINALITY AS l (read_at, n)
"""
MISSING = """
    INSERT INTO scriptright.pims_pet (practice_id, pims_id, first_load_id, load_id, row_hash,
        missing_since)
    SELECT 'oak', '10', max(load_id), max(load_id), '', :read2 FROM scriptright.load
"""
ANN = [client("1")]
REX = pet("10", "1", weight="30", weight_date=None)
LIGHTER = pet("10", "1", weight="28", weight_date=None)
OTHER = pet("11", "1", name="Bo", weight_date=None)
FIRST = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
AWAY = [
    pytest.param([OTHER], id="missing"),
    pytest.param([OTHER, REX, LIGHTER], id="refused"),  # one key, two rows that differ
]


def loaded(engine: Engine, *rounds: list[dict[str, str | None]]) -> None:
    for n, pets in enumerate(rounds):
        load(engine, "oak", n + 1, ANN, pets, read_at=FIRST + n * timedelta(days=2))


@pytest.mark.parametrize("away", AWAY)
def test_what_changed_while_a_row_was_away_is_no_newer_than_a_weighing_of_that_time(
    engine: Engine, away: list[dict[str, str | None]]
) -> None:
    add_practice(engine)
    loaded(engine, [REX, OTHER], away)
    edit(engine, "pet", weight_value="31", weight_kg="31", weighed_on="2026-03-02")
    load(engine, "oak", 3, ANN, [LIGHTER, OTHER], read_at=FIRST + timedelta(days=4))
    assert (one(engine, WEIGHT), rows(engine, OPEN)) == (31.0, [("weight", "undated_weighing")])


@pytest.mark.parametrize("away", AWAY)
def test_a_row_that_came_back_unchanged_counts_from_then_on(
    engine: Engine, away: list[dict[str, str | None]]
) -> None:
    add_practice(engine)
    loaded(engine, [REX, OTHER], away, [REX, OTHER])
    edit(engine, "pet", weight_value="31", weight_kg="31", weighed_on="2026-03-02")
    load(engine, "oak", 4, ANN, [LIGHTER, OTHER], read_at=FIRST + timedelta(days=6))
    assert (one(engine, WEIGHT), rows(engine, OPEN), rows(engine, SEEN)) == (28.0, [], [])


def test_a_row_was_last_seen_before_it_was_first_away(engine: Engine) -> None:
    add_practice(engine)
    missing, refused = [OTHER], [OTHER, REX, LIGHTER]
    for n, pets in enumerate([[REX, OTHER], refused, missing, refused, [REX, OTHER, REX]]):
        load(engine, "oak", n + 1, ANN, pets, read_at=FIRST + n * timedelta(days=2))
        assert rows(engine, SEEN) == ([("10", FIRST)] if 0 < n < 4 else [])


def test_what_the_snapshot_before_could_not_take_either_is_no_news_to_the_guards(
    engine: Engine,
) -> None:
    """A practice whose clients stayed refused was held again at each refresh, released or not."""
    good = (ANN, [REX])
    torn = ([*ANN, client("1", last_name="Ray")], [REX, LIGHTER])  # one key, two rows that differ

    def refused(seq: int) -> OfEach:
        delta = delta_of(engine, "oak", seq, *torn)
        with engine.connect() as connection:
            return now_refused(connection, "oak", delta)

    add_practice(engine)
    load(engine, "oak", 1, *good)
    for seq, (now, count) in enumerate([(torn, 1), (torn, 0), (good, 0), (torn, 1)], start=2):
        assert refused(seq) == OfEach(count, count)
        load(engine, "oak", seq, *now)


def test_undoing_another_link_asks_the_same_of_a_row_that_was_away(engine: Engine) -> None:
    worlds = Worlds(engine, dict(FULL_HOME), dict(FULL_PET), duplicate=True)
    worlds.begin()
    heavier = {"weight": "29", "weight_date": None}
    bought = {"weight_value": "13", "weight_kg": "13", "weighed_on": "2026-03-05"}
    live(worlds, [("missing", "2"), ("edit_home_pet", bought), ("pet", "2", heavier)])
    worlds.undo()
    assert worlds.picture("merged") == worlds.picture("apart")
    [asked] = [s for s in worlds.suggestions("merged") if s.field == "weight"]
    assert (asked.pims_id, asked.reason) == ("2", "undated_weighing")


def test_rows_that_were_missing_when_the_schema_came_were_last_seen_in_the_load_before(
    empty_engine: Engine, empty_database_url: str
) -> None:
    migrate(empty_database_url, "0018")
    add_practice(empty_engine)
    read_at = {f"read{n}": FIRST + timedelta(days=2 * n) for n in range(3)}
    with empty_engine.begin() as connection:
        lock_practice(connection, "oak")
        for statement in (LOADS, MISSING):
            connection.execute(text(statement), read_at)
    migrate(empty_database_url)
    assert rows(empty_engine, SEEN) == [("10", FIRST + timedelta(days=2))]
