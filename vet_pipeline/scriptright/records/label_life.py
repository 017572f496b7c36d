"""A prescription's life played again over the names and owners that its pet would have had. Pure.

replay.py tells what those would have been without a link that is undone. What the web shop has
written and saved stays, and is worth what it was: a word on the name and the owner that whoever
did it looked at. Marks aren't events, they follow by the rules of consequences.py and of the
triggers (schema 0018): as if the link had never been there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vet_pipeline.scriptright.records.consequences import is_same_name


@dataclass(frozen=True, slots=True)
class Named:
    """The pet has another name, or none. `said`: by a person's statement, else it was filled in."""

    at: datetime
    name: str | None
    said: bool


@dataclass(frozen=True, slots=True)
class Owned:
    """The pet has another owner."""

    at: datetime
    client_id: int


@dataclass(frozen=True, slots=True)
class Parted:
    """A link was undone: what happens from here on happened to the pet as it is in this life."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """The web shop wrote the prescription, or gave it a state; `name`, `client_id`: its pet's."""

    at: datetime
    state: str
    new_name: str | None
    name: str | None
    client_id: int
    past_name: bool  # the label was a name that the pet had no more, or it has got its first since
    past_owner: bool


Event = Named | Owned | Parted | Word


@dataclass(slots=True)
class Label:
    """A prescription at a moment, with what its pet is then. `state` None: not written yet."""

    label_name: str
    client_id: int
    name: str | None
    owner_id: int
    state: str | None = None
    new_name: str | None = None
    ahead: Word | None = None  # the last word, on a name that the pet hasn't had since in this life


def live(label: Label, events: Iterable[Event]) -> Label:
    """The prescription after the events, oldest first; `label` is moved on and returned."""
    for event in sorted(events, key=lambda event: event.at):
        match event:
            case Named():
                _name(label, event)
            case Owned():
                label.owner_id = event.client_id
                if label.state == "active":
                    _set(label, "owner_changed")
            case Parted():
                label.ahead = None
            case Word():
                _say(label, event)
    return label


def _name(label: Label, event: Named) -> None:
    before, label.name = label.name, event.name
    if event.name is None or is_same_name(before, event.name):
        return
    is_on_it = all(
        is_same_name(one or event.name, event.name) for one in (label.label_name, label.new_name)
    )
    if before is None and not event.said and is_on_it:
        return
    word, label.ahead = label.ahead, None
    if label.state in (None, "ended"):
        return
    if word is None or not is_same_name(word.name, event.name):
        _set(label, "needs_new_prescription", event.name)
    else:
        _set(label, "active" if _is_for(label, word) else "owner_changed")


def _say(label: Label, word: Word) -> None:
    before, is_on_the_name = label.state, is_same_name(word.name, label.name)
    if word.state != "active":
        _hold(label, word, is_on_the_name=is_on_the_name)
        return
    label.ahead = None if is_on_the_name else word
    if before in (None, "ended"):
        _begin(label, word, is_on_the_name=is_on_the_name)
    elif before == "owner_changed" or label.name is None or is_on_the_name:
        if _is_for(label, word):
            _set(label, "active")
        elif before == "needs_new_prescription":
            _set(label, "owner_changed")


def _hold(label: Label, word: Word, *, is_on_the_name: bool) -> None:
    """Ended, or held by hand: a hold is for the present name, and lifts none that is for it."""
    if is_on_the_name or word.state == "ended":
        _set(label, word.state, word.new_name)
    elif word.state == "needs_new_prescription":
        _set(label, word.state, label.name or word.new_name)
    elif label.state != "needs_new_prescription":
        _set(label, word.state)


def _begin(label: Label, word: Word, *, is_on_the_name: bool) -> None:
    """Written, or renewed: held where that was for a name or an owner that the pet hasn't."""
    is_named = label.name is None or is_same_name(label.label_name, label.name)
    is_for_owner = label.client_id == label.owner_id
    if not is_named and (word.past_name or not is_on_the_name):
        _set(label, "needs_new_prescription", label.name)
    elif not is_for_owner and (word.past_owner or word.client_id != label.owner_id):
        _set(label, "owner_changed")
    else:
        _set(label, "active")


def _is_for(label: Label, word: Word) -> bool:
    return label.owner_id in (label.client_id, word.client_id)


def _set(label: Label, state: str, new_name: str | None = None) -> None:
    label.state, label.new_name = state, new_name
