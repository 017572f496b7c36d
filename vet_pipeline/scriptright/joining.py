"""Two records that are one, of which the machine knew nothing: a person says so, and they are joined.

A PIMS record that has a ScriptRight record of its own (or waits) is led to another one, as if it had
been confirmed there: by the rules of a merge, and `unmerge.py` undoes it. Its own record goes, so
it must be nothing but the copy: not named by a prescription, not edited in the web shop, fed by
nothing else. This also mends a confirmed match that was the wrong one: undo it, then join.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import DecisionRefused, StaleDecision
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import Record
from vet_pipeline.scriptright import audit
from vet_pipeline.scriptright.acts import act, named
from vet_pipeline.scriptright.candidate_list import how_to_look
from vet_pipeline.scriptright.identity import pair_digests
from vet_pipeline.scriptright.linking import LinkBasis
from vet_pipeline.scriptright.pims_values import baseline_row, pims_values
from vet_pipeline.scriptright.placing import link_by_word, why_not_that_pet
from vet_pipeline.scriptright.take_back import OwnRecord, refused, take_back
from vet_pipeline.scriptright.writes import Row, read_record

if TYPE_CHECKING:
    from vet_pipeline.scriptright.apply_matching import Matcher


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining did: where the PIMS record leads now, and which records went."""

    record: Record
    pims_id: str
    record_id: int
    gone: int | None  # the record of its own; None: it had waited
    gone_pets: tuple[int, ...]  # of a client's own record: its pets were placed anew


def join(
    engine: Engine,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    *,
    by: str,
    shown: str,
    conventions: Conventions,
    match: Matcher,
) -> Joined:
    """Lead the PIMS record to that ScriptRight record; a client's pets are placed there by `match`.

    One transaction. `shown`: the mark of the pair in `link explain --with`, since nothing but
    a person's eyes says that the two are one. Raises StaleDecision when a side has changed since,
    DecisionRefused where its own record is more than a copy, or it is merged with another one.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as conn:
        read_record(conn, practice_id, record, record_id)
        baseline = baseline_row(conn, practice_id, record, pims_id)
        _require_shown(conn, practice_id, record, pims_id, record_id, shown)
        own = _own(baseline, record, pims_id, record_id, practice_id)
        if record == "pet" and (why := why_not_that_pet(conn, practice_id, pims_id, record_id)):
            raise refused(practice_id, why, "join their owners first, or undo the other pet's link")
        pets = take_back(conn, practice_id, own, record_id, actor) if own else ()
        values = pims_values(conn, practice_id, record, [pims_id], conventions)
        if pims_id not in values:
            raise _unreadable(practice_id, record, pims_id)
        link_by_word(
            conn,
            practice_id,
            record,
            pims_id,
            record_id,
            values[pims_id],
            LinkBasis(baseline["load_id"], actor),
            conventions=conventions,
            match=match,
        )
        _require_placed(conn, practice_id, pets)
        gone = own.record_id if own else None
        joined = Joined(record, pims_id, record_id, gone, tuple(pet.record_id for pet in pets))
        detail = {
            "record": record,
            "pims_id": pims_id,
            "record_id": record_id,
            "gone": gone,
            "gone_pets": list(joined.gone_pets),
            "shown": shown,
        }
        audit.append(conn, practice_id, actor, "record_joined", detail)
        return joined


def _require_shown(
    conn: Connection, practice_id: str, record: Record, pims_id: str, record_id: int, shown: str
) -> None:
    pair = (pims_id, record_id)
    if pair_digests(conn, practice_id, record, [pair])[pair] != shown:
        look = how_to_look(practice_id, record, pims_id, record_id)
        raise StaleDecision(
            f"--shown isn't the mark of this {record} and {record} {record_id} as they are now",
            next_step=f"look at both with `{look}`, then join them with the mark that it shows",
            practice_id=practice_id,
        )


def _own(
    baseline: Row, record: Record, pims_id: str, record_id: int, practice_id: str
) -> OwnRecord | None:
    """The record that the PIMS record has of its own; None while it waits for a word."""
    if baseline["record_id"] == record_id:
        raise refused(practice_id, f"it is {record} {record_id} already", "nothing is to be done")
    if baseline["link_standalone"] is not None:
        raise refused(
            practice_id,
            f"it is linked to {record} {baseline['record_id']}",
            f"take that link apart first: `vet-pipeline link undo {practice_id} {record} ...`",
        )
    if baseline["record_id"] is None:
        return None
    return OwnRecord(record, pims_id, baseline["record_id"], baseline)


def _require_placed(conn: Connection, practice_id: str, pets: Sequence[OwnRecord]) -> None:
    lost = conn.execute(
        _UNPLACED, {"p": practice_id, "ids": [pet.pims_id for pet in pets]}
    ).scalar()
    if lost is not None:
        raise _unreadable(practice_id, "pet", lost)


def _unreadable(practice_id: str, record: Record, pims_id: str) -> DecisionRefused:
    return refused(
        practice_id,
        f"the PIMS {record} {pims_id} can't be read any more by today's rules",
        "have it corrected in the PIMS, then wait for the next load",
    )


_UNPLACED = text("""
    SELECT b.pims_id FROM scriptright.pims_pet b
    WHERE b.practice_id = :p AND b.pims_id = ANY(:ids) AND b.record_id IS NULL AND NOT EXISTS (
        SELECT FROM scriptright.match_candidate m
        WHERE m.practice_id = :p AND m.record = 'pet' AND m.pims_id = b.pims_id
          AND m.state = 'open')
    ORDER BY b.pims_id LIMIT 1
""")
