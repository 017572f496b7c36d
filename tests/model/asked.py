"""What becomes of questions when what they ask about changes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import who
from tests.model.rules import NOT_READ, is_past

if TYPE_CHECKING:
    from tests.model.pharmacy import Key, Pharmacy
    from tests.model.records import Row


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
    """The PIMS names another owner: a question, unless that is the pet's client by another link.

    A blank is no owner, and what was asked before is past with it.
    """
    new = at.pims[pid].owner
    key = ("pet", pid, "owner")
    if new is None or at.links.get(new or "") == at.records[at.links[pid]].owner:
        at.questions.pop(key, None)
    else:
        at.questions[key] = new


def settle_owner(at: Pharmacy, owner: str) -> None:
    """Whether a pet is this owner's, who turns out to be the client whose it is."""
    for (_, pid, name), new in list(at.questions.items()):
        if name == "owner" and new == owner:
            look_again(at, at.links[pid], name)


def put_off(at: Pharmacy, pid: str, home: str) -> None:
    """Questions of records that are missing are none while another one speaks for them."""
    missing = who.feeding_missing(at, pid, home)
    for key in [k for k in at.questions if k[1] in missing]:
        at.put_off[key] = (pid, at.questions.pop(key))


def ask_of_the_other(at: Pharmacy, pid: str) -> None:
    """What the one that speaks for them is asked as well stays with it."""
    for key, (other, new) in list(at.put_off.items()):
        if other == pid and at.questions.get((key[0], pid, key[2]), at) == new:
            del at.put_off[key]


def ask_again(at: Pharmacy, back: set[str], changed: set[tuple[str, str]]) -> None:
    """Records that are back and say what they said: what was put off is asked again."""
    for key, (_, new) in list(at.put_off.items()):
        record, pid, name = key
        if pid not in back:
            continue
        del at.put_off[key]
        if (pid, name) not in changed:
            at.questions[record, pid, name] = new
            look_again(at, at.links[pid], name)


def keep_in_mind(at: Pharmacy, pid: str, row: Row) -> None:
    """An email that nobody could read, as long as the PIMS says nothing else."""
    key = (pid, "email")
    if "email" in row.slips:
        at.before.setdefault(key, NOT_READ)
    elif row.values.get("email") is None and at.before.get(key) == NOT_READ:
        del at.before[key]


def may_reopen(at: Pharmacy, key: Key) -> bool:
    """Whether the no to what was asked of a row is the last word, and it would be asked still."""
    _, pid, name = key
    target, new = at.refused.get(key, ("", None))
    if target != at.links[pid] or key in at.questions:
        return False
    there = {p for p, on in at.links.items() if on == target} - at.missing.keys()
    says = [at.pims[p] for p in ({pid} if pid in there else there or {pid})]
    if name == "owner":
        owner = at.links.get(new or "")
        return new in [row.owner for row in says] and owner != at.records[target].owner
    still = any(name in row.slips or not is_past(name, new, row.values[name]) for row in says)
    return still and at.records[target].values[name] != new


def reopen(at: Pharmacy, key: Key) -> None:
    """As if it had never been refused; where the record stands alone it may never have been asked."""
    if key in at.refused:
        at.questions[key] = at.refused.pop(key)[1]
        look_again(at, at.links[key[1]], key[2])
