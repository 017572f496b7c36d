"""Suggestions as persons see them: both values, why, since when, and a fingerprint of it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import UnknownItem
from vet_pipeline.policy import RECORDS, LaterChange, Record
from vet_pipeline.scriptright.records.suggestions import (
    ANOTHER_RECORD,
    SuggestionRow,
    field_of,
    holds,
)
from vet_pipeline.scriptright.records.values import Value, canonical, digest
from vet_pipeline.scriptright.records.writes import (
    Keep,
    Row,
    held,
    read_records,
    records_fed,
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that waits for a person, or one that has been decided."""

    suggestion_id: int
    record: Record
    record_id: int
    pims_id: str
    field: str
    label: str  # the field in words
    # changed, became_blank, differs_at_merge, older_weighing, ...; another_record where that is
    # asked beside it, even if the row has said so only since
    reason: str
    old: Value  # what ScriptRight held when it was opened
    new: Value  # exactly what confirming writes; a new owner also as ScriptRight's client_id
    current: Value  # what ScriptRight holds now; nothing of a record that went when it was joined
    since: datetime  # UTC
    load_id: int
    snapshot: int  # that its load brought in
    missing_since: datetime | None  # UTC: the PIMS has its record no more; may be merged, or purged
    state: str  # open | confirmed | rejected | superseded
    decided_by: str | None
    decided_at: datetime | None
    version: int  # of the record; 0: it is gone
    needs_attestation: bool  # confirming needs the statement that it is the same animal
    animal: Value | None  # of a rename: whose and which animal it is by now
    # Other client (a new owner), animal (a rename) or PIMS row than when it got its number.
    means_another: bool
    shown: str  # fingerprint of all that was shown: hand it back with the decision

    @property
    def is_stale(self) -> bool:
        """Somebody changed the value since: confirming is refused, and asks again."""
        return self.state == "open" and not holds(self.current, self.old)

    @property
    def said(self) -> Value:
        """The new value as the PIMS says it, which knows an owner by its own key alone."""
        return {column: value for column, value in self.new.items() if column != "client_id"}

    @property
    def ids(self) -> dict[str, Any]:
        """What the audit trail knows it by: never a value."""
        return {
            "suggestion_id": self.suggestion_id,
            "record": self.record,
            "record_id": self.record_id,
            "field": self.field,
            "load_id": self.load_id,
        }

    @property
    def may_be_anothers(self) -> bool:
        """Whether the PIMS's row may be about another client or animal by now."""
        return self.reason == ANOTHER_RECORD

    @property
    def goes_alone(self) -> bool:
        """Whether it is never confirmed in bulk: a pet's name, and what may be another's."""
        return self.needs_attestation or self.may_be_anothers

    @property
    def meant(self) -> str:
        """What it is that has become another, where `means_another`."""
        if self.needs_attestation:
            return "animal"
        return "PIMS record" if self.reason == ANOTHER_RECORD else "owner in ScriptRight"


def list_suggestions(
    connection: Connection,
    practice_id: str,
    *,
    state: str | None = "open",
    record: Record | None = None,
    record_id: int | None = None,
    field: str | None = None,
    snapshot: int | None = None,
    same_words: bool = False,
    limit: int = 100,
    after: int = 0,
) -> list[Suggestion]:
    """Suggestions oldest first; the next page starts `after` the last id of this one.

    `snapshot`: only those of its load. `same_words`: only those whose two values differ in capitals
    or spaces at most.
    """
    filters = {"state": state, "record": record, "record_id": record_id, "field": field}
    filters |= {"snapshot": snapshot, "same_words": same_words}
    rows = connection.execute(
        _LIST, {"practice_id": practice_id, "after": after, "limit": limit, **filters}
    ).mappings()
    return _shown(connection, practice_id, [dict(row) for row in rows])


def get_suggestion(
    connection: Connection, practice_id: str, suggestion_id: int, *, keep: Keep | None
) -> Suggestion:
    """One suggestion; raises UnknownItem. `keep`: its record stays as it is told (writes.py)."""
    found = with_numbers(connection, practice_id, [suggestion_id], keep=keep)
    if not found:
        raise UnknownItem(
            f"no suggestion {suggestion_id}",
            next_step=f"see `vet-pipeline review list {practice_id}`",
            practice_id=practice_id,
        )
    return found[0]


