"""Every guard (docs/rules.md section 6) on whole snapshots: none, just under, at, just over, all.

A held snapshot leaves every table as it was, but for the hold and its entry in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.conftest import fresh_engine
from tests.scriptright.builders import (
    Cells,
    add_practice,
    client,
    delta_of,
    load,
    pet,
    whole_database,
)
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.guards_opinion import look_at
from vet_pipeline.job import guard_step
from vet_pipeline.registry import practices
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import holds
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.server import EmbeddedServer

Snapshot = tuple[list[Cells], list[Cells]]
KNOWN, FEW = 500, 40  # records of either kind: 5 % of 500 is the floor of 25
# Rule, and the most records of 500 that pass: 10 % missing or others, 5 % dead, 50 % new.
AT = {
    "clients_missing": 50,
    "pets_missing": 50,
    "newly_deceased": 25,
    "emails_changed": 50,
    "client_address_changed": 50,
    "pet_owner_changed": 50,
    "weights_doubtful": 50,
    "new_clients": 250,
    "new_pets": 250,
}
CASES = [
    (rule, count, held)
    for rule, most in AT.items()
    for count, held in (
        (0, False), (most - 1, False), (most, False), (most + 1, True), (KNOWN, True),
    )
]  # fmt: skip


def usual(size: int) -> Snapshot:
    clients = [client(f"c{n}", last_name=f"Lee{n}", email=f"c{n}@x.example") for n in range(size)]
    return clients, [pet(f"p{n}", f"c{n}") for n in range(size)]


def unusual(rule: str, count: int, size: int) -> Snapshot:
    """The usual snapshot in which `count` records fall under the rule."""
    clients, pets = usual(size)
    if rule == "clients_missing":
        clients = [*clients[count:], client("one-stays")]
    elif rule == "pets_missing":
        pets = [*pets[count:], pet("one-stays", "c0")]
    elif rule == "newly_deceased":
        for row in pets[:count]:
            row["deceased_flag"] = "1"
    elif rule == "emails_changed":
        for n, row in enumerate(clients[:count]):
            row["email"] = None if n % 2 else f"new{n}@x.example"
    elif rule == "client_address_changed":
        for n, row in enumerate(clients[:count]):
            row["address_line1"] = f"{n} Oak St"
    elif rule == "pet_owner_changed":
        for n, row in enumerate(pets[:count]):
            row["client_key"] = f"c{n - 1}" if n else f"c{size - 1}"
    elif rule == "weights_doubtful":
        for row in pets[:count]:
            row["weight"], row["weight_date"] = "150", "2026-03-02"
    elif rule == "new_clients":
        clients += [client(f"n{n}", email=f"n{n}@x.example") for n in range(count)]
    else:
        pets += [pet(f"n{n}", "c0") for n in range(count)]
    return clients, pets


@pytest.fixture(scope="module")
def shared(postgres: EmbeddedServer) -> Iterator[Engine]:
    """One database with a practice of 500 and one of 40, both loaded."""
    with fresh_engine(postgres) as engine:
        for name, size in (("many", KNOWN), ("few", FEW)):
            add_practice(engine, name)
            load(engine, name, 1, *usual(size))
        yield engine


def breaches(engine: Engine, practice_id: str, snapshot: Snapshot) -> set[str]:
    delta = delta_of(engine, practice_id, 2, *snapshot)
    with engine.connect() as connection:
        practice = practices.get(connection, practice_id)
    return {breach.rule for breach in look_at(engine, practice, delta).breaches}


@pytest.mark.parametrize(("rule", "count", "held"), CASES)
def test_each_guard_holds_above_its_threshold_and_never_at_or_below_it(
    shared: Engine, rule: str, count: int, held: bool
) -> None:
    found = breaches(shared, "many", unusual(rule, count, KNOWN))
    assert found == ({rule} if held else set())


@pytest.mark.parametrize("rule", AT)
def test_24_records_of_40_pass_and_25_are_held(shared: Engine, rule: str) -> None:
    assert breaches(shared, "few", unusual(rule, 24, FEW)) == set()
    assert breaches(shared, "few", unusual(rule, 25, FEW)) == {rule}


def test_thresholds_are_per_practice_settings(engine: Engine) -> None:
    for name in ("oak", "elm"):
        add_practice(engine, name)
        load(engine, name, 1, *usual(FEW))
    own = """'{"thresholds": {"missing_percent": 70}}' WHERE practice_id = 'elm'"""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE scriptright.practice SET settings = {own}")
    gone, more = (unusual("clients_missing", n, FEW) for n in (25, 30))
    assert [breaches(engine, name, gone) for name in ("oak", "elm")] == [{"clients_missing"}, set()]
    assert breaches(engine, "elm", more) == {"clients_missing"}


def test_emails_are_counted_among_those_that_are_emails(engine: Engine) -> None:
    """30 of 100 addresses go blank; 300 more clients never had but "n/a" or "none@" in the field."""
    add_practice(engine)
    clients, pets = usual(400)
    for n, row in enumerate(clients[100:]):
        row["email"] = "n/a" if n % 2 else "none@"
    load(engine, "oak", 1, clients, pets)
    blanked = [{**row, "email": None} if n < 30 else row for n, row in enumerate(clients)]
    delta = delta_of(engine, "oak", 2, blanked, pets)
    with engine.connect() as connection:
        practice = practices.get(connection, "oak")
    assert [str(breach) for breach in look_at(engine, practice, delta).breaches] == [
        "emails changed: 30 of 100 (more than 10 %)"
    ]


def test_one_email_for_all_who_had_none_is_held(engine: Engine) -> None:
    add_practice(engine)
    clients, pets = usual(60)
    without = [{**row, "email": None} if n < 30 else row for n, row in enumerate(clients)]
    load(engine, "oak", 1, without, pets)
    filled = [{**row, "email": row["email"] or "desk@oak.example"} for row in without]
    assert breaches(engine, "oak", (filled, pets)) == {"emails_changed"}
    assert breaches(engine, "oak", (clients, pets)) == set()  # each has given an own one


def test_a_desk_that_goes_on_with_its_own_email_once_released_is_not_held_each_time(
    engine: Engine,
) -> None:
    add_practice(engine)
    clients, pets = usual(300)

    def given(to: int) -> Snapshot:
        told = dict.fromkeys(range(to), "desk@oak.example") | dict.fromkeys(range(to, 200))
        return [{**row, "email": told.get(n, row["email"])} for n, row in enumerate(clients)], pets

    load(engine, "oak", 1, *given(0))
    assert breaches(engine, "oak", given(30)) == {"emails_changed"}
    load(engine, "oak", 2, *given(30))  # released
    assert breaches_of_third(engine, given(60)) == []
    assert breaches_of_third(engine, given(61)) == ["emails changed: 31 of 130 (more than 10 %)"]


@pytest.mark.parametrize("flag", ["0", None])
def test_the_dead_and_weights_are_counted_among_those_that_there_are(
    engine: Engine, flag: str | None
) -> None:
    """28 of 600 pets are dead and 40 have a weight; none is dead by now, and they weigh 89 for 8.9."""
    add_practice(engine)
    clients, pets = usual(600)
    for n, row in enumerate(pets):
        row["deceased_flag"] = "1" if n < 28 else "0"
        row["weight"] = "8.9" if 28 <= n < 68 else None
    load(engine, "oak", 1, clients, pets)
    no_flag = [{**row, "deceased_flag": flag} for row in pets]
    no_decimals = [{**row, "weight": row["weight"] and "89"} for row in no_flag]
    delta = delta_of(engine, "oak", 2, clients, no_decimals)
    with engine.connect() as connection:
        practice = practices.get(connection, "oak")
    assert [str(breach) for breach in look_at(engine, practice, delta).breaches] == [
        "no longer dead: 28 of 28 (more than 5 %)",
        "weights doubtful: 40 of 40 (more than 10 %)",
        "weights changed: 40 of 40 (more than 50 %)",
    ]


def test_who_is_back_counts_among_the_known(engine: Engine) -> None:
    """An export of the last year's clients alone was released, and then all of them come again."""
    add_practice(engine)
    load(engine, "oak", 1, *usual(300))
    clients, pets = usual(300)
    load(engine, "oak", 2, clients[:40], pets[:40])
    assert breaches_of_third(engine, unusual("emails_changed", 30, 300)) == []
    assert breaches_of_third(engine, unusual("emails_changed", 31, 300)) == [
        "emails changed: 31 of 300 (more than 10 %)"
    ]


