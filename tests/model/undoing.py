"""`link undo` in the model: the same life again, with the PIMS record standing alone all along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import prescriptions, who

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


def without(at: Pharmacy, pid: str) -> Pharmacy:
    """The life without the link, and what outlives it: statements, persons' words, past names."""
    gone = {pid} | {pet for pet, owner in at.under.items() if owner == pid}
    words = {pair: seen for pair, seen in at.not_same.items() if pair[0] not in gone}
    at.do(("undo", pid))
    other = type(at)(at.start, at.alone | {(g, at.times[g]) for g in gone})
    for event in list(at.life):
        other.do(event)
    other.attested = at.attested  # a statement is kept for good
    other.had = prescriptions.had_all_along(at, other)
    other.not_same |= words  # *not the same* was said of what both sides held then
    other.followed |= {pair: at.followed[pair] for pair in words.keys() & at.followed.keys()}
    gone |= {pet for pet in at.waiting if at.pims[pet].owner == pid}
    for other_pid in other.waiting.keys() & at.waiting.keys() - gone:
        other.waiting[other_pid] = at.waiting[other_pid]  # the next load looks again
    return other


def stand_apart(at: Pharmacy, pid: str) -> None:
    """In the life without the link: the two are told apart from now on."""
    if pid not in at.would:
        return  # the first time, when the link still stands: without() plays it all again
    at_home = at.would[pid]
    for pet in [p for p, owner in at.under.items() if owner == pid] + [pid]:
        home = at.would.pop(pet)
        at.not_same[pet, home] = who.identity(at, pet, home)
        at.followed[pet, home] = pid, at_home
        prescriptions.look_no_further(at, home)
        at.under.pop(pet, None)
    for pet in [p for p in at.waiting if at.pims[p].owner == pid]:
        at.waiting[pet] = set()
    at.place_pets(pid)
