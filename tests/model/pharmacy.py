"""ScriptRight as docs/rules.md says it must be: plain Python, one practice, nothing of the program.

Written from the promises, not from the code. An undone link is told by playing the same life again
with the PIMS record standing alone from where it was linked.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.model import asked, joining, prescriptions, rules, undoing, who
from tests.model.prescriptions import Prescription, Word
from tests.model.records import FIELDS, Record, Row, Start
from tests.model.rules import Value, after_change, first, merged, seen

Key = tuple[str, str, str]  # record, PIMS id, field


@dataclass
class Pharmacy:
    """Everything that persons can see, and the life that led there."""

    start: Start
    alone: frozenset[tuple[str, int]] = frozenset()  # links that were undone, seen from the end
    life: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.records = copy.deepcopy(self.start.home)
        self.pims: dict[str, Row] = {}
        self.missing: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.merged: set[str] = set()
        self.times: Counter[str] = Counter()  # that a PIMS record was linked
        self.would: dict[str, str] = {}  # where a PIMS record that stands alone was linked
        self.under: dict[str, str] = {}  # pet: the PIMS owner under whom it was linked
        self.waiting: dict[str, set[str]] = {}
        self.judged: dict[tuple[str, str], Any] = {}  # the two, as they were asked about
        self.not_same: dict[tuple[str, str], Any] = {}
        self.followed: dict[tuple[str, str], tuple[str, str]] = {}  # with whose undone link
        self.questions: dict[Key, Value] = {}
        self.refused: dict[Key, tuple[str, Value]] = {}  # a no: of which record, to what
        self.put_off: dict[Key, tuple[str, Value]] = {}  # by whom, and what
        self.before: dict[tuple[str, str], Value] = {}  # what PIMS fields said before a blank
        self.slipped: dict[tuple[str, str], Value] = {}  # the same, where nobody had meant it
        self.prescriptions = {
            name: Prescription(*named) for name, named in self.start.prescriptions.items()
        }
        self.had: dict[tuple[str, str], set[str]] = {}  # past names and owners of pets
        self.attested: list[tuple[str, str, str]] = []
        self.edited: set[str] = set()  # in the web shop
        self.read_on = ""
        self.seen_on: dict[str, str] = {}  # rows that are away: when they were last read

    # --- what may happen ---------------------------------------------------------------------

    def do(self, event: tuple[Any, ...]) -> None:
        """One event of the life: load, web, decide, word, join, undo, prescribe, saved."""
        self.life.append(event)
        getattr(self, f"_{event[0]}")(*event[1:])

    def undo(self, pid: str) -> None:
        """Both sides as they would be had the link never been made; the pets' links go with it."""
        self.__dict__ = undoing.without(self, pid).__dict__

    def _load(self, rows: Mapping[str, Row], at: str) -> None:
        known_on, self.read_on = self.read_on, at
        back = self.missing.keys() & rows.keys()
        for pid in self.pims:
            if pid in rows:
                self.missing.pop(pid, None)
            else:
                self.missing.setdefault(pid, at)
        good = {pid: row for pid, row in rows.items() if who.can_be_taken(self, pid, row)}
        owners = set(self.pims) | good.keys()
        taken = {
            pid: row
            for pid, row in good.items()
            if pid in self.links or row.record == "client" or row.owner in owners
        }
        before = dict(self.pims)
        self.seen_on = dict.fromkeys(self.pims.keys() - taken.keys(), known_on) | self.seen_on
        self.pims |= copy.deepcopy(taken)
        written: set[tuple[str, str]] = set()
        for record in ("client", "pet"):
            for pid, row in taken.items():
                if row.record == record and pid not in self.links:
                    written |= self._settle(pid)
        changes: dict[tuple[str, str], list[tuple[str, Value, Value]]] = {}
        for pid, row in taken.items():
            was = before.get(pid)
            if was is None or pid not in self.links or (pid, "") in written:
                continue
            for name in FIELDS[row.record]:
                if was.values[name] != row.values[name]:
                    said = (pid, was.values[name], row.values[name])
                    if row.values[name] is None:
                        self.before[pid, name] = was.values[name]
                        slip = name in {*row.slips, "name"}
                        self.slipped[pid, name] = was.values[name] if slip else None
                    if name in row.slips:
                        continue  # it says something, nobody knows what
                    changes.setdefault((self.links[pid], name), []).append(said)
                elif rules.is_taken_out(name, was, row) and (
                    hid := self.slipped.pop((pid, name), None)
                ):  # what it had hidden is blank by now
                    changes.setdefault((self.links[pid], name), []).append((pid, hid, None))
            if was.owner != row.owner:
                asked.ask_owner(self, pid)
        for (target, name), said_of in changes.items():
            self._changed(target, name, said_of, known_on, written)
        self.seen_on = {pid: on for pid, on in self.seen_on.items() if pid not in taken}
        new = {
            (pid, n)
            for (_, n), said_of in changes.items()
            for pid, _, v in said_of
            if (n, v) != ("name", None)
        }
        new |= {
            (pid, "owner") for pid in taken if before.get(pid, taken[pid]).owner != taken[pid].owner
        }
        asked.ask_again(self, back, new)
        for pid, row in taken.items():
            asked.keep_in_mind(self, pid, row)

    def _web(self, target: str, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            if self.records[target].values[name] != value:
                self.edited.add(target)
                if (self.records[target].record, name) == ("pet", "name"):
                    prescriptions.save_name(self, target, value)
            self.records[target].values[name] = value
            asked.look_again(self, target, name)

    def _decide(self, key: Key, new: Value, yes: bool) -> None:
        if self.questions.get(key, self) != new:
            return  # never asked where the record stands alone
        del self.questions[key]
        record, pid, name = key
        target = self.records[self.links[pid]]
        self.refused.pop(key, None)
        if not yes:
            self.refused[key] = self.links[pid], new
            return
        if name == "owner":
            prescriptions.new_owner(self, self.links[pid], self.links[new])
        else:
            if (record, name) == ("pet", "name"):
                self.attested.append((self.links[pid], target.values["name"], new))
                prescriptions.rename(self, self.links[pid], new)
            target.values[name] = new
        asked.look_again(self, self.links[pid], name)

    def _reopen(self, key: Key) -> None:
        asked.reopen(self, key)

    def _word(self, pid: str, home: str, same: bool) -> None:
        if same:
            self.waiting.pop(pid)
            self.link(pid, home)
            self.place_pets(pid)
        else:
            self.not_same[pid, home] = who.identity(self, pid, home)
            self.followed.pop((pid, home), None)
            self.is_not(pid, home)

    def is_not(self, pid: str, home: str) -> None:
        """One possible match less: without any it is new, unless it is missing."""
        self.waiting[pid].discard(home)
        if not self.waiting[pid] and pid not in self.missing:
            del self.waiting[pid]
            self._create(pid)
            self.place_pets(pid)

    def _join(self, pid: str, home: str) -> None:
        joining.join(self, pid, home)
        self.place_pets(pid)

    def _undo(self, pid: str) -> None:
        undoing.stand_apart(self, pid)

    def _prescribe(self, key: str, pet: str, client: str, label: str, word: Word) -> None:
        self.prescriptions[key] = prescriptions.written(self, pet, client, label, word)

    def _saved(self, key: str, state: str, word: Word) -> None:
        prescriptions.saved(self, self.prescriptions[key], state, word)

    # --- records and links -------------------------------------------------------------------

    def _settle(self, pid: str) -> set[tuple[str, str]]:
        """A new or waiting record: linked, possible or new. Returns what was written."""
        self.waiting.pop(pid, None)
        row = self.pims[pid]
        if row.record == "pet" and row.owner in self.waiting:
            self.waiting[pid] = set()
            return set()
        verdict, homes = self.start.told.get(pid, ("new", ()))
        open_homes = [h for h in homes if who.may_be(self, pid, h)]
        if not open_homes:
            self._create(pid)
        elif verdict == "possible":
            self.waiting[pid] = set(open_homes)
        elif row.record == "pet" and who.is_a_question(self, pid, open_homes[0]):
            self.waiting[pid] = {open_homes[0]}
        else:
            return self.link(pid, open_homes[0]) | {(pid, "")}
        return {(pid, "")}

    def _create(self, pid: str) -> None:
        row = self.pims[pid]
        values = dict(row.values)
        if row.record == "pet":
            values["deceased"] = (bool(values["deceased"][0]), values["deceased"][1])
        owner = self.links[row.owner] if row.record == "pet" else None
        self.records[pid] = Record(row.record, "pims", values, owner)
        self.links[pid] = pid

    def link(self, pid: str, home: str) -> set[tuple[str, str]]:
        """Merge by section 2: blanks filled, differences asked, newer weighing, dead wins."""
        row = self.pims[pid]
        if row.record == "pet":
            self.under[pid] = row.owner or ""
        alone = who.is_alone(self, pid)
        self.times[pid] += 1
        if alone:
            self.would[pid] = home
            if pid not in self.links:
                self._create(pid)
            return set()
        self.links[pid] = home
        self.merged.add(pid)
        written = set()
        told = {name for name in FIELDS[row.record] if who.told_before(self, pid, home, name)}
        asked.put_off(self, pid, home)
        for name in FIELDS[row.record]:
            held, said = self.records[home].values[name], row.values[name]
            verdict = "keep" if name in told else merged(name, held, said)
            if verdict == "take":
                if (row.record, name) == ("pet", "name"):
                    prescriptions.fill_name(self, home, said)
                self._write(home, name, said)
                written.add((home, name))
                asked.look_again(self, home, name)
            elif verdict == "ask":
                self.questions[row.record, pid, name] = said
        asked.ask_of_the_other(self, pid)
        if row.record == "client":
            asked.settle_owner(self, pid)
        return written

    def place_pets(self, owner: str) -> None:
        """The pets that waited for their owner's word."""
        for pid in [p for p in self.waiting if self.pims[p].owner == owner]:
            if not self.waiting[pid] and pid not in self.missing:
                self._settle(pid)

    # --- changes in the PIMS -----------------------------------------------------------------

    def _changed(
        self,
        target: str,
        name: str,
        said_of: list[tuple[str, Value, Value]],
        known_on: str,
        written: set[tuple[str, str]],
    ) -> None:
        record = self.records[target].record
        emails = {new for _, _, new in said_of if new is not None}
        for pid, old, new in sorted(said_of, key=lambda s: first(name, s)):
            held = self.records[target].values[name]
            key = (record, pid, name)
            days = known_on, self.seen_on.get(pid, known_on)
            verdict = after_change(name, held, old, new, *days)
            if rules.comes_back(name, held, old, new, self.before.get((pid, name))):
                verdict = "ask" if verdict == "take" else verdict
            if rules.is_no_news(name, held, old, new, self.slipped.get((pid, name))):
                verdict = "nothing" if verdict == "ask" else verdict
            others_dead = name == "deceased" and who.another_is_dead(self, target, pid)
            if verdict == "take" and (
                (name == "email" and len(emails) > 1)
                or (target, name) in written
                or (others_dead and not new[0])
            ):
                verdict = "ask"
            is_past = key in self.questions and rules.is_past(name, self.questions[key], new)
            if verdict == "same" or (verdict == "nothing" and is_past):
                self.questions.pop(key, None)
            elif verdict == "ask":
                self.questions[key] = seen(name, new)
            elif verdict == "take":
                self.questions.pop(key, None)
                self._write(target, name, new)
                written.add((target, name))
                asked.look_again(self, target, name)

    def _write(self, target: str, name: str, value: Value) -> None:
        self.records[target].values[name] = seen(name, value)
