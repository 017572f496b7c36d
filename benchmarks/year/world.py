"""People and animals as they are, with numbers that the pipeline never sees; whose each value is."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from typing import Any

from benchmarks.matching.towns.names import Names, written
from benchmarks.matching.towns.people import Town

#: What a grown one of a kind weighs, kg. Written for this world.
BREEDS: dict[str, tuple[tuple[str, float], ...]] = {
    "Dog": (
        ("Labrador Retriever", 30), ("German Shepherd", 34), ("Golden Retriever", 31),
        ("Chihuahua", 2.6), ("Yorkshire Terrier", 3.2), ("Shih Tzu", 6), ("Dachshund", 8),
        ("Boxer", 29), ("Beagle", 12), ("Mixed Breed", 18), ("Poodle", 5), ("Great Dane", 60),
    ),
    "Cat": (
        ("Domestic Shorthair", 4.6), ("Domestic Longhair", 4.8), ("Siamese", 4), ("Maine Coon", 7),
    ),
    "Rabbit": (("Rabbit", 2.2),),
}  # fmt: skip
Weighing = tuple[str, str, str]  # value and unit as typed, the day


@dataclass
class Client:
    """Whoever brings animals."""

    id: int
    given: str
    surname: str
    address: dict[str, str]
    phone: str
    email: str
    here: bool = True  # still comes


@dataclass
class Animal:
    """One animal."""

    id: int
    owner: int
    name: str
    species: str
    breed: str
    born: date
    grown_kg: float
    died: date | None = None
    born_known: bool = True
    breed_known: bool = True
    weighings: list[Weighing] = field(default_factory=list)


class World:
    """All of a practice's people and animals on one day."""

    def __init__(self, seed: int, today: date) -> None:
        """Nobody yet."""
        self.rng = random.Random(seed)
        self.town = Town(self.rng, Names(self.rng))
        self.today = today
        self.dates_weights = self.rng.random() < 0.7  # some PIMS keep one weight, without its day
        self.clients: dict[int, Client] = {}
        self.animals: dict[int, Animal] = {}
        self.whose: defaultdict[tuple[str, object], set[int]] = defaultdict(set)
        self._homes: set[object] = set()

    def new_client(self) -> Client:
        """Somebody; one in eight lives with one who is here already, and shares the number or not."""
        rng, n = self.rng, len(self.clients) + 1
        who = self.town.person()
        surname, address, phone = written(who.surname), self.home(), who.mobile
        if self.clients and rng.random() < 0.12:
            other = rng.choice([*self.clients.values()])
            address = other.address
            surname = other.surname if rng.random() < 0.8 else surname
            phone = other.phone if rng.random() < 0.3 else phone
        made = Client(n, written(who.given), surname, address, phone, who.email)
        self.clients[n] = made
        self.note_client(made)
        return made

    def note_client(self, who: Client) -> None:
        """What is somebody's by now has been somebody's ever since."""
        for kind, value in client_values(who).items():
            self.whose[kind, value].add(who.id)

    def new_animal(self, owner: int, *, young: bool, name: str = "") -> Animal:
        """One more animal."""
        rng, n = self.rng, len(self.animals) + 1
        species = rng.choices(("Dog", "Cat", "Rabbit"), (62, 35, 3))[0]
        breed, kg = rng.choice(BREEDS[species])
        age = rng.randint(50, 120) if young and rng.random() < 0.7 else rng.randint(120, 13 * 365)
        names = {pet.name for pet in self.pets_of(owner)}
        while not name or name in names:
            name = written(self.town.names.common("pets"))
            names = set() if rng.random() < 0.02 else names
        born = self.today - timedelta(days=age)
        made = Animal(n, owner, name, species, breed, born, kg * rng.uniform(0.8, 1.3))
        made.born_known, made.breed_known = rng.random() < 0.75, rng.random() < 0.85
        self.animals[n] = made
        self.note_animal(made)
        return made

    def note_animal(self, pet: Animal) -> None:
        """The same of an animal."""
        self.whose["pet name", pet.name.casefold()].add(pet.id)

    def weigh(self, pet: Animal, unit: str, day: date | None = None) -> Weighing:
        """Put it on the scales: what is typed is its weight from then on."""
        day = day or self.today
        age = max((day - pet.born).days, 1)
        kg = pet.grown_kg * (1 - exp(-(age + 15) / 110)) * self.rng.gauss(1, 0.03)
        value = kg if unit == "kg" else kg / 0.45359237
        on = day.isoformat() if self.dates_weights else ""
        made = (f"{value:.2f}" if value < 10 else f"{value:.1f}", unit, on)
        pet.weighings = sorted([*pet.weighings, made], key=lambda one: one[2])
        self.whose["weight", weight_key(*made)].add(pet.id)
        return made

    def pets_of(self, owner: int) -> list[Animal]:
        """Those that live."""
        return [a for a in self.animals.values() if a.owner == owner and a.died is None]

    def home(self) -> dict[str, str]:
        """An address that nobody had before."""
        while True:
            made = self.town.home()
            number, direction, street, kind = made.line
            key = (number, made.unit, made.zip)
            if key not in self._homes:
                self._homes.add(key)
                line = " ".join(filter(None, (number, direction, street, kind))).title()
                unit = f"Apt {made.unit}" if made.unit else ""
                return {
                    "address_line1": line, "address_line2": unit, "city": made.city.title(),
                    "state": made.state, "postal_code": made.zip,
                }  # fmt: skip

    def email_of(self, who: Client) -> str:
        """Another address that nobody has."""
        while True:
            made = f"{who.given[0]}{who.surname}{self.rng.randint(100, 9999)}@gmail.com"
            made = made.replace(" ", "").lower()
            if not self.whose["email", made]:
                return made

    def is_of_another(self, kind: str, value: object, of: int) -> bool:
        """Whether a value is known as somebody's, and never was this one's."""
        ids = self.whose.get((kind, value), set())
        return bool(ids) and of not in ids


