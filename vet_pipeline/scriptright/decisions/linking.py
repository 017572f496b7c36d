"""Making a PIMS record feed a ScriptRight record, one at a time: what a person's decision needs.

The rules are merge.py's, the same that a load goes by. Callers hold the practice's lock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from vet_pipeline.errors import DecisionRefused
from vet_pipeline.policy import Record, fields_of
from vet_pipeline.scriptright.load.told_before import (
    merge_beside,
    missing_beside,
    shadow_beside,
)
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.merge import OwnBefore
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.suggestions import (
    close,
    open_ones,
    open_suggestion,
    refresh_owner_questions,
    refresh_suggestions,
    was_rejected,
)
from vet_pipeline.scriptright.records.values import canonical, unchanged
from vet_pipeline.scriptright.records.writes import (
    Cause,
    create_record,
    read_record,
    write_field,
)


@dataclass(frozen=True, slots=True)
class LinkBasis:
    """Why a link is made: by whom (None: the machine), on what evidence, from which load."""

    load_id: int
    by: str | None = None
    score: float | None = None
    evidence: Mapping[str, Any] | None = None
    model_version: str | None = None


def link_record(
    connection: Connection,
    practice_id: str,
    pair: Pair,
    pims: Mapping[str, Any],
    basis: LinkBasis,
    *,
    stood: Shadow | None = None,
) -> None:
    """Merge the PIMS record into the ScriptRight record: fill, apply, suggest; then the link.

    `pims`: what the PIMS says. `stood`: the shadow of one that had a record of its own; else it is
    a first copy.
    """
    record, pims_id, record_id = pair
    row = read_record(connection, practice_id, record, record_id, keep="values")
    beside = missing_beside(connection, practice_id, record, [record_id])
    missing = beside.get(record_id, [])
    own = _asked_before(connection, practice_id, pair, pims, stood) if stood else {}
    shadow = shadow_beside(record, row, pims, missing, stood=stood, own=own)
    cause = Cause("merge_fill", actor=basis.by, load_id=basis.load_id, via_pims_id=pims_id)
    for one in missing:
        for asked in open_ones(connection, practice_id, record, record_id, pims_id=one.pims_id):
            close(connection, practice_id, asked["suggestion_id"], "superseded")
    for verdict in merge_beside(record, row, pims, missing, own):
        if verdict.writes:
            row = write_field(connection, practice_id, verdict.field, row, verdict.new, cause)
            refresh_suggestions(connection, practice_id, record, record_id, verdict.field.name)
        elif verdict.outcome == "suggest":
            question = verdict.question(record_id, pims_id, basis.load_id)
            open_suggestion(connection, practice_id, question)
    _link(connection, practice_id, pair, basis, shadow)
    if record == "client":
        refresh_owner_questions(connection, practice_id, pims_id)


def _asked_before(
    connection: Connection, practice_id: str, pair: Pair, pims: Mapping[str, Any], stood: Shadow
) -> dict[str, OwnBefore]:
    """By field, what its own record held where the PIMS's value is asked, or was said no to."""
    found: dict[str, OwnBefore] = {}
    for field in fields_of(pair.record):
        own, said = canonical(field, stood["values"]), canonical(field, pims)
        if field.name == "owner" or unchanged(field, own, said):
            continue
        asked = stood["suggestions"].get(field.name)
        if asked or was_rejected(connection, practice_id, field, pair.pims_id, said):
            found[field.name] = OwnBefore(own, asked["reason"] if asked else None)
    return found


def link_as_new(
    connection: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    pims: Mapping[str, Any],
    load_id: int,
    *,
    client_id: int | None,
) -> int:
    """The PIMS record becomes a record of its own; returns its id. `client_id`: a pet's owner."""
    record_id = create_record(
        connection, practice_id, record, pims, load_id=load_id, client_id=client_id
    )
    _link(connection, practice_id, Pair(record, pims_id, record_id), LinkBasis(load_id), None)
    return record_id


def _link(
    connection: Connection,
    practice_id: str,
    pair: Pair,
    basis: LinkBasis,
    shadow: Mapping[str, Any] | None,
) -> None:
    """`shadow` None: the record was created from the PIMS record."""
    decided = "machine" if basis.by is None else "person"
    linked = connection.execute(
        _LINK[pair.record],
        {
            "practice_id": practice_id,
            "pims_id": pair.pims_id,
            "record_id": pair.record_id,
            "method": "created" if shadow is None else decided,
            "by": basis.by,
            "score": basis.score,
            "evidence": None if basis.evidence is None else json.dumps(basis.evidence),
            "model_version": basis.model_version,
            "load_id": basis.load_id,
            "shadow": None if shadow is None else json.dumps(shadow),
        },
    ).rowcount
    if linked != 1:
        raise DecisionRefused(
            f"the PIMS {pair.record} feeds a record already",
            next_step=f"see `vet-pipeline link list {practice_id}` for links and possible matches",
            practice_id=practice_id,
        )


_LINK = of_each("""
    UPDATE scriptright.pims_{record}
    SET record_id = :record_id, link_method = :method, link_decided_by = :by,
        link_score = :score, link_evidence = CAST(:evidence AS jsonb),
        link_model_version = :model_version, link_load_id = :load_id, linked_at = scriptright.moment(),
        link_standalone = CAST(:shadow AS jsonb)
    WHERE practice_id = :practice_id AND pims_id = :pims_id AND record_id IS NULL
""")
