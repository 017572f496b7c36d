"""The part of a history that is about links: made, undone, possible, and called into question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.trail.history_events import Event, numbered, rows


def link_events(
    connection: Connection, record: Record, key: Mapping[str, Any], created_at: datetime
) -> Iterator[Event]:
    """The links there are, and since when their PIMS record is missing.

    A record made by undoing a link has the link's own row, which is older than the record.
    """
    for row in rows(connection, _LINKS[record], key):
        yield Event(
            max(row["linked_at"], created_at),
            "linked",
            record,
            key["record_id"],
            by=row["decided_by"],
            load_id=row["load_id"],
            pims_id=row["pims_id"],
            detail={k: row[k] for k in ("method", "score", "model_version")},
        )
        if row["missing_since"] is not None:
            yield Event(
                row["missing_since"],
                "missing",
                record,
                key["record_id"],
                load_id=row["missed_by"],
                pims_id=row["pims_id"],
            )


def link_that_was(record: Record, record_id: int, row: Mapping[str, Any]) -> Event:
    """A link that was undone, from the change that undid it."""
    was = row["old_value"]
    return Event(
        datetime.fromisoformat(was["linked_at"]),
        "linked",
        record,
        record_id,
        by=was["decided_by"],
        load_id=was["load_id"],
        pims_id=row["via_pims_id"],
        detail={"method": was["method"], "score": was["score"], "undone": True},
    )


def candidate_events(connection: Connection, key: Mapping[str, Any]) -> Iterator[Event]:
    """Possible matches and what was said of them."""
    for row in rows(connection, _CANDIDATES, key):
        detail = {"candidate_id": row["candidate_id"], "score": row["score"]}
        common = {"record": row["record"], "record_id": row["record_id"]}
        yield Event(
            row["recorded_at"],
            "possible_match",
            load_id=row["load_id"],
            pims_id=row["pims_id"],
            detail=detail,
            **common,
        )
        if row["state"] in ("confirmed", "rejected"):
            yield Event(
                row["decided_at"],
                f"match_{row['state']}",
                by=row["decided_by"],
                pims_id=row["pims_id"],
                detail=detail,
                **common,
            )


def question_events(connection: Connection, key: Mapping[str, Any]) -> Iterator[Event]:
    """When a link's sides had drifted apart, why, and how that was settled."""
    for row, at in numbered(rows(connection, _QUESTIONS, key), "pims_id"):
        common = {
            "record": row["record"],
            "record_id": row["record_id"],
            "pims_id": row["pims_id"],
            "detail": {"review_id": row["review_id"], "reason": ", ".join(row["reasons"])},
        }
        yield Event(at, "link_questioned", load_id=row["load_id"], **common)
        if row["state"] != "open":
            kind = "link_kept" if row["state"] == "kept" else f"link_question_{row['state']}"
            yield Event(row["decided_at"], kind, by=row["decided_by"], **common)


# A row is missing since the read of the load that didn't find it.
_LINKS = of_each("""
    SELECT l.pims_id, l.method, l.decided_by, l.score, l.model_version, l.load_id, l.linked_at,
        b.missing_since, (SELECT min(n.load_id) FROM scriptright.load n
            WHERE n.practice_id = b.practice_id AND n.state = 'applied'
              AND n.read_at = b.missing_since) AS missed_by
    FROM scriptright.{record}_link l
    JOIN scriptright.pims_{record} b USING (practice_id, pims_id)
    WHERE l.practice_id = :practice_id AND l.record_id = :record_id ORDER BY l.linked_at, l.pims_id
""")
_CANDIDATES = text("""
    SELECT c.*, load.recorded_at
    FROM scriptright.match_candidate c JOIN scriptright.load USING (practice_id, load_id)
    WHERE c.practice_id = :practice_id AND c.record = :record AND c.record_id = :record_id
    ORDER BY c.candidate_id
""")
_QUESTIONS = text("""
    SELECT * FROM scriptright.link_review
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id ORDER BY review_id
""")
