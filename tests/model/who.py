"""Who may be whom: what a newcomer of the PIMS may be linked to, and what tells who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.model.records import FIELDS

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


def may_be_the_next_pet(at: Pharmacy, pid: str, home: str) -> bool:
    """Whether the pet's PIMS record is missing, and the newcomer isn't known to be that animal."""
    feeding = {p for links in (at.links, at.would) for p, h in links.items() if h == home}
    if not feeding & at.missing.keys():
        return False
    said, held = at.pims[pid].values, at.records[home].values
    same_age = said["age"] is not None and said["age"] == held["age"]
    return not same_age or said["deceased"][0] not in (None, held["deceased"][0])


def may_be(at: Pharmacy, pid: str, home: str) -> bool:
    """A pet only under its owner's client; nobody of whom a person's *not the same* still holds."""
    row = at.pims[pid]
    if row.record == "pet":
        client = at.would.get(row.owner or "", at.links.get(row.owner or ""))
        if at.records[home].owner != client:
            return False
    word = at.not_same.get((pid, home))
    return word is None or word != identity(at, pid, home)


def identity(at: Pharmacy, pid: str, home: str) -> Any:
    """What tells who it is, on both sides: a word holds while it stands."""
    names = ("name", "breed", "age") if at.pims[pid].record == "pet" else FIELDS["client"]
    sides = (at.pims[pid].values, at.records[home].values)
    return tuple(tuple(side[n] for n in names) for side in sides)
