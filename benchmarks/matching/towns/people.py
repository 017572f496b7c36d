"""Who lives in a town: its people, their accounts and animals.

What two files say about them is written by `files.py`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from benchmarks.matching import TODAY, sheets
from benchmarks.matching import words as spellings
from benchmarks.matching.towns.names import ORIGINS, Names
from benchmarks.matching.world import Address

HOSTS = ("gmail.com", "gmail.com", "gmail.com", "yahoo.com", "icloud.com", "hotmail.com", "aol.com")


@dataclass
class Person:
    """Somebody, and what is theirs alone."""

    given: str
    middle: str
    surname: str
    woman: bool
    origin: str
    mobile: str
    email: str
    called: str = ""  # the form they go by
    suffix: str = ""
    surname_before: str = ""


@dataclass
class Pet:
    """An animal."""

    id: int
    name: str
    species: str
    breed: tuple[str, ...]
    born: date
    known_to_the_day: bool
    died: bool


@dataclass
class Account(sheets.Account[Person, Pet]):
    """A client of a town."""

    address_before: Address | None = None
    mobile_before: str = ""
    email_before: str = ""
    one_row: bool = True  # a couple's row may name both
    desk: bool = False  # of the practice's own people: its number, email and address


@dataclass
class Town:
    """Makes people, accounts and animals; `households.py` puts them together."""

    rng: random.Random
    names: Names
    accounts: list[Account] = field(default_factory=list)
    households: int = 0
    pets: int = 0
    given_up: list[str] = field(default_factory=list)  # numbers that are somebody else's next

    def __post_init__(self) -> None:
        """Towns and buildings are shared by all."""
        rng = self.rng
        self.areas = rng.sample(spellings.AREA_CODES, 2)
        self.places = [
            (rng.choice(spellings.TOWN_PARTS) + rng.choice(spellings.TOWN_ENDS), 30000 + 37 * n)
            for n in range(rng.randint(3, 9))
        ]
        self.buildings = [self.house() for _ in range(12)]
        self.clinic = self.house(), self.number(), "frontdesk@oakvet.com"

    def account(self, kind: str, people: list[Person], **more: Any) -> Account:
        """An account of its own, with one to some pets."""
        rng = self.rng
        made = Account(
            len(self.accounts) + 1, self.households, kind, people, self.home(), self.number(),
            [self.pet() for _ in range(1 + min(int(rng.expovariate(0.8)), 8))], **more,
        )  # fmt: skip
        self.accounts.append(made)
        return made

    def beside(
        self,
        first: Account,
        who: Person,
        *,
        pets: bool = False,
        landline: bool = False,
        at_home: bool = True,
    ) -> Account:
        """Another account of the household."""
        made = self.account(first.kind, [who], one_row=False)
        if at_home:
            made.address = first.address
        if landline:
            made.landline = first.landline
        if pets:
            made.pets = list(first.pets)
        return made

    def two(self) -> list[Person]:
        """A couple."""
        rng = self.rng
        one = self.person()
        same = rng.random() < 0.85 and one.origin not in ("vietnamese", "chinese", "korean")
        origin = one.origin if rng.random() < 0.9 else ""
        surname = one.surname if same else None
        two = self.person(surname=surname, origin=origin, woman=not one.woman)
        if rng.random() < 0.2:
            two.email = one.email
        return [one, two]

    def person(
        self, surname: str | None = None, origin: str | None = None, woman: bool | None = None
    ) -> Person:
        """Somebody."""
        rng, names = self.rng, self.names
        if origin is None:
            origin = rng.choices(list(ORIGINS), list(ORIGINS.values()))[0]
        woman = rng.random() < 0.65 if woman is None else woman
        given, middle = (
            names.given(woman=woman, origin=origin, young=rng.random() < 0.45) for _ in range(2)
        )
        last = surname or names.surname(origin)
        if surname is None and origin == "hispanic" and rng.random() < 0.5:
            last += " " + names.surname(origin)
        elif surname is None and not origin and rng.random() < 0.02:
            last += "-" + names.surname(origin)
        made = Person(given, middle, last, woman, origin, self.number(), "")
        made.called = names.nickname(given) if rng.random() < 0.4 else ""
        made.suffix = rng.choice(("Jr", "III", "Sr")) if not woman and rng.random() < 0.015 else ""
        made.email = self.email(made)
        return made

    def email(self, who: Person) -> str:
        """An address that somebody of that name may have."""
        rng = self.rng
        first, last = (
            "".join(filter(str.isalpha, n)) for n in (who.called or who.given, who.surname)
        )
        year = rng.choice(("", "", str(rng.randint(1, 99)), str(rng.randint(1950, 2004))))
        pet = rng.choice(self.names.lists["pets"])
        local = rng.choice((f"{first}.{last}", first + last, first[0] + last, f"{last}{first[0]}",
                            f"{first}{pet}", f"{pet}smom", f"the{last}s"))  # fmt: skip
        return f"{local.replace(' ', '')}{year}@{rng.choice(HOSTS)}"

    def number(self) -> str:
        """A telephone number."""
        rng = self.rng
        area = rng.choice((*self.areas, self.areas[0], self.areas[0]))
        return f"{area}{rng.randint(22, 98)}{rng.randint(2, 9)}{rng.randint(0, 9999):04d}"

    def home(self) -> Address:
        """A house, or a flat of a big building."""
        rng = self.rng
        if rng.random() < 0.82:
            return self.house()
        base = rng.choice(self.buildings)
        return Address(base.line, str(rng.randint(1, 240)), base.city, base.state, base.zip)

    def house(self) -> Address:
        """A house."""
        rng = self.rng
        city, code = rng.choice(self.places)
        direction = rng.choice(spellings.DIRECTIONS)[0] if rng.random() < 0.2 else ""
        line = (str(rng.randint(2, 4999)), direction, rng.choice(spellings.STREETS),
                rng.choice(spellings.STREET_TYPES)[0])  # fmt: skip
        return Address(line, "", city, "GA", f"{code:05d}")

    def pet(self) -> Pet:
        """An animal."""
        rng = self.rng
        self.pets += 1
        species = rng.choices(("dog", "cat", "other"), (64, 33, 3))[0]
        born = TODAY - timedelta(days=int(rng.uniform(60, 15 * 365)))
        died = rng.random() < 0.015 * ((TODAY - born).days // 365)
        breed = rng.choice(spellings.BREEDS[species])
        name = self.names.common("pets")
        return Pet(self.pets, name, species, breed, born, rng.random() < 0.35, died)
