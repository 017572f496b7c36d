"""Home Delivery clients of a demo practice: people who ordered before the PIMS was connected.

Most are clients of the practice under the same name, some under a nickname, an old address or
with a slip of the pen; a few live with a client and aren't that client; some are strangers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

import pandas as pd

from vet_pipeline.demo import names, pims_file
from vet_pipeline.demo.people import Draw, seeded
from vet_pipeline.demo.practice import FIRST_DAY, region_of
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

# Of 120 Home Delivery clients, how many stand how to an owner in the PIMS.
KINDS: Final[dict[str, int]] = {
    "same": 42,
    "other_email": 12,
    "other_phone": 8,
    "nickname": 14,
    "moved": 14,
    "slip_of_the_pen": 8,
    "partner": 6,
    "child": 4,
    "stranger": 12,
}
DRUGS: Final = (
    "Carprofen 75 mg tablets",
    "Gabapentin 100 mg capsules",
    "Amoxicillin 250 mg capsules",
    "Prednisolone 5 mg tablets",
    "Methimazole 5 mg tablets",
    "Levothyroxine 0.4 mg tablets",
    "Enalapril 10 mg tablets",
    "Furosemide 20 mg tablets",
)


@dataclass(frozen=True, slots=True)
class HomeDelivery:
    """What the pharmacy knew before the first load.

    `clients` and `patients` have the raw columns of snapshots/contract.py, keys `h1`, `h2`, ...:
    the web shop's forms are normalized like any other text. `prescriptions` holds (patient key,
    drug). `truth` says for each client key its kind and the owner number it was made from.
    """

    clients: pd.DataFrame
    patients: pd.DataFrame
    prescriptions: tuple[tuple[str, str], ...]
    truth: dict[str, tuple[str, str | None]]

    def owner_numbers(self, *kinds: str) -> frozenset[str]:
        """The owners in the PIMS that Home Delivery clients of these kinds were made from."""
        return frozenset(o for kind, o in self.truth.values() if o is not None and kind in kinds)


@dataclass(slots=True)
class _Person:
    title: str | None
    first: str
    last: str
    lines: tuple[str | None, str | None, str | None, str | None, str | None]
    email: str | None
    phones: list[tuple[str, str]]


def home_delivery_clients(path: Path, *, clients: int, seed: int | str) -> HomeDelivery:
    """Invents `clients` Home Delivery clients for the PIMS file at `path`, in shares of KINDS."""
    rng = seeded("home delivery", seed)
    kinds = [kind for kind, share in KINDS.items() for _ in range(round(share * clients / 120))]
    kinds = (kinds + ["same"] * clients)[:clients]
    rng.shuffle(kinds)
    with pims_file.opened(path) as db:
        return _Shop(db, rng, seed).open_accounts(kinds)


class _Shop:
    """Opens one account after another; `db` is the PIMS file the people are known from."""

    def __init__(self, db: sqlite3.Connection, rng: Random, seed: int | str) -> None:
        self.db = db
        self.rng = rng
        # A stranger may get a number that an owner has, too: numbers are handed on in life.
        self.draw = Draw(seeded("strangers", seed), region_of(seed), FIRST_DAY, 0, 0)
        self.client_rows: list[tuple[str | None, ...]] = []
        self.pet_rows: list[tuple[str | None, ...]] = []
        self.prescriptions: list[tuple[str, str]] = []

    def open_accounts(self, kinds: list[str]) -> HomeDelivery:
        owners = self.db.execute(
            "SELECT owner_no FROM owner WHERE company IS NULL AND first_name NOT LIKE '%&%'"
            " AND last_name NOT LIKE '% Jr'"
            " AND email IS NOT NULL AND owner_no IN (SELECT owner_no FROM owner_phone)"
            " AND owner_no IN (SELECT owner_no FROM animal WHERE dead = 0)"
            " ORDER BY CAST(owner_no AS INTEGER)"
        ).fetchall()
        picked = [number for (number,) in self.rng.sample(owners, len(kinds))]
        truth: dict[str, tuple[str, str | None]] = {}
        for count, (kind, owner_no) in enumerate(zip(kinds, picked, strict=True), start=1):
            key = f"h{count}"
            truth[key] = (kind, None if kind == "stranger" else owner_no)
            if kind == "stranger":
                self._stranger(key)
            else:
                self._known(key, kind, owner_no)
        return HomeDelivery(
            pd.DataFrame(self.client_rows, columns=list(RAW_CLIENT_COLUMNS), dtype="str"),
            pd.DataFrame(self.pet_rows, columns=list(RAW_PATIENT_COLUMNS), dtype="str"),
            tuple(self.prescriptions),
            truth,
        )

    def _stranger(self, key: str) -> None:
        owner = self.draw.owner()
        lines = (owner.street, owner.street2, owner.town, owner.state, owner.zip)
        email = owner.email or self.draw.email(owner.first_name or "x", owner.last_name or "x")
        first, last = owner.first_name or "", owner.last_name or ""
        phones = [(self.draw.phone(), "Cell")]
        self._account(key, _Person(owner.title, first, last, lines, email, phones))
        for animal in owner.animals or [self.draw.animal()]:
            self._pet(key, animal.name, animal.species, animal.breed, animal.born, "0", None)

    def _known(self, key: str, kind: str, owner_no: str) -> None:
        title, first, last, *lines, email = self.db.execute(
            "SELECT title, first_name, last_name, street, street2, town, state, zip, email"
            " FROM owner WHERE owner_no = ?",
            (owner_no,),
        ).fetchone()
        phones = self.db.execute(
            "SELECT number, label FROM owner_phone WHERE owner_no = ? ORDER BY position",
            (owner_no,),
        ).fetchall()
        street, second, town, state, zip_code = lines
        tidy = (street.title(), second, town, state, zip_code[:5])
        person = _Person(title, first.title(), _cased(last), tidy, email, phones)
        self._account(key, _CHANGES[kind](self.draw, person))
        if kind == "child":
            animal = self.draw.animal()
            self._pet(key, animal.name, animal.species, animal.breed, animal.born, "0", None)
            return
        found = self.db.execute(
            "SELECT a.name, a.species, a.breed, a.born, a.born_is_guess, w.value, w.unit, w.weighed_on"
            " FROM animal a LEFT JOIN weighing w ON w.weighing_no = a.last_weighing"
            " WHERE a.owner_no = ? AND a.dead = 0 ORDER BY CAST(a.animal_no AS INTEGER)",
            (owner_no,),
        ).fetchall()
        for place, (name, species, breed, born, guessed, *weighing) in enumerate(found):
            if place and self.rng.random() < 0.25:
                continue  # not every animal at home has had an order
            known = weighing if weighing[0] else None
            self._pet(key, name, species, breed, born, str(guessed), known)

    def _account(self, key: str, person: _Person) -> None:
        phones = json.dumps(person.phones)
        street, second, town, state, zip_code = person.lines
        self.client_rows.append(
            (
                *(key, person.title, person.first, person.last, None, None),
                *(street, second, None, town, state, zip_code, person.email, phones),
            )
        )

    def _pet(
        self,
        owner_key: str,
        name: str,
        species: str,
        breed: str,
        born: str | None,
        guessed: str,
        weighing: list[str] | None,
    ) -> None:
        rng = self.rng
        key = f"p{len(self.pet_rows) + 1}"
        weight, unit, day = weighing or (None, None, None)
        if day and rng.random() < 0.5:  # what the owner remembered when ordering
            day = (date.fromisoformat(day) - timedelta(days=rng.randrange(30, 400))).isoformat()
            weight = str(max(1, round(float(weight or 1))))
        self.pet_rows.append(
            (
                *(key, owner_key, name, species, breed if rng.random() < 0.9 else None),
                *(
                    born if rng.random() < 0.85 else None,
                    guessed,
                    weight,
                    unit,
                    day,
                    None,
                    None,
                    None,
                ),
            )
        )
        for drug in rng.sample(DRUGS, rng.choices((0, 1, 2), (2, 6, 2))[0]):
            self.prescriptions.append((key, drug))


def _cased(last: str) -> str:
    return last.title() if last.isupper() else last


def _slip(draw: Draw, text: str) -> str:
    """Two neighbouring letters change places."""
    at = draw.rng.randrange(1, max(2, len(text) - 1))
    return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]


def _own_phone(draw: Draw) -> list[tuple[str, str]]:
    return [(draw.phone(), "Cell")]


def _partner(draw: Draw, person: _Person) -> _Person:
    first = draw.first_name(draw.rng.random() < 0.5)
    email = draw.email(first, person.last)
    return replace(person, title=None, first=first, email=email, phones=_own_phone(draw))


def _child(draw: Draw, person: _Person) -> _Person:
    email = draw.email(person.first, person.last)
    return replace(person, last=f"{person.last} III", email=email, phones=_own_phone(draw))


_CHANGES: Final[dict[str, Callable[[Draw, _Person], _Person]]] = {
    "same": lambda _, person: person,
    "other_email": lambda d, p: replace(p, email=d.email(p.first, p.last)),
    "other_phone": lambda d, p: replace(p, phones=_own_phone(d)),
    "nickname": lambda _, p: replace(p, first=names.NICKNAMES.get(p.first, p.first)),
    "moved": lambda d, p: replace(p, lines=d.address()),
    "slip_of_the_pen": lambda d, p: replace(p, last=_slip(d, p.last)),
    "partner": _partner,
    "child": _child,
}