def with_numbers(
    connection: Connection,
    practice_id: str,
    suggestion_ids: Iterable[int],
    *,
    keep: Keep | None = None,
) -> list[Suggestion]:
    """Suggestions by number, without unknown ones. `keep`: their records stay so (writes.py)."""
    rows = connection.execute(
        _GET, {"practice_id": practice_id, "ids": list(suggestion_ids)}
    ).mappings()
    return _shown(connection, practice_id, [dict(row) for row in rows], keep)


def _shown(
    connection: Connection, practice_id: str, rows: list[SuggestionRow], keep: Keep | None = None
) -> list[Suggestion]:
    records: dict[tuple[str, int], Row] = {}
    for record in RECORDS:
        ids = {row["record_id"] for row in rows if row["record"] == record}
        if ids:
            found = read_records(connection, practice_id, record, ids, keep=keep)
            records |= {(record, i): row for i, row in found.items()}
    asked = {"practice_id": practice_id, "ids": [row["suggestion_id"] for row in rows]}
    others = set(connection.execute(_MEANS_ANOTHER, asked).scalars())
    handed_on = {row.suggestion_id: row.since for row in connection.execute(_HANDED_ON, asked)}
    missing = {row.suggestion_id: row.missing_since for row in connection.execute(_MISSING, asked)}
    keys = [row["new_value"].get("pims_client_id") for row in rows if row["field"] == "owner"]
    owners = records_fed(connection, practice_id, "client", filter(None, keys))
    return [
        _view(
            row
            | {"missing_since": missing.get(number)}
            | ({"reason": ANOTHER_RECORD} if number in handed_on else {}),
            records.get((row["record"], row["record_id"])),
            owners,
            means_another=number in others or handed_on.get(number, False),
        )
        for row in rows
        for number in [row["suggestion_id"]]
    ]


def _view(
    row: SuggestionRow, record: Row | None, owners: Mapping[str, int], *, means_another: bool
) -> Suggestion:
    """`record`: ScriptRight's; `owners`: clients by the PIMS ids of new owners."""
    field = field_of(row)
    old, new = canonical(field, row["old_value"]), canonical(field, row["new_value"])
    current = held(field, record) if record else {}
    if field.name == "owner":
        new = new | {"client_id": owners.get(new.get("pims_client_id") or "")}
    attested = field.later is LaterChange.ATTESTED
    # Who attests to a rename has seen which animal it is.
    animal = {c: _plain(record[c]) for c in _IDENTITY} if attested and record else None
    return Suggestion(
        **{column: row[column] for column in _AS_KEPT},
        label=field.label,
        old=old,
        new=new,
        current=current,
        since=row["opened_at"],
        version=record["version"] if record else 0,
        needs_attestation=attested,
        animal=animal,
        means_another=means_another,
        shown=digest(
            *(row["suggestion_id"], row["record_id"], old, new, current, animal),
            # Who saw a move hasn't seen that it is another's.
            *([ANOTHER_RECORD] if row["reason"] == ANOTHER_RECORD else ()),
        ),
    )


