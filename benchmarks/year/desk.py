"""The PIMS: rows that a receptionist types, each about somebody; what was done to each is kept."""

from __future__ import annotations

import copy
import heapq
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.year.world import Animal, Client, Weighing, World

Cells = dict[str, str | None]
#: What is typed of a client, of a pet; in one save or several.
Parts = tuple[str, ...]
CLIENT_PARTS: Parts = ("name", "address", "phones", "email")
PET_PARTS: Parts = ("name", "kind", "born", "weight", "life")


@dataclass
class Row:
    """A row of the PIMS. `about` is the truth: whom it tells of, nobody for 0."""

    key: str
    cells: Cells
    about: int
    marks: list[tuple[date, str]] = field(default_factory=list)


class Desk:
    """The PIMS of one practice, and what is to be done on later days."""

    def __init__(self, world: World) -> None:
        """An empty PIMS; the unit is the practice's."""
        self.world, self.rng = world, world.rng
        self.unit = self.rng.choice(("lb", "lb", "kg"))
        self.clients: dict[str, Row] = {}
        self.pets: dict[str, Row] = {}
        self.marks: list[tuple[date, str]] = []  # what befell the whole practice
        self.next_key = 1000
        self.purged_rows: list[Row] = []  # that may come back
        self._later: list[tuple[date, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    # --- time

    def later(self, days: int, act: Callable[[], None]) -> None:
        """Do something some days from now."""
        heapq.heappush(
            self._later, (self.world.today + timedelta(days=days), next(self._numbers), act)
        )

    def do_what_is_due(self) -> None:
        """What was put off until today."""
        while self._later and self._later[0][0] <= self.world.today:
            heapq.heappop(self._later)[2]()

    def mark(self, event: str, *rows: Row) -> None:
        """Note what befell these rows, or the practice."""
        for row in rows:
            row.marks.append((self.world.today, event))
        if not rows:
            self.marks.append((self.world.today, event))

    # --- rows

    def key(self) -> str:
        """A number that no row has had."""
        self.next_key += 1
        return str(self.next_key)

    def add_client(self, who: Client, key: str = "") -> Row:
        """A row for somebody."""
        row = Row(key or self.key(), {}, who.id)
        self.type_client(row, who)
        self.clients[row.key] = row
        return row

    def add_pet(self, pet: Animal, owner_key: str) -> Row:
        """A row for an animal."""
        row = Row(self.key(), {"client_key": owner_key}, pet.id)
        self.type_pet(row, pet)
        self.pets[row.key] = row
        return row

    def type_client(self, row: Row, who: Client, *parts: str) -> None:
        """Type what is true, all of it or these parts."""
        for part in parts or CLIENT_PARTS:
            row.cells |= {"client_key": row.key} | self._client_part(who, part)

    def _client_part(self, who: Client, part: str) -> Cells:
        if part == "name":
            return {"first_name": who.given, "last_name": who.surname}
        if part == "address":
            return dict(who.address)
        if part == "phones":
            return {"phones": json.dumps([[who.phone, None]])}
        return {"email": who.email}

    def type_pet(self, row: Row, pet: Animal, *parts: str) -> None:
        """Type what is true, all of it or these parts."""
        for part in parts or PET_PARTS:
            row.cells |= {"patient_key": row.key} | self._pet_part(pet, part)

    def _pet_part(self, pet: Animal, part: str) -> Cells:
        if part == "name":
            return {"name": pet.name}
        if part == "kind":
            return {"species": pet.species, "breed": pet.breed if pet.breed_known else None}
        if part == "born":
            return {"birth_date": pet.born.isoformat() if pet.born_known else None}
        if part == "weight":
            return weight_cells(pet.weighings[-1] if pet.weighings else None)
        dead = pet.died is not None
        return {
            "deceased_flag": "1" if dead else "0",
            "deceased_date": pet.died.isoformat() if pet.died else None,
            "status": "Deceased" if dead else "Active",
        }

    # --- looking for rows

    def entry(self, record: str, pims_id: str) -> Row | None:
        """The row of a number, be it the second to have it (1001~2)."""
        table = self.clients if record == "client" else self.pets
        return table.get(pims_id.partition("~")[0])

    def rows_of(self, who: int) -> list[Row]:
        """A client's rows."""
        return [row for row in self.clients.values() if row.about == who]

    def some_client(self) -> Row:
        """A client's row by chance."""
        return self.rng.choice([row for row in self.clients.values() if row.about])

    def some_pet(self, *, alive: bool = True) -> Row:
        """The row of an animal that lives, or doesn't."""
        animals = self.world.animals
        return self.rng.choice(
            [r for r in self.pets.values() if r.about and (animals[r.about].died is None) is alive]
        )

    def siblings(self, row: Row) -> list[Row]:
        """Other living animals' rows of the same owner's row."""
        key, animals = row.cells["client_key"], self.world.animals
        return [
            other for other in self.pets.values()
            if other.key != row.key and other.cells["client_key"] == key
            and other.about and animals[other.about].died is None
        ]  # fmt: skip

    def of_client(self, key: str) -> list[Row]:
        """The pets' rows under a client's row."""
        return [row for row in self.pets.values() if row.cells["client_key"] == key]

    def photograph(self) -> tuple[dict[str, Row], dict[str, Row]]:
        """Both tables as they are now."""
        return copy.deepcopy(self.clients), copy.deepcopy(self.pets)


def weight_cells(weighing: Weighing | None) -> Cells:
    """A weighing as a row has it."""
    value, unit, day = weighing or (None, None, None)
    return {"weight": value, "weight_unit": unit, "weight_date": day or None}
