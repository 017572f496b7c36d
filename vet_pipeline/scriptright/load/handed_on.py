"""PIMS rows that have come to say somebody else, or another animal: their keys were handed on.

PIMS give a key to the next client after a purge or a restored backup, and people reuse a pet's
entry for the next pet. Email, weight and death, which change by themselves, would then be
another's in ScriptRight: they are asked about until the two sides look like one again. What a
person is asked anyway (a name, an address, numbers, a pet's owner) gives this as its reason:
confirmed by itself it is another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from vet_pipeline.deltas.changes import ID_COLUMN, NAMES
from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.load.logins import EMAIL, others_logins
from vet_pipeline.scriptright.load.taken_back import take_back
from vet_pipeline.scriptright.records.another import (
    BY_ITSELF,
    LOOKS,
    Known,
    Unlike,
    as_named_there,
    is_emptied,
    unlike,
)
from vet_pipeline.scriptright.records.in_question import Words, in_question, words_on
from vet_pipeline.scriptright.records.likeness import contacts_of
from vet_pipeline.scriptright.records.merge import says_nothing
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import Value, canonical
from vet_pipeline.scriptright.records.writes import KEY, Row

_NAME, _AGE, _OWNER = (FIELD["pet", name] for name in ("name", "age", "owner"))
_NO_CONTACTS: Value = {"address_line1": None, "postal_code": None, "phones": [], "email": None}
_WHERE = [column for name in ("address", "phones") for column in FIELD["client", name].columns]
_TELLING = {"client": (*LOOKS["client"], "email"), "pet": (*LOOKS["pet"], "owner")}


def ask_about_another(
    load: LoadInHand, writes: PendingWrites, record: Record, changes: list[Change]
) -> list[Change]:
    """The changes; of a row that says another than ScriptRight and than before none is automatic.

    An email that is no client's own (logins.py) is asked about whatever else the row says.
    Whoever keeps a client's link answers what was asked of it as another's, not what comes later.
    """
    told = _may_tell(load, writes, record, changes)
    may_be = {change.pims_id for change in changes if _may_be_anothers(change)}
    words = words_on(load.connection, load.practice_id, record, may_be)
    looked_at = told | words.keys()
    if not looked_at:
        return changes
    rows = _rows(load, writes, record, [c for c in changes if c.pims_id in looked_at], words)
    emailed = {c.pims_id for c in changes if c.field == EMAIL and c.action == "apply"}
    handed_on = {i for i, row in rows.items() if row.is_anothers(i in emailed)}
    surely = {
        i: level == Unlike.SURELY
        for i, row in rows.items()
        if (level := row.unlike) >= BY_ITSELF[record]
    }
    taken_back = take_back(load, writes, record, surely, changes)
    handed_on |= {change.pims_id for change in taken_back}
    of_clients = {i: row.where_it_was for i, row in rows.items() if record == "client"}
    others = others_logins(load, changes, of_clients)
    return [
        _asked(change)
        if change.pims_id in handed_on or (change.field == EMAIL and change.pims_id in others)
        else change
        for change in [*changes, *taken_back]
    ]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that may be another's by now, and what it is compared with."""

    record: Record
    now: Mapping[str, Any]  # what it says
    here: Row  # what ScriptRight says
    # What it said, without what nobody has confirmed: a row may be typed over in two loads.
    before: Mapping[str, Any]
    words: Words
    known: Known  # but for what the client has named since: of `here` alone

    @property
    def sides(self) -> tuple[Mapping[str, Any], ...]:
        """ScriptRight's, and what it said before: unless a person has been asked about that."""
        return (self.here,) if self.words.asked or self.words.refused else (self.here, self.before)

    @property
    def where_it_was(self) -> list[Mapping[str, Any]]:
        """What a client's row says, with house and numbers as they were: those may be another's, too."""
        return [
            {**self.now, **{at: side[at] for at in _WHERE}} for side in (self.here, self.before)
        ]

    @property
    def unlike(self) -> Unlike:
        """How far it speaks against all of its sides."""
        of_here = replace(self.known, named_since=self.words.named_since)
        return min(
            unlike(self.record, side, self.now, of_here if side is self.here else self.known)
            for side in self.sides
        )

    def is_anothers(self, brings_email: bool) -> bool:
        """Whether none of its changes is automatic.

        A row that brings an email, which is a login, or to whose name a person has said no, has to
        be called as its sides are: a husband's isn't his wife's, be it of one house, until a person
        has confirmed his name. One of which it was asked whose it is, too: an address or number
        that was confirmed alone makes no two clients one. One that was emptied is whoever's is
        being typed in.
        """
        if is_emptied(self.record, self.here, self.now):
            return True
        if self.words.asked:
            return self.unlike >= Unlike.BY_SURNAME
        if self.words.refused or brings_email:
            return self.unlike >= Unlike.BY_NAME
        return self.unlike >= Unlike.ANOTHER