def breaches_of_third(engine: Engine, snapshot: Snapshot) -> list[str]:
    delta = delta_of(engine, "oak", 3, *snapshot)
    with engine.connect() as connection:
        practice = practices.get(connection, "oak")
    return [str(breach) for breach in look_at(engine, practice, delta).breaches]


@pytest.mark.parametrize("rule", ["newly_deceased", "emails_changed"])
def test_records_that_wait_for_a_person_are_looked_at_too(engine: Engine, rule: str) -> None:
    add_practice(engine)
    snapshot = usual(FEW)
    with engine.begin() as connection:
        home = [web_shop.add_client(connection, "oak", {"last_name": "Lee"}) for _ in range(FEW)]
        animals = [web_shop.add_pet(connection, "oak", one, {"name": "Rex"}) for one in home]
    some = range(FEW)
    if rule == "newly_deceased":
        matcher = ToldMatcher(
            {f"c{n}": ("linked", [home[n]]) for n in some},
            {f"p{n}": ("possible", [animals[n]]) for n in some},
        )
    else:
        matcher = ToldMatcher({f"c{n}": ("possible", [home[n]]) for n in some}, {})
    load(engine, "oak", 1, *snapshot, matcher=matcher)
    assert breaches(engine, "oak", snapshot) == set()
    assert breaches(engine, "oak", unusual(rule, 24, FEW)) == set()
    assert breaches(engine, "oak", unusual(rule, 25, FEW)) == {rule}


