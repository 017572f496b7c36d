"""Which PIMS record feeds which ScriptRight record, and why. Deciding: candidates.py, unmerge.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import UnknownItem
from vet_pipeline.matching import VETOES
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import Record, fields_of
from vet_pipeline.scriptright.candidate_list import Candidate, get_candidate, list_candidates
from vet_pipeline.scriptright.candidates import (
    CandidateDecided,
    confirm_candidate,
    reject_candidate,
)
from vet_pipeline.scriptright.database import translate_errors
from vet_pipeline.scriptright.identity import pair_digests
from vet_pipeline.scriptright.joining import Joined, join
from vet_pipeline.scriptright.link_reviews import LinkReview, keep_link, list_link_reviews
from vet_pipeline.scriptright.merge import merge_field
from vet_pipeline.scriptright.pims_values import baseline_row, conventions_in_force, pims_values
from vet_pipeline.scriptright.unmerge import Undone, undo_link
from vet_pipeline.scriptright.values import Value, canonical
from vet_pipeline.scriptright.writes import read_record

__all__ = [
    "Candidate",
    "CandidateDecided",
    "Explanation",
    "FieldEvidence",
    "Joined",
    "Link",
    "LinkReview",
    "Undone",
    "confirm_candidate",
    "explain",
    "get_candidate",
    "join",
    "keep_link",
    "list_candidates",
    "list_link_reviews",
    "list_links",
    "reject_candidate",
    "undo_link",
]


# The matcher's pieces of evidence that look at a field.
_EVIDENCE_OF: dict[tuple[str, str], tuple[str, ...]] = {
    ("client", "name"): (
        "first_name", "middle", "suffix", "surname", "swapped", "joint", "organisation",
        "mail_names",
    ),
    ("client", "address"): ("address", "building", "place"),
    ("client", "phones"): ("phone",),
    ("client", "email"): ("email",),
    ("pet", "name"): ("name", "rarity", "namesakes"),
    ("pet", "age"): ("birth_date",),
    ("pet", "breed"): ("species", "breed"),
    ("pet", "deceased"): ("deceased",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A PIMS record and the ScriptRight record it feeds; `evidence` never holds values."""

    record: Record
    pims_id: str
    record_id: int
    method: str  # created | machine | person
    decided_by: str | None
    score: float | None  # bits
    evidence: Mapping[str, Any] | None
    model_version: str | None
    load_id: int
    linked_at: datetime  # UTC
    missing_since: datetime | None  # read time of the first snapshot without the PIMS record


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """One field of both sides: for the eyes of people who may see the records, never for logs.

    The sides are as they are now; the evidence is of the values that were matched.
    """

    field: str
    label: str
    scriptright: Value
    pims: Value
    verdict: str  # what a merge does with it: same, fill, apply, suggest, keep
    evidence: Mapping[str, Any]  # the matcher's words on it by name, as they were at the match


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two records are, or may be, one."""

    record: Record
    pims_id: str
    record_id: int
    state: str  # linked, created, the candidate's, or two records, which nobody took for one
    method: str | None
    score: float | None
    evidence: Mapping[str, Any]
    reason: str | None  # the matcher's word that says why
    veto: str | None  # the reason, where it forbade the machine a link
    in_question: tuple[str, ...]  # why a link waits for a second look: its sides drifted apart
    model_version: str | None
    decided_by: str | None
    decided_at: datetime | None
    rival: tuple[int, float | None] | None  # the next best ScriptRight record and its score
    words: tuple[tuple[bool, str, datetime], ...]  # same?, by whom, when: oldest first
    fields: tuple[FieldEvidence, ...]
    number: int | None  # of the possible match, while it is open
    shown: (
        str | None
    )  # of a pair that isn't linked, its fingerprint: hand it back with the decision


def list_links(
    conn: Connection,
    practice_id: str,
    *,
    record: Record | None = None,
    record_id: int | None = None,
    pims_id: str | None = None,
    merged_only: bool = True,
    limit: int = 100,
    offset: int = 0,
) -> list[Link]:
    """Links, newest first. `merged_only` leaves out records that were created from the PIMS."""
    with translate_errors(practice_id):
        rows = conn.execute(
            _LINKS,
            {
                "p": practice_id,
                "record": record,
                "record_id": record_id,
                "pims_id": pims_id,
                "merged": merged_only,
                "limit": limit,
                "offset": offset,
            },
        ).mappings()
        return [Link(**row) for row in rows]


def explain(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    *,
    conventions: Conventions,
    record_id: int | None = None,
) -> Explanation:
    """Why: field by field, with the score, the rival and every word a person said on the pair.

    `record_id`: the other side, any record; None takes the link, or else the best open candidate.
    Raises UnknownItem when there is no such record, or without `record_id` nothing to compare.
    """
    with translate_errors(practice_id):
        conventions = conventions_in_force(conn, practice_id, conventions)
        link = next(
            iter(list_links(conn, practice_id, record=record, pims_id=pims_id, merged_only=False)),
            None,
        )
        pairs = list_candidates(conn, practice_id, state=None, record=record, pims_id=pims_id)
        pairs.sort(key=lambda c: (c.state == "open", c.score or 0.0, c.candidate_id), reverse=True)
        if record_id is None:
            record_id = link.record_id if link else pairs[0].record_id if pairs else None
        pair = next((c for c in pairs if c.record_id == record_id), None)
        chosen = link if link and link.record_id == record_id else None
        if record_id is None:
            raise UnknownItem(
                f"the PIMS {record} is neither linked nor a possible match",
                next_step="see `vet-pipeline link list`, or say with which one to compare it",
                practice_id=practice_id,
            )
        basis: Link | Candidate | None = chosen or pair
        if basis is None:
            baseline_row(conn, practice_id, record, pims_id)  # or there is none
        evidence = (basis.evidence if basis else None) or (pair.evidence if pair else None) or {}
        rivals = [c for c in pairs if c.record_id != record_id]
        questions = list_link_reviews(conn, practice_id, record=record, pims_id=pims_id)
        asked = pair if pair and pair.state == "open" and chosen is None else None
        return Explanation(
            record,
            pims_id,
            record_id,
            _state(chosen, pair),
            chosen.method if chosen else None,
            basis.score if basis else None,
            evidence,
            evidence.get("reason"),
            evidence.get("reason") if evidence.get("reason") in VETOES else None,
            questions[0].reasons if chosen and questions else (),
            basis.model_version if basis else None,
            basis.decided_by if basis else None,
            chosen.linked_at if chosen else pair.decided_at if pair else None,
            max(((c.record_id, c.score) for c in rivals), key=lambda r: r[1] or 0.0, default=None),
            _words(conn, practice_id, record, pims_id, record_id),
            _fields(conn, practice_id, record, pims_id, record_id, conventions, evidence),
            asked.candidate_id if asked else None,
            None
            if chosen
            else pair_digests(conn, practice_id, record, [(pims_id, record_id)])[
                pims_id, record_id
            ],
        )


def _fields(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    conventions: Conventions,
    evidence: Mapping[str, Any],
) -> tuple[FieldEvidence, ...]:
    home = read_record(conn, practice_id, record, record_id)
    values = pims_values(conn, practice_id, record, [pims_id], conventions)
    pims = values.get(pims_id, {})
    return tuple(
        FieldEvidence(
            f.name,
            f.label,
            canonical(f, home),
            canonical(f, pims),
            merge_field(f, home, pims).outcome,
            {
                name: evidence[name]
                for name in _EVIDENCE_OF.get((record, f.name), (f.name,))
                if name in evidence
            },
        )
        for f in fields_of(record)
        if f.name != "owner"
    )


def _state(link: Link | None, pair: Candidate | None) -> str:
    if link is not None:
        return "created" if link.method == "created" else "linked"
    return "two records" if pair is None else pair.state


def _words(
    conn: Connection, practice_id: str, record: Record, pims_id: str, record_id: int
) -> tuple[tuple[bool, str, datetime], ...]:
    rows = conn.execute(
        _WORDS, {"p": practice_id, "record": record, "pims_id": pims_id, "record_id": record_id}
    )
    return tuple((row.same, row.decided_by, row.decided_at) for row in rows)


_LINKS = text("""
    WITH link AS (
        SELECT 'client' AS record, l.*, b.missing_since
        FROM scriptright.client_link l JOIN scriptright.pims_client b USING (practice_id, pims_id)
        WHERE l.practice_id = :p
        UNION ALL
        SELECT 'pet', l.*, b.missing_since
        FROM scriptright.pet_link l JOIN scriptright.pims_pet b USING (practice_id, pims_id)
        WHERE l.practice_id = :p
    )
    SELECT record, pims_id, record_id, method, decided_by, score, evidence, model_version,
        load_id, linked_at, missing_since
    FROM link
    WHERE record = coalesce(CAST(:record AS text), record)
      AND record_id = coalesce(CAST(:record_id AS bigint), record_id)
      AND pims_id = coalesce(CAST(:pims_id AS text), pims_id)
      AND (method <> 'created' OR NOT :merged)
    ORDER BY linked_at DESC, record, pims_id LIMIT :limit OFFSET :offset
""")
_WORDS = text("""
    SELECT same, decided_by, decided_at FROM scriptright.match_decision
    WHERE practice_id = :p AND record = :record AND pims_id = :pims_id AND record_id = :record_id
    ORDER BY decision_id
""")
