"""What a desk does with rows: doubles, numbers given again, entries typed over."""

from __future__ import annotations

import copy

from benchmarks.year.desk import CLIENT_PARTS, PET_PARTS, Parts, Row
from benchmarks.year.slips import Slips
from benchmarks.year.world import Animal


class Keeping(Slips):
    """Events of rates.KEEPING."""

    def registered_twice(self) -> None:
        """A client isn't found and entered again, with the pet that came."""
        row = self.some_client()
        who = self.world.clients[row.about]
        double = self.add_client(who)
        self.mark("registered_twice", double)
        for pet in self.world.pets_of(who.id)[:1]:
            if self.rng.random() < 0.7:
                self.mark("registered_twice", self.add_pet(pet, double.key))

    def doubles_merged(self) -> None:
        """The loser's row goes, its pets move, and doubles of these with it."""
        by_owner: dict[int, list[Row]] = {}
        for row in self.clients.values():
            by_owner.setdefault(row.about, []).append(row)
        doubles = [rows for about, rows in by_owner.items() if about and len(rows) > 1]
        if not doubles:
            return
        kept, lost, *_ = self.rng.choice(doubles)
        del self.clients[lost.key]
        here = {row.about: row for row in self.of_client(kept.key)}
        for row in self.of_client(lost.key):
            if row.about in here and self.rng.random() < 0.8:
                del self.pets[row.key]
                self.mark("doubles_merged", here[row.about])
            else:
                row.cells["client_key"] = kept.key
                self.mark("doubles_merged", row)
        self.mark("doubles_merged", kept)

    def id_changed(self) -> None:
        """A client gets another number, or an animal."""
        if self.rng.random() < 0.5:
            row = self.some_client()
            del self.clients[row.key]
            pets = self.of_client(row.key)
            row.key = self.key()
            for one in (row, *pets):
                one.cells["client_key"] = row.key
            self.clients[row.key] = row
        else:
            row = self.some_pet()
            del self.pets[row.key]
            row.key = self.key()
            row.cells["patient_key"] = row.key
            self.pets[row.key] = row
        self.mark("id_changed", row)

    def key_handed_on(self) -> None:
        """Somebody who left is removed with the pets; newcomers get the numbers."""
        row = self.some_client()
        who = self.world.clients[row.about]
        who.here = False
        pets = self.of_client(row.key)
        for one in pets:
            del self.pets[one.key]
        del self.clients[row.key]

        def handed_on() -> None:
            if row.key in self.clients:
                return
            made = self.add_client(self.world.new_client(), row.key)
            made.marks = list(row.marks)
            self.mark("key_handed_on", made)
            for old in pets[:1]:
                pet = self.world.new_animal(made.about, young=self.rng.random() < 0.7)
                self.world.weigh(pet, self.unit)
                entry = Row(old.key, {"client_key": made.key}, pet.id)
                self.type_pet(entry, pet)
                self.pets[entry.key] = entry
                self.mark("key_handed_on", entry)

        self.later(self.days(0, 20), handed_on)

    # --- entries of animals

    def entry_reused(self) -> None:
        """The next pet is typed over the entry of one that has died."""
        self._reuse(self.some_pet(alive=False), "entry_reused")

    def entry_reused_in_two(self) -> None:
        """The same; what is left out at first follows days later."""
        parts = self._in_any_order(PET_PARTS)
        self._reuse(self.some_pet(alive=False), "entry_reused_in_two", parts)

    def entry_reused_living(self) -> None:
        """Over a pet that its owner has no more."""
        row = self.some_pet()
        self.world.animals[row.about].owner = 0
        parts = self._in_any_order(PET_PARTS) if self.rng.random() < 0.5 else None
        self._reuse(row, "entry_reused_living", parts)

    def _reuse(self, row: Row, event: str, parts: Parts | None = None) -> None:
        owner = self.clients.get(row.cells["client_key"] or "")
        if not owner or not owner.about:
            return
        old = self.world.animals[row.about]
        name = old.name if self.rng.random() < 0.1 else ""
        pet = self.world.new_animal(owner.about, young=True, name=name)
        self.world.weigh(pet, self.unit)
        row.about = pet.id
        self.mark(event, row)
        if parts is None:
            self.type_pet(row, pet)
            return
        cut = self.rng.randint(1, 4)
        self.type_pet(row, pet, *parts[:cut])
        self.later(self.days(2, 9), lambda: self._finish(row, pet, parts[cut:]))

    def _finish(self, row: Row, pet: Animal, parts: Parts) -> None:
        if row.about == pet.id:
            self.type_pet(row, pet, *parts)

    def _in_any_order(self, parts: Parts) -> Parts:
        shuffled = list(parts)
        self.rng.shuffle(shuffled)
        return tuple(shuffled)

    def pets_swapped(self) -> None:
        """Two pets' rows of one house are typed for each other, and back."""
        row = self.some_pet()
        for other in self.siblings(row)[:1]:
            self._swap(row, other, "pets_swapped", "patient_key")

    # --- entries of clients

    def client_typed_over(self) -> None:
        """A newcomer is typed over somebody who left, whole."""
        self._type_over("client_typed_over", CLIENT_PARTS)

    def client_typed_over_in_two(self) -> None:
        """In two saves, in any order."""
        parts = self._in_any_order(CLIENT_PARTS)
        cut = self.rng.randint(1, 3)
        self._type_over("client_typed_over_in_two", parts[:cut], parts[cut:])

    def client_emptied_first(self) -> None:
        """The row is emptied first."""
        row = self.some_client()
        self.world.clients[row.about].here = False
        row.about = 0
        row.cells = dict.fromkeys(row.cells) | {"client_key": row.key}
        pets = self.of_client(row.key)
        self.mark("client_emptied_first", row)

        def newcomer() -> None:
            if row.about == 0 and row.key in self.clients:
                self._newcomer(row, pets, CLIENT_PARTS)
                self.mark("client_emptied_first", row)

        self.later(self.days(1, 14), newcomer)

    def _type_over(self, event: str, parts: Parts, later: Parts = ()) -> None:
        row = self.some_client()
        self.world.clients[row.about].here = False
        self._newcomer(row, self.of_client(row.key), parts, later)
        self.mark(event, row)

    def _newcomer(self, row: Row, pets: list[Row], parts: Parts, later: Parts = ()) -> None:
        """Their animal has an entry of its own, or the old one's."""
        who = self.world.new_client()
        row.about = who.id
        self.type_client(row, who, *parts)

        def rest() -> None:
            if row.about == who.id:
                self.type_client(row, who, *later)

        if later:
            self.later(self.days(2, 9), rest)
        pet = self.world.new_animal(who.id, young=self.rng.random() < 0.6)
        self.world.weigh(pet, self.unit)
        for old in pets:
            self.pets.pop(old.key, None)
        if pets and self.rng.random() < 0.4:
            entry = pets[0]
            entry.about = pet.id
            self.type_pet(entry, pet)
            self.pets[entry.key] = entry
            self.mark("entry_of_newcomer", entry)
        else:
            self.add_pet(pet, row.key)

    def clients_swapped(self) -> None:
        """Two clients' rows, of one house where there are such, and back."""
        row = self.some_client()
        home = self.world.clients[row.about].address
        alike = [r for r in self.clients.values() if r.about not in (0, row.about)
                 and self.world.clients[r.about].address == home]  # fmt: skip
        other = self.rng.choice(alike) if alike else self.some_client()
        if other.about != row.about:
            self._swap(row, other, "clients_swapped", "client_key")

    def _swap(self, one: Row, other: Row, event: str, key: str) -> None:
        self._exchange(one, other, key)
        self.mark(event, one, other)
        abouts = one.about, other.about

        def back() -> None:
            if (one.about, other.about) == abouts:
                self._exchange(one, other, key)
                self.mark(f"{event}, put right", one, other)

        self.later(self.days(1, 8), back)

    def _exchange(self, one: Row, other: Row, key: str) -> None:
        one.cells, other.cells = (
            other.cells | {key: one.cells[key]},
            one.cells | {key: other.cells[key]},
        )
        one.about, other.about = other.about, one.about

    # --- rows that go and come back

    def row_away(self) -> None:
        """A client is inactive, hidden with the pets, and comes back weeks later."""
        row = self.some_client()
        self.hide([row], self.days(3, 60), "row_away")

    def hide(self, rows: list[Row], days: int, event: str) -> None:
        """These clients' rows with their pets, until then; who came meanwhile has other numbers."""
        pets = [pet for row in rows for pet in self.of_client(row.key)]
        for row in rows:
            self.clients.pop(row.key, None)
        for pet in pets:
            self.pets.pop(pet.key, None)

        def back() -> None:
            for row in rows:
                self.clients.setdefault(row.key, row)
            for pet in pets:
                self.pets.setdefault(pet.key, pet)
            self.mark(f"{event}, back", *rows, *pets)

        if days:
            self.later(days, back)
        self.mark(event, *rows, *pets)

    # --- what staff tell the practice

    def give_own_number(self, record: str, key: str, was: int) -> None:
        """Whoever was typed over a row gets a number, and the row says the old one again."""
        table, row = self.pets if record == "pet" else self.clients, self.entry(record, key)
        if row is None or row.about in (0, was):
            return
        fresh = Row(self.key(), copy.deepcopy(row.cells), row.about)
        fresh.cells["patient_key" if record == "pet" else "client_key"] = fresh.key
        table[fresh.key] = fresh
        row.about = was
        if record == "pet":
            old = self.world.animals[was]
            self.type_pet(row, old)
        else:
            for pet in self.of_client(row.key):
                if pet.about and self.world.animals[pet.about].owner == fresh.about:
                    pet.cells["client_key"] = fresh.key
            self.type_client(row, self.world.clients[was])
        self.mark("own_number_given", row, fresh)
