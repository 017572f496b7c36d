"""Draws: two files about one made-up practice, written badly, with the truth beside them.

Columns as in a practice's export (`CLIENT_COLUMNS`, `PET_COLUMNS`). Truth: rows of the two
files are the same client when `account` is equal and the holders agree (equal, or one is
joint); the other spouse of the same account is neutral; anything else is another client.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
from nicknames import NickNamer

from benchmarks.matching import words
from benchmarks.matching.scribble import respelled, typo, write_address, write_phone
from benchmarks.matching.world import Rates, World

if TYPE_CHECKING:
    from benchmarks.matching.world import Account, Address, Person, Pet

CLIENT_COLUMNS = (
    "client_id",
    "first_name",
    "last_name",
    "address1",
    "address2",
    "city",
    "state",
    "zip",
    "phone1",
    "phone2",
    "email",
)
PET_COLUMNS = ("pet_id", "client_id", "name", "species", "breed", "dob", "deceased")


@dataclass
class Draw:
    """Both files and what is true of each row (same row order)."""

    name: str
    home_clients: pd.DataFrame
    home_pets: pd.DataFrame
    pims_clients: pd.DataFrame
    pims_pets: pd.DataFrame
    home_truth: pd.DataFrame  # client_id, account, holder, household
    pims_truth: pd.DataFrame
    home_pet_truth: pd.DataFrame  # pet_id, pet
    pims_pet_truth: pd.DataFrame


def make_draw(seed: int, clients: int, *, spread: float = 0.5, level: float = 1.0) -> Draw:
    """A practice of about `clients` PIMS clients; the same arguments give the same draw.

    `spread` and `level`: see Rates.varied.
    """
    rng = random.Random(seed)  # made-up data must be repeatable
    rates = Rates.varied(rng, spread, level)
    world = World(rng, rates)
    accounts = world.grow(max(3, int(clients / (1 - rates.home_only / 2) * 0.96)))
    writer = _Writer(rng, rates, world)
    for account in accounts:
        share = rng.random()
        neither = rates.home_only / (rates.home_only + rates.pims_only)
        if share > (rates.home_only + rates.pims_only) / 2:
            sides = ("home", "pims")
        else:
            sides = ("home",) if rng.random() < neither else ("pims",)
        for side in sides:
            copies = 1 + (rng.random() < getattr(rates, f"duplicate_{side}"))
            for copy in range(copies):
                writer.write(account, side, copy)
    return writer.draw(f"draw {seed}, {clients} clients")


class _Writer:
    def __init__(self, rng: random.Random, rates: Rates, world: World) -> None:
        self.rng, self.rates, self.world = rng, rates, world
        self.nick = NickNamer()
        self.clinic = world.phone()
        self.rows: dict[str, list[list[str]]] = {"home": [], "pims": []}
        self.pets: dict[str, list[list[str]]] = {"home": [], "pims": []}
        self.truth: dict[str, list[tuple[int, str, int]]] = {"home": [], "pims": []}
        self.pet_truth: dict[str, list[int]] = {"home": [], "pims": []}
        self.couples: dict[int, bool] = {}  # whether a couple is usually written as one
        self.given_up: list[str] = []  # numbers that somebody has no longer
        self.style = {"home": rng.choice((0, 1, 4)), "pims": rng.choice((0, 1, 2, 3))}
        self.upper = {"home": rng.random() < 0.1, "pims": rng.random() < 0.6}

    def chance(self, rate: float) -> bool:
        return self.rng.random() < rate

    def write(self, account: Account, side: str, copy: int) -> None:
        rng, rates = self.rng, self.rates
        people = account.people
        holder, shown = "h1", [people[0]]
        if account.organisation:
            holder = "joint" if len(people) > 1 else "h1"
        elif len(people) == 2:
            usual = self.couples.setdefault(account.id, self.chance(rates.joint_row))
            joint = usual if self.chance(rates.joint_kept) else self.chance(rates.joint_row)
            if joint:
                holder, shown = "joint", people if rng.random() < 0.75 else people[::-1]
            elif self.chance(0.22 if side == "pims" else 0.02):
                holder, shown = "h2", [people[1]]
        first, last = self._name(account, shown, side)
        address = account.old_address if side == "home" and account.old_address else account.address
        if account.old_address and side == "pims" and self.chance(0.3):
            address = account.old_address
        lines = self._address(address, side)
        phones = self._phones(account, shown, side)
        email = self._email(shown[0] if rng.random() < 0.85 else shown[-1], people)
        if copy and self.chance(0.3):
            lines = ("", "", "", "", "")
        row = [first, last, *lines, *phones, email]
        if self.upper[side]:
            row = [value.upper() for value in row[:-1]] + [row[-1]]
        key = f"{side[0].upper()}{len(self.rows[side]) + 1:07d}"
        self.rows[side].append([key, *row])
        self.truth[side].append((account.id, holder, account.household))
        gone = rates.pet_gone if side == "home" else rates.pet_gone / 4
        pets = account.pets
        if len(pets) < 4 and self.chance(rates.other_pets):
            pets = [self.world.pet() for _ in pets]
        kept = [pet for pet in pets if not self.chance(gone)]
        for pet in kept or ([] if self.chance(0.02) else [rng.choice(pets)]):
            self._pet(pet, key, shown[0].last, side)

    def _name(self, account: Account, shown: list[Person], side: str) -> tuple[str, str]:
        rng, rates = self.rng, self.rates
        if account.organisation:
            contact = shown[0].first.title() if self.chance(0.3) else ""
            return contact, self._slip(account.organisation.title())
        firsts = [self._first(person) for person in shown]
        last = shown[0].maiden if shown[0].maiden and self.chance(0.5) else shown[0].last
        last = self._slip(last.title())
        if len(shown) == 2:
            first = rng.choice((" & ", " and ", "/", " & ")).join(firsts)
            if shown[0].last != shown[1].last and self.chance(0.6):
                last = f"{last}/{shown[1].last.title()}"
            return first, last
        first = firsts[0]
        if self.chance(rates.middle):
            first += " " + shown[0].middle + rng.choice(("", "."))
        if shown[0].suffix and not self.chance(rates.suffix_dropped):
            last += rng.choice((" ", ", ")) + shown[0].suffix + rng.choice(("", "."))
        if "-" in last and self.chance(0.3):
            last = last.replace("-", " ") if self.chance(0.6) else last.split("-")[0]
        if self.chance(rates.title):
            first = rng.choice(("Mr. ", "Mrs. ", "Dr. ", "Ms ")) + first
        if self.chance(rates.note):
            last += rng.choice(words.NAME_NOTES)
        draw = rng.random()
        if draw < rates.swapped:
            first, last = last, first
        elif draw < rates.swapped + rates.comma_name:
            first, last = "", f"{last}, {first}"
        elif draw < rates.swapped + rates.comma_name + rates.first_blank:
            first = ""
        return first, last

    def _first(self, person: Person) -> str:
        name = person.first
        if self.chance(self.rates.nickname):
            others = sorted(self.nick.nicknames_of(name) | self.nick.canonicals_of(name))
            name = self.rng.choice(others) if others else name
        if self.chance(self.rates.initial):
            return name[0].upper() + self.rng.choice(("", "."))
        return self._slip(name.title())

    def _slip(self, text: str, rate: float | None = None) -> str:
        return (
            typo(self.rng, text) if self.chance(self.rates.typo if rate is None else rate) else text
        )

    def _address(self, address: Address, side: str) -> tuple[str, str, str, str, str]:
        rng, rates = self.rng, self.rates
        if self.chance(rates.address_blank):
            return "", "", "", rng.choice(("", address.state)), ""
        line1, line2 = write_address(
            rng, address, style=side, keep_unit=not self.chance(rates.unit_dropped)
        )
        if self.chance(rates.po_box):
            line1, line2 = f"{rng.choice(('PO Box', 'P.O. Box', 'Box'))} {rng.randint(1, 9999)}", ""
        code = address.zip
        if self.chance(rates.zip_wrong):
            code = code[:3] + f"{rng.randint(0, 99):02d}"
        if self.chance(0.1):
            code += f"-{rng.randint(1, 9999):04d}"
        code = "" if self.chance(0.025) else code
        city = self._slip(address.city.title(), rates.typo / 2)
        return self._slip(line1), line2, city, address.state, code

    def _phones(self, account: Account, shown: list[Person], side: str) -> tuple[str, str]:
        rng, rates = self.rng, self.rates
        usual = account.id % 5 < 3  # the number they like to give, mobile or landline
        mobile = usual if self.chance(0.95) else not usual
        numbers = [shown[0].mobile if mobile else account.landline]
        others = [account.landline] + [person.mobile for person in account.people]
        if self.chance(0.22):
            numbers.append(rng.choice([n for n in others if n != numbers[0]] or others))
        if self.chance(rates.phone_changed / 2):
            self.given_up.append(numbers[0])
            recycled = self.chance(rates.phone_recycled * 5) and self.given_up
            numbers[0] = rng.choice(self.given_up) if recycled else self.world.phone()
        if self.chance(rates.phone_blank):
            numbers[0] = ""
        elif self.chance(rates.phone_placeholder):
            numbers[0] = rng.choice(words.PLACEHOLDER_PHONES)
        elif side == "pims" and self.chance(rates.clinic_phone):
            numbers[0] = self.clinic
        texts = [write_phone(rng, n, self.style[side], rates.phone_typo) for n in numbers]
        return texts[0], texts[1] if len(texts) > 1 else ""

    def _email(self, person: Person, people: list[Person]) -> str:
        rates = self.rates
        if self.chance(rates.email_blank):
            return ""
        if self.chance(rates.email_placeholder):
            return self.rng.choice(words.PLACEHOLDER_MAILS)
        if self.chance(rates.email_changed / 2):
            return self.world.email(person.first, person.last)
        if len(people) > 1 and self.chance(rates.email_shared / 3):
            person = self.rng.choice(people)
        local, host = person.email.split("@")
        return f"{self._slip(local, rates.typo / 4)}@{self._slip(host, rates.typo / 8)}"

    def _pet(self, pet: Pet, client: str, owner: str, side: str) -> None:
        rng, rates = self.rng, self.rates
        name = pet.name
        if self.chance(rates.pet_respelled):
            forms = sorted(self.nick.nicknames_of(name) | self.nick.canonicals_of(name))
            name = rng.choice(forms) if forms and self.chance(0.5) else respelled(rng, name)
        name = self._slip(name.title(), rates.pet_typo)
        if self.chance(0.03):
            name += rng.choice(words.PET_SECOND).title()
        if self.chance(0.035):
            name += " " + owner.title()
        if self.chance(0.02):
            name += rng.choice(words.PET_NOTES)
        if pet.successor and self.chance(0.4):
            name += rng.choice((" II", " 2", " (2)", " #2"))
        if self.chance(0.008):
            name += f' "{pet.name[:3].title()}"'
        spelling = words.SPECIES[pet.species]
        species = spelling[0] if side == "home" else rng.choice(spelling[1:])
        if self.chance(0.004):
            species = "CANINE" if pet.species == "cat" else "FELINE"
        breed = rng.choice(pet.breed) if self.chance(0.9) else ""
        if breed and self.chance(0.08):
            breed = rng.choice(rng.choice(words.BREEDS[pet.species]))
        died = pet.died and self.chance(0.7)
        key = f"{side[0].upper()}P{len(self.pets[side]) + 1:07d}"
        row = [key, client, name, species, breed, self._born(pet.born), "Y" if died else "N"]
        if self.upper[side]:
            row[2:5] = [value.upper() for value in row[2:5]]
        self.pets[side].append(row)
        self.pet_truth[side].append(pet.id)

    def _born(self, born: date) -> str:
        rng, draw = self.rng, self.rng.random()
        if draw < 0.13:
            return ""
        if draw < 0.24:
            return born.replace(month=1, day=1).isoformat()
        if draw < 0.32:
            return born.replace(day=1).isoformat()
        if draw < 0.36:
            return (born + timedelta(days=rng.randint(-20, 20))).isoformat()
        if draw < 0.39:
            return (born + timedelta(days=365 * rng.choice((-2, -1, 1, 2)))).isoformat()
        if draw < 0.41 and born.day <= 12:
            return born.replace(month=born.day, day=born.month).isoformat()
        return born.isoformat()

    def draw(self, name: str) -> Draw:
        frames = {}
        for side in ("home", "pims"):
            frames[f"{side}_clients"] = pd.DataFrame(self.rows[side], columns=CLIENT_COLUMNS)
            frames[f"{side}_pets"] = pd.DataFrame(self.pets[side], columns=PET_COLUMNS)
            truth = pd.DataFrame(self.truth[side], columns=["account", "holder", "household"])
            truth.insert(0, "client_id", frames[f"{side}_clients"]["client_id"])
            pet_truth = frames[f"{side}_pets"][["pet_id"]].copy()
            pet_truth["pet"] = self.pet_truth[side]
            frames[f"{side}_truth"], frames[f"{side}_pet_truth"] = truth, pet_truth
        return Draw(name=name, **frames)
