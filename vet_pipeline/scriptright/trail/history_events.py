"""What a history is made of: events, in which order they stand, and how their rows are read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, TextClause

from vet_pipeline.policy import Record


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `by` None means a load did it, and `snapshot` says which."""

    at: datetime  # UTC
    kind: str  # created, linked, unlinked, joined, changed, suggestion_opened, ..., missing, attested, ...
    record: str  # client | pet | prescription
    record_id: int
    by: str | None = None
    load_id: int | None = None
    snapshot: int | None = None  # the number of the load's snapshot
    field: str | None = None
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    pims_id: str | None = None
    detail: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of a record: what it holds, whence, and its events, oldest first."""

    record: Record
    record_id: int
    events: tuple[Event, ...]
    holds: Mapping[str, Mapping[str, Any]]  # by field; empty: it was joined with another
    pims: tuple[Mapping[str, Any], ...]  # the text of each PIMS record that feeds it
    pets: tuple[int, ...]  # a client's, each with a history of its own


def rows(
    connection: Connection, statement: TextClause, key: Mapping[str, Any]
) -> list[Mapping[Any, Any]]:
    """The rows of a statement on one record, by column name."""
    return list(connection.execute(statement, dict(key)).mappings())


def numbered(
    asked: Iterable[Mapping[Any, Any]], *about: str
) -> Iterator[tuple[Mapping[Any, Any], datetime]]:
    """Questions in the order of their numbers, each with when it got its own.

    One that takes another's place keeps the `opened_at` of that, though what it shows is newer.
    `about`: the columns that say what a question is about.
    """
    closed: dict[tuple[Any, ...], datetime] = {}
    for row in asked:
        subject = tuple(row[column] for column in about)
        yield row, max(row["opened_at"], closed.get(subject, row["opened_at"]))
        if row["decided_at"] is not None:
            closed[subject] = max(row["decided_at"], closed.get(subject, row["decided_at"]))


#: Within one transaction everything has one time: cause before effect then.
ORDER = (
    "created",
    "possible_match",
    "match_confirmed",
    "match_rejected",
    "linked",
    "unlinked",
    "joined",
    "suggestion_confirmed",
    "suggestion_rejected",
    "suggestion_reopened",
    "changed",
    "attested",
    "suggestion_superseded",
    "suggestion_opened",
    "link_kept",
    "link_question_undone",
    "link_question_superseded",
    "link_questioned",
    "missing",
)