def _plain(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


_AS_KEPT = (
    "suggestion_id", "record", "record_id", "pims_id", "field", "reason", "load_id", "snapshot",
    "missing_since", "state", "decided_by", "decided_at",
)  # fmt: skip
_IDENTITY = ("client_id", "species", "breed", "birth_date")
# Since when it has its number: it was opened, or took the place of an earlier one.
_NUMBERED = """CROSS JOIN LATERAL (
        SELECT greatest(s.opened_at, max(e.decided_at)) AS at FROM scriptright.suggestion e
        WHERE (e.practice_id, e.record, e.record_id) = (s.practice_id, s.record, s.record_id)
          AND (e.field, e.pims_id) = (s.field, s.pims_id) AND e.suggestion_id < s.suggestion_id
    ) numbered"""
# An undone link keeps its time (`linked_at`); that it was undone is a change of the record it leads
# to by now.
_MEANS_ANOTHER = text(f"""
    SELECT s.suggestion_id FROM scriptright.suggestion s
    {_NUMBERED}
    WHERE s.practice_id = :practice_id AND s.suggestion_id = ANY(:ids) AND s.state = 'open'
      AND s.record = 'pet' AND CASE s.field
        WHEN 'owner' THEN EXISTS (
            SELECT FROM scriptright.client_link l
            WHERE l.practice_id = :practice_id AND l.pims_id = s.new_value ->> 'pims_client_id'
              AND (l.linked_at > numbered.at OR EXISTS (
                SELECT FROM scriptright.record_change c
                WHERE c.practice_id = :practice_id AND c.record = 'client' AND c.record_id = l.record_id
                  AND c.field = 'link' AND c.via_pims_id = l.pims_id
                  AND c.changed_at > numbered.at)))
        WHEN 'name' THEN EXISTS (
            SELECT FROM scriptright.record_change c
            WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.record_id = s.record_id
              AND c.field IN ('age', 'breed', 'owner') AND c.old_value <> c.new_value
              AND c.changed_at > numbered.at)
        ELSE false END
""")  # noqa: S608 - a constant
# What was asked of a PIMS row before it said another client or animal (handed_on.py): confirmed by
# itself it is the other's, all the more where a person has said no to the name. `since`: the row
# has said so since it got its number. Row by row: right after a load the planner takes few to be
# open, and would compare each with each.
_HANDED_ON = text(f"""
    SELECT s.suggestion_id, others.since FROM scriptright.suggestion s
    {_NUMBERED}
    CROSS JOIN LATERAL (
        SELECT bool_and(o.opened_at > numbered.at) AS since FROM scriptright.suggestion o
        WHERE (o.practice_id, o.record, o.record_id) = (s.practice_id, s.record, s.record_id)
          AND o.pims_id = s.pims_id AND o.reason = 'another_record'
          AND (o.state = 'open' OR o.state = 'rejected' AND o.opened_at > s.opened_at)
    ) others
    WHERE s.practice_id = :practice_id AND s.suggestion_id = ANY(:ids) AND s.state = 'open'
      AND s.reason = 'changed' AND others.since IS NOT NULL
""")  # noqa: S608 - a constant
_MISSING = text(
    " UNION ALL ".join(
        f"""
    SELECT s.suggestion_id, b.missing_since FROM scriptright.suggestion s
    JOIN scriptright.pims_{record} b ON b.practice_id = :practice_id AND b.pims_id = s.pims_id
    WHERE s.practice_id = :practice_id AND s.suggestion_id = ANY(:ids) AND s.record = '{record}'
      AND b.missing_since IS NOT NULL"""  # noqa: S608 - constants
        for record in RECORDS
    )
)
_WITH_SNAPSHOT = """
    SELECT s.*, (
        SELECT l.snapshot_seq FROM scriptright.load l
        WHERE l.practice_id = s.practice_id AND l.load_id = s.load_id) AS snapshot
    FROM scriptright.suggestion s"""
_GET = text(f"""{_WITH_SNAPSHOT}
    WHERE practice_id = :practice_id AND suggestion_id = ANY(:ids) ORDER BY suggestion_id
""")
_LIST = text(rf"""{_WITH_SNAPSHOT}
    WHERE practice_id = :practice_id AND suggestion_id > :after
      AND state = coalesce(CAST(:state AS text), state)
      AND record = coalesce(CAST(:record AS text), record)
      AND record_id = coalesce(CAST(:record_id AS bigint), record_id)
      AND field = coalesce(CAST(:field AS text), field)
      AND (CAST(:snapshot AS bigint) IS NULL OR load_id IN (
        SELECT l.load_id FROM scriptright.load l
        WHERE l.practice_id = :practice_id AND l.snapshot_seq = :snapshot AND l.state = 'applied'))
      AND (NOT :same_words OR lower(regexp_replace(old_value::text, '\s+', ' ', 'g'))
        = lower(regexp_replace(new_value::text, '\s+', ' ', 'g')))
    ORDER BY suggestion_id LIMIT :limit
""")  # noqa: S608 - a constant
