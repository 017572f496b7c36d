"""The people, accounts and animals of `places.py`, and how each is made."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.matching import TODAY, sheets
from benchmarks.matching.communities.words import BREEDS, NAMES, PETS, ROADS
from benchmarks.matching.world import Address


@dataclass
class Person:
    """Somebody, and what is theirs alone; '' where they have none."""

    given: str
    surname: str
    people: str
    woman: bool
    mobile: str = ""
    email: str = ""
    suffix: str = ""


@dataclass
class Pet:
    """An animal."""

    id: int
    name: str
    species: str
    breed: str
    born: date | None


@dataclass
class Account(sheets.Account[Person, Pet]):
    """A client of a community."""

    moved_from: Address | None = None


@dataclass
class Makers:
    """Makes whom the households are made of."""

    rng: random.Random
    accounts: list[Account] = field(default_factory=list)
    households: int = 0
    pets: int = 0
    called: set[str] = field(default_factory=set)  # of a household no two are called the same

    def __post_init__(self) -> None:
        """Its one town, and the buildings in it."""
        self.town = self.rng.choice(("Gordonville", "Alamo", "Fayetteville", "Hazard"))
        self.flats = [self.road() for _ in range(6)]

    def account(
        self,
        kind: str,
        people: list[Person],
        address: Address,
        landline: str,
        pets: list[Pet] | None = None,
        **more: str,
    ) -> Account:
        """An account of its own."""
        if pets is None:
            pets = [self.pet() for _ in range(1 + min(int(self.rng.expovariate(0.9)), 6))]
        made = Account(len(self.accounts) + 1, self.households, kind, people, address, landline,
                       pets, **more)  # fmt: skip
        self.accounts.append(made)
        return made

    def two(self, people: str) -> list[Person]:
        """A couple; where women keep their name, or its form, they do here."""
        he = self.person(people, woman=False)
        keeps = people in ("han", "viet", "habesha", "tejano") or self.rng.random() < 0.1
        she = self.person(people, surname=None if keeps else he.surname, woman=True)
        if people == "slav":
            she.surname = he.surname + ("a" if he.surname.endswith("ov") else "")
        if people == "punjabi":
            she.surname = "Kaur" if he.surname == "Singh" else he.surname
        if self.rng.random() < 0.25:
            she.email = he.email
        return [he, she]

    def person(
        self,
        people: str,
        surname: str | None = None,
        woman: bool | None = None,
        reached: float = 0.75,
    ) -> Person:
        """Somebody; `reached`: how likely they have a number and an email of their own."""
        rng = self.rng
        woman = rng.random() < 0.6 if woman is None else woman
        names = [name for name in NAMES[people][woman].split() if name not in self.called]
        self.called.add(chosen := rng.choice(names))
        given = chosen.replace("+", " ")
        surname = surname or self.surname(people)
        if people == "punjabi" and surname in ("Singh", "Kaur"):
            surname = "Kaur" if woman else "Singh"
        made = Person(given, surname, people, woman)
        made.mobile = self.maybe_number(reached)
        made.email = self.mail(given, surname) if rng.random() < reached else ""
        return made

    def surname(self, people: str) -> str:
        """One, or in Texas mostly two."""
        names = NAMES[people][2].split()
        made = self.rng.choice(names).replace("+", " ")
        if people == "tejano" and self.rng.random() < 0.6:
            made += " " + self.rng.choice(names).replace("+", " ")
        return made

    def any(self) -> str:
        """One of the peoples."""
        return self.rng.choice(list(NAMES))

    def mail(self, given: str, surname: str) -> str:
        """An address that tells who it is, or doesn't."""
        rng = self.rng
        one, two = given.split()[0].lower(), surname.split()[0].lower()
        local = rng.choice((f"{one}{two}", f"{one[0]}{two}", f"{two}.{one}", f"{two}family",
                            f"{rng.choice(PETS).lower()}lover"))  # fmt: skip
        return f"{local}{rng.randint(1, 9999)}@{rng.choice(('gmail', 'yahoo'))}.com"

    def maybe_number(self, chance: float) -> str:
        """A telephone number, or none."""
        return self.number() if self.rng.random() < chance else ""

    def number(self) -> str:
        """A telephone number."""
        rng = self.rng
        return f"717{rng.randint(22, 98)}{rng.randint(2, 9)}{rng.randint(0, 9999):04d}"

    def road(self) -> Address:
        """A house."""
        line = str(self.rng.randint(1, 999)), "", self.rng.choice(ROADS), ""
        return Address(line, "", self.town, "PA", "17529")

    def flat(self) -> Address:
        """One of a building's."""
        base = self.rng.choice(self.flats)
        return Address(base.line, str(self.rng.randint(1, 60)), base.city, base.state, base.zip)

    def born(self) -> date:
        """A birthday."""
        return TODAY - timedelta(days=int(self.rng.uniform(60, 14 * 365)))

    def pet(self) -> Pet:
        """An animal."""
        rng = self.rng
        self.pets += 1
        species = rng.choices(("dog", "cat"), (3, 1))[0]
        breed = rng.choice(BREEDS[species].split("|"))
        return Pet(self.pets, rng.choice(PETS), species, breed, rng.choice((None, self.born())))
