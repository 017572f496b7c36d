"""PIMS rows that have come to say somebody else, or another animal: their keys were handed on.

PIMS give a key to the next client after a purge or a restored backup, and people reuse a pet's
entry for the next pet. Email, weight and death would then be another's, in ScriptRight without a
question: so they are asked about, as what tells it is, until the two sides look like one again.
What a person is asked anyway (an address, numbers, a pet's owner) says why: confirmed by itself it
is another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from vet_pipeline.deltas.changes import ID_COLUMN, NAMES
from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.load.taken_back import take_back
from vet_pipeline.scriptright.records.another import (
    are_strangers,
    is_another,
    is_called_otherwise,
    is_emptied,
    is_still_another,
    is_surely_another_pet,
)
from vet_pipeline.scriptright.records.in_question import Words, clients_in_question, words_on
from vet_pipeline.scriptright.records.likeness import contacts_of
from vet_pipeline.scriptright.records.merge import says_nothing
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import Value, canonical
from vet_pipeline.scriptright.records.writes import KEY, read_records

_NAME, _AGE, _OWNER = (FIELD["pet", name] for name in ("name", "age", "owner"))
_MANY = 10  # clients of one email, and no more are looked at
_NO_CONTACTS: Value = {"address_line1": None, "postal_code": None, "phones": [], "email": None}
_TELLING = {"client": ("name", "email"), "pet": ("name", "breed", "age", "deceased", "owner")}


def ask_about_another(
    load: LoadInHand, writes: PendingWrites, record: Record, changes: list[Change]
) -> list[Change]:
    """The changes; of a row that says another than before, and than ScriptRight, none is automatic.

    *Before* is without what nobody has confirmed: the row may have been typed over in two loads, or
    emptied first. A client goes by the names, whatever number still stands there: whoever types a
    newcomer over may leave it for last; by the given names alone if the row brings another client's
    login. Nor is any automatic of a row of which that was asked, or to whose name a person has said
    no, as long as it is called otherwise than in ScriptRight: an address or number that was
    confirmed alone makes no two clients one. In a row that was emptied it is whoever's is being
    typed in. A stranger's login is asked about whatever else the row says. (Whoever keeps a
    client's link answers what was asked of it as another's, not what comes later.)
    """
    by_id: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_id[change.pims_id].append(change)
    told = {change.pims_id for change in changes if _tells(change)}
    nameless = _nameless(load, record)
    told |= {change.pims_id for change in changes if change.pims_id in nameless and _brings(change)}
    if record == "pet":
        told |= _weighed_dead(writes, changes)
    may_be = {change.pims_id for change in changes if _may_be_anothers(change)}
    words = words_on(load.connection, load.practice_id, record, may_be)
    looked_at = told | words.keys()
    if not looked_at:
        return changes
    handed_on = set()
    others_logins = _others_logins(load, changes, looked_at)
    said = load.said(record, looked_at)
    rows = {i: writes.row(record, by_id[i][0].record_id) for i in said}
    words = {i: Words(row[KEY[record]]) for i, row in rows.items()} | words
    sides: dict[str, list[Mapping[str, Any]]] = {i: [row] for i, row in rows.items()}
    for i, now in said.items():
        before = _before(by_id[i], now, rows[i]) | words[i].was
        now["had_birth_date"] = bool(canonical(_AGE, before)["birth_date"])
        if not (words[i].asked or words[i].refused):
            sides[i].append(before)
    if record == "pet":
        _tell_elsewhere(load, said, sides)
    for pims_id, now in said.items():
        of, differ = words[pims_id], is_another
        if of.asked:
            differ = is_still_another
        elif of.refused or pims_id in others_logins:
            differ = is_called_otherwise
        if is_emptied(record, rows[pims_id], now) or all(
            differ(record, side, now) for side in sides[pims_id]
        ):
            handed_on.add(pims_id)
    by_looks = {i for i in handed_on if all(is_another(record, s, said[i]) for s in sides[i])}
    surely = {
        i for i in by_looks
        if record == "pet" and all(is_surely_another_pet(s, said[i]) for s in sides[i])
    }  # fmt: skip
    changes = [*changes, *take_back(load, writes, record, by_looks, surely, changes)]
    strangers = _strangers_logins(load, others_logins, said)
    return [
        _asked(change)
        if change.pims_id in handed_on
        or (change.field.name == "email" and change.pims_id in strangers)
        else change
        for change in changes
    ]


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


def _others_logins(
    load: LoadInHand, changes: list[Change], looked_at: AbstractSet[str]
) -> dict[str, set[int]]:
    """Whose new email is other clients', or becomes theirs now: two rows were swapped, say."""
    brought = [
        (change.pims_id, change.record_id, change.new["email"])
        for change in changes
        if change.field.name == "email" and change.action == "apply" and change.pims_id in looked_at
    ]
    if not brought:
        return {}
    ids, records, emails = (list(cells) for cells in zip(*brought, strict=True))
    found = load.fetch(_OTHERS, ids=ids, records=records, emails=emails)
    others = {row.pims_id: {*row.client_ids} for row in found}
    together: dict[str, set[int]] = defaultdict(set)
    for _, record_id, email in brought:
        if len(beside := together[email.lower()]) <= _MANY:
            beside.add(record_id)
    for pims_id, record_id, email in brought:
        if here := together[email.lower()] - {record_id}:
            others[pims_id] = others.get(pims_id, set()) | here
    return others


