"""What goes wrong in real PIMS data, put into a demo practice on purpose."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random
from typing import Final

from vet_pipeline.demo import pims_file
from vet_pipeline.demo.people import seeded

# (column, what somebody typed): values that can't be taken, or can only in part.
_OWNER_VALUES: Final[tuple[tuple[str, str], ...]] = (
    ("last_name", "Baker (CALL FIRST)"),
    ("last_name", "*** DO NOT MAIL *** Alvarez"),
    ("last_name", "Nolan - cash only"),
    ("first_name", "MR & MRS"),
    ("first_name", "Dana / Chris"),
    ("email", "none@none.com"),
    ("email", "declined"),
    ("email", "na@na.com"),
    ("email", "two@example.com; three@example.com"),
    ("email", "no email"),
    ("email", "front desk@@example.com"),
    ("zip", "0000"),
    ("street", "DO NOT SHIP - picks up"),
    ("town", "."),
    ("state", "Ohio?"),
)
_PHONES: Final = ("000-000-0000", "999-999-9999", "123-456-7890", "none", "555-2345", "call work")
_ANIMAL_VALUES: Final[tuple[tuple[str, str], ...]] = (
    ("born", "2023-02-30"),
    ("born", "0000-00-00"),
    ("born", "1899-12-30"),
    ("born", "13/45/2019"),
    ("born", "3019-01-01"),
    ("born", "unknown"),
    ("died", "2024-02-30"),
    ("name", "Bella - BITES!"),
    ("name", "Rex (see Max)"),
    ("name", ""),
    ("breed", "???"),
    ("species", "Dog/Cat"),
    ("standing", "Moved away"),
)
_WEIGHTS: Final[tuple[tuple[str, str | None], ...]] = (
    ("12.5", None),
    ("31", ""),
    ("2", "stone"),
    ("14", "#"),
    ("12,5", "KGS"),
    ("0", "lb"),
    ("-3", "kg"),
    ("n/a", "lb"),
    ("1.200,5", "kg"),
    ("98000", "lb"),
    ("22.4", "lbs."),
)
# Bytes as an old Windows program leaves them: e-acute, a curly apostrophe, and 0x81, which
# Windows-1252 doesn't define at all.
_BYTES: Final = (b"Ren\xe9e", b"O\x92Hara", b"Fran\x81ois")


def spoil(path: Path, *, seed: int | str) -> None:
    """Spoil a fresh practice of 200 owners or more."""
    rng = seeded("dirt", seed)
    with pims_file.opened(path) as connection:
        owners = _shuffled(connection, rng, "SELECT owner_no FROM owner ORDER BY rowid")
        pets = _shuffled(connection, rng, "SELECT animal_no FROM animal ORDER BY rowid")
        _spoil_values(connection, owners, pets)
        _spoil_keys(connection, owners, pets)


def _shuffled(connection: sqlite3.Connection, rng: Random, query: str) -> list[str]:
    numbers = [str(number) for (number,) in connection.execute(query)]
    rng.shuffle(numbers)
    return numbers


def _spoil_values(db: sqlite3.Connection, owners: list[str], pets: list[str]) -> None:
    for column, value in _OWNER_VALUES:
        db.execute(f"UPDATE owner SET {column} = ? WHERE owner_no = ?", (value, owners.pop()))  # noqa: S608 - our own words
    for typed in _PHONES:
        owner = owners.pop()
        db.execute("DELETE FROM owner_phone WHERE owner_no = ?", (owner,))
        db.execute("INSERT INTO owner_phone VALUES (?, 1, ?, 'Home')", (owner, typed))
    for raw in _BYTES:
        # CAST keeps the bytes as they are but makes the value TEXT, as a careless import does.
        change = "UPDATE owner SET first_name = CAST(? AS TEXT) WHERE owner_no = ?"
        db.execute(change, (raw, owners.pop()))
    nul = "UPDATE owner SET last_name = last_name || char(0) || 'x7' WHERE owner_no = ?"
    db.execute(nul, (owners.pop(),))
    for column, value in _ANIMAL_VALUES:
        db.execute(f"UPDATE animal SET {column} = ? WHERE animal_no = ?", (value, pets.pop()))  # noqa: S608 - our own words
    for weight, unit in _WEIGHTS:
        number = pims_file.next_weighing(db)
        pet = pets.pop()
        row = (number, pet, "2026-09-01", weight, unit)
        db.execute("INSERT INTO weighing VALUES (?,?,?,?,?)", row)
        db.execute("UPDATE animal SET last_weighing = ? WHERE animal_no = ?", (number, pet))
    for _ in range(2):  # dead, yet active
        change = "UPDATE animal SET dead = 1, standing = 'Active' WHERE animal_no = ?"
        db.execute(change, (pets.pop(),))


def _spoil_keys(db: sqlite3.Connection, owners: list[str], pets: list[str]) -> None:
    for _ in range(4):  # another owner gets the same number: nobody can say whose animals are whose
        db.execute("UPDATE owner SET owner_no = ? WHERE owner_no = ?", (owners.pop(), owners.pop()))
    for _ in range(3):
        db.execute("UPDATE animal SET animal_no = ? WHERE animal_no = ?", (pets.pop(), pets.pop()))
    for blank in ("", None, "  "):
        number = owners.pop()
        db.execute("UPDATE owner SET owner_no = ? WHERE owner_no = ?", (blank, number))
    for no_key in ("", None):
        db.execute("UPDATE animal SET animal_no = ? WHERE animal_no = ?", (no_key, pets.pop()))
    for nobody in ("999999", None):
        db.execute("UPDATE animal SET owner_no = ? WHERE animal_no = ?", (nobody, pets.pop()))


def lose_half(path: Path) -> int:
    """Every second owner and its animals vanish, as after an import that broke off; how many."""
    with pims_file.opened(path) as connection:
        gone = connection.execute(
            "SELECT owner_no FROM owner WHERE CAST(owner_no AS INTEGER) % 2 = 0"
        ).fetchall()
        for table in ("animal", "owner_phone", "owner"):
            connection.executemany(f"DELETE FROM {table} WHERE owner_no = ?", gone)  # noqa: S608 - our own words
    return len(gone)
