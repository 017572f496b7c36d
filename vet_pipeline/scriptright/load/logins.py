"""Whose login the email is that a client's row brings.

An email changes by itself, and is what the client signs in with. Whatever else its row says, it is
asked about

- if other clients have it, or get it with this load, and all of them are strangers: a column was
  sorted or filled down, another's row was open, two rows were swapped. A double of the client, or
  whoever is of the family, or was of the house, may share it (a house that comes with it may be
  another's as well); what ten have is a desk's;
- or if it is the practice's own: typed where a client's bounces, or because there has to be one.

Whether the row is another client's altogether is asked in handed_on.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.records.another import are_strangers
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.writes import read_records

EMAIL = FIELD["client", "email"]
_MANY = 10  # clients of one email, and no more are looked at


def others_logins(
    load: LoadInHand, changes: Iterable[Change], said: Mapping[str, Sequence[Mapping[str, Any]]]
) -> set[str]:
    """The PIMS ids of the rows that bring another's.

    `said` is who the rows say they are that may, and of which house and numbers ScriptRight and they
    themselves said before.
    """
    brought = [
        change
        for change in changes
        if change.field == EMAIL and change.pims_id in said and change.new["email"]
    ]
    if not brought:
        return set()
    return strangers_logins(load, brought, said) | practices_own(load, brought)


def strangers_logins(
    load: LoadInHand, brought: list[Change], said: Mapping[str, Sequence[Mapping[str, Any]]]
) -> set[str]:
    """Of these emails, those that strangers alone have."""
    others = {i: ids for i, ids in _clients_beside(load, brought).items() if 0 < len(ids) < _MANY}
    ids = {client for clients in others.values() for client in clients}
    rows = read_records(load.connection, load.practice_id, "client", ids)
    return {
        pims_id
        for pims_id, clients in others.items()
        if all(are_strangers(one, rows[client]) for one in said[pims_id] for client in clients)
    }


def practices_own(load: LoadInHand, brought: list[Change]) -> set[str]:
    """Of these emails, the one at which the practice is written to."""
    [(own,)] = load.fetch(_OWN)
    return {change.pims_id for change in brought if change.new["email"].lower() == own.lower()}


def _clients_beside(load: LoadInHand, brought: list[Change]) -> dict[str, set[int]]:
    """By PIMS id: the other clients who have the email, or whose rows bring it, too."""
    ids, records, emails = (
        [change.pims_id for change in brought],
        [change.record_id for change in brought],
        [change.new["email"].lower() for change in brought],
    )
    found = load.fetch(_OTHERS, ids=ids, records=records, emails=emails)
    others = defaultdict(set, {row.pims_id: {*row.client_ids} for row in found})
    together: dict[str, set[int]] = defaultdict(set)
    for record_id, email in zip(records, emails, strict=True):
        if len(beside := together[email]) <= _MANY:
            beside.add(record_id)
    for pims_id, record_id, email in zip(ids, records, emails, strict=True):
        others[pims_id] |= together[email] - {record_id}
    return others


_OTHERS = text(f"""
    SELECT b.pims_id, (array_agg(c.client_id))[1:{_MANY}] AS client_ids
    FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]), CAST(:emails AS text[]))
        AS b (pims_id, record_id, email)
    JOIN scriptright.client c ON c.practice_id = :practice_id AND c.client_id <> b.record_id
      AND lower(c.email) = b.email
    GROUP BY b.pims_id
""")  # noqa: S608 - a constant
_OWN = text("SELECT contact_email FROM scriptright.practice WHERE practice_id = :practice_id")
