"""What a merge and a change in the PIMS do to one field, a line a rule: docs/rules.md, 2 and 3."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.model.records import Row

Value = Any
NOT_READ = "what it said before could not be read"


def seen(name: str, value: Value) -> Value:
    """In ScriptRight a pet is dead or isn't."""
    return (bool(value[0]), value[1]) if name == "deceased" else value


def merged(name: str, held: Value, said: Value) -> str:
    """What a merge does with what the PIMS says: keep, take or ask."""
    if name == "deceased":
        return _merged_death(held, said)
    if said is None or held == said:
        return "keep"
    if held is None:
        return "take"
    if name == "weight":
        return _merged_weight(held, said)
    return "ask"


def _merged_death(held: Value, said: Value) -> str:
    if not said[0]:
        return "keep"
    if not held[0] or (held[1] is None and said[1] is not None):
        return "take"
    return "keep" if said[1] in (None, held[1]) else "ask"


def _merged_weight(held: Value, said: Value) -> str:
    if _mass(held) == _mass(said) and said[3] in (None, held[3]):
        return "keep"
    if _mass(held) == _mass(said) and held[3] is None:
        return "take"
    if held[3] and said[3] and held[3] != said[3]:
        if said[3] < held[3]:
            return "keep"
        if held[2] is None or (said[2] and not _is_doubtful(Decimal(held[2]), Decimal(said[2]))):
            return "take"
    return "ask"  # also where known kilograms would be lost


def _is_doubtful(was: Decimal, now: Decimal) -> bool:
    return now * 2 <= was or now >= was * 2


def _mass(weight: Value) -> Value:
    return weight[2] or weight[:2]


def after_change(
    name: str, held: Value, old: Value, new: Value, known_on: str, unseen_from: str
) -> str:
    """What a change in the PIMS does: nothing, same (no question any more), take or ask.

    `known_on`: when the load before read; `unseen_from`: when the last one that had the row did.
    """
    if name == "deceased":
        return _death_after_change(held, old, new)
    if held == new:
        return "same"
    if name == "name" and new is None:
        return "nothing"  # nobody can be renamed to nothing
    if name not in ("email", "weight") or new is None:
        return "ask"
    if name == "weight":
        return _weight_after_change(held, old, new, known_on, unseen_from)
    return "take"


def _death_after_change(held: Value, old: Value, new: Value) -> str:
    if old[0] is None and new[0] is False:
        return "ask" if held[0] else "same"  # nothing was known, now it lives
    if not old[0] and not new[0]:
        return "nothing"  # alive is what it was: no change
    if new[0] is None:
        return "same" if not held[0] else "ask"
    if held == new:
        return "same"
    if new[0] and new[1] is None and (held[1] or old[1]):
        return "nothing"  # a blank date erases none
    return "take"


def comes_back(name: str, held: Value, old: Value, new: Value, before: Value) -> bool:
    """Whether the PIMS says again what it had said before a blank, and ScriptRight has another value."""
    if old is not None or held is None or before is None:
        return False
    if before == NOT_READ:
        return True  # as if it had said so when the link was made: a login stays
    return not is_past(name, before, new)


def is_no_news(name: str, held: Value, old: Value, new: Value, before: Value) -> bool:
    """Whether a field that persons decide on is back to what it was before a slip.

    `before`: that, or None where the blank was meant. Where ScriptRight has nothing it is news.
    """
    return (
        name not in ("email", "weight", "deceased")
        and old is None
        and held is not None
        and before == new
    )


def _weight_after_change(
    held: Value, old: Value, new: Value, known_on: str, unseen_from: str
) -> str:
    if old is not None and old[:3] == new[:3] and new[3] is None:
        return "nothing"  # the date alone went blank
    for was in (old, held):
        if was is not None and new[3] and was[3] and new[3] < was[3]:
            return "ask"  # an older weighing
        if was is not None and was[2] and new[2] is None:
            return "ask"  # known kilograms would be lost
    if held is not None and held[3] and new[3] is None:
        if (*new[:3], held[3]) == held:
            return "nothing"
        if held[3] >= unseen_from:
            return "ask"  # which is newer can't be told
    if held is not None and held[3] is None and new[3] and new[:3] != held[:3]:
        return "ask" if new[3] < known_on else "take"  # the undated one may be newer
    return "take"


def is_past(name: str, asked: Value, new: Value) -> bool:
    """Whether a question is past by a change that does nothing; a date that went blank says nothing.

    Nor does a name that was taken out.
    """
    if name == "name" and new is None:
        return False
    if name in ("weight", "deceased") and new is not None and new[-1] is None and asked is not None:
        asked = (*asked[:-1], None)
    return seen(name, asked) != seen(name, new)


def is_taken_out(name: str, was: Row, now: Row) -> bool:
    """Whether there is nothing any more where nobody could read an email or a weight."""
    slip = name in was.slips - now.slips
    return slip and name in ("email", "weight") and now.values[name] is None


def first(name: str, said: tuple[str, Value, Value]) -> Any:
    """Of two PIMS records that feed one pet: the newest weighing first, dead first."""
    pid, _, new = said
    if name == "weight":
        date = new[3] if new is not None and new[3] else ""
        return (not date, [-ord(c) for c in date], pid)
    if name == "deceased":
        return (not new[0], new[1] or "9", pid)
    return (pid,)
