"""Links in question as persons see them, and the word that one stays as it is.

Loads, edits in the web shop and decisions put them up (link_reviews.py); `unmerge.py` undoes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import StaleDecision, UnknownItem
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.load.link_reviews import close
from vet_pipeline.scriptright.records.identity import Pair, remember
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import act, named


@dataclass(frozen=True, slots=True)
class LinkReview:
    """One question about a link; `reasons` are words, never values."""

    review_id: int
    record: Record
    pims_id: str
    record_id: int
    reasons: tuple[str, ...]
    load_id: int | None  # that found it; None: an edit in the web shop or a decision did
    opened_at: datetime  # UTC
    state: str  # open | kept | undone | superseded
    decided_by: str | None
    decided_at: datetime | None
    shown: str  # fingerprint of both sides: hand it back with the decision

    @property
    def pair(self) -> Pair:
        """The two sides of the link."""
        return Pair(self.record, self.pims_id, self.record_id)


def list_link_reviews(
    connection: Connection,
    practice_id: str,
    *,
    state: str | None = "open",
    record: Record | None = None,
    pims_id: str | None = None,
    limit: int = 100,
) -> list[LinkReview]:
    """Questions about links, oldest first."""
    filters = {"state": state, "record": record, "pims_id": pims_id, "id": None, "limit": limit}
    return [
        _view(row)
        for row in connection.execute(_LIST, {"practice_id": practice_id, **filters}).mappings()
    ]


def keep_link(
    engine: Engine, practice_id: str, review_id: int, *, by: str, shown: str | None = None
) -> LinkReview:
    """It still is one client or pet: the link stays, and the word is kept. One transaction.

    Raises UnknownItem, or StaleDecision when the question is closed already or a side isn't what
    was shown any more. (Undoing is `undo_link`, which closes the question too.)
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as connection:
        found = get_link_review(connection, practice_id, review_id)
        if found.state != "open":
            raise _stale(practice_id, found, f"it is {found.state} already")
        if shown is not None and shown != found.shown:
            raise _stale(practice_id, found, "a side has changed since it was shown")
        remember(connection, practice_id, found.pair, same=True, by=actor)
        close(connection, practice_id, [review_id], "kept", actor)
        link = found.pair._asdict()
        detail = {"review_id": review_id, **link, "reasons": list(found.reasons)}
        audit.append(connection, practice_id, actor, "link_kept", detail)
        return get_link_review(connection, practice_id, review_id)


def get_link_review(connection: Connection, practice_id: str, review_id: int) -> LinkReview:
    """One question about a link; raises UnknownItem."""
    none = {"state": None, "record": None, "pims_id": None, "limit": 1}
    row = (
        connection.execute(_LIST, {"practice_id": practice_id, "id": review_id, **none})
        .mappings()
        .first()
    )
    if row is None:
        raise UnknownItem(
            f"no link in question Q{review_id}",
            next_step=f"see `vet-pipeline link list {practice_id}`",
            practice_id=practice_id,
        )
    return _view(row)


def _view(row: Mapping[Any, Any]) -> LinkReview:
    return LinkReview(**{**row, "reasons": tuple(row["reasons"])})


def _stale(practice_id: str, found: LinkReview, why: str) -> StaleDecision:
    tells = f"`vet-pipeline history {practice_id} --{found.record} {found.record_id}`"
    return StaleDecision(
        f"the link in question Q{found.review_id}: {why}",
        next_step=f"{tells} tells what came of it; what is asked by now stands in"
        f" `vet-pipeline link list {practice_id}`",
        practice_id=practice_id,
    )


_LIST = text("""
    SELECT review_id, record, pims_id, record_id, reasons, load_id, opened_at, state, decided_by,
        decided_at, shown
    FROM scriptright.link_review
    WHERE practice_id = :practice_id AND review_id = coalesce(CAST(:id AS bigint), review_id)
      AND state = coalesce(CAST(:state AS text), state)
      AND record = coalesce(CAST(:record AS text), record)
      AND pims_id = coalesce(CAST(:pims_id AS text), pims_id)
    ORDER BY review_id LIMIT :limit
""")
