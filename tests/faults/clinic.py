"""A made-up clinic whose every snapshot tells which one it is, so that a mixture shows.

Snapshot n of a client carries n in its email, snapshot n of a pet in its weight: automatic fields,
visible in ScriptRight as soon as the snapshot is applied. The rest changes by chance, drawn from
one seed: addresses, pet names, deaths, newcomers, rows that go missing and come back.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, delta_of, pet, phones
from vet_pipeline.deltas.delta import Delta
from vet_pipeline.scriptright import web_shop

_STREETS = ("Elm St", "Oak Ave", "Fir Ln", "Main St", "Hill Rd")
_NAMES = ("Rex", "Tom", "Kit", "Bella", "Max", "Luna")
_PEOPLE = ("Ann", "Bob", "Cy", "Dee", "Eve", "Flo", "Gus", "Hal")
_LAST = ("Lee", "Moss", "Quist", "Rao", "Stone", "Tran", "Usher")


@dataclass
class Clinic:
    """`snapshot(n)` is always the same for one seed, whichever was asked for before."""

    seed: int
    practice_id: str = "oak"
    clients: int = 8
    pets: int = 12
    _made: dict[int, tuple[list[Cells], list[Cells]]] = field(default_factory=dict)

    def open(self, engine: Engine) -> Clinic:
        """Register the practice with two home-delivery clients, one of them also in the PIMS."""
        add_practice(engine, self.practice_id)
        with engine.begin() as connection:
            known = {
                "first_name": "Ann", "last_name": "Lee", "address_line1": "1 Elm St",
                "city": "Springfield", "state": "IL", "postal_code": "62704",
                "email": "ann@shop.example",
            }  # fmt: skip
            home = web_shop.add_client(connection, self.practice_id, known)
            rex = {"name": "Rex", "species": "dog"}
            web_shop.add_pet(connection, self.practice_id, home, rex)
            stranger = {"first_name": "Zoe", "last_name": "Zink", "email": "zoe@shop.example"}
            web_shop.add_client(connection, self.practice_id, stranger)
        return self

    def snapshot(self, seq: int) -> tuple[list[Cells], list[Cells]]:
        """Clients and patients of snapshot number `seq`, from 1."""
        if seq not in self._made:
            self._made[seq] = self._draw(seq)
        return self._made[seq]

    def _draw(self, seq: int) -> tuple[list[Cells], list[Cells]]:
        chance = random.Random(self.seed * 100_003 + seq)
        clients, pets = [], []
        for n in range(1, self.clients + 1 + seq % 3):  # now and then there is a newcomer
            if n > 2 and chance.random() < 0.03:
                continue  # missing from this snapshot
            street = _STREETS[n % 5] if chance.random() < 0.9 else chance.choice(_STREETS)
            clients.append(
                client(
                    f"c{n}",
                    first_name=_PEOPLE[n % 8],
                    last_name=_LAST[n % 7],
                    address_line1=f"{n} {street}",
                    email=f"c{n}.v{seq}@{self.practice_id}.example",
                    phones=phones(f"(217) 555-{100 + n:04}"),
                )
            )
        weighed = date(2026, 1, 1) + timedelta(days=seq)
        for n in range(1, self.pets + 1 + seq % 2):
            renamed = chance.random() < 0.05
            died = n > 3 and chance.random() < 0.03
            pets.append(
                pet(
                    f"p{n}",
                    f"c{1 + n % self.clients}",
                    name=chance.choice(_NAMES) if renamed else _NAMES[n % 6],
                    weight=f"{n}.{seq:04}",
                    weight_date=weighed.isoformat(),
                    deceased_flag="1" if died else "0",
                )
            )
        keys = {row["client_key"] for row in clients}
        return clients, [row for row in pets if row["client_key"] in keys]


@dataclass
class Deltas:
    """The clinic's deltas for practices that live the same: each is computed once, by the first."""

    engine: Engine
    clinic: Clinic
    _made: dict[tuple[tuple[int, ...], int], Delta] = field(default_factory=dict)

    def of(self, practice_id: str, seq: int, *, after: tuple[int, ...]) -> Delta:
        """Snapshot `seq` at a practice to which the snapshots `after` were applied, in that order."""
        if (after, seq) not in self._made:
            rows = self.clinic.snapshot(seq)
            self._made[after, seq] = delta_of(self.engine, practice_id, seq, *rows)
        made = self._made[after, seq]
        return replace(made, snapshot=replace(made.snapshot, practice_id=practice_id))
