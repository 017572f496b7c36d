"""A made-up practice as it really is: households, people, accounts, contacts, animals.

What the two files then say about it is written by `draws.py`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.matching import TODAY, words


@dataclass
class Rates:
    """How often things happen; each draw varies them around these.

    The middle of what is seen in practices' files, a little to the harder side; `varied` gives
    easier and harder ones.
    """

    typo: float = 0.046
    nickname: float = 0.08
    swapped: float = 0.012
    comma_name: float = 0.004
    first_blank: float = 0.008
    initial: float = 0.012
    middle: float = 0.05
    note: float = 0.012
    title: float = 0.02
    suffix_dropped: float = 0.35
    joint_row: float = 0.25
    joint_kept: float = 0.75  # both files know a couple the same way
    moved: float = 0.14
    surname_changed: float = 0.018
    po_box: float = 0.03
    phone_changed: float = 0.11
    phone_blank: float = 0.065
    phone_placeholder: float = 0.018
    clinic_phone: float = 0.008
    phone_typo: float = 0.012
    phone_recycled: float = 0.012
    email_blank: float = 0.36
    email_changed: float = 0.16
    email_placeholder: float = 0.016
    email_shared: float = 0.2
    address_blank: float = 0.042
    unit_dropped: float = 0.18
    zip_wrong: float = 0.01
    duplicate_home: float = 0.012
    duplicate_pims: float = 0.03
    home_only: float = 0.4
    pims_only: float = 0.4
    separate_accounts: float = 0.16
    apartment: float = 0.15
    room_mates: float = 0.03
    same_name_family: float = 0.008
    pet_typo: float = 0.07
    pet_respelled: float = 0.02
    pet_gone: float = 0.38
    namesake_pet: float = 0.014
    other_pets: float = 0.006  # a file knows other pets of the client than the other file

    @classmethod
    def varied(cls, rng: random.Random, spread: float, level: float = 1.0) -> Rates:
        """Every rate multiplied by its own factor from 1 - spread to 1 + spread.

        And by one that all share, half as wide, so that whole draws are easier or harder;
        `level` moves that one: at 0 nothing of this happens.
        """
        made = cls()
        level *= rng.uniform(1 - spread / 2, 1 + spread / 2)
        for name, value in vars(made).items():
            factor = level * rng.uniform(1 - spread, 1 + spread)
            setattr(made, name, min(0.8, value * factor))
        made.home_only, made.pims_only = rng.uniform(0.2, 1.0), rng.uniform(0.2, 0.9)
        return made


@dataclass
class Person:
    """Somebody, with what is theirs alone."""

    first: str
    last: str
    mobile: str
    email: str
    woman: bool
    suffix: str = ""
    middle: str = ""
    maiden: str = ""  # the name one of the files may still have


@dataclass
class Address:
    """A home."""

    line: tuple[str, str, str, str]  # number, direction, street, type
    unit: str
    city: str
    state: str
    zip: str


@dataclass
class Pet:
    """An animal as it really is."""

    id: int
    name: str
    species: str
    breed: tuple[str, ...]
    born: date
    died: bool
    successor: bool = False  # named after one that died


@dataclass
class Account:
    """What a practice calls a client: one person, a couple, or an organisation."""

    id: int
    household: int
    people: list[Person]
    address: Address
    landline: str
    old_address: Address | None = None
    organisation: str = ""
    pets: list[Pet] = field(default_factory=list)


class World:
    """Builds accounts until there are enough; everything comes from one seeded generator."""

    def __init__(self, rng: random.Random, rates: Rates) -> None:
        """The towns, prefixes and buildings come first: all households share them."""
        self.rng, self.rates, self.today = rng, rates, TODAY
        self.accounts: list[Account] = []
        self.households = 0
        self.pets = 0
        self.areas = rng.sample(words.AREA_CODES, 3)
        self.prefixes = [f"{rng.randint(22, 98)}{rng.randint(2, 9)}" for _ in range(120)]
        self.towns = [
            (
                rng.choice(words.TOWN_PARTS) + rng.choice(words.TOWN_ENDS),
                f"{rng.randint(10000, 99000)}",
            )
            for _ in range(rng.randint(3, 14))
        ]
        self.buildings: list[Address] = []
        self.left: list[Address] = []  # homes that somebody moved out of

    def grow(self, accounts: int) -> list[Account]:
        """At least `accounts` accounts, whole households."""
        wanted_buildings = 3 + accounts // 800
        self.buildings = [self._house() for _ in range(wanted_buildings)]
        while len(self.accounts) < accounts:
            self._household()
        return self.accounts

    def phone(self) -> str:
        """A new number of the practice's area."""
        rng = self.rng
        area = self.areas[0] if rng.random() < 0.9 else rng.choice(self.areas)
        return area + rng.choice(self.prefixes) + f"{rng.randint(0, 9999):04d}"

    def address(self) -> Address:
        """A house, a flat, or where somebody has moved out."""
        if self.left and self.rng.random() < self.rates.moved / 8:
            return self.rng.choice(self.left)
        if self.rng.random() < self.rates.apartment:
            base = self.rng.choice(self.buildings)
            unit = f"{self.rng.randint(1, 40)}{self.rng.choice(('', '', 'A', 'B', 'C', 'D'))}"
            return Address(base.line, unit, base.city, base.state, base.zip)
        return self._house()

    def person(self, last: str | None = None, woman: bool | None = None) -> Person:
        """A new person, of a given surname or sex where stated."""
        rng = self.rng
        is_woman = rng.random() < 0.62 if woman is None else woman
        first, surname = words.first_name(rng, is_woman), last or words.surname(rng)
        maiden = words.surname(rng) if rng.random() < self.rates.surname_changed else ""
        middle = rng.choice("ABCDEFGHJKLMNPRSTW")
        email = self.email(first, surname)
        return Person(first, surname, self.phone(), email, is_woman, "", middle, maiden)

    def email(self, first: str, last: str) -> str:
        """An address somebody of that name might have."""
        rng = self.rng
        last = last.replace("-", "").replace("'", "").replace(" ", "")
        year = rng.choice(("", str(rng.randint(1, 99)), str(rng.randint(1940, 2005))))
        local = rng.choice(
            (
                first + last + year,
                first + "." + last + year,
                first + "_" + last + year,
                first[0] + last + year,
                last + first[0] + year,
                rng.choice(words.HOBBIES) + first[:3] + str(rng.randint(10, 99)),
                last + rng.choice(words.HOBBIES) + str(rng.randint(10, 99)),
            )
        )
        hosts, weights = zip(*words.MAIL_HOSTS, strict=True)
        return f"{local}@{rng.choices(hosts, weights)[0]}"

    def _house(self) -> Address:
        rng = self.rng
        city, zip_code = rng.choice(self.towns)
        direction = rng.choice(words.DIRECTIONS)[0] if rng.random() < 0.25 else ""
        street = rng.choice(words.STREETS)
        if rng.random() < 0.35:
            street += " " + rng.choice(words.STREETS)
        elif rng.random() < 0.3:
            street = words.surname(rng)
        kind = rng.choice(words.STREET_TYPES)[0]
        code = f"{int(zip_code) + rng.randint(0, 3):05d}"
        return Address((str(rng.randint(2, 9999)), direction, street, kind), "", city, "GA", code)

    def _household(self) -> None:
        rng, rates = self.rng, self.rates
        self.households += 1
        home, landline = self.address(), self.phone()
        one = self.person()
        draw = rng.random()
        if draw < 0.012:
            name = " ".join(rng.choice(part) for part in words.ORGANISATIONS)
            self._account([one], home, landline, organisation=name)
        elif draw < 0.012 + rates.room_mates:
            self._account([one], home, self.phone())
            self._account([self.person()], home, self.phone())
        elif draw < 0.012 + rates.room_mates + rates.same_name_family:
            child = self.person(one.last, one.woman)
            child.first = one.first
            one.suffix, child.suffix = ("Sr", "Jr") if rng.random() < 0.6 else ("", "Jr")
            self._account([one], home, landline)
            # A son who has his own number and house is told apart; one who has neither is not.
            there = home if rng.random() < 0.8 else self.address()
            self._account([child], there, landline if rng.random() < 0.25 else self.phone())
        elif draw < 0.45:
            last = one.last if rng.random() < 0.85 else words.surname(rng)
            two = self.person(last, not one.woman)
            if rng.random() < rates.email_shared:
                two.email = one.email
            if rng.random() < rates.separate_accounts:
                self._account([one], home, landline)
                self._account([two], home, landline)
            else:
                self._account([one, two], home, landline)
            if rng.random() < 0.05:
                self._account([self.person(one.last)], home, landline)
        else:
            self._account([one], home, landline)

    def _account(
        self, people: list[Person], address: Address, landline: str, organisation: str = ""
    ) -> None:
        rng = self.rng
        old = self.address() if rng.random() < self.rates.moved else None
        if old is not None:
            self.left.append(old)
        account = Account(
            len(self.accounts) + 1, self.households, people, address, landline, old, organisation
        )
        count = 1 + min(int(rng.expovariate(0.7)), 9)
        if organisation or rng.random() < 0.004:
            count = rng.randint(8, 40)
        for _ in range(count):
            account.pets.append(self.pet())
        if rng.random() < self.rates.namesake_pet:
            first = account.pets[0]
            first.died = True
            successor = self.pet()
            successor.name, successor.species = first.name, first.species
            successor.successor, successor.died = True, False
            successor.breed = rng.choice(words.BREEDS[first.species])
            successor.born = self.today - timedelta(days=rng.randint(60, 1500))
            account.pets.append(successor)
        self.accounts.append(account)

    def pet(self) -> Pet:
        """A new animal."""
        rng = self.rng
        self.pets += 1
        species = rng.choices(("dog", "cat", "other"), (62, 33, 5))[0]
        born = self.today - timedelta(days=int(rng.uniform(60, 16 * 365)))
        died = rng.random() < 0.02 + 0.01 * ((self.today - born).days // 365)
        breed = rng.choice(words.BREEDS[species])
        return Pet(self.pets, words.pet_name(rng), species, breed, born, died)
