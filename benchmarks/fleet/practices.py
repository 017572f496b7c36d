"""The fleet's PIMS files: a few generated practices, copied with keys and emails of their own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from vet_pipeline.demo import make_practice, odbc_string
from vet_pipeline.registry import practices

BASES = 6  # generated; generating each practice would take longer than copying it through Dagster
PETS_PER_CLIENT = 1.5
# In percent of the clients (emails, addresses) and of the pets (weights, breeds): 2 % of all rows.
EMAILS, ADDRESSES, WEIGHTS, BREEDS = 1, 1, 1, 1


def make_fleet(folder: Path, *, fleet: int, clients: int) -> dict[str, Path]:
    """Practice ids and their PIMS files: `clients` clients and half as many pets again each."""
    folder.mkdir(parents=True, exist_ok=True)
    bases = []
    for number in range(min(BASES, fleet)):
        base = folder / f"base-{number}.sqlite"
        make_practice(base, clients=clients, seed=f"fleet-{number}")
        _trim(base, round(clients * PETS_PER_CLIENT))
        bases.append(base)
    made = {}
    for number in range(fleet):
        path = folder / f"practice-{number:05d}.sqlite"
        shutil.copyfile(bases[number % len(bases)], path)
        _set_apart(path, number)
        made[path.stem] = path
    for base in bases:
        base.unlink()
    return made


def register_fleet(engine: Engine, fleet: dict[str, Path]) -> None:
    """Add the practices to the registry, as `vet-pipeline practice add` does."""
    for practice_id, path in fleet.items():
        with engine.begin() as connection:
            practices.add(
                connection,
                practice_id,
                name=practice_id,
                pims="generic",
                contact_email=f"desk@{practice_id}.example",
                timezone="UTC",
                by="benchmark",
                odbc=odbc_string(path),
            )


def change_two_percent(path: Path, round_number: int) -> int:
    """A few days of practice life by set statements; returns how many rows differ afterwards."""
    with closing(sqlite3.connect(path)) as db, db:
        return sum(
            db.execute(statement, {"r": round_number, "share": share}).rowcount
            for statement, share in _CHANGES
        )


_CHANGES = (
    (
        "UPDATE owner SET email = 'r' || :r || '.' || email"
        " WHERE email LIKE '%_@_%.%' AND rowid % 100 BETWEEN 20 * :r AND 20 * :r + :share - 1",
        EMAILS,
    ),
    (
        "UPDATE owner SET street = (100 + :r) || ' ' || street WHERE street <> ''"
        " AND rowid % 100 BETWEEN 20 * :r + 5 AND 20 * :r + 4 + :share",
        ADDRESSES,
    ),
    (
        "UPDATE weighing SET value = '1' || value, weighed_on = '2026-11-0' || :r"
        " WHERE weighing_no IN (SELECT last_weighing FROM animal"
        "  WHERE rowid % 100 BETWEEN 20 * :r AND 20 * :r + :share - 1)",
        WEIGHTS,
    ),
    (
        "UPDATE animal SET breed = breed || ' Mix'"
        " WHERE rowid % 100 BETWEEN 20 * :r + 5 AND 20 * :r + 4 + :share",
        BREEDS,
    ),
)


def _trim(path: Path, pets: int) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM animal WHERE rowid > ?", (pets,))


def _set_apart(path: Path, number: int) -> None:
    """Keys and emails that no other practice of the fleet has."""
    shift = {"by": (number + 1) * 1_000_000, "n": f"@p{number}."}
    with closing(sqlite3.connect(path)) as db, db:
        for statement in _shifts():
            db.execute(statement, shift)


def _shifts() -> Iterator[str]:
    for table, column in (
        ("owner", "owner_no"),
        ("owner_phone", "owner_no"),
        ("animal", "owner_no"),
        ("animal", "animal_no"),
        ("weighing", "animal_no"),
    ):
        yield f"UPDATE {table} SET {column} = CAST({column} AS INTEGER) + :by"
    yield "UPDATE owner SET email = replace(email, '@', :n)"
