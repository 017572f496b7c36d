"""Loads that are refused: nothing has changed, and the message holds no cell."""

from __future__ import annotations

import traceback
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import (
    add_practice,
    delta_of,
    load,
    whole_database,
)
from tests.scriptright.load.test_apply_once import ANN, REX, apply, week
from vet_pipeline.errors import (
    DatabaseNotMigrated,
    DatabaseRefused,
    DatabaseUnavailable,
    PracticeStateRefuses,
    RowsUnaccounted,
    StaleDelta,
    UnknownPractice,
)
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.migrate import drop_schema


def test_a_delta_from_a_baseline_that_has_moved_is_refused(engine: Engine) -> None:
    add_practice(engine)
    stale = delta_of(engine, "oak", 2, week(2), [REX])
    load(engine, "oak", 1, week(1), [REX])
    before = whole_database(engine)
    with pytest.raises(StaleDelta, match="vet-pipeline run"):
        apply(engine, stale)
    assert whole_database(engine) == before


def test_a_paused_practice_is_not_applied(engine: Engine) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    with engine.begin() as connection:
        practices.pause(connection, "oak", by="Test Person", reason="asked to")
    before = whole_database(engine)
    with pytest.raises(PracticeStateRefuses, match="paused"):
        apply(engine, delta)
    assert whole_database(engine) == before


@pytest.mark.parametrize("kind", ["clients", "pets"])
def test_rows_that_nobody_accounts_for_are_not_dropped_in_silence(
    engine: Engine, kind: str
) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    one_more = replace(getattr(delta, kind), rows_read=2)
    before = whole_database(engine)
    with pytest.raises(RowsUnaccounted, match=f"2 {kind} were read, but 0 unchanged, 1 norm"):
        apply(engine, replace(delta, **{kind: one_more}))
    assert whole_database(engine) == before


def test_an_unknown_practice_is_not_applied(engine: Engine) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE scriptright.audit DISABLE TRIGGER ALL")
        connection.exec_driver_sql("DELETE FROM scriptright.audit")
        connection.exec_driver_sql("DELETE FROM scriptright.practice")
    with pytest.raises(UnknownPractice):
        apply(engine, delta)


def test_an_unmigrated_or_unreachable_database_says_what_to_do(
    engine: Engine, database_url: str
) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    with pytest.raises(DatabaseUnavailable):
        apply(open_engine("postgresql://nobody@127.0.0.1:9/x"), delta)
    drop_schema(database_url)
    with pytest.raises(DatabaseNotMigrated, match="vet-pipeline migrate"):
        apply(engine, delta)


def test_a_cell_that_postgresql_refuses_leaves_nothing_and_is_shown_nowhere(
    engine: Engine,
) -> None:
    add_practice(engine)
    delta = delta_of(engine, "oak", 1, [ANN], [REX])
    raw = delta.clients.read_raw().assign(city="canary\x00canary")
    delta = replace(delta, clients=replace(delta.clients, read_raw=raw.copy))
    before = whole_database(engine)
    with pytest.raises(DatabaseRefused) as caught:
        apply(engine, delta)
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    assert whole_database(engine) == before
