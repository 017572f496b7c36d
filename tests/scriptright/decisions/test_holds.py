"""Snapshots that wait for a person."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import (
    add_practice,
    client,
    load,
    pet,
    read_time,
    rows,
    whole_database,
)
from vet_pipeline.deltas.guards import GuardBreach
from vet_pipeline.errors import StaleDecision, UnknownItem, UnknownPractice, UsageError
from vet_pipeline.scriptright.decisions.holds import (
    Hold,
    hold,
    is_released,
    list_holds,
    release,
    released_waiting,
)

BREACH = GuardBreach("clients_missing", 30, 100, 10)
EMPTY = GuardBreach("patient_table_empty", 0, 0, None)


@pytest.fixture
def practice(engine: Engine) -> str:
    return add_practice(engine)


def holds(engine: Engine, *, waiting_only: bool = True) -> list[Hold]:
    with engine.connect() as connection:
        return list_holds(connection, "oak", waiting_only=waiting_only)


def released(engine: Engine, seq: int) -> bool:
    with engine.connect() as connection:
        return is_released(connection, "oak", seq)


def test_a_held_snapshot_waits_with_its_reasons_until_a_named_person_releases_it(
    engine: Engine, practice: str
) -> None:
    held = hold(engine, practice, 2, [BREACH, EMPTY])
    assert (held.snapshot_seq, held.breaches, held.waits) == (2, (BREACH, EMPTY), True)
    assert (holds(engine), released(engine, 2)) == ([held], False)

    done = release(engine, practice, by=" Pat Doe ")
    assert (done.snapshot_seq, done.released_by, done.waits) == (2, "Pat Doe", False)
    assert isinstance(done.released_at, datetime)
    assert (holds(engine), holds(engine, waiting_only=False)) == ([], [done])
    assert released(engine, 2)
    assert rows(
        engine,
        "SELECT actor, act, detail FROM scriptright.audit WHERE act LIKE 'snapshot%' ORDER BY n",
    ) == [
        (
            "pipeline",
            "snapshot_held",
            {"snapshot": 2, "rules": ["clients_missing", "patient_table_empty"]},
        ),
        ("Pat Doe", "snapshot_released", {"snapshot": 2}),
    ]


def test_holding_again_changes_nothing_and_takes_no_release_back(
    engine: Engine, practice: str
) -> None:
    hold(engine, practice, 2, [BREACH])
    before = whole_database(engine)
    hold(engine, practice, 2, [EMPTY])
    assert whole_database(engine) == before
    release(engine, practice, 2, by="Pat Doe")
    hold(engine, practice, 2, [BREACH])
    assert released(engine, 2)


def test_of_several_that_wait_only_the_one_that_is_named_is_released(
    engine: Engine, practice: str
) -> None:
    for seq in (2, 3):  # a person was told of 2; the next day's, unseen, may be worse
        hold(engine, practice, seq, [BREACH])
    before = whole_database(engine)
    with pytest.raises(UsageError, match="2 held snapshots wait: 2, 3") as refused:
        release(engine, practice, by="Pat Doe")
    assert "`vet-pipeline release oak --snapshot 3 --by NAME`" in refused.value.next_step
    assert whole_database(engine) == before
    assert release(engine, practice, 2, by="Pat Doe").snapshot_seq == 2
    assert [h.snapshot_seq for h in holds(engine)] == [3]


def test_a_release_needs_a_name_a_held_snapshot_and_a_practice(
    engine: Engine, practice: str
) -> None:
    with pytest.raises(UnknownItem):
        release(engine, practice, by="Pat Doe")
    hold(engine, practice, 2, [BREACH])
    before = whole_database(engine)
    with pytest.raises(UsageError):
        release(engine, practice, 2, by=" ")
    with pytest.raises(UnknownItem):
        release(engine, practice, 7, by="Pat Doe")
    with pytest.raises(UnknownPractice):
        release(engine, "elm", 2, by="Pat Doe")
    assert whole_database(engine) == before


def test_a_snapshot_is_released_once(engine: Engine, practice: str) -> None:
    hold(engine, practice, 2, [BREACH])
    release(engine, practice, 2, by="Pat Doe")
    before = whole_database(engine)
    for seq in (2, None):  # asked for again, as after Ctrl-C: it still waits to be applied
        assert release(engine, practice, seq, by="Kim Roe").released_by == "Pat Doe"
    assert whole_database(engine) == before
    load(engine, practice, 2, [client("1")])
    with pytest.raises(UnknownItem):
        release(engine, practice, 2, by="Kim Roe")


def test_a_snapshot_older_than_one_that_was_released_is_not_released_in_vain(
    engine: Engine, practice: str
) -> None:
    for seq in (2, 3):
        hold(engine, practice, seq, [BREACH])
    release(engine, practice, 3, by="Pat Doe")
    before = whole_database(engine)
    with pytest.raises(StaleDecision, match="snapshot 3, which is newer, has been released"):
        release(engine, practice, 2, by="Kim Roe")
    assert whole_database(engine) == before


def test_a_held_snapshot_that_a_newer_one_has_overtaken_waits_for_nobody(
    engine: Engine, practice: str
) -> None:
    hold(engine, practice, 2, [BREACH])
    load(engine, practice, 3, [client("1")])
    assert holds(engine) == []
    with pytest.raises(StaleDecision):
        release(engine, practice, 2, by="Pat Doe")


def test_a_released_snapshot_that_was_overtaken_waits_no_more(engine: Engine) -> None:
    """Read before what has been applied, though its number is higher: the PIMS is read again."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("1", "1")])
    later, earlier = read_time(3), read_time(2)
    load(engine, "oak", 2, [client("1")], [pet("1", "1")], read_at=later)
    hold(engine, "oak", 3, [])
    release(engine, "oak", 3, by="Pat Doe")
    with engine.connect() as connection:
        assert released_waiting(connection, "oak") == 3
    done = load(engine, "oak", 3, [client("1")], [pet("1", "1")], read_at=earlier)
    assert done.state == "superseded"
    with engine.connect() as connection:
        assert released_waiting(connection, "oak") is None
