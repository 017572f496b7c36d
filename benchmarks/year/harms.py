"""ScriptRight beside the truth: each harm is counted once, with what caused it and how long it lasts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.year.accidents import Tables
from benchmarks.year.desk import Row
from benchmarks.year.rates import KEEPING, SLIPS
from benchmarks.year.staff import Staff
from benchmarks.year.story import tell
from benchmarks.year.world import cells_said, client_said, client_values, weight_key

PATIENCE = 14  # days after which a newcomer who is nowhere is missed
_SAID_BY_PRACTICE = "the practice's own word"


@dataclass
class Harm:
    """One wrong value in one record, for as long as it stays the same."""

    kind: str
    where: tuple[str, int]
    value: object
    cause: str
    came_by: str
    since: date
    until: date


class Harms:
    """Whom each record is about, and what is wrong with it after a refresh."""

    def __init__(self, staff: Staff, show: str = "") -> None:
        """Nothing seen yet. `show`: kinds with this word are told as they are found."""
        self.show = show
        self.staff, self.shop, self.world = staff, staff.shop, staff.world
        self.pharmacy, self.about = staff.pharmacy, staff.shop.about
        self.all: dict[tuple[str, tuple[str, int], object], Harm] = {}
        self.links: set[tuple[str, str, int]] = set()
        self.known: defaultdict[int, set[object]] = defaultdict(set)  # weighings a load has seen
        self.owners: defaultdict[int, set[int]] = defaultdict(set)
        self.met: dict[tuple[str, int], date] = {}  # since when a load has seen whom
        self.reading: dict[str, dict[str, Row]] = {}  # what the load in hand reads
        self._doubtful: Counter[tuple[str, tuple[str, int], object]] = Counter()

    def record_of(self, record: str, pims_id: str) -> int:
        """Whom the record is about that a PIMS row feeds; 0 for nobody."""
        query = f"SELECT record_id FROM scriptright.{record}_link WHERE practice_id = :practice_id AND pims_id = :i"
        found = self.pharmacy.rows(query, i=pims_id)
        return self.about.get((record, found[0][0]), 0) if found else 0

    def look(self, seen: Tables) -> None:
        """After a load of these rows."""
        self._read(seen)
        self.name_records()
        doubtful = self._doubtful
        self._doubtful = Counter()
        for record, number in self.values:
            about = self.about[record, number]
            found = (
                self._of_client(number, about)
                if record == "client"
                else self._of_pet(number, about)
            )
            for kind, value in found:
                self._note(kind, (record, number), value)
            for field, value in self._stuck(record, number, about):
                key = (field, (record, number), value)
                self._doubtful[key] = doubtful[key] + 1
                if self._doubtful[key] > 1:
                    self._note(f"{record} {field} stuck", (record, number), value)
        for kind, about in self._nowhere():
            self._note(f"{kind} nowhere", (kind, -about), None)

    # --- reading

    def _read(self, seen: Tables) -> None:
        self.seen = {"client": seen[0], "pet": seen[1]}
        read = self.pharmacy.rows
        self.values: dict[tuple[str, int], dict[str, Any]] = {}
        for record in ("client", "pet"):
            query = f"SELECT * FROM scriptright.{record} WHERE practice_id = :practice_id"
            for row in read(query):
                values = dict(row._mapping)
                self.values[record, values[f"{record}_id"]] = values
        asked = "SELECT record, record_id, field FROM scriptright.suggestion WHERE practice_id = :practice_id AND state = 'open'"
        self.open = {tuple(row) for row in read(asked)}
        waiting = "SELECT record, pims_id FROM scriptright.match_candidate WHERE practice_id = :practice_id AND state = 'open'"
        self.asked_of = {tuple(row) for row in read(waiting)}
        for row in self.seen["pet"].values():
            if row.about:
                self.known[row.about].add(weight_key(*(row.cells.get(k) for k in _WEIGHT)))
        for pet in self.world.animals.values():
            self.owners[pet.id].add(pet.owner)
        for record, table in self.seen.items():
            for row in table.values():
                if row.about:
                    self.met.setdefault((record, row.about), self.world.today)

    def _row(self, record: str, pims_id: str) -> Row | None:
        return self.seen[record].get(pims_id)

    def name_records(self) -> None:
        """A new record is about whoever its PIMS row is about; a link to an old one may be false."""
        self.fed: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for record in ("client", "pet"):
            query = f"SELECT pims_id, record_id FROM scriptright.{record}_link WHERE practice_id = :practice_id"
            for pims_id, number in self.pharmacy.rows(query):
                self.fed[record, number].append(pims_id)
        for (record, number), ids in self.fed.items():
            rows = [row for i in ids if (row := self._row(record, i))]
            if (record, number) not in self.about:
                self.about[record, number] = rows[0].about if rows else 0
            for row in rows:
                link = (record, row.key, number)
                if link not in self.links:
                    self.links.add(link)
                    if row.about != self.about[record, number] and row.about:
                        self.staff.false_links.add(link)
                        self._note(f"two {record}s in one", (record, number), row.key)
        for key in self.values:
            self.about.setdefault(key, 0)

    # --- what is wrong

    def _of_client(self, number: int, about: int) -> Iterator[tuple[str, object]]:
        row = self.values["client", number]
        for kind, value in client_said(row).items():
            if value and self.world.is_of_another(kind, value, about):
                yield f"client's {kind} of another", value

    def _of_pet(self, number: int, about: int) -> Iterator[tuple[str, object]]:
        row = self.values["pet", number]
        pet = self.world.animals.get(about)
        if pet is None:
            return
        others = [
            r for i in self.fed["pet", number] if (r := self._row("pet", i)) and r.about != about
        ]
        name = (row["name"] or "").casefold()
        is_theirs = any((r.cells.get("name") or "").casefold() == name for r in others)
        if is_theirs and about not in self.world.whose["pet name", name]:
            yield "pet's name of another", name
        weight = weight_key(row["weight_value"], row["weight_unit"], row["weighed_on"])
        if weight and self.world.is_of_another("weight", weight, about):
            yield "pet's weight of another", weight
        elif (
            ("pet", number, "weight") not in self.open
            and any(r.about == about for i in self.fed["pet", number] if (r := self._row("pet", i)))
            and self._is_old(pet, weight)
        ):
            yield "pet's weight older than known", weight
        if row["deceased"] and pet.died is None:
            yield "dead told of a living pet", True
        told = any(
            r.about == about and r.cells.get("deceased_flag") == "1"
            for i in self.fed["pet", number] if (r := self._row("pet", i))
        )  # fmt: skip
        is_asked = ("pet", number, "deceased") in self.open
        if pet.died and told and not row["deceased"] and not is_asked:
            yield "death not told", False
        owner = self.about.get(("client", row["client_id"]), 0)
        if owner and owner not in self.owners[about]:
            yield "pet under another client", owner

    def _is_old(self, pet: Any, weight: Any) -> bool:
        newest = [w for w in (weight_key(*one) for one in pet.weighings) if w in self.known[pet.id]]
        return bool(newest and weight and weight[2] and weight[2] < newest[-1][2])

    def _stuck(self, record: str, number: int, about: int) -> Iterator[tuple[str, object]]:
        """What the PIMS says by now, is true, and is neither here nor asked."""
        for pims_id in self.fed[record, number]:
            row = self._row(record, pims_id)
            if row is None or row.about != about or not about:
                continue
            for field, said, here, truth in self._beside(record, number, row):
                asked = (record, number, field) in self.open
                saved = (record, number, field) in self.shop.saved
                if said == truth != here and not asked and not saved:
                    refused = (record, number, field, pims_id) in self.staff.rejected
                    yield f"{field}{' after a no' if refused else ''}", said

    def _beside(self, record: str, number: int, row: Row) -> Iterator[tuple[str, Any, Any, Any]]:
        here = self.values[record, number]
        if record == "client":
            said = cells_said(row.cells)
            truth = client_values(self.world.clients[row.about])
            for kind, value in client_said(here).items():
                yield {"phone": "phones"}.get(kind, kind), said[kind], value, truth[kind]
            return
        pet, cells = self.world.animals[row.about], row.cells
        said_weight = weight_key(*(cells.get(k) for k in _WEIGHT))
        true = weight_key(*pet.weighings[-1]) if pet.weighings else None
        has = weight_key(here["weight_value"], here["weight_unit"], here["weighed_on"])
        yield "weight", said_weight, has, true
        yield "deceased", cells.get("deceased_flag") == "1", bool(here["deceased"]), bool(pet.died)
        name = (cells.get("name") or "").casefold()
        yield "name", name, (here["name"] or "").casefold(), pet.name.casefold()

    def _nowhere(self) -> Iterator[tuple[str, int]]:
        """Who came to the practice weeks ago and is no client or pet, nor asked about."""
        has = {(record, about) for (record, number), about in self.about.items()
               if (record, number) in self.values}  # fmt: skip
        for record, table in self.seen.items():
            for row in table.values():
                if (
                    not row.about
                    or (record, row.about) in has
                    or (record, row.key) in self.asked_of
                ):
                    continue
                if (self.world.today - self.met[record, row.about]).days > PATIENCE:
                    yield record, row.about

    # --- noting

    def _note(self, kind: str, where: tuple[str, int], value: object) -> None:
        key = (kind, where, value)
        if key in self.all:
            self.all[key].until = self.world.today
            return
        cause, came_by = self._cause(kind, where, value), self._came_by(kind, where)
        today = self.world.today
        self.all[key] = Harm(kind, where, value, cause, came_by, today, today)
        if self.show and self.show in kind and _SAID_BY_PRACTICE not in cause:
            tell(self, kind, where, value)

    def _cause(self, kind: str, where: tuple[str, int], value: object) -> str:
        record, number = where
        table = self.shop.desk.clients if record == "client" else self.shop.desk.pets
        if number < 0:
            rows = [row for row in table.values() if row.about == -number]
        else:
            rows = [row for i in self.fed[where] if (row := self.shop.desk.entry(record, i))]
        wide = [m for m in self.shop.desk.marks if (self.world.today - m[0]).days <= 20]
        marks = [mark for row in rows for mark in row.marks] or wide
        odd = [mark for mark in marks if mark[1].split(",")[0] in _ODD] or marks
        word = max(odd, key=lambda m: m[0])[1] if odd else "nothing"
        about = self.about.get(where, -1)
        own = [row for row in rows if row.about == about]
        return f"{word} ({_SAID_BY_PRACTICE})" if self._is_said(kind, own, value) else word

    def _is_said(self, kind: str, rows: list[Row], value: object) -> bool:
        for row in rows:
            if kind == "dead told of a living pet" and row.cells.get("deceased_flag") == "1":
                return True
            if "weight" in kind and weight_key(*(row.cells.get(k) for k in _WEIGHT)) == value:
                return True
            if kind.startswith("client's") and value in cells_said(row.cells).values():
                return True
        return False

    def _came_by(self, kind: str, where: tuple[str, int]) -> str:
        for word, field in _FIELDS.items():
            if word in kind:
                query = (
                    "SELECT cause FROM scriptright.record_change WHERE practice_id = :practice_id AND record = :r"
                    " AND record_id = :i AND field = :f ORDER BY change_id DESC LIMIT 1"
                )
                found = self.pharmacy.rows(query, r=where[0], i=where[1], f=field)
                return str(found[0][0]) if found else "first copy"
        return ""


# Of what befell a row, what may have caused harm; the rest only if there is nothing else.
_ODD = {*SLIPS, *KEEPING, "entry_of_newcomer", "own_number_given"}
#: By a word of what is wrong: the field that is.
_FIELDS = {"email": "email", "address": "address", "phone": "phones", "name": "name", "weight": "weight",
           "dea": "deceased", "under": "owner"}  # fmt: skip
_WEIGHT = ("weight", "weight_unit", "weight_date")
