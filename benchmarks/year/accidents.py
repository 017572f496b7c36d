"""What befalls a whole practice: accidents, which guards should hold, and honest acts like them."""

from __future__ import annotations

import copy

from benchmarks.year.desk import Row
from benchmarks.year.keeping import Keeping

Tables = tuple[dict[str, Row], dict[str, Row]]


class Accidents(Keeping):
    """Events of rates.ACCIDENTS. An accident is mended some days later, or when staff tell of it.

    `broken` alters what a snapshot reads and not the PIMS: an export, or the PIMS of some days ago.
    """

    broken: str = ""
    _old: tuple[Tables, ...] = ()
    _backup: Tables

    def read(self) -> Tables:
        """What a snapshot reads today."""
        now = self.photograph()
        self._old = (*self._old, now)[-6:]
        if not self.broken:
            return now
        return getattr(self, f"_{self.broken}")(copy.deepcopy(now))

    def mended(self) -> None:
        """The practice was told, or has noticed."""
        self.broken = ""

    def _break(self, what: str) -> None:
        if not self.broken:
            self.broken, self.seed, self._backup = what, self.rng.random(), self._old[0]
            self.mark(what)
            self.later(self.days(4, 12), self.mended)

    def backup_put_back(self) -> None:
        """The PIMS is that of some days ago; typed again when it is noticed."""
        self._break("backup_put_back")

    def _backup_put_back(self, now: Tables) -> Tables:
        return copy.deepcopy(self._backup)

    def column_slipped(self) -> None:
        """One column of an export was sorted by itself, from some row on."""
        self._break("column_slipped")

    def _column_slipped(self, now: Tables) -> Tables:
        table, column = (
            (now[1], "weight"), (now[1], "name"), (now[0], "email"), (now[1], "client_key"),
            (now[0], "address_line1"), (now[0], "last_name"),
        )[int(self.seed * 6)]  # fmt: skip
        rows = list(table.values())
        rows = rows[int(self.seed * 37 % 1 * len(rows)) :]
        cells = sorted(row.cells.get(column) or "" for row in rows)
        for row, cell in zip(rows, cells, strict=True):
            row.cells[column] = cell or None
        return now

    def half_written(self) -> None:
        """Some of the rows."""
        self._break("half_written")

    def _half_written(self, now: Tables) -> Tables:
        for table in now:
            for key in list(table)[int(len(table) * (0.3 + 0.65 * self.seed)) :]:
                del table[key]
        return now

    def column_emptied(self) -> None:
        """One isn't filled any more."""
        self._break("column_emptied")

    def _column_emptied(self, now: Tables) -> Tables:
        table, column = ((now[0], "email"), (now[1], "weight"), (now[1], "deceased_flag"),
                         (now[0], "phones"))[int(self.seed * 4)]  # fmt: skip
        for row in table.values():
            row.cells[column] = None
            if column == "deceased_flag":
                row.cells["status"] = row.cells["deceased_date"] = None
        return now

    def units_turned(self) -> None:
        """The same numbers, with the other unit's name."""
        self._break("units_turned")

    def _units_turned(self, now: Tables) -> Tables:
        other = "kg" if self.unit == "lb" else "lb"
        for row in now[1].values():
            if row.cells.get("weight_unit"):
                row.cells["weight_unit"] = other
        return now

    # --- honest ones

    def purged(self) -> None:
        """The rows of clients who don't come any more, up to one in twelve."""
        rows = self.rng.sample([*self.clients.values()], len(self.clients) // 12)
        self.hide(rows, 0, "purged")
        self.mark("purged")
        if self.rng.random() < 0.4:
            self.purged_rows += rows

    def purge_undone(self) -> None:
        """Those rows are back."""
        for row in self.purged_rows:
            self.clients.setdefault(row.key, row)
            self.mark("purge_undone", row)
        self.purged_rows = []

    def deaths_caught_up(self) -> None:
        """The very old are entered as dead, as they are."""
        for row in self.pets.values():
            pet = self.world.animals.get(row.about)
            if pet and pet.died is None and (self.world.today - pet.born).days > 12.5 * 365:
                pet.died = self.world.today
                self.type_pet(row, pet, "life")
        self.mark("deaths_caught_up")

    def emails_collected(self) -> None:
        """One in seven has another by now."""
        for row in self.rng.sample([*self.clients.values()], len(self.clients) // 7):
            if row.about:
                who = self.world.clients[row.about]
                who.email = self.world.email_of(who)
                self.world.note_client(who)
                self.type_client(row, who, "email")
        self.mark("emails_collected")

    def all_in_capitals(self) -> None:
        """Names of clients, typed anew by a program."""
        for row in self.clients.values():
            for column in ("first_name", "last_name"):
                row.cells[column] = (row.cells.get(column) or "").upper() or None
        self.mark("all_in_capitals")

    def town_renamed(self) -> None:
        """Of one town's streets the ZIP codes have four digits more."""
        towns = sorted({row.cells.get("postal_code") or "" for row in self.clients.values()})
        town = self.rng.choice(towns)
        for row in self.clients.values():
            if town and row.cells.get("postal_code") == town:
                row.cells["postal_code"] = f"{town}-{self.rng.randint(1000, 9999)}"
        self.mark("town_renamed")
