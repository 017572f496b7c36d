"""What each rule about rows of another earns, in the same life: which rows it alone asks about.

A load's own decision is taken with all rules, and beside it the same question is put once without
each of them. `right`: the row tells of another than the record, by the truth, and without the rule
its email, weight or death would have gone in; `vain`: it tells of the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks.year import rules_off
from vet_pipeline.scriptright.load.pets_in_doubt import LIFETIMES

if TYPE_CHECKING:
    from benchmarks.year.harms import Harms

_LOAD = "vet_pipeline.scriptright.load"
Earned = Counter[tuple[str, str]]  # rule, what came of it


def counted_rules() -> list[str]:
    """By name; what the others earn is seen by a year without them alone."""
    others = ("guards", "older_weighing", "others_now")
    return [name for name in rules_off.rules() if not name.startswith(others)]


@contextmanager
def counted(harms: Harms, earned: Earned) -> Iterator[None]:
    """Count in all loads of this practice."""
    beside = _Beside(harms, earned)
    instead = {
        "apply_changes.ask_about_another": beside.another,
        "apply_records.set_pets_aside": beside.set_aside,
        "apply_changes.mark_what_came_back": beside.came_back,
        "told_before.is_told": beside.told_before,
        "apply_changes.ask_again": beside.put_off,
        "apply_matching.ask_about_pets_in_doubt": beside.pets_in_doubt,
    }
    with rules_off.replaced({f"{_LOAD}.{name}": other for name, other in instead.items()}):
        yield


class _Beside:
    """Each rule as it is, and beside it what it has earned."""

    def __init__(self, harms: Harms, earned: Earned) -> None:
        from vet_pipeline.scriptright.load import (
            apply_changes,
            apply_matching,
            apply_records,
            told_before,
        )

        self.harms, self.earned = harms, earned
        self.real = {
            name: getattr(module, name)
            for module, names in (
                (apply_changes, ("ask_about_another", "mark_what_came_back", "ask_again")),
                (apply_records, ("set_pets_aside",)),
                (told_before, ("is_told",)),
                (apply_matching, ("ask_about_pets_in_doubt",)),
            )
            for name in names
        }
        self.variants = {
            name: instead
            for name, instead in rules_off.rules().items()
            if name.startswith(("handed_on.", "another.", "logins."))
        }

    def another(self, load: Any, writes: Any, record: str, changes: Any) -> Any:
        ask = self.real["ask_about_another"]
        with_all = ask(load, writes, record, changes)
        asked = _asked(with_all, changes)
        self.note("handed_on", record, asked, set())
        taken_back = {f"{_LOAD}.handed_on.take_back": lambda *_: with_all[len(changes) :]}
        for name, instead in self.variants.items():
            with rules_off.replaced(taken_back | instead):  # it writes, so not once more
                without = _asked(ask(load, writes, record, changes), changes)
            self.note(name, record, asked, without)
        return with_all

    def note(self, rule: str, record: str, asked: set[Any], without: set[Any]) -> None:
        for these, word in ((asked - without, ""), (without - asked, " only without")):
            for pims_id, record_id, _ in these:
                row = self.harms.reading[record].get(pims_id)
                same = row is not None and row.about == self.harms.about.get((record, record_id))
                self.earned[rule, f"{_in_vain(same)}{word}"] += 1

    def set_aside(self, load: Any) -> list[str]:
        waiting: list[str] = self.real["set_pets_aside"](load)
        for pims_id in waiting:
            pet = self.harms.reading["pet"][pims_id]
            owner = self.harms.reading["client"].get(pet.cells["client_key"] or "")
            here = owner is not None and self.harms.record_of("client", owner.key) == owner.about
            self.earned["set_aside", _in_vain(here)] += 1
        return waiting

    def came_back(self, load: Any, record: str, changes: Any) -> Any:
        marked = self.real["mark_what_came_back"](load, record, changes)
        for was, now in zip(changes, marked, strict=False):
            if was.reason != now.reason:
                self.earned["came_back", f"{now.field.name} is {now.reason}"] += 1
        return marked

    def told_before(self, *arguments: Any) -> bool:
        answer: bool = self.real["is_told"](*arguments)
        self.earned["told_before", "spared" if answer else "asked"] += 1
        return answer

    def put_off(self, *arguments: Any) -> Any:
        found = self.real["ask_again"](*arguments)
        self.earned["put_off", "asked again"] += len(found)
        return found

    def pets_in_doubt(
        self, connection: Any, practice_id: str, pets: Any, found: Any, others: list[str]
    ) -> Any:
        result = self.real["ask_about_pets_in_doubt"](connection, practice_id, pets, found, others)
        before, after = (r.pets.set_index("pims_id") for r in (found, result))
        for pims_id, row in before[before["decision"] == "linked"].iterrows():
            now = after.loc[[pims_id]]
            if now["decision"].ne("linked").all():
                record = self.harms.about.get(("pet", int(row["home_id"])))
                same = self.harms.reading["pet"][pims_id].about == record
                is_dated = now["reason"].isin(LIFETIMES).any()
                rule = "other_lifetimes" if is_dated else "missing_pets"
                self.earned[rule, _in_vain(same)] += 1
        return result


def _in_vain(same: bool) -> str:
    return "vain" if same else "right"


def _asked(after: Any, before: Any) -> set[tuple[str, int, str]]:
    """Automatic changes that became questions, and the questions about what was taken back."""
    asked = [
        now
        for was, now in zip(before, after, strict=False)
        if was.action == "apply" and now.action == "suggest"
    ]
    return {(c.pims_id, c.record_id, c.field.name) for c in [*asked, *after[len(before) :]]}
