"""What a PIMS and the pharmacy's web shop say about a town: two files, and the truth beside them.

Clients have typed the shop's file themselves; the PIMS is typed by a front desk over twenty years.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from benchmarks.matching.draws import Draw
from benchmarks.matching.scribble import write_address, write_phone
from benchmarks.matching.sheets import Sheets
from benchmarks.matching.towns.households import Households
from benchmarks.matching.towns.names import Names, written
from benchmarks.matching.towns.people import TODAY, Account, Person, Pet, Town
from benchmarks.matching.towns.slips import slip
from benchmarks.matching.words import SPECIES

_NOTES = (" *", " - CC ON FILE", " (OLD)", " **NO CHECKS**", " (Bella)", " -inactive", " #2")
_PET_NOTES = (" *CAUTION*", " (foster)", " - BITES", " (black)", " RIP")
#: Which of two given names stands alone: Thi Lan is Lan, and Maria Elena mostly Maria.
_ONE_OF_TWO = {"hispanic": 0, "vietnamese": -1}


def make_town(seed: int, clients: int) -> Draw:
    """About `clients` PIMS clients."""
    rng = random.Random(seed)
    town = Households(rng, Names(rng))
    files = _Files(town)
    files.write_all(town.grow(int(clients * 1.35)))
    return files.draw(f"town {seed}")


class _Files(Sheets[Account]):
    def __init__(self, town: Town) -> None:
        super().__init__(town.rng)
        self.town = town
        self.upper = {"home": False, "pims": self.rng.random() < 0.5}

    def write(self, account: Account, side: str) -> str:
        at_shop = side == "home"
        holder, shown = "h1", account.people[:1]
        if len(account.people) == 2:
            if account.one_row and self.chance(0.06 if at_shop else 0.3):
                holder, shown = "joint", account.people
                self.said.add("both of a couple named")
            elif self.chance(0.12 if at_shop else 0.2):
                holder, shown = "h2", account.people[1:]
        key = f"{side[0].upper()}{len(self.rows[side]) + 1:07d}"
        row = [*self.name(account, shown, side), *self.address(account, side)]
        row += [*self.phones(account, shown[0], side), self.email(account, shown[0], side)]
        if self.upper[side] or (at_shop and self.chance(0.03, "capitals or none")):
            row = [text.upper() for text in row[:-1]] + row[-1:]
        elif at_shop and self.chance(0.06, "capitals or none"):
            row = [text.lower() for text in row]
        self.rows[side].append([key, *row])
        for pet in account.pets:
            if self.chance(0.6 if at_shop and len(account.pets) > 1 else 0.96):
                self.pet(pet, key, side, shown[0].surname)
        return holder

    def name(self, account: Account, shown: list[Person], side: str) -> tuple[str, str]:
        """First and last name as the file has them."""
        rng = self.rng
        by_contact = side == "home" and account.kind == "business" and self.chance(0.3)
        if account.business and not by_contact:
            contact = shown[0].given if self.chance(0.4) else ""
            return written(contact), self.slip(written(account.business), 0.03)
        firsts = [self.first(who, side) for who in shown]
        last = self.last(shown[0], side)
        if len(shown) == 2:
            if shown[0].surname != shown[1].surname and self.chance(0.5):
                last += "/" + written(shown[1].surname)
            return rng.choice((" & ", " and ", "/")).join(firsts), last
        first, who = firsts[0], shown[0]
        if who.suffix and not self.chance(0.4, "suffix left out"):
            last += rng.choice((" ", ", ")) + who.suffix
        if self.chance(0.02, "title"):
            first = rng.choice(("Dr. ", "Mrs. ", "Mr ", "Rev. ")) + first
        if side == "pims" and self.chance(0.02, "note behind the name"):
            last += rng.choice(_NOTES)
        if side == "pims" and self.chance(0.03, "cut off"):
            last = last[:8]
        if self.chance(0.012, "first and last swapped"):
            first, last = last, first
        elif side == "pims" and self.chance(0.01, "whole name in one column"):
            first, last = "", f"{last}, {first}"
        elif side == "pims" and self.chance(0.008, "no first name"):
            first = ""
        return first, last

    def first(self, who: Person, side: str) -> str:
        """The given name, or what they are called."""
        rng, names, name = self.rng, self.town.names, who.given
        if who.called and self.chance(0.5 if side == "home" else 0.3):
            name = who.called
            self.said.add("nickname")
        elif self.chance(0.015, "another nickname"):
            name = names.nickname(name) or name
        elif self.chance(0.008, "initial"):
            return name[0].upper() + rng.choice(("", "."))
        elif (
            " " in name and who.origin in _ONE_OF_TWO and self.chance(0.3, "one of two given names")
        ):
            name = name.split()[_ONE_OF_TWO[who.origin]]
        elif (
            " " in name and who.origin in ("chinese", "korean") and self.chance(0.4, "in one word")
        ):
            name = name.replace(" ", "")
        elif who.middle and not who.origin and self.chance(0.06):
            name += " " + rng.choice((who.middle[0], who.middle[0] + ".", who.middle))
        return self.slip(self.heard(written(name)), 0.03)

    def last(self, who: Person, side: str) -> str:
        """The surname, or a part of it."""
        name = who.surname_before if side == "home" and who.surname_before else who.surname
        parts = name.replace("-", " ").split()
        if len(parts) > 1 and self.chance(0.35, "one of two surnames"):
            name = parts[0 if who.origin == "hispanic" or self.chance(0.5) else -1]
        elif "-" in name and self.chance(0.4):
            name = " ".join(parts)
        return self.slip(self.heard(written(name)), 0.025)

    def heard(self, name: str) -> str:
        """As somebody writes it who has only heard it."""
        others = self.town.names.heard.get(name.lower())
        if others and self.chance(0.05, "by ear"):
            return written(self.rng.choice(others))
        return name

    def slip(self, text: str, rate: float) -> str:
        """With a slip of the hand, or of whatever read it."""
        return slip(self.rng, text) if text and self.chance(rate, "typo or misread") else text

    def address(self, account: Account, side: str) -> tuple[str, str, str, str, str]:
        """Lines, town, state and postal code."""
        rng, at_shop = self.rng, side == "home"
        address = account.address
        if at_shop and account.address_before:
            address = account.address_before
        if account.desk and not at_shop:
            address = self.town.clinic[0]
        elif at_shop and self.chance(0.04, "sent to work or to parents"):
            address = self.town.house()
        elif not at_shop and self.chance(0.05, "no address"):
            return "", "", "", "GA", ""
        elif not at_shop and self.chance(0.03, "PO box"):
            return f"PO Box {rng.randint(1, 3000)}", "", address.city.title(), "GA", address.zip
        style, unit = "home" if at_shop else "pims", not self.chance(0.12, "no apartment")
        one, two = write_address(rng, address, style=style, keep_unit=unit)
        code = address.zip + (f"-{rng.randint(1, 9999):04d}" if self.chance(0.1) else "")
        return self.slip(one, 0.02), two, self.slip(address.city.title(), 0.01), address.state, code

    def phones(self, account: Account, who: Person, side: str) -> tuple[str, str]:
        """One or two numbers."""
        rng, numbers = self.rng, [who.mobile]
        if account.mobile_before and side == "home":
            numbers = [account.mobile_before]
        if side == "pims":
            others = [account.landline, *(other.mobile for other in account.people)]
            if self.chance(0.25, "landline first"):
                numbers = [account.landline, *numbers[: rng.randint(0, 1)]]
            elif self.chance(0.3):
                numbers.append(rng.choice(others))
            if self.chance(0.06, "no number"):
                numbers = [""]
            if account.desk or self.chance(0.01, "the desk's number"):
                numbers = [self.town.clinic[1]]
        elif self.chance(0.05, "landline first"):
            numbers = [account.landline]
        elif self.chance(0.01, "no number"):
            numbers = [rng.choice(("5555555555", "1234567890"))]
        style = rng.choice((0, 1, 2, 3)) if side == "pims" else rng.choice((1, 2, 4))
        texts = [write_phone(rng, n, style, 0.012) for n in numbers]
        return texts[0], texts[1] if len(texts) > 1 else ""

    def email(self, account: Account, who: Person, side: str) -> str:
        """The shop's is a login and is always there."""
        rng = self.rng
        if side == "home":
            if self.chance(0.05, "hidden or work email"):
                return rng.choice(
                    (
                        f"{rng.getrandbits(40):x}@privaterelay.appleid.com",
                        f"{who.given[0]}{rng.getrandbits(20)}@acme.com",
                    )
                )
            return account.email_before or who.email
        if account.desk or self.chance(0.01, "the desk's email"):
            return self.town.clinic[2]
        if self.chance(0.4, "no email"):
            return ""
        if self.chance(0.03, "placeholder email"):
            return rng.choice(("none@none.com", "noemail@oakvet.com"))
        if self.chance(0.12, "older email"):
            return self.town.email(who)
        return self.slip(who.email, 0.01)

    def pet(self, pet: Pet, client: str, side: str, surname: str) -> None:
        """One row of a pet."""
        rng = self.rng
        name = written(pet.name)
        if self.chance(0.03):
            name = slip(rng, name)
        if side == "pims" and self.chance(0.03):
            name += " " + written(surname)
        elif self.chance(0.04):
            name += " " + rng.choice(("Mae", "Rose", "Bear", "Boy", "Girl", "Lou", "II"))
        if self.chance(0.02):
            name += rng.choice(_PET_NOTES)
        species = SPECIES[pet.species][0 if side == "home" else -1]
        if self.chance(0.006):
            species = "Cat" if pet.species == "dog" else "Dog"
        breed = rng.choice(pet.breed) if self.chance(0.85) else rng.choice(("", "Mix", "Unknown"))
        key = f"{side[0].upper()}P{len(self.pets[side]) + 1:07d}"
        died = "Y" if side == "pims" and pet.died and self.chance(0.8) else "N"
        row = [key, client, name, species, breed, self.born(pet, side), died]
        if self.upper[side]:
            row[2:5] = [text.upper() for text in row[2:5]]
        self.pets[side].append(row)
        self.pet_truth[side].append(pet.id)

    def born(self, pet: Pet, side: str) -> str:
        """The birth date: most owners know a year, and a desk counts back from an age."""
        rng, born = self.rng, pet.born
        if self.chance(0.2 if side == "home" else 0.1):
            return ""
        if pet.known_to_the_day and self.chance(0.85):
            return born.isoformat()
        if self.chance(0.4):
            return date(max(born.year + rng.choice((0, 0, 0, -1, 1)), 2008), 1, 1).isoformat()
        if self.chance(0.5):
            return born.replace(day=1).isoformat()
        return min(born + timedelta(days=rng.randint(-120, 120)), TODAY).isoformat()
