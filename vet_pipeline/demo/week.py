"""A week of practice life: what a front desk does to its PIMS between two snapshots."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from vet_pipeline.demo import animals, pims_file
from vet_pipeline.demo.people import Draw, seeded
from vet_pipeline.demo.practice import FIRST_DAY, region_of

# How often each happens in a week, per 1,000 clients; each happens at least twice,
# if there are records that it can happen to.
PER_THOUSAND: Final[dict[str, int]] = {
    "new_clients": 8,
    "new_pets": 10,
    "weighings": 60,
    "older_weighings": 2,
    "deaths": 6,
    "alive_again": 1,
    "emails_changed": 10,
    "emails_blanked": 2,
    "addresses_changed": 6,
    "phones_changed": 5,
    "clients_renamed": 3,
    "pets_renamed": 3,
    "owners_changed": 3,
    "breeds_corrected": 2,
    "births_corrected": 2,
    "duplicates_merged": 2,
    "clients_removed": 1,
}


@dataclass(slots=True)
class Week:
    """What happened: for each act, the owner or animal numbers it happened to.

    `new_pets` holds the animals of known owners only; `duplicates_merged` and `clients_removed`
    the owners that are gone. No record meets two acts, but an owner's animals may meet their own.
    """

    happened: dict[str, list[str]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """How often each act happened."""
        return {act: len(numbers) for act, numbers in self.happened.items()}


def live_a_week(path: Path, *, seed: int | str, favour: Collection[str] = ()) -> Week:
    """Changes the PIMS file as a week would, the same for the same file and seed.

    `favour` names owners that half of the acts should meet (with their animals).
    """
    with pims_file.opened(path) as connection:
        life = _Life(connection, seeded("week", seed), seed, frozenset(favour))
        week = Week()
        for act, per_thousand in PER_THOUSAND.items():
            times = max(2, round(life.size * per_thousand / 1000))
            do: Callable[[], str | None] = getattr(life, act)
            week.happened[act] = [number for _ in range(times) if (number := do()) is not None]
    return week


class _Life:
    """One method for each act; it returns the number it happened to, None when nobody is left."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        rng: Random,
        seed: int | str,
        favour: frozenset[str],
    ) -> None:
        self.db = connection
        self.rng = rng
        self.today = FIRST_DAY + timedelta(days=7)
        owners = connection.execute(
            "SELECT owner_no FROM owner WHERE trim(owner_no) <> '' ORDER BY CAST(owner_no AS INTEGER)"
        ).fetchall()
        living = connection.execute(
            "SELECT animal_no, owner_no, dead FROM animal WHERE trim(animal_no) <> ''"
            " ORDER BY CAST(animal_no AS INTEGER)"
        ).fetchall()
        self.size = len(owners)
        self._owners = self._mixed([(no, no) for (no,) in owners], favour)
        self._alive = self._mixed([(a, o) for a, o, dead in living if not dead], favour)
        self._dead = self._mixed([(a, o) for a, o, dead in living if dead], favour)
        self._twice = self._entered_twice()
        self.draw = Draw(
            rng,
            region_of(seed),
            self.today,
            max(int(no) for (no,) in owners),
            max(int(row[0]) for row in living),
        )

    def _mixed(self, pairs: list[tuple[str, str]], favour: frozenset[str]) -> list[str]:
        """Shuffled numbers to take from the end; every second one belongs to a favoured owner."""
        numbers = [no for no, owner in pairs if owner not in favour]
        favoured = [no for no, owner in pairs if owner in favour]
        self.rng.shuffle(numbers)
        self.rng.shuffle(favoured)
        head = [no for pair in zip(numbers, favoured, strict=False) for no in pair]
        rest = numbers[len(favoured) :] + favoured[len(numbers) :]
        return rest + head

    def _entered_twice(self) -> list[tuple[str, str]]:
        """(kept, given up) of owners with the same surname, street and first phone."""
        found = self.db.execute(
            "SELECT min(o.owner_no), max(o.owner_no) FROM owner o"
            " JOIN owner_phone p ON p.owner_no = o.owner_no AND p.position = 1"
            " GROUP BY lower(o.last_name), lower(o.street), p.number HAVING count(*) = 2 ORDER BY 1"
        ).fetchall()
        self.rng.shuffle(found)
        taken = {number for pair in found for number in pair}
        self._owners = [no for no in self._owners if no not in taken]
        return found

    def _owner(self) -> str | None:
        return self._owners.pop() if self._owners else None

    def _animal(self) -> str | None:
        return self._alive.pop() if self._alive else None

    def _on_owner(self, change: str, *values: object) -> str | None:
        number = self._owner()
        self.db.execute(f"UPDATE owner SET {change} WHERE owner_no = ?", (*values, number))  # noqa: S608 - our own words
        return number

    def _on_animal(self, number: str | None, change: str, *values: object) -> str | None:
        self.db.execute(f"UPDATE animal SET {change} WHERE animal_no = ?", (*values, number))  # noqa: S608 - our own words
        return number

    def new_clients(self) -> str:
        owner = self.draw.owner()
        pims_file.insert(self.db, [owner])
        return owner.owner_no

    def new_pets(self) -> str | None:
        number = self._owner()
        if number is None:
            return None
        animal = self.draw.animal(young=True)
        last = None
        for day, value, unit in animal.weighings:
            last = self._weigh(animal.animal_no, day, value, unit)
        self.db.execute(
            "INSERT INTO animal VALUES (?,?,?,?,?,?,?,?,0,NULL,'Active',?)",
            (
                *(animal.animal_no, number, animal.name, animal.species, animal.breed),
                *(animal.sex, animal.born, animal.born_is_guess, last),
            ),
        )
        return animal.animal_no

    def _weigh(self, animal_no: str, day: str, value: str, unit: str) -> int:
        number = pims_file.next_weighing(self.db)
        self.db.execute(
            "INSERT INTO weighing VALUES (?,?,?,?,?)", (number, animal_no, day, value, unit)
        )
        return number

    def weighings(self) -> str | None:
        number = self._animal()
        return number and self._weighed(number, self.today - timedelta(days=self.rng.randrange(7)))

    def older_weighings(self) -> str | None:
        """Somebody types in an old paper card, and the PIMS shows what was typed last."""
        number = self._animal()
        return number and self._weighed(number, self.today - timedelta(days=6000))

    def _weighed(self, number: str, day: date) -> str:
        breed = self.db.execute(
            "SELECT breed FROM animal WHERE animal_no = ?", (number,)
        ).fetchone()[0]
        adult = next((kg for kind in animals.SPECIES for b, kg in kind.breeds if b == breed), 5.0)
        last = self._weigh(number, day.isoformat(), *self.draw.weight(adult))
        self._on_animal(number, "last_weighing = ?", last)
        return number

    def deaths(self) -> str | None:
        day = (self.today - timedelta(days=self.rng.randrange(7))).isoformat()
        change = "dead = 1, died = ?, standing = 'Deceased'"
        return self._on_animal(self._animal(), change, day)

    def alive_again(self) -> str | None:
        """The wrong animal had been marked; staff put it right."""
        number = self._dead.pop() if self._dead else None
        return self._on_animal(number, "dead = 0, died = NULL, standing = 'Active'")

    def emails_changed(self) -> str | None:
        first, last = self.draw.first_name(True), self.draw.surname()
        return self._on_owner("email = ?", self.draw.email(first, last))

    def emails_blanked(self) -> str | None:
        number = next((no for no in reversed(self._owners) if self._email(no)), None)
        if number is not None:
            self._owners.remove(number)
            self.db.execute("UPDATE owner SET email = NULL WHERE owner_no = ?", (number,))
        return number

    def _email(self, number: str) -> str | None:
        query = "SELECT email FROM owner WHERE owner_no = ?"
        found: str | None = self.db.execute(query, (number,)).fetchone()[0]
        return found

    def addresses_changed(self) -> str | None:
        change = "street = ?, street2 = ?, town = ?, state = ?, zip = ?"
        return self._on_owner(change, *self.draw.address())

    def phones_changed(self) -> str | None:
        number = self._owner()
        self.db.execute("DELETE FROM owner_phone WHERE owner_no = ?", (number,))
        row = (number, self.draw.phone())
        self.db.execute("INSERT INTO owner_phone VALUES (?, 1, ?, 'Cell')", row)
        return number

    def clients_renamed(self) -> str | None:
        return self._on_owner("last_name = ?, title = NULL", self.draw.surname())

    def pets_renamed(self) -> str | None:
        return self._on_animal(self._animal(), "name = name || ' ' || ?", self.rng.choice(_SECOND))

    def owners_changed(self) -> str | None:
        return self._on_animal(self._animal(), "owner_no = ?", self._owner())

    def breeds_corrected(self) -> str | None:
        return self._on_animal(self._animal(), "breed = breed || ' Mix'")

    def births_corrected(self) -> str | None:
        born = (self.today - timedelta(days=self.rng.randrange(400, 4000))).isoformat()
        return self._on_animal(self._animal(), "born = ?, born_is_guess = 0", born)

    def duplicates_merged(self) -> str | None:
        """The second entry is given up; its animals move to the first."""
        if not self._twice:
            return None
        kept, gone = self._twice.pop()
        self.db.execute("UPDATE animal SET owner_no = ? WHERE owner_no = ?", (kept, gone))
        self._forget(gone)
        return gone

    def clients_removed(self) -> str | None:
        number = self._owner()
        if number is not None:
            self.db.execute("DELETE FROM animal WHERE owner_no = ?", (number,))
            self._forget(number)
        return number

    def _forget(self, number: str) -> None:
        self.db.execute("DELETE FROM owner_phone WHERE owner_no = ?", (number,))
        self.db.execute("DELETE FROM owner WHERE owner_no = ?", (number,))


_SECOND: Final = ("Blue", "Belle", "Boy", "Rose", "Bear", "Jr")
