"""What really happens, as the desk is told of it: all of it true."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.matching.towns.names import written
from benchmarks.year.desk import Desk


class Life(Desk):
    """Events of rates.LIFE."""

    def new_client(self) -> None:
        """Somebody comes with an animal or two."""
        who = self.world.new_client()
        row = self.add_client(who)
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            pet = self.world.new_animal(who.id, young=True)
            self.world.weigh(pet, self.unit)
            self.add_pet(pet, row.key)

    def new_pet(self) -> None:
        """A client gets one more."""
        row = self.some_client()
        pet = self.world.new_animal(row.about, young=True)
        if self.rng.random() < 0.8:
            self.world.weigh(pet, self.unit)
        self.add_pet(pet, row.key)

    def pet_gets_namesake(self) -> None:
        """The next Bella."""
        row = self.some_pet(alive=self.rng.random() < 0.3)
        was = self.world.animals[row.about]
        pet = self.world.new_animal(was.owner, young=True)
        pet.name = was.name
        self.world.note_animal(pet)
        self.world.weigh(pet, self.unit)
        self.mark("pet_gets_namesake", self.add_pet(pet, row.cells["client_key"] or ""))

    def weighed(self) -> None:
        """An animal on the scales."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        self.world.weigh(pet, self.unit)
        self.type_pet(row, pet, "weight")

    def died(self) -> None:
        """The old first; now and then the practice hears late, or never enters the day."""
        row = min(
            (self.some_pet() for _ in range(6)), key=lambda r: self.world.animals[r.about].born
        )
        pet = self.world.animals[row.about]
        pet.died = self.world.today

        def told() -> None:
            if row.about == pet.id:
                self.type_pet(row, pet, "life")
                if self.rng.random() < 0.15:
                    row.cells["deceased_date"] = None
                self.mark("died", row)

        self.later(0 if self.rng.random() < 0.8 else self.rng.randint(10, 90), told)

    def moved(self) -> None:
        """A client, and whoever lives there too."""
        self._move(told=True)

    def moved_unheard(self) -> None:
        """Nobody tells the desk for half a year."""
        self._move(told=False)

    def _move(self, *, told: bool) -> None:
        row = self.some_client()
        who, home = self.world.clients[row.about], self.world.home()
        who.address = home
        self.world.note_client(who)

        def type_it() -> None:
            if row.about == who.id and who.address is home:
                self.type_client(row, who, "address")
                self.mark("moved", row)

        self.later(0 if told else 180, type_it)

    def new_email(self) -> None:
        """Another login."""
        row = self.some_client()
        who = self.world.clients[row.about]
        who.email = self.world.email_of(who)
        self.world.note_client(who)
        self.type_client(row, who, "email")

    def new_phone(self) -> None:
        """Another number."""
        row = self.some_client()
        who = self.world.clients[row.about]
        who.phone = self.world.town.number()
        self.world.note_client(who)
        self.type_client(row, who, "phones")

    def married(self) -> None:
        """Another surname, and in one of three cases another home or number."""
        row = self.some_client()
        who = self.world.clients[row.about]
        who.surname = written(self.world.town.names.surname(""))
        parts = ["name"]
        if self.rng.random() < 0.35:
            who.address, parts = self.world.home(), ["name", "address"]
        if self.rng.random() < 0.2:
            who.email = self.world.email_of(who)
            parts.append("email")
        self.world.note_client(who)
        self.type_client(row, who, *parts)
        self.mark("married", row)

    def given_away(self) -> None:
        """An animal goes to another client of the practice."""
        row, other = self.some_pet(), self.some_client()
        pet = self.world.animals[row.about]
        pet.owner = other.about
        row.cells["client_key"] = other.key
        self.mark("given_away", row)

    def pet_renamed(self) -> None:
        """Its owner calls it otherwise by now; sometimes it is weighed on that visit."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        pet.name = written(self.world.town.names.common("pets"))
        self.world.note_animal(pet)
        if self.rng.random() < 0.5:
            self.world.weigh(pet, self.unit)
        self.type_pet(row, pet, "name", "weight")
        self.mark("pet_renamed", row)

    def days(self, low: int, high: int) -> int:
        """Some days."""
        return self.rng.randint(low, high)

    def day_before(self, days: int) -> str:
        """A day in the past, ISO."""
        return (self.world.today - timedelta(days=days)).isoformat()
