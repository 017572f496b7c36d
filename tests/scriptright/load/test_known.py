"""What the guards set their counts against: the records that are known, and what is no news."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, delta_of, load, pet
from vet_pipeline.deltas.guard_counts import guard_counts
from vet_pipeline.deltas.guards import NONE, KnownCounts, OfEach, Thresholds
from vet_pipeline.scriptright.load.known import known_beside, known_counts, unkeyed_before

CLIENTS = [client("1"), client("2", email="n/a"), client("3", email="c@x.org")]
PETS = [
    pet("10", "1"),
    pet("11", "1", weight="0", deceased_flag="1"),
    pet("12", "2", weight=None),
    pet("13", "3", weight="0.4"),
]
# Client 3 and two of the pets are missing from the second snapshot.
LEFT = (CLIENTS[:2], [PETS[0], PETS[2]])


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """A practice of two snapshots, and one beside it that no count may see."""
    for practice in ("oak", "elm"):
        add_practice(engine, practice)
        load(engine, practice, 1, CLIENTS, PETS)
    load(engine, "oak", 2, *LEFT)
    return engine


def test_who_is_missing_is_not_known_unless_the_snapshot_has_him_again(oak: Engine) -> None:
    with oak.connect() as connection:
        assert known_counts(connection, "elm") == KnownCounts(3, 4, 2, 2, 1)
        assert known_counts(connection, "oak") == KnownCounts(2, 2, 1, 1, 0)
        back = known_counts(connection, "oak", clients_back=["3"], pets_back=["11", "13"])
    assert back == KnownCounts(3, 4, 2, 2, 1)


def test_no_more_weights_and_deaths_are_counted_than_anybody_asks_for(oak: Engine) -> None:
    with oak.connect() as connection:
        assert known_counts(connection, "elm", weights=1, dead=0) == KnownCounts(3, 4, 2, 1, 0)
        assert known_counts(connection, "elm", weights=9, dead=9) == KnownCounts(3, 4, 2, 2, 1)


def test_the_guards_set_a_snapshots_counts_against_what_is_known_with_what_is_back(
    oak: Engine,
) -> None:
    torn = [*PETS[:3], pet("13", "3"), pet("13", "3", name="Max")]
    delta = delta_of(oak, "oak", 3, CLIENTS, torn)
    counts = guard_counts(delta, delta.changes)
    none_counted = Thresholds(floor=25)
    with oak.connect() as connection:
        known = known_beside(connection, delta, counts, none_counted)
    # Below the floor of 25 no total matters: emails, weights and the dead aren't even counted.
    assert known == KnownCounts(3, 4, 0, 0, 0)


def dead(**cells: str | None) -> list[Cells]:
    return [pet(str(n), "1", deceased_flag="1") | cells for n in range(3)]


def test_of_many_there_are_counted_as_many_as_the_share_needs(engine: Engine) -> None:
    """Of three that live again more than 5 % do, unless 60 dead are known."""
    clients = [client(str(n), email=f"{n}@x.org") for n in range(1, 4)]
    add_practice(engine)
    load(engine, "oak", 1, clients, dead())
    now = [one | {"email": f"new{one['email']}"} for one in clients]
    delta = delta_of(engine, "oak", 2, now, dead(deceased_flag="0", weight="300"))
    counts = guard_counts(delta, delta.changes)
    with engine.connect() as connection:
        assert known_beside(connection, delta, counts, Thresholds(floor=3)) == KnownCounts(
            3, 3, 3, 3, 3
        )
        all_may = Thresholds(floor=3, emails_changed_percent=100, newly_deceased_percent=100)
        assert known_beside(connection, delta, counts, all_may)[2:5] == (3, 3, 3)


def test_rows_without_a_key_of_their_own_are_those_of_the_load_that_is_the_baseline(
    engine: Engine,
) -> None:
    add_practice(engine)
    alike = [client("1"), client("2"), client("2", last_name="Ray"), client("")]
    load(engine, "oak", 1, alike, [pet("10", "1"), pet("", "1"), pet("11", "99"), pet("12", None)])
    load(engine, "oak", 2, [client("1"), client("2")], [pet("10", "1")])
    with engine.connect() as connection:
        assert unkeyed_before(connection, "oak", 1) == OfEach(3, 1)
        assert unkeyed_before(connection, "oak", 2) == NONE
        assert unkeyed_before(connection, "oak", None) == NONE
