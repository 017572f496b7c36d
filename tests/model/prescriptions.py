"""What becomes of prescriptions in the model: their labels never change, their states may.

What a pharmacist needs, in plain words:

- One is active only where label and client are right, or where a person has said so of the name and
  the owner that the pet has (by writing it in words of her own, or by making it active).
- Not where the label was a past name of the pet by then, or the client a past owner: an old page.
- A new name holds all that haven't ended, for that name; a new owner holds those that are active.
  What is held asks for the present name.
- A word on a name or an owner that the pet has no more, since its link is undone, is none on the
  present one: what it leaves is held, unless label and client are right.
- Nothing is held for a link that is undone: without it, each is what it would have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


class Word(NamedTuple):
    """What a person looked at who wrote a prescription, or made it active."""

    name: str | None
    owner: str | None
    past_name: bool  # the label was a name that the pet had had and had no more
    past_owner: bool


@dataclass
class Prescription:
    """`shown`: what a pharmacist sees of it."""

    pet: str
    client: str
    label: str
    state: str = "active"
    new_name: str | None = None
    got_a_name: bool = False  # its pet, which had none, since it was written
    ahead: Word | None = None  # the last word, on a name that the pet hasn't yet in this life

    def shown(self) -> tuple[str, str, str, str, str | None]:
        """As the picture has it."""
        return self.pet, self.client, self.label, self.state, self.new_name


def word_on(at: Pharmacy, pet: str, client: str, label: str, *, got_a_name: bool = False) -> Word:
    """What who writes it now, or makes it active, looks at."""
    name, owner = at.records[pet].values["name"], at.records[pet].owner
    past_name = label in at.had.get(("name", pet), ()) or got_a_name
    past_owner = client in at.had.get(("owner", pet), ())
    is_named = name is None or label == name
    return Word(name, owner, past_name and not is_named, past_owner and client != owner)


def written(at: Pharmacy, pet: str, client: str, label: str, word: Word) -> Prescription:
    """A new one: held where it was written for a name or an owner that the pet hasn't."""
    prescription = Prescription(pet, client, label)
    _begin(at, prescription, word)
    return prescription


def saved(at: Pharmacy, prescription: Prescription, state: str, word: Word) -> None:
    """A pharmacist has ended it, renewed it or made it active."""
    was, pet = prescription.state, at.records[prescription.pet]
    if state == "ended":
        _set(prescription, "ended")
    elif was == "ended":
        _begin(at, prescription, word)
    else:
        name = pet.values["name"]
        prescription.ahead = word if word.name != name else None
        is_on_the_name = name is None or word.name == name
        is_on_the_owner = word.owner == pet.owner or prescription.client == pet.owner
        if was == "needs_new_prescription" and is_on_the_name:
            _set(prescription, "active" if is_on_the_owner else "owner_changed")
        elif was == "owner_changed" and is_on_the_owner:
            _set(prescription, "active")


def rename(at: Pharmacy, pet: str, new: str) -> None:
    """A person has said that the pet has another name."""
    old = at.records[pet].values["name"]
    _leaves(at, "name", pet, old)
    for p in _of(at, pet):
        p.got_a_name |= old is None
        _gets_name(at, p, new)


def save_name(at: Pharmacy, pet: str, new: str | None) -> None:
    """The client has changed the name in the web shop, or emptied it."""
    if new is None:
        _leaves(at, "name", pet, at.records[pet].values["name"])
    elif at.records[pet].values["name"] is None:
        fill_name(at, pet, new)
    else:
        rename(at, pet, new)


def fill_name(at: Pharmacy, pet: str, new: str) -> None:
    """A pet that had no name gets one: labels may say another."""
    for p in _of(at, pet):
        p.got_a_name = True
        if p.label != new or p.new_name not in (None, new):
            _gets_name(at, p, new)


def new_owner(at: Pharmacy, pet: str, owner: str) -> None:
    """The pet is another client's, whom no active prescription of it names."""
    _leaves(at, "owner", pet, at.records[pet].owner)
    at.records[pet].owner = owner
    for p in _of(at, pet):
        if p.state == "active":
            _set(p, "owner_changed")


def look_no_further(at: Pharmacy, pet: str) -> None:
    """From here on what happens to the pet happens in this life as it did."""
    for p in _of(at, pet):
        p.ahead = None


def had_all_along(one: Pharmacy, other: Pharmacy) -> dict[tuple[str, str], set[str]]:
    """Past names and owners, with those of the one life that are past in the other."""
    for pet in [n for n, r in one.records.items() if r.record == "pet" and n in other.records]:
        was, is_now = one.records[pet], other.records[pet]
        if was.values["name"] != is_now.values["name"]:
            _leaves(one, "name", pet, was.values["name"])
        if was.owner != is_now.owner:
            _leaves(one, "owner", pet, was.owner)
    return one.had


def _gets_name(at: Pharmacy, p: Prescription, new: str) -> None:
    word, p.ahead = p.ahead, None
    if p.state == "ended":
        return
    if word is None or word.name != new:
        _set(p, "needs_new_prescription", new)
    else:
        owner = at.records[p.pet].owner
        _set(p, "active" if owner in (p.client, word.owner) else "owner_changed")


def _begin(at: Pharmacy, p: Prescription, word: Word) -> None:
    name, owner = at.records[p.pet].values["name"], at.records[p.pet].owner
    is_named = name is None or p.label == name
    p.ahead = word if word.name != name else None
    if not is_named and (word.past_name or word.name != name):
        _set(p, "needs_new_prescription", name)
    elif p.client != owner and (word.past_owner or word.owner != owner):
        _set(p, "owner_changed")
    else:
        _set(p, "active")


def _set(p: Prescription, state: str, new_name: str | None = None) -> None:
    p.state, p.new_name = state, new_name


def _leaves(at: Pharmacy, what: str, pet: str, old: str | None) -> None:
    if old is not None:
        at.had.setdefault((what, pet), set()).add(old)


def _of(at: Pharmacy, pet: str) -> list[Prescription]:
    return [p for p in at.prescriptions.values() if p.pet == pet]
