"""What becomes of questions when what they ask about changes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


def look_again(at: Pharmacy, target: str, name: str) -> None:
    """A question whose answer the record holds by now is none any more."""
    for key, new in list(at.questions.items()):
        if at.links[key[1]] != target or key[2] != name:
            continue
        held = at.records[target]
        has = held.owner if name == "owner" else held.values[name]
        if has == (at.links.get(new) if name == "owner" else new):
            del at.questions[key]


def ask_owner(at: Pharmacy, pid: str) -> None:
    """The PIMS names another owner: a question, unless that is the pet's client by another link."""
    new = at.pims[pid].owner
    key = ("pet", pid, "owner")
    if at.links.get(new or "") == at.records[at.links[pid]].owner:
        at.questions.pop(key, None)
    else:
        at.questions[key] = new


def settle_owner(at: Pharmacy, owner: str) -> None:
    """Whether a pet is this owner's, who turns out to be the client whose it is."""
    for (_, pid, name), new in list(at.questions.items()):
        if name == "owner" and new == owner:
            look_again(at, at.links[pid], name)
