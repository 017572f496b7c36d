"""What is typed wrong at the desk, and mostly put right some days later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from benchmarks.matching.towns.slips import slip
from benchmarks.year.desk import Row, weight_cells
from benchmarks.year.life import Life
from benchmarks.year.rates import SLIP_NOTICED


class Slips(Life):
    """Events of rates.SLIPS."""

    def _slipped(self, event: str, row: Row, act: Callable[[], None], *others: Row) -> None:
        """Mark these rows; mostly the first one is put right later, unless it is about another then."""
        self.mark(event, row, *others)
        about = row.about

        def right() -> None:
            if row.about == about:
                act()
                self.mark(f"{event}, put right", row)

        if self.rng.random() < SLIP_NOTICED:
            self.later(self.days(1, 25), right)

    def client_name_slip(self) -> None:
        """A letter."""
        row = self.some_client()
        who = self.world.clients[row.about]
        row.cells["last_name"] = slip(self.rng, row.cells["last_name"] or "x")
        self._slipped("client_name_slip", row, lambda: self.type_client(row, who, "name"))

    def pet_name_slip(self) -> None:
        """A letter."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        row.cells["name"] = slip(self.rng, row.cells["name"] or "x")
        self._slipped("pet_name_slip", row, lambda: self.type_pet(row, pet, "name"))

    def breed_made_exact(self) -> None:
        """Mixed until somebody asks: true in the end, however it was."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        row.cells["breed"] = pet.breed = f"{pet.breed} Mix"
        pet.breed_known = True
        self.mark("breed_made_exact", row)

    def birth_date_slip(self) -> None:
        """Another year."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        year = pet.born.year - self.rng.choice((1, 1, 2, 10))
        row.cells["birth_date"] = date(year, pet.born.month, min(pet.born.day, 28)).isoformat()
        self._slipped("birth_date_slip", row, lambda: self.type_pet(row, pet, "born"))

    def death_on_sibling(self) -> None:
        """A pet has died, and it is entered with the other of the house."""
        row = self.some_pet()
        pet, others = self.world.animals[row.about], self.siblings(row)
        if not others:
            return
        pet.died = self.world.today
        wrong = self.rng.choice(others)
        other = self.world.animals[wrong.about]
        wrong.cells |= {"deceased_flag": "1", "status": "Deceased"}
        wrong.cells["deceased_date"] = pet.died.isoformat()

        def right() -> None:
            self.type_pet(wrong, other, "life")
            if row.about == pet.id:
                self.type_pet(row, pet, "life")

        self._slipped("death_on_sibling", wrong, right, row)

    def death_taken_back(self) -> None:
        """The wrong box was ticked."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        row.cells |= {"deceased_flag": "1", "status": "Deceased"}
        self._slipped("death_taken_back", row, lambda: self.type_pet(row, pet, "life"))

    def weight_slip(self) -> None:
        """The decimal point is lost, or the other unit is typed."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        value, unit, day = self.world.weigh(pet, self.unit)
        if self.rng.random() < 0.5:
            value = value.replace(".", "")
        else:
            unit = "kg" if unit == "lb" else "lb"
        row.cells |= weight_cells((value, unit, day))
        self._slipped("weight_slip", row, lambda: self.type_pet(row, pet, "weight"))

    def weight_on_sibling(self) -> None:
        """One is weighed, the other's row has it."""
        row = self.some_pet()
        others = self.siblings(row)
        if not others:
            return
        wrong = self.rng.choice(others)
        other = self.world.animals[wrong.about]
        wrong.cells |= weight_cells(self.world.weigh(self.world.animals[row.about], self.unit))

        def right() -> None:
            self.type_pet(wrong, other, "weight")
            if row.about in self.world.animals:
                self.type_pet(row, self.world.animals[row.about], "weight")

        self._slipped("weight_on_sibling", wrong, right)

    def weighing_voided(self) -> None:
        """The last weighing was none: the one before shows again."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        if len(pet.weighings) < 2 or row.cells.get("weight") is None:
            return
        pet.weighings.pop()
        self.type_pet(row, pet, "weight")
        self.mark("weighing_voided", row)

    def weighing_backdated(self) -> None:
        """Another practice's weighing is entered, of a day before the last one or after."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        day = date.fromisoformat(self.day_before(self.days(3, 200)))
        if day <= pet.born or not self.world.dates_weights:
            return
        self.world.weigh(pet, self.unit, day)
        self.type_pet(row, pet, "weight")
        self.mark("weighing_backdated", row)

    def email_slip(self) -> None:
        """A new address with a letter wrong: nobody's."""
        row = self.some_client()
        who = self.world.clients[row.about]
        who.email = self.world.email_of(who)
        self.world.note_client(who)
        row.cells["email"] = slip(self.rng, who.email.split("@")[0]) + "@gmail.com"
        self._slipped("email_slip", row, lambda: self.type_client(row, who, "email"))

    def email_on_other(self) -> None:
        """One client's new address in another's row."""
        row, right = self.some_client(), self.some_client()
        if row.about == right.about:
            return
        who, other = self.world.clients[row.about], self.world.clients[right.about]
        other.email = self.world.email_of(other)
        self.world.note_client(other)
        row.cells["email"] = other.email
        self._slipped("email_on_other", row, lambda: self.type_client(row, who, "email"))

    def email_blanked(self) -> None:
        """It bounced, or a slip."""
        row = self.some_client()
        who = self.world.clients[row.about]
        row.cells["email"] = None
        self._slipped("email_blanked", row, lambda: self.type_client(row, who, "email"))

    def weight_blanked(self) -> None:
        """Nobody knows why."""
        row = self.some_pet()
        pet = self.world.animals[row.about]
        row.cells |= weight_cells(None)
        self._slipped("weight_blanked", row, lambda: self.type_pet(row, pet, "weight"))
