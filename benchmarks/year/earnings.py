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

if TYPE_CHECKING:
    from benchmarks.year.harms import Harms

_LOAD = "vet_pipeline.scriptright.load"
Earned = Counter[tuple[str, str]]  # rule, what came of it


@contextmanager
def counted(harms: Harms, earned: Earned) -> Iterator[None]:
    """Count in all loads of this practice."""
    from vet_pipeline.scriptright.load import apply_changes, apply_matching, apply_records
    from vet_pipeline.scriptright.load.handed_on import ask_about_another

    variants = {
        n: r for n, r in rules_off.rules().items() if n.startswith(("handed_on.", "another."))
    }

    def another(load: Any, writes: Any, record: str, changes: Any) -> Any:
        with_all = ask_about_another(load, writes, record, changes)
        asked = _asked(with_all, changes)
        _note(earned, harms, "handed_on", record, asked, set())
        for name, instead in variants.items():
            with rules_off.replaced(instead):
                without = _asked(ask_about_another(load, writes, record, changes), changes)
            _note(earned, harms, name, record, asked, without)
        return with_all

    set_aside, came_back = apply_records.set_pets_aside, apply_changes.mark_what_came_back
    is_told, ask_again = apply_records.is_told, apply_changes.ask_again

    def aside(load: Any) -> list[str]:
        waiting = set_aside(load)
        for pims_id in waiting:
            pet = harms.reading["pet"][pims_id]
            owner = harms.reading["client"].get(pet.cells["client_key"] or "")
            here = owner is not None and harms.record_of("client", owner.key) == owner.about
            earned["set_aside", "vain" if here else "right"] += 1
        return waiting

    def back(load: Any, record: str, changes: Any) -> Any:
        marked = came_back(load, record, changes)
        for was, now in zip(changes, marked, strict=False):
            if was.reason != now.reason:
                earned["came_back", f"{now.field.name} is {now.reason}"] += 1
        return marked

    def told(*arguments: Any) -> bool:
        answer = is_told(*arguments)
        earned["told_before", "spared" if answer else "asked"] += 1
        return answer

    def again(*arguments: Any) -> Any:
        found = ask_again(*arguments)
        earned["put_off", "asked again"] += len(found)
        return found

    def possible(name: str, real: Any) -> Any:
        def ask(conn: Any, practice_id: str, pets: Any, found: Any) -> Any:
            result = real(conn, practice_id, pets, found)
            before, after = (r.pets.set_index("pims_id") for r in (found, result))
            for pims_id, row in before.iterrows():
                if (
                    row["decision"] == "linked"
                    and after.loc[[pims_id], "decision"].ne("linked").all()
                ):
                    same = harms.reading["pet"][pims_id].about == harms.about.get(
                        ("pet", int(row["home_id"]))
                    )
                    earned[name, "vain" if same else "right"] += 1
            return result

        return ask

    with rules_off.replaced(
        {
            f"{_LOAD}.apply_changes.ask_about_another": another,
            f"{_LOAD}.apply_records.set_pets_aside": aside,
            f"{_LOAD}.apply_changes.mark_what_came_back": back,
            f"{_LOAD}.apply_records.is_told": told,
            f"{_LOAD}.apply_changes.ask_again": again,
            **{
                f"{_LOAD}.apply_matching.{name}": possible(name, getattr(apply_matching, name))
                for name in ("ask_about_missing_pets", "ask_about_other_lifetimes")
            },
        }
    ):
        yield


def _asked(after: Any, before: Any) -> set[tuple[str, int, str]]:
    """Automatic changes that became questions."""
    return {
        (now.pims_id, now.record_id, now.field.name)
        for was, now in zip(before, after, strict=True)
        if was.action == "apply" and now.action == "suggest"
    }


def _note(
    earned: Earned, harms: Harms, rule: str, record: str, asked: set[Any], without: set[Any]
) -> None:
    for these, word in ((asked - without, ""), (without - asked, " only without")):
        for pims_id, record_id, _ in these:
            row = harms.reading[record].get(pims_id)
            same = row is not None and row.about == harms.about.get((record, record_id))
            earned[rule, f"{'vain' if same else 'right'}{word}"] += 1
