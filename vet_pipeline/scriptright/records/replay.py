"""A field's life played again, without the PIMS records whose links are undone. Pure.

What is left happens in its order and by the same rules as when it first happened (merge.py,
rivals.py): what the undone records had overshadowed, answered or asked comes out as if they had
never been there. restore.py gathers the events and writes the result.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vet_pipeline.policy import Field
from vet_pipeline.scriptright.records.merge import OwnBefore, Question, is_past, merge_at_link
from vet_pipeline.scriptright.records.rivals import Change, Settled, settle_rivals
from vet_pipeline.scriptright.records.values import Value, alike, unchanged


@dataclass(frozen=True, slots=True)
class Saved:
    """Somebody saved the field in the web shop: a whole value, whoever's it had been before."""

    at: datetime
    value: Value


@dataclass(frozen=True, slots=True)
class Linked:
    """A PIMS record began to feed the record, saying `value`."""

    at: datetime
    pims_id: str
    value: Value
    load_id: int
    # PIMS records that fed it and were missing then: since when.
    missing: Mapping[str, str] = dataclasses.field(default_factory=dict)
    own: OwnBefore | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A load brought changes of the field."""

    at: datetime
    load_id: int
    known_on: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's word on what a PIMS record had suggested."""

    at: datetime
    pims_id: str
    new: Value
    confirmed: bool
    load_id: int  # of the suggestion


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a PIMS record had brought since then was taken back: its row says another by now."""

    at: datetime
    pims_id: str
    since: datetime | None  # None: from before this life; `value` is what the record got back
    value: Value


RETURNED = "returned"  # the reason of a change that is none: the record is back as it was

Event = Saved | Linked | Told | Decided | TakenBack


@dataclass(frozen=True, slots=True)
class Turn:
    """The field got another value; `said`: by a person's word on a suggestion."""

    at: datetime
    value: Value
    said: bool


@dataclass(slots=True)
class Life:
    """A record's field at a moment: its value, whose it is, what is asked, what the PIMS says."""

    field: Field
    record_id: int
    value: Value
    questions: dict[str, Question] = dataclasses.field(default_factory=dict)  # by PIMS id
    # Of records that are missing.
    put_off: dict[str, Question] = dataclasses.field(default_factory=dict)
    # Of the PIMS records that feed it by then.
    says: dict[str, Value] = dataclasses.field(default_factory=dict)
    source: tuple[str, int] | None = None  # PIMS id and load; None: nobody's of these
    filled_at: datetime | None = None  # when a link, or taking back, last gave it a value
    first: Value = dataclasses.field(init=False)  # what it was at the beginning
    turns: list[Turn] = dataclasses.field(default_factory=list)  # what it has been since

    def __post_init__(self) -> None:
        self.first = self.value


def replay(life: Life, events: Iterable[Event]) -> Life:
    """The field after the events, oldest first; `life` is moved on and returned.

    A load's links come before its changes. A decision on what isn't asked in this life, or not
    about this value, is about nothing. The owner's events are `Saved` alone.
    """
    for event in sorted(events, key=_order):
        before = life.value
        match event:
            case Saved():
                _write(life, event.value, None)
            case Linked():
                _link(life, event)
            case Told():
                _tell(life, event)
            case Decided():
                _decide(life, event)
            case TakenBack():
                _take_back(life, event)
        if life.value != before:
            life.turns.append(Turn(event.at, life.value, isinstance(event, Decided)))
    return life


def _order(event: Event) -> tuple[datetime, bool, str]:
    link = isinstance(event, Linked)
    return (event.at, not link, event.pims_id if isinstance(event, Linked) else "")


def _link(life: Life, event: Linked) -> None:
    beside = {one: since for one, since in event.missing.items() if one in life.says}
    last = max(beside.values(), default="")
    told = any(_has_said(life, one, event.value) for one, since in beside.items() if since == last)
    put_off = {one: life.questions.pop(one) for one in beside if one in life.questions}
    life.put_off |= put_off
    life.says[event.pims_id] = event.value
    if told:
        return
    for verdict in merge_at_link(life.field, life.value, event.value, event.own):
        if verdict.writes:
            _write(life, verdict.new, (event.pims_id, event.load_id))
            life.filled_at = event.at
        elif verdict.outcome == "suggest":
            asked = verdict.question(life.record_id, event.pims_id, event.load_id, event.at)
            life.questions[event.pims_id] = asked
            for one, before in put_off.items():
                if before.new == verdict.new:  # asked of this one now
                    del life.put_off[one]


def _has_said(life: Life, pims_id: str, value: Value) -> bool:
    """As told_before.py: a missing record's word, about which nobody is asked."""
    said = life.says.get(pims_id)
    return said is not None and pims_id not in life.questions and alike(life.field, said, value)


def _tell(life: Life, event: Told) -> None:
    life.says |= {change.pims_id: change.new for change in event.changes}
    changes = [change for change in event.changes if change.reason != RETURNED]
    settled = settle_rivals(
        changes,
        life.value,
        known_on=event.known_on,
        written=life.filled_at == event.at,
        dead=any(said.get("deceased") for said in life.says.values()),
    )
    for one in settled if changes else ():
        _carry_out(life, one, event)
    for change in event.changes:
        asked = life.put_off.pop(change.pims_id, None)
        if asked and change.reason == RETURNED and not unchanged(life.field, asked.new, life.value):
            life.questions[change.pims_id] = dataclasses.replace(asked, old=life.value)


def _carry_out(life: Life, settled: Settled, event: Told) -> None:
    pims_id, said = settled.change.pims_id, settled.change.new
    if settled.outcome == "keep":
        asked = life.questions.get(pims_id)
        if asked and is_past(life.field, asked.new, said, settled.reason):
            del life.questions[pims_id]
        return
    life.questions.pop(pims_id, None)
    if settled.outcome == "apply":
        _write(life, said, (pims_id, event.load_id))
    elif settled.outcome == "suggest":
        life.questions[pims_id] = settled.question(event.load_id, event.at)


def _decide(life: Life, event: Decided) -> None:
    asked = life.questions.get(event.pims_id)
    if asked is None or asked.new != event.new:
        return
    del life.questions[event.pims_id]
    if event.confirmed:
        _write(life, event.new, (event.pims_id, event.load_id))


def _take_back(life: Life, event: TakenBack) -> None:
    """In this life another value may have been there before, or the row have brought none."""
    value = event.value
    if event.since is not None:
        if life.source is None or life.source[0] != event.pims_id:
            return
        earlier = [turn.value for turn in life.turns if turn.at < event.since]
        value = earlier[-1] if earlier else life.first
    _write(life, value, None)
    life.filled_at = event.at


def _write(life: Life, value: Value, source: tuple[str, int] | None) -> None:
    """The next value: questions that it answers are none any more, the others show it."""
    life.value, life.source = value, source
    life.questions = {
        i: dataclasses.replace(asked, old=value)
        for i, asked in life.questions.items()
        if not unchanged(life.field, asked.new, value)
    }
