"""Draws of invented owners and animals; every draw comes from the `Random` it is given.

What a front desk really types is drawn here too: capital letters, couples in one name field,
flats in either address line, four ways to write a telephone number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from vet_pipeline.demo import animals, names, places

Phone = tuple[str, str]  # number as typed, label


@dataclass(slots=True)
class Animal:
    """A patient as the invented PIMS holds it; dates are ISO text."""

    animal_no: str
    name: str
    species: str
    breed: str
    sex: str
    born: str | None
    born_is_guess: int
    dead: int
    died: str | None
    standing: str
    weighings: list[tuple[str, str, str]] = field(default_factory=list)  # day, value, unit


@dataclass(slots=True)
class Owner:
    """A client as the invented PIMS holds it."""

    owner_no: str
    title: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    street: str | None
    street2: str | None
    town: str | None
    state: str | None
    zip: str | None
    email: str | None
    phones: list[Phone]
    animals: list[Animal]
    is_woman: bool = True


def seeded(purpose: str, seed: int | str) -> Random:
    """A stream of draws of its own for each purpose, the same on every Python and machine."""
    return Random(f"{purpose} {seed}")  # noqa: S311 - draws for a demo, no secrets


class Draw:
    """One stream of invented people: same `rng` state, same people.

    Owner and animal numbers continue from `first_owner` and `first_animal`; telephone numbers
    never repeat within one `Draw` (each is one owner's own), up to 240,000.
    """

    def __init__(
        self, rng: Random, region: places.Region, today: date, first_owner: int, first_animal: int
    ) -> None:
        self.rng = rng
        self.region = region
        self.today = today
        self._owner = first_owner
        self._animal = first_animal
        self._lines = self._phone_numbers()

    def _phone_numbers(self) -> Iterator[str]:
        areas = self.region.areas + places.MORE_AREAS
        for group in (areas[:4], *((area,) for area in areas[4:])):
            # 1000..8999 leaves out the lines that stand for "none", such as 0000 and 9999.
            block = [(area, line) for area in group for line in range(2000, 8999)]
            self.rng.shuffle(block)
            for area, line in block:
                if line % 1111 and line != 5678:
                    yield f"{area}555{line}"

    def owner_no(self) -> str:
        """The next free owner number."""
        self._owner += 1
        return str(self._owner)

    def animal_no(self) -> str:
        """The next free animal number."""
        self._animal += 1
        return str(self._animal)

    def surname(self) -> str:
        """A surname: 7 in 10 from the common list, the rest from the long tail."""
        rng = self.rng
        if rng.random() < 0.7:
            return rng.choices(names.SURNAMES, cum_weights=names.SURNAME_WEIGHTS)[0]
        tail = rng.choice(names.TAIL_FIRST) + rng.choice(names.TAIL_LAST)
        if rng.random() < 0.06:
            tail += "-" + rng.choices(names.SURNAMES, cum_weights=names.SURNAME_WEIGHTS)[0]
        return tail

    def first_name(self, woman: bool) -> str:
        """A first name."""
        if woman:
            return self.rng.choices(names.WOMEN, cum_weights=names.WOMEN_WEIGHTS)[0]
        return self.rng.choices(names.MEN, cum_weights=names.MEN_WEIGHTS)[0]

    def phone(self) -> str:
        """A telephone number nobody else has, written in one of four ways."""
        number = next(self._lines)
        area, exchange, line = number[:3], number[3:6], number[6:]
        way = self.rng.random()
        if way < 0.45:
            return f"({area}) {exchange}-{line}"
        if way < 0.80:
            return f"{area}-{exchange}-{line}"
        return number if way < 0.95 else f"{area}.{exchange}.{line}"

    def address(self) -> tuple[str, str | None, str, str, str]:
        """Lines one and two, town, state, ZIP."""
        rng = self.rng
        town, zip_code = rng.choice(self.region.towns)
        second: str | None = None
        if rng.random() < 0.03:
            first = f"PO Box {rng.randrange(10, 4000)}"
        else:
            number, street = rng.randrange(1, 9900), rng.choice(places.STREETS)
            kind = rng.choice(places.STREET_KINDS)
            if rng.random() < 0.25:
                kind = places.STREET_WORDS[kind]
            compass = rng.choice(("N ", "S ", "E ", "W ")) if rng.random() < 0.15 else ""
            first = f"{number} {compass}{street} {kind}"
            if rng.random() < 0.14:
                unit = f"{rng.choice(places.UNIT_WORDS)} {rng.randrange(1, 40)}"
                if rng.random() < 0.5:
                    first = f"{first} {unit}"
                else:
                    second = unit
        if rng.random() < 0.1:
            zip_code = f"{zip_code}-{rng.randrange(1000, 9999)}"
        return first, second, town, self.region.state, zip_code

    def email(self, first: str, last: str) -> str:
        """An address of its own: the digits keep namesakes apart."""
        rng = self.rng
        base = rng.choice(("{f}.{l}{n}", "{f}{l}{n}", "{i}{l}{n}", "{l}.{f}{n}", "{f}_{l}{n}"))
        local = base.format(f=first, l=last, i=first[0], n=rng.randrange(1, 9999))
        local = "".join(c for c in local.lower() if c.isalnum() or c in "._")
        return f"{local}@{rng.choice(places.MAIL_DOMAINS)}"

    def owner(self) -> Owner:
        """A new owner with animals."""
        rng = self.rng
        woman = rng.random() < 0.68
        first, last = self.first_name(woman), self.surname()
        email = self.email(first, last) if rng.random() < 0.78 else None
        labels = ["Cell", "Home", "Work"] if rng.random() < 0.7 else ["Mobile", "H", "W"]
        count = rng.choices((0, 1, 2, 3), (3, 60, 30, 7))[0]
        phones = [(self.phone(), label) for label in labels[:count]]
        title = rng.choice(("Mrs.", "Ms.", "Dr.") if woman else ("Mr.", "Dr."))
        company = f"{last} {rng.choice(('Farm', 'Kennels', 'Rescue'))}"
        owner = Owner(
            self.owner_no(),
            title if rng.random() < 0.25 else None,
            first,
            last,
            company if rng.random() < 0.012 else None,
            *self.address(),
            email,
            phones,
            [],
            woman,
        )
        if rng.random() < 0.035:
            owner.first_name = f"{first} & {self.first_name(not woman)}"
            owner.title = None
        if rng.random() < 0.05:
            owner.first_name = (owner.first_name or "").upper()
            owner.last_name = last.upper()
            owner.street = (owner.street or "").upper()
        for _ in range(rng.choices(range(6), (2, 47, 31, 13, 5, 2))[0]):
            owner.animals.append(self.animal())
        return owner

    def animal(self, *, young: bool = False) -> Animal:
        """A new patient with one to three weighings, the last within two years."""
        rng = self.rng
        species = rng.choices(animals.SPECIES, [kind.share for kind in animals.SPECIES])[0]
        breed, adult = rng.choices(species.breeds, names.falling_weights(len(species.breeds), 6))[0]
        age = rng.randrange(60, 500) if young else int(rng.random() * species.years * 365) + 60
        born = self.today - timedelta(days=age)
        guessed = rng.random() < 0.3
        if guessed:
            born = born.replace(day=1)
        animal = Animal(
            self.animal_no(),
            rng.choices(animals.PET_NAMES, cum_weights=animals.PET_NAME_WEIGHTS)[0],
            species.name,
            breed,
            rng.choice(("M", "F", "MN", "FS")),
            born.isoformat() if rng.random() < 0.95 else None,
            int(guessed),
            0,
            None,
            "Active" if rng.random() < 0.88 else "Inactive",
        )
        if not young and rng.random() < 0.11:
            animal.dead = 1
            animal.standing = "Deceased"
            if rng.random() < 0.85:
                gone = self.today - timedelta(days=rng.randrange(1, max(2, min(age, 1500))))
                animal.died = gone.isoformat()
        if rng.random() < 0.93:
            days = sorted(
                rng.randrange(1, max(2, min(age, 700))) for _ in range(rng.choice((1, 1, 2)))
            )
            for back in reversed(days):
                day = (self.today - timedelta(days=back)).isoformat()
                animal.weighings.append((day, *self.weight(adult)))
        return animal

    def weight(self, adult_kilograms: float) -> tuple[str, str]:
        """Value and unit as a scale in the United States shows them: mostly pounds."""
        rng = self.rng
        kilograms = adult_kilograms * (0.8 + 0.45 * rng.random())
        if kilograms < 0.5:
            return f"{kilograms * 1000:.0f}", "g"
        if rng.random() < 0.2:
            return f"{kilograms:.2f}", "kg"
        return f"{kilograms / 0.45359237:.1f}", "lb"