def test_a_pet_that_comes_dead_is_no_death_whatever_waits_beside_it(engine: Engine) -> None:
    add_practice(engine)
    clients, pets = usual(FEW)
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        animal = web_shop.add_pet(connection, "oak", home, {"name": "Rex"})
    matcher = ToldMatcher({"c0": ("linked", [home])}, {"p0": ("possible", [animal])})
    load(engine, "oak", 1, clients, pets, matcher=matcher)
    pets[0]["name"] = "Rexy"
    came_dead = [pet(f"n{n}", "c1", deceased_flag="1") for n in range(25)]
    assert breaches(engine, "oak", (clients, pets + came_dead)) == {"new_pets"}


@pytest.mark.parametrize(
    ("clients", "pets", "rules"),
    [
        (0, 1, {"client_table_empty"}),
        (1, 0, {"patient_table_empty"}),
        (0, 0, {"client_table_empty", "patient_table_empty"}),
    ],
)
def test_an_empty_table_is_held_however_small_the_practice(
    engine: Engine, clients: int, pets: int, rules: set[str]
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, *usual(2))
    known_clients, known_pets = usual(2)
    snapshot = (known_clients[: 2 * clients], known_pets[: 2 * pets])
    assert breaches(engine, "oak", snapshot) == rules


@pytest.mark.parametrize("rule", AT)
def test_a_held_snapshot_changes_nothing_until_its_release_and_everything_after(
    shared: Engine, rule: str
) -> None:
    name = f"held-{rule.replace('_', '-')}"
    add_practice(shared, name)
    load(shared, name, 1, *usual(FEW))
    before = whole_database(shared)
    delta = delta_of(shared, name, 2, *unusual(rule, FEW, FEW))
    with shared.connect() as connection:
        practice = practices.get(connection, name)
    assert guard_step(shared, practice, delta).breaches != []
    after = whole_database(shared)
    assert {t for t in after if after[t] != before[t]} == {"audit", "hold"}
    holds.release(shared, name, 2, by="Pat Doe")
    assert guard_step(shared, practice, delta).breaches == []
    done = apply_delta(shared, delta, run_id=None, match=ToldMatcher())
    assert done.state == "applied"


@pytest.mark.parametrize(
    ("slipped", "held"), [(30, []), (31, ["weights changed: 31 of 60 (more than 50 %)"])]
)
def test_weights_without_a_day_that_slipped_by_a_row_are_held_though_the_cats_weigh_alike(
    engine: Engine, slipped: int, held: list[str]
) -> None:
    add_practice(engine)
    clients, pets = usual(60)
    cats = [
        {**row, "species": "cat", "weight": f"{4 + n % 4 / 4}", "weight_date": None}
        for n, row in enumerate(pets)
    ]
    load(engine, "oak", 2, clients, cats)
    now = [{**row, "weight": cats[n - (n < slipped)]["weight"]} for n, row in enumerate(cats)]
    assert breaches_of_third(engine, (clients, now)) == held


@pytest.mark.parametrize(
    ("redated", "held"), [(30, []), (31, ["weighings redated: 31 of 60 (more than 50 %)"])]
)
def test_weighings_that_all_moved_to_another_day_are_held_and_a_shelters_are_not(
    engine: Engine, redated: int, held: list[str]
) -> None:
    """All are of another day. Each second animal of a shelter weighs what it weighed last week."""
    add_practice(engine)
    clients, pets = usual(60)
    load(engine, "oak", 2, clients, [{**row, "weight_date": "2026-02-02"} for row in pets])
    moved = [{**row, "weight_date": "2026-02-09"} for row in pets]
    now = [row if n < redated else {**row, "weight": "31"} for n, row in enumerate(moved)]
    assert breaches_of_third(engine, (clients, now)) == held