def _strangers_logins(
    load: LoadInHand, others: Mapping[str, AbstractSet[int]], said: Mapping[str, dict[str, Any]]
) -> set[str]:
    """Of these, whose it is of strangers alone: a column was sorted, or another's row was open.

    A double of the client, or whoever is of the house or the family, may share it; what many have
    is the desk's.
    """
    if not others:
        return set()
    ids = {client for clients in others.values() for client in clients}
    rows = read_records(load.connection, load.practice_id, "client", ids)
    return {
        pims_id
        for pims_id, clients in others.items()
        if len(clients) < _MANY
        and all(are_strangers(said[pims_id], rows[client]) for client in clients)
    }


def _tell_elsewhere(
    load: LoadInHand,
    said: Mapping[str, dict[str, Any]],
    sides: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    """Tell of each pet that is another client's by now, or called as another pet of its client's.

    `sides`: what it is compared with, first what ScriptRight says. Called so by now: not where the
    web shop alone has given it another name.

    Two rows were typed, or swapped, for each other; or the owner's row may be another's, too.
    (Nothing here is made for each two pets: an account of walk-ins has thousands.)
    """
    keys = {i: canonical(_OWNER, row)["pims_client_id"] for i, row in said.items()}
    known = filter(None, keys.values())
    feeds = load.fed("client", known)
    conventions = load.delta.conventions
    others = clients_in_question(load.connection, load.practice_id, feeds, conventions)
    owners = {i: here["client_id"] for i, (here, *_) in sides.items()}
    pets = load.fetch(_PETS_OF, clients=sorted(set(owners.values())))
    called = {(pet.client_id, pet.name.casefold()) for pet in pets}
    for pims_id, row in said.items():
        key, client = keys[pims_id], owners[pims_id]
        name, *had = (
            (canonical(_NAME, side)["name"] or "").casefold() for side in (row, *sides[pims_id])
        )
        is_namesake = name not in had and (client, name) in called
        is_moved = key is not None and feeds.get(key) != client  # a blank owner is nobody else
        row["elsewhere"] = is_moved or key in others or is_namesake


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


_OTHERS = text(f"""
    SELECT b.pims_id, (array_agg(c.client_id))[1:{_MANY}] AS client_ids
    FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]), CAST(:emails AS text[]))
        AS b (pims_id, record_id, email)
    JOIN scriptright.client c ON c.practice_id = :practice_id AND c.client_id <> b.record_id
      AND lower(c.email) = lower(b.email)
    GROUP BY b.pims_id
""")  # noqa: S608 - a constant
_PETS_OF = text("""
    SELECT client_id, pet_id, name FROM scriptright.pet
    WHERE practice_id = :practice_id AND client_id = ANY(:clients) AND name IS NOT NULL
""")