def _rows(
    load: LoadInHand,
    writes: PendingWrites,
    record: Record,
    changes: list[Change],
    words: Mapping[str, Words],
) -> dict[str, _Row]:
    """The rows of these changes, by PIMS id."""
    by_id: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_id[change.pims_id].append(change)
    rows = {}
    for pims_id, now in load.said(record, by_id).items():
        here = writes.row(record, by_id[pims_id][0].record_id)
        of = words.get(pims_id) or Words(here[KEY[record]])
        before: Mapping[str, Any] = _before(by_id[pims_id], now, here) | of.was
        known = Known(had_birth_date=bool(canonical(_AGE, before)["birth_date"]))
        if record == "client":
            before = as_named_there(here, before, named_since=of.named_since)
        rows[pims_id] = _Row(record, now, here, before, of, known)
    if record == "client":
        return rows
    elsewhere = _elsewhere(load, rows)
    return {
        i: replace(row, known=replace(row.known, elsewhere=i in elsewhere))
        for i, row in rows.items()
    }


def _may_tell(
    load: LoadInHand, writes: PendingWrites, record: Record, changes: list[Change]
) -> set[str]:
    """Whose row has changed in what may tell another, or in anything where it has no name."""
    nameless = _nameless(load, record)
    told = {c.pims_id for c in changes if _tells(c) or (c.pims_id in nameless and _brings(c))}
    return told | _weighed_dead(writes, changes) if record == "pet" else told


def _tells(change: Change) -> bool:
    return change.reason == "changed" and change.field.name in _TELLING[change.field.record]


def _nameless(load: LoadInHand, record: Record) -> set[str]:
    """In whose row no name stands."""
    rows = load.side(record).rows
    unnamed = rows[[*NAMES & {*rows.columns}]].isna().all(axis=1)
    return set(rows.loc[unnamed, ID_COLUMN[record]])


def _brings(change: Change) -> bool:
    """Whether it may be of whoever is typed into a row without a name: what went blank isn't."""
    return change.field.record == "pet" or bool(contacts_of(_NO_CONTACTS | change.new))


def _weighed_dead(writes: PendingWrites, changes: list[Change]) -> set[str]:
    """Dead pets with another weight: that the next one lives may be typed days later."""
    weighed = (change for change in changes if change.field.name == "weight")
    return {c.pims_id for c in weighed if writes.row("pet", c.record_id)["deceased"]}


def _may_be_anothers(change: Change) -> bool:
    return change.action == "apply" or (change.action, change.reason) == ("suggest", "changed")


def _elsewhere(load: LoadInHand, rows: Mapping[str, _Row]) -> set[str]:
    """The pets that are another client's by now, or called as another pet of their client's.

    Called so by now: not where the web shop alone has given it another name. Two rows were typed,
    or swapped, for each other; or the owner's row may be another's, too. (Nothing here is made for
    each two pets: an account of walk-ins has thousands.)
    """
    keys = {i: canonical(_OWNER, row.now)["pims_client_id"] for i, row in rows.items()}
    feeds = load.fed("client", filter(None, keys.values()))
    conventions = load.delta.conventions
    others = in_question(load.connection, load.practice_id, "client", feeds, conventions)
    owners = {row.here["client_id"] for row in rows.values()}
    pets = load.fetch(_PETS_OF, clients=sorted(owners))
    called = {(pet.client_id, pet.name.casefold()) for pet in pets}
    found = set()
    for pims_id, row in rows.items():
        key, client = keys[pims_id], row.here["client_id"]
        name, *had = (
            (canonical(_NAME, side)["name"] or "").casefold() for side in (row.now, *row.sides)
        )
        is_namesake = name not in had and (client, name) in called
        is_moved = key is not None and feeds.get(key) != client  # a blank owner is nobody else
        if is_moved or key in others or is_namesake:
            found.add(pims_id)
    return found


def _before(
    changes: list[Change], now: Mapping[str, Any], here: Mapping[str, Any]
) -> dict[str, Any]:
    """What the row said; if emptied, before that; if it never said, what ScriptRight says."""
    before = dict(now)
    for change in changes:
        said_nothing = says_nothing(change.field, change.old)
        ever = canonical(change.field, here) if said_nothing else change.old
        before |= change.before_blank or ever
    return before


def _asked(change: Change) -> Change:
    if not _may_be_anothers(change):
        return change
    return replace(change, action="suggest", reason=ANOTHER_RECORD)


_PETS_OF = text("""
    SELECT client_id, pet_id, name FROM scriptright.pet
    WHERE practice_id = :practice_id AND client_id = ANY(:clients) AND name IS NOT NULL
""")
