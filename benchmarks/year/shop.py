"""What clients do in the web shop: all true, and often not told at the desk."""

from __future__ import annotations

from benchmarks.year.accidents import Accidents
from benchmarks.year.pharmacy import Pharmacy
from benchmarks.year.rates import AT_HOME_BEFORE
from benchmarks.year.world import Animal, Client
from vet_pipeline.scriptright import web_shop


class Shop:
    """Events of rates.SHOP. `about`: whom each record of ScriptRight is about, which it never sees."""

    def __init__(self, desk: Accidents, pharmacy: Pharmacy) -> None:
        """Nobody has joined."""
        self.desk, self.world, self.rng = desk, desk.world, desk.rng
        self.pharmacy = pharmacy
        self.about: dict[tuple[str, int], int] = {}
        self.members: dict[int, int] = {}  # client of the world: record
        self.saved: set[tuple[str, int, str]] = set()  # what the shop has said last

    def open(self) -> None:
        """Home Delivery clients before the integration; some wrote another email, or an old home."""
        for who in list(self.world.clients.values()):
            if self.rng.random() < AT_HOME_BEFORE:
                self._add(who)

    def _add(self, who: Client) -> None:
        email = who.email if self.rng.random() < 0.75 else self.world.email_of(who)
        self.world.whose["email", email].add(who.id)
        address = who.address if self.rng.random() < 0.9 else self.world.home()
        cells = dict(address)
        unit = cells.pop("address_line2")
        record = self.pharmacy.act(
            web_shop.add_client,
            {
                "first_name": who.given, "last_name": who.surname, "email": email, "unit": unit,
                "phones": [{"number": f"+1{who.phone}"}],
            }
            | cells,
        )  # fmt: skip
        self.about["client", record] = who.id
        self.members[who.id] = record
        for pet in self.world.pets_of(who.id):
            if self.rng.random() < 0.7:
                self._add_pet(pet, record)

    def _add_pet(self, pet: Animal, record: int) -> None:
        values = {"name": pet.name, "species": pet.species.lower(), "breed": pet.breed}
        if self.rng.random() < 0.5:
            values["birth_date"] = pet.born.isoformat()
        made = self.pharmacy.act(web_shop.add_pet, record, values)
        self.about["pet", made] = pet.id

    def _member(self) -> tuple[Client, int] | None:
        if not self.members:
            return None
        who, record = self.rng.choice([*self.members.items()])
        return self.world.clients[who], record

    def _edit(self, record: str, number: int, field: str, **values: object) -> None:
        edit = web_shop.edit_client if record == "client" else web_shop.edit_pet
        self.pharmacy.act(edit, number, values, actor="client")
        self.saved.add((record, number, field))

    def joined(self) -> None:
        """Somebody orders for the first time: on the copied record, where there is one."""
        who = self.rng.choice([c for c in self.world.clients.values() if c.here])
        if who.id in self.members:
            return
        copied = [
            n for (kind, n), about in self.about.items() if (kind, about) == ("client", who.id)
        ]
        if copied:
            self.members[who.id] = copied[0]
        else:
            self._add(who)

    def saved_email(self) -> None:
        """Another login; the desk is told in one of three cases."""
        if member := self._member():
            who, record = member
            who.email = self.world.email_of(who)
            self.world.note_client(who)
            self._edit("client", record, "email", email=who.email)
            if self.rng.random() < 0.33:
                self.desk.later(self.rng.randint(1, 60), lambda: self._tell_desk(who, "email"))

    def saved_address(self) -> None:
        """Another home; the desk is told in half."""
        if member := self._member():
            who, record = member
            who.address = self.world.home()
            self.world.note_client(who)
            cells = dict(who.address)
            unit = cells.pop("address_line2")
            self._edit("client", record, "address", unit=unit, **cells)
            if self.rng.random() < 0.5:
                self.desk.later(self.rng.randint(1, 60), lambda: self._tell_desk(who, "address"))

    def _tell_desk(self, who: Client, part: str) -> None:
        for row in self.desk.rows_of(who.id)[:1]:
            self.desk.type_client(row, who, part)

    def _pet(self) -> tuple[Animal, int] | None:
        members = set(self.members)
        mine = [
            (self.world.animals[about], number)
            for (kind, number), about in self.about.items()
            if kind == "pet" and about and self.world.animals[about].owner in members
            and self.world.animals[about].died is None
        ]  # fmt: skip
        return self.rng.choice(mine) if mine else None

    def saved_pet_name(self) -> None:
        """What it is really called."""
        if found := self._pet():
            pet, number = found
            pet.name = f"{pet.name.split()[0]} {self.rng.choice(('Mae', 'Rose', 'Lou', 'Bear'))}"
            self.world.note_animal(pet)
            self._edit("pet", number, "name", name=pet.name)

    def saved_weight(self) -> None:
        """Weighed at home."""
        if found := self._pet():
            pet, number = found
            value, unit, day = self.world.weigh(pet, self.desk.unit)
            self._edit("pet", number, "weight", weight_value=value, weight_unit=unit,
                       weight_kg=_kilograms(value, unit), weighed_on=day or None)  # fmt: skip

    def added_pet(self) -> None:
        """A new one, which the desk sees later."""
        if member := self._member():
            who, record = member
            pet = self.world.new_animal(who.id, young=True)
            self._add_pet(pet, record)

            def seen() -> None:
                for row in self.desk.rows_of(who.id)[:1]:
                    self.world.weigh(pet, self.desk.unit)
                    self.desk.add_pet(pet, row.key)

            if self.rng.random() < 0.7:
                self.desk.later(self.rng.randint(1, 40), seen)


def _kilograms(value: str, unit: str) -> str:
    return f"{float(value) * (1 if unit == 'kg' else 0.45359237):.4f}"
