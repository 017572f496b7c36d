"""What a PIMS and the web shop say about `places.py`, with the truth as in `benchmarks.matching.draws`."""

from __future__ import annotations

import random
from datetime import date

from benchmarks.matching.communities.people import TODAY, Account, Person, Pet
from benchmarks.matching.communities.places import Places
from benchmarks.matching.communities.words import SHORT, SHORT_BREEDS, SPELLED
from benchmarks.matching.draws import Draw
from benchmarks.matching.scribble import typo
from benchmarks.matching.sheets import Sheets
from benchmarks.matching.world import Address

_PLACEHOLDERS = ("0000000000", "9999999999")
_BETWEEN = (" & ", " and ", "/", " + ")


def make_community(seed: int, clients: int) -> Draw:
    """About `clients` PIMS clients."""
    rng = random.Random(seed)
    files = _Files(rng)
    files.write_all(Places(rng).grow(int(clients * 1.35)))
    return files.draw(f"community {seed}")


class _Files(Sheets[Account]):
    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.both_in_first = rng.random() < 0.5  # of this practice: Amos & Sadie, in one column

    def write(self, account: Account, side: str) -> str:
        holder, shown = "h1", account.people[:1]
        if len(account.people) == 2:
            if self.chance(0.08 if side == "home" else 0.45 if self.both_in_first else 0.1):
                holder, shown = "joint", account.people
                self.said.add("both of a couple named")
            elif account.kind == "widow" and side == "home" or self.chance(0.2):
                holder, shown = "h2", account.people[1:]
        key = f"{side[0].upper()}{len(self.rows[side]) + 1:07d}"
        first, last = self.name(account, shown, side)
        where = account.moved_from if side == "pims" and account.moved_from else account.address
        row = [key, first, last, *self.address(where, side)]
        self.rows[side].append([*row, *self.phones(account, shown, side), self.email(shown, side)])
        for pet in account.pets:
            if self.chance(0.6 if side == "home" and len(account.pets) > 1 else 0.95):
                self.pet(pet, key, side)
        return holder

    def name(self, account: Account, shown: list[Person], side: str) -> tuple[str, str]:
        """First and last name as the file has them."""
        rng, who = self.rng, shown[0]
        if account.business and not (side == "home" and self.chance(0.4, "the contact's name")):
            return (who.given if self.chance(0.4) else ""), account.business
        firsts = [self.given(one, side) for one in shown]
        last = self.surname(who, side)
        if len(shown) == 2:
            if shown[1].surname != who.surname and self.chance(0.5):
                last += "/" + shown[1].surname
            return rng.choice(_BETWEEN).join(firsts), last
        first = firsts[0]
        if who.suffix and not self.chance(0.3, "suffix left out"):
            last += " " + who.suffix
        if who.people in ("han", "viet") and side == "pims" and self.chance(0.25, "surname first"):
            first, last = last, first
        elif side == "pims" and self.chance(0.01, "no first name"):
            first = ""
        return first, last

    def given(self, who: Person, side: str) -> str:
        """The given name, a short form, a part of it, or another office's spelling."""
        name, parts = who.given, who.given.split()
        if name in SHORT and self.chance(0.3 if side == "home" else 0.1, "short form"):
            name = SHORT[name]
        elif name in SPELLED and self.chance(0.2, "spelled otherwise"):
            name = SPELLED[name]
        elif len(parts) > 1 and self.chance(0.25, "one of two given names"):
            name = parts[-1 if who.people == "viet" else 0]
        elif len(parts) > 1 and self.chance(0.2):
            name = "".join(parts)
        elif self.chance(0.01, "initial"):
            name = name[0]
        return self.slip(name)

    def surname(self, who: Person, side: str) -> str:
        """The surname, or one of two."""
        parts = who.surname.split()
        name = SPELLED[parts[0]] if parts[0] in SPELLED and self.chance(0.1) else who.surname
        if who.people == "tejano" and len(parts) == 2 and parts[0] not in ("De",):
            if self.chance(0.45 if side == "pims" else 0.2, "one of two surnames"):
                name = parts[0] if self.chance(0.85) else parts[1]
            elif self.chance(0.2):
                name = "-".join(parts)
        return self.slip(name)

    def slip(self, text: str) -> str:
        return typo(self.rng, text) if self.chance(0.025, "typo") else text

    def address(self, where: Address, side: str) -> tuple[str, str, str, str, str]:
        """Lines, town, state and postal code."""
        if side == "pims" and self.chance(0.05, "no address"):
            return "", "", "", "PA", ""
        number, _, road, _ = where.line
        if self.chance(0.5):
            road = road.replace("Rd", "Road").replace("County Road", "CR").replace("Ave", "Avenue")
        unit = f"Apt {where.unit}" if where.unit and not self.chance(0.12) else ""
        if side == "pims" and unit and self.chance(0.5):
            return f"{number} {road} #{where.unit}", "", where.city, where.state, where.zip
        return f"{number} {road}", unit, where.city, where.state, where.zip

    def phones(self, account: Account, shown: list[Person], side: str) -> tuple[str, str]:
        """One or two numbers: the desk asks for the house's as well."""
        numbers = [one.mobile for one in shown] + [account.landline] * (
            side == "pims" or not shown[0].mobile
        )
        if side == "pims" and len(account.people) == 2 and self.chance(0.3):
            numbers.append(account.people[1].mobile)
        numbers = [number for number in numbers if number and not self.chance(0.08, "no number")]
        if side == "pims" and self.chance(0.5):
            numbers.reverse()
        if not numbers and side == "home":
            numbers = [self.rng.choice(_PLACEHOLDERS)]
        numbers = [*numbers, "", ""]
        return numbers[0], numbers[1]

    def email(self, shown: list[Person], side: str) -> str:
        """The shop's is a login and is always there."""
        own, rng = shown[0].email, self.rng
        if side == "home" and (not own or self.chance(0.08, "another email")):
            return f"{shown[0].given[0].lower()}{rng.getrandbits(24):x}@proton.me"
        if side == "pims" and self.chance(0.4, "no email"):
            return ""
        if side == "pims" and len(shown) == 2 and self.chance(0.4):
            return shown[1].email
        return own

    def pet(self, pet: Pet, client: str, side: str) -> None:
        """One row of a pet."""
        rng, name = self.rng, self.slip(pet.name)
        breed = SHORT_BREEDS.get(pet.breed, pet.breed) if self.chance(0.5) else pet.breed
        if self.chance(0.12):
            breed = rng.choice(("", "Mixed", "Unknown"))
        born = ""
        if pet.born and not self.chance(0.15):
            born = (
                pet.born.isoformat() if self.chance(0.6) else date(pet.born.year, 1, 1).isoformat()
            )
        key = f"{side[0].upper()}P{len(self.pets[side]) + 1:07d}"
        species = {"dog": ("Dog", "Canine"), "cat": ("Cat", "Feline")}[pet.species][side == "pims"]
        old = pet.born is not None and (TODAY - pet.born).days > 4500 and self.chance(0.3)
        died = "Y" if old and side == "pims" else "N"
        self.pets[side].append([key, client, name, species, breed, born, died])
        self.pet_truth[side].append(pet.id)
