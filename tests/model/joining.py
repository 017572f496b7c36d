"""`link join` in the model: a person says that a PIMS record is another record of ScriptRight.

Its own record goes, if it is nothing but a copy, and what follows is what a link brings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import asked, prescriptions, who

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


def may_join(at: Pharmacy, pid: str, home: str) -> bool:
    """Whether a person's word is taken: there is nothing to lose, and a pet is its owner's."""
    if pid in at.merged or at.links.get(pid) == home:
        return False
    row = at.pims[pid]
    if row.record == "pet" and (
        at.links.get(row.owner or "") is None
        or at.links[row.owner or ""] != at.records[home].owner
        or who.is_taken(at, home, row.owner)
    ):
        return False
    return pid not in at.links or is_mere_copy(at, pid)


def is_mere_copy(at: Pharmacy, pid: str) -> bool:
    """Whether the record of its own holds nothing that anybody has given it but this PIMS record."""
    own = at.links[pid]
    prescribed = any(own in (p.pet, p.client) for p in at.prescriptions.values())
    shared = any(record == own and other != pid for other, record in at.links.items())
    if prescribed or shared or own in at.edited:
        return False
    if at.pims[pid].record == "pet":
        return at.links.get(at.pims[pid].owner or "") == at.records[own].owner
    pets = [name for name, record in at.records.items() if record.owner == own]
    return all(name in at.pims and at.pims[name].owner == pid for name in pets)


def join(at: Pharmacy, pid: str, home: str) -> None:
    """A client's pets move along; those that the matcher knows for certain are joined with it.

    Where the link is undone later, the record and its pets stay what they were.
    """
    at.not_same.pop((pid, home), None)
    for pair in [p for p, owners in at.followed.items() if owners == (pid, home)]:
        del at.followed[pair]  # taken back with what it followed from
        at.not_same.pop(pair, None)
    own = at.links.get(pid)
    moved = sorted(name for name, r in at.records.items() if own and r.owner == own)
    if not who.is_alone(at, pid):
        for name in moved:
            prescriptions.new_owner(at, name, home)
    _lead(at, pid, home)
    if at.pims[pid].record == "pet":
        _pet_is_taken(at, pid, home)
    for pet in moved:
        verdict, homes = at.start.told.get(pet, ("new", ()))
        free = [h for h in homes if who.may_be(at, pet, h)]
        if (
            free
            and verdict == "linked"
            and pet not in at.missing
            and not who.may_be_the_next_pet(at, pet, free[0])
            and is_mere_copy(at, pet)
        ):
            _lead(at, pet, free[0])


def _pet_is_taken(at: Pharmacy, pid: str, home: str) -> None:
    owner = at.pims[pid].owner
    if at.links[pid] == home:  # without another link the two owners may be two clients
        asked.ask_owner(at, pid)
    for rival in [p for p, homes in at.waiting.items() if home in homes]:
        if at.pims[rival].owner == owner:
            at.is_not(rival, home)


def _lead(at: Pharmacy, pid: str, home: str) -> None:
    if pid in at.links and not who.is_alone(at, pid):
        del at.records[at.links.pop(pid)]
        for key in [k for k in at.questions if k[1] == pid]:
            del at.questions[key]
    at.waiting.pop(pid, None)
    at.link(pid, home)
