"""A practice's year, day by day: life, refreshes every two or three days, people who answer."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.year import rates
from benchmarks.year.accidents import Accidents
from benchmarks.year.earnings import Earned, counted
from benchmarks.year.harms import Harm, Harms
from benchmarks.year.pharmacy import Pharmacy
from benchmarks.year.shop import Shop
from benchmarks.year.staff import Staff
from benchmarks.year.world import World

if TYPE_CHECKING:
    from sqlalchemy import Engine

_FIRST_DAY = date(2024, 1, 8)


@dataclass
class Year:
    """What came of one practice."""

    seed: int
    harms: list[Harm] = field(default_factory=list)
    answers: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)  # what, and by which rules
    let_through: Counter[str] = field(default_factory=Counter)
    refreshes: int = 0
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # field, reason, state
    earned: Earned = field(default_factory=Counter)


class PracticeYear:
    """One practice with its people; `often` multiplies everything that goes wrong or is odd."""

    def __init__(
        self, engine: Engine, home: Path, seed: int, clients: int, often: float, show: str = ""
    ) -> None:
        """A practice of some years, in the PIMS as it is in truth."""
        self.world = World(seed, _FIRST_DAY)
        self.rng, self.often, self.size = self.world.rng, often, clients
        self.desk = Accidents(self.world)
        for _ in range(clients):
            self._settle()
        self.pharmacy = Pharmacy(engine, home, f"year-{seed}")
        self.shop = Shop(self.desk, self.pharmacy)
        self.staff = Staff(self.shop)
        self.harms = Harms(self.staff, show)
        self.year = Year(seed)

    def _settle(self) -> None:
        who = self.world.new_client()
        row = self.desk.add_client(who)
        for _ in range(self.rng.choice((1, 1, 1, 2, 2, 3))):
            pet = self.world.new_animal(who.id, young=False)
            age = (self.world.today - pet.born).days
            for days in sorted((self.rng.randint(0, age) for _ in range(2)), reverse=True):
                day = self.world.today - timedelta(days=min(days, 900))
                self.world.weigh(pet, self.desk.unit, max(day, pet.born))
            if self.rng.random() < 0.2:
                pet.died = self.world.today - timedelta(days=self.rng.randint(0, min(age, 900)))
            self.desk.add_pet(pet, row.key)

    def live(self, days: int, *, count: bool = False) -> Year:
        """So many days. `count`: what each rule earns."""
        with counted(self.harms, self.year.earned) if count else nullcontext():
            return self._live(days)

    def _live(self, days: int) -> Year:
        self.shop.open()
        self.refresh()
        until, next_read = self.world.today + timedelta(days=days), self.rng.choice((2, 3))
        while self.world.today < until:
            self._day()
            next_read -= 1
            if next_read == 0:
                self.refresh()
                next_read = self.rng.choice((2, 3))
            elif next_read == 1:
                self.staff.work()
                self.harms.name_records()
        return self._told()

    def _day(self) -> None:
        self.world.today += timedelta(days=1)
        self.desk.do_what_is_due()
        for table, who, per_day, often in (
            (rates.LIFE, self.desk, self.size / 7_000, 1.0),
            (rates.SLIPS, self.desk, self.size / 7_000, self.often),
            (rates.KEEPING, self.desk, self.size / 7_000, self.often),
            (rates.ACCIDENTS, self.desk, 1 / 365, self.often),
            (rates.SHOP, self.shop, len(self.shop.members) / 7_000, 1.0),
        ):
            for name, rate in table.items():
                for _ in range(self._times(rate * per_day * often)):
                    self.year.events[name] += 1
                    getattr(who, name)()

    def _times(self, expected: float) -> int:
        whole = int(expected)
        return whole + (self.rng.random() < expected - whole)

    def refresh(self) -> None:
        """A snapshot, read today."""
        read_at = datetime.combine(self.world.today, time(8), UTC)
        tables = self.pharmacy.as_read(self.desk.read())
        self.harms.reading = dict(zip(("client", "pet"), tables, strict=True))
        manifest = self.pharmacy.write(tables, read_at)
        rules = self.pharmacy.load(manifest)
        broken = self.desk.broken
        self.year.refreshes += 1
        if rules:
            self._held(broken, rules, manifest)
            if broken:
                return
        elif broken:
            self.year.let_through[broken] += 1
        self.harms.look(tables)

    def _held(self, broken: str, rules: list[str], manifest: Any) -> None:
        """Staff look: what is honest is released, an accident told to the practice."""
        what = broken or f"in vain: {self.desk.marks[-1][1] if self.desk.marks else 'nothing'}"
        self.year.held[f"{what}; {', '.join(rule.split(':')[0] for rule in rules)}"] += 1
        if broken:
            self.desk.later(1, self.desk.mended)
            return
        self.pharmacy.release(manifest.seq)
        assert not self.pharmacy.load(manifest)

    def _told(self) -> Year:
        asked = """SELECT record || ' ' || field, reason, state, count(*) FROM scriptright.suggestion
            WHERE practice_id = :practice_id GROUP BY 1, 2, 3"""
        for what, reason, state, count in self.pharmacy.rows(asked):
            self.year.asked[what, reason, state] += count
        self.year.harms = list(self.harms.all.values())
        self.year.answers, self.year.refused = self.staff.answers, self.staff.refused
        return self.year
