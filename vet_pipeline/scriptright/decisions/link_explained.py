"""Which PIMS record feeds which ScriptRight record; why two are, or may be, one: field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import UnknownItem
from vet_pipeline.matching import VETOES
from vet_pipeline.policy import Record, fields_of
from vet_pipeline.scriptright.decisions.candidate_list import Candidate, list_candidates
from vet_pipeline.scriptright.decisions.links_in_question import LinkReview, list_link_reviews
from vet_pipeline.scriptright.decisions.whose import pets_of_pair
from vet_pipeline.scriptright.records.identity import Pair, pair_digest
from vet_pipeline.scriptright.records.merge import merge_field
from vet_pipeline.scriptright.records.pims_values import (
    baseline_row,
    pims_values,
)
from vet_pipeline.scriptright.records.values import Value, canonical
from vet_pipeline.scriptright.records.writes import read_record

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


_TWO = "two records"


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


def list_links(
    connection: Connection,
    practice_id: str,
    *,
    record: Record | None = None,
    pims_id: str | None = None,
    merged_only: bool = True,
    limit: int = 100,
) -> list[Link]:
    """Links, newest first. `merged_only` leaves out records that were created from the PIMS."""
    rows = connection.execute(
        _LINKS,
        {
            "practice_id": practice_id,
            "record": record,
            "pims_id": pims_id,
            "merged": merged_only,
            "limit": limit,
        },
    ).mappings()
    return [Link(**row) for row in rows]


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
    state: str  # linked, created, the candidate's, or two records: never one, or not any more
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
    pets: tuple[tuple[Value, ...], tuple[Value, ...]]  # of clients: ScriptRight's, the PIMS's
    linked_with: int | None  # another record that it was merged with: that link comes first
    number: int | None  # of the possible match, while it is open
    question: int | None  # the number of the link in question
    # Of these, and of a pair that isn't linked, the fingerprint: hand it back with the decision.
    shown: str | None


def explain(
    connection: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    *,
    record_id: int | None = None,
) -> Explanation:
    """Why: field by field, with the score, the rival and every word a person said on the pair.

    `record_id`: the other side, any record; None takes the link, or else the best open candidate.
    Raises UnknownItem when there is no such record, or without `record_id` nothing to compare.
    """
    linked = list_links(connection, practice_id, record=record, pims_id=pims_id, merged_only=False)
    asked = list_candidates(connection, practice_id, state=None, record=record, pims_id=pims_id)
    asked.sort(key=lambda c: (c.state == "open", c.score or 0.0, c.candidate_id), reverse=True)
    if record_id is None:
        record_id = _likeliest(practice_id, record, [*linked, *asked])
    pair = Pair(record, pims_id, record_id)
    link = next((one for one in linked if one.record_id == record_id), None)
    candidate = next((one for one in asked if one.record_id == record_id), None)
    basis: Link | Candidate | None = link or candidate
    if basis is None:
        baseline_row(connection, practice_id, record, pims_id)  # or there is none
    question = _question_of(connection, practice_id, pair) if link else None
    shown = pair_digest(connection, practice_id, pair) if link is None else None
    evidence = (basis and basis.evidence) or (candidate and candidate.evidence) or {}
    reason = evidence.get("reason")
    merged = [one for one in linked if one.method != "created"]
    rivals = [(one.record_id, one.score) for one in asked if one.record_id != record_id]
    is_open = candidate is not None and candidate.state == "open" and link is None
    state = _state(link, candidate)
    decided = basis if state != _TWO else None
    return Explanation(
        *pair,
        state=state,
        method=link.method if link else None,
        score=basis.score if basis else None,
        evidence=evidence,
        reason=reason,
        veto=reason if reason in VETOES else None,
        in_question=question.reasons if question else (),
        model_version=basis.model_version if basis else None,
        decided_by=decided.decided_by if decided else None,
        decided_at=link.linked_at
        if link
        else candidate.decided_at
        if candidate and decided
        else None,
        rival=max(rivals, key=lambda rival: rival[1] or 0.0, default=None),
        words=_words(connection, practice_id, pair),
        fields=_fields(connection, practice_id, pair, evidence),
        pets=pets_of_pair(connection, practice_id, pair) if record == "client" else ((), ()),
        linked_with=next((one.record_id for one in merged if one != link), None),
        number=candidate.candidate_id if candidate and is_open else None,
        question=question.review_id if question else None,
        shown=question.shown if question else shown,
    )


def _likeliest(practice_id: str, record: Record, known: Sequence[Link | Candidate]) -> int:
    """The ScriptRight record of the first of these: the link, or the best possible match."""
    if not known:
        raise UnknownItem(
            f"the PIMS {record} is neither linked nor a possible match",
            next_step=f"see `vet-pipeline link list {practice_id}`, or say with which one to compare"
            " it",
            practice_id=practice_id,
        )
    return known[0].record_id


def _question_of(connection: Connection, practice_id: str, link: Pair) -> LinkReview | None:
    """The open question about the link, if there is one."""
    asked = list_link_reviews(connection, practice_id, record=link.record, pims_id=link.pims_id)
    return asked[0] if asked else None


def _fields(
    connection: Connection, practice_id: str, pair: Pair, evidence: Mapping[str, Any]
) -> tuple[FieldEvidence, ...]:
    record, pims_id, record_id = pair
    home = read_record(connection, practice_id, record, record_id)
    pims = pims_values(connection, practice_id, record, [pims_id]).get(pims_id, {})
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


def _state(link: Link | None, candidate: Candidate | None) -> str:
    if link is not None:
        return "created" if link.method == "created" else "linked"
    # A possible match that was confirmed, and isn't linked any more: somebody has undone it.
    return _TWO if candidate is None or candidate.state == "confirmed" else candidate.state


def _words(
    connection: Connection, practice_id: str, pair: Pair
) -> tuple[tuple[bool, str, datetime], ...]:
    rows = connection.execute(_WORDS, {"practice_id": practice_id, **pair._asdict()})
    return tuple((row.same, row.decided_by, row.decided_at) for row in rows)


_WORDS = text("""
    SELECT same, decided_by, decided_at FROM scriptright.match_decision
    WHERE practice_id = :practice_id AND record = :record AND pims_id = :pims_id AND record_id = :record_id
    ORDER BY decision_id
""")
_LINKS = text("""
    WITH link AS (
        SELECT 'client' AS record, l.*, b.missing_since
        FROM scriptright.client_link l JOIN scriptright.pims_client b USING (practice_id, pims_id)
        WHERE l.practice_id = :practice_id
        UNION ALL
        SELECT 'pet', l.*, b.missing_since
        FROM scriptright.pet_link l JOIN scriptright.pims_pet b USING (practice_id, pims_id)
        WHERE l.practice_id = :practice_id
    )
    SELECT record, pims_id, record_id, method, decided_by, score, evidence, model_version,
        load_id, linked_at, missing_since
    FROM link
    WHERE record = coalesce(CAST(:record AS text), record)
      AND pims_id = coalesce(CAST(:pims_id AS text), pims_id)
      AND (method <> 'created' OR NOT :merged)
    ORDER BY linked_at DESC, record, pims_id LIMIT :limit
""")