def client_values(who: Client) -> dict[str, object]:
    """What tells one client from another, by kind."""
    return {
        "name": (who.given.casefold(), who.surname.casefold()),
        "address": address_key(who.address),
        "phone": who.phone,
        "email": who.email.lower(),
    }


def address_key(cells: dict[str, Any]) -> object:
    """A home, however it is written: house number, flat and ZIP code."""
    words = (cells.get("address_line1") or "").split()
    if not words:
        return None
    unit = cells.get("unit") or cells.get("address_line2") or ""
    digits = "".join(c for c in str(unit) if c.isdigit())
    return words[0], digits, (cells.get("postal_code") or "")[:5]


def weight_key(value: Any, unit: Any, day: Any) -> object:
    """A weighing, however many zeros it has."""
    if value is None:
        return None
    return f"{float(value):g}", unit or "", str(day or "")


def client_said(row: dict[str, Any]) -> dict[str, object]:
    """What a record of ScriptRight says, by kind, as client_values does."""
    phones = row["phones"] or []
    number = (phones[0].get("number") or "")[-10:] if phones else ""
    return {
        "name": ((row["first_name"] or "").casefold(), (row["last_name"] or "").casefold()),
        "address": address_key(row),
        "phone": number,
        "email": (row["email"] or "").lower(),
    }


def cells_said(cells: dict[str, Any]) -> dict[str, object]:
    """What a row of the PIMS says, by kind."""
    digits = "".join(c for c in cells.get("phones") or "" if c.isdigit())[:10]
    return {
        "name": (
            (cells.get("first_name") or "").casefold(),
            (cells.get("last_name") or "").casefold(),
        ),
        "address": address_key(cells),
        "phone": digits,
        "email": (cells.get("email") or "").lower(),
    }
