"""Possible matches as persons see them; deciding on them is in candidates.py."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import UnknownItem
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.identity import Pair, pair_digests
from vet_pipeline.scriptright.records.writes import Keep


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may be the same; `evidence` holds agreement levels, never values."""

    candidate_id: int
    record: Record
    pims_id: str
    record_id: int
    score: float | None
    evidence: Mapping[str, Any]
    model_version: str
    load_id: int
    since: datetime  # UTC, when its load was recorded
    state: str  # open | confirmed | rejected | superseded
    decided_by: str | None
    decided_at: datetime | None
    shown: str  # fingerprint of both sides' identifying fields: hand it back with the decision
    changed: bool  # whether a side isn't what it was when the pair got its number
    missing_since: datetime | None  # read time of the first snapshot without the PIMS record

    @property
    def pair(self) -> Pair:
        """The two that may be one."""
        return Pair(self.record, self.pims_id, self.record_id)


def list_candidates(
    connection: Connection,
    practice_id: str,
    *,
    state: str | None = "open",
    record: Record | None = None,
    pims_id: str | None = None,
    limit: int = 100,
) -> list[Candidate]:
    """Possible matches, oldest first."""
    filters = {"state": state, "record": record, "pims_id": pims_id, "id": None}
    rows = connection.execute(
        _LIST, {"practice_id": practice_id, "limit": limit, **filters}
    ).mappings()
    return _views(connection, practice_id, rows.all())


def get_candidate(
    connection: Connection, practice_id: str, candidate_id: int, *, keep: Keep | None = None
) -> Candidate:
    """One possible match; raises UnknownItem. `keep`: its record stays so (writes.py)."""
    none = {"state": None, "record": None, "pims_id": None, "limit": 1}
    row = (
        connection.execute(_LIST, {"practice_id": practice_id, "id": candidate_id, **none})
        .mappings()
        .first()
    )
    if row is None:
        raise UnknownItem(
            f"no possible match {candidate_id}",
            next_step=f"see `vet-pipeline link list {practice_id}`",
            practice_id=practice_id,
        )
    return _views(connection, practice_id, [row], keep)[0]


def how_to_look(practice_id: str, pair: Pair) -> str:
    """The command that shows this pair, not just the PIMS record's likeliest match."""
    words = [practice_id, pair.record, pair.pims_id]
    return as_typed("link explain", words, f"--with {pair.record_id}")


def as_typed(command: str, words: Sequence[str], options: str = "") -> str:
    """A command as the shell reads it rightly: a PIMS id may hold blanks, or begin with `-`."""
    said, beside = shlex.join(words), f"{options} " if options else ""
    if any(word.startswith("-") for word in words):
        return f"vet-pipeline {command} {beside}-- {said}"
    return f"vet-pipeline {command} {said} {beside}".rstrip()


def closed_by_link(
    connection: Connection, practice_id: str, link: Pair
) -> tuple[tuple[str, int], ...]:
    """Pairs (PIMS id, record id) that the link has kept from being asked: one may be the right one.

    Other records that the PIMS record may be, and other PIMS pets which the pet may be, where a
    question was closed without a person's word and `link join` could still make the two one. And
    the pet's namesakes, of which nobody was asked, since it was taken when they came.
    """
    values = {"practice_id": practice_id, "pims_id": link.pims_id, "record_id": link.record_id}
    found = {
        (row.pims_id, row.record_id) for row in connection.execute(_CLOSED[link.record], values)
    }
    if link.record == "pet":
        found |= {(row.pims_id, row.record_id) for row in connection.execute(_NAMESAKES, values)}
    return tuple(sorted(found))


def _views(
    connection: Connection,
    practice_id: str,
    rows: Sequence[Mapping[Any, Any]],
    keep: Keep | None = None,
) -> list[Candidate]:
    pairs: dict[Record, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        pairs[row["record"]].append((row["pims_id"], row["record_id"]))
    now = {
        of: pair_digests(connection, practice_id, of, ids, keep=keep) for of, ids in pairs.items()
    }
    return [_view(row, now[row["record"]][row["pims_id"], row["record_id"]]) for row in rows]


def _view(row: Mapping[Any, Any], pair: str) -> Candidate:
    kept = {field.name: row[field.name] for field in fields(Candidate) if field.name != "changed"}
    return Candidate(**kept | {"shown": pair}, changed=row["shown"] not in (None, pair))


_LIST = text("""
    SELECT c.*, load.recorded_at AS since,
        CASE c.record WHEN 'client' THEN client.missing_since ELSE pet.missing_since END
            AS missing_since
    FROM scriptright.match_candidate c JOIN scriptright.load USING (practice_id, load_id)
    LEFT JOIN scriptright.pims_client client USING (practice_id, pims_id)
    LEFT JOIN scriptright.pims_pet pet USING (practice_id, pims_id)
    WHERE c.practice_id = :practice_id
      AND c.candidate_id = coalesce(CAST(:id AS bigint), c.candidate_id)
      AND c.state = coalesce(CAST(:state AS text), c.state)
      AND c.record = coalesce(CAST(:record AS text), c.record)
      AND c.pims_id = coalesce(CAST(:pims_id AS text), c.pims_id)
    ORDER BY c.candidate_id LIMIT :limit
""")
# A pet can only be joined with one of the client under whom it stands.
_CLOSED = of_each("""
    SELECT DISTINCT c.pims_id, c.record_id FROM scriptright.match_candidate c
    JOIN scriptright.pims_{record} b USING (practice_id, pims_id)
    JOIN scriptright.{record}_link l USING (practice_id, pims_id)
    JOIN scriptright.{record} other
      ON other.practice_id = c.practice_id AND other.{record}_id = c.record_id
    JOIN scriptright.{record} own
      ON own.practice_id = c.practice_id AND own.{record}_id = l.record_id
    WHERE c.practice_id = :practice_id AND c.record = '{record}' AND c.state = 'superseded'
      AND (c.pims_id = :pims_id) <> (c.record_id = :record_id)
      AND l.record_id <> c.record_id AND b.missing_since IS NULL
      AND ('{record}' = 'client' OR own.client_id = other.client_id)
      AND NOT EXISTS (
        SELECT FROM scriptright.match_candidate d
        WHERE d.practice_id = c.practice_id AND d.record = c.record AND d.pims_id = c.pims_id
          AND d.record_id = c.record_id AND d.candidate_id > c.candidate_id)
      AND NOT EXISTS (
        SELECT FROM scriptright.match_decision d
        WHERE d.practice_id = c.practice_id AND d.record = c.record AND d.pims_id = c.pims_id
          AND d.record_id = c.record_id AND NOT d.same)
""")
_NAMESAKES = text("""
    SELECT b.pims_id, home.pet_id AS record_id FROM scriptright.pet home
    JOIN scriptright.pet own ON own.practice_id = :practice_id AND own.client_id = home.client_id
      AND own.pet_id <> home.pet_id AND lower(btrim(own.name)) = lower(btrim(home.name))
    JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.record_id = own.pet_id
      AND b.link_method = 'created' AND b.missing_since IS NULL AND b.pims_id <> :pims_id
    WHERE home.practice_id = :practice_id AND home.pet_id = :record_id
      AND NOT EXISTS (
        SELECT FROM scriptright.pims_pet f
        WHERE f.practice_id = :practice_id AND f.record_id = home.pet_id AND f.missing_since IS NULL)
      AND NOT EXISTS (
        SELECT FROM scriptright.match_decision d
        WHERE d.practice_id = :practice_id AND d.record = 'pet' AND d.pims_id = b.pims_id
          AND d.record_id = home.pet_id AND NOT d.same)
""")
