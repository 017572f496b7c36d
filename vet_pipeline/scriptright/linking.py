"""Making a PIMS record feed a ScriptRight record, one at a time: what a person's decision needs.

The rules are merge.py's, the same that a load goes by. Callers hold the practice's lock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.errors import DecisionRefused
from vet_pipeline.normalize.columns import CLIENT_SCHEMA, frame
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.apart import said_at_link
from vet_pipeline.scriptright.identity import decisions_for_match, pair_digests
from vet_pipeline.scriptright.merge import merge, shadow_of
from vet_pipeline.scriptright.missing_pets import ask_about_missing_pets
from vet_pipeline.scriptright.pims_values import pims_rows, pims_values, unlinked_pets_of
from vet_pipeline.scriptright.records import side_of
from vet_pipeline.scriptright.suggestions import (
    close,
    open_ones,
    open_suggestion,
    refresh_owner_questions,
    refresh_suggestions,
)
from vet_pipeline.scriptright.taken import taken
from vet_pipeline.scriptright.told_before import is_told, missing_beside, noted
from vet_pipeline.scriptright.writes import (
    BASELINE,
    Cause,
    create_record,
    read_record,
    write_field,
)

if TYPE_CHECKING:
    from vet_pipeline.matching import Decision, Side
    from vet_pipeline.scriptright.apply_matching import Matcher


@dataclass(frozen=True, slots=True)
class LinkBasis:
    """Why a link is made: by whom (None: the machine), on what evidence, from which load."""

    load_id: int
    by: str | None = None
    score: float | None = None
    evidence: Mapping[str, Any] | None = None
    model_version: str | None = None


def link_record(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    pims: Mapping[str, Any],
    basis: LinkBasis,
    conventions: Conventions,
) -> None:
    """Merge the PIMS record into the ScriptRight record: fill, apply, suggest; then the link."""
    row = read_record(conn, practice_id, record, record_id)
    beside = missing_beside(conn, practice_id, record, [record_id], conventions)
    missing = beside.get(record_id, [])
    shadow = shadow_of(record, pims) | said_at_link(record, pims, row) | noted(missing)
    cause = Cause("merge_fill", actor=basis.by, load_id=basis.load_id, via_pims_id=pims_id)
    for one in missing:
        for asked in open_ones(conn, practice_id, record, record_id, pims_id=one.pims_id):
            close(conn, practice_id, asked["suggestion_id"], "superseded")
    for verdict in merge(record, row, pims):
        if is_told(verdict.field, verdict.new, missing):
            continue
        if verdict.outcome in ("fill", "apply"):
            row = write_field(conn, practice_id, verdict.field, row, verdict.new, cause)
            refresh_suggestions(conn, practice_id, record, record_id, verdict.field.name)
        elif verdict.outcome == "suggest":
            open_suggestion(
                conn,
                practice_id,
                verdict.field,
                record_id=record_id,
                pims_id=pims_id,
                old=verdict.old,
                new=verdict.new,
                reason=verdict.reason,
                load_id=basis.load_id,
            )
    method = "machine" if basis.by is None else "person"
    _link(conn, practice_id, record, pims_id, record_id, basis, method, shadow)
    if record == "client":
        refresh_owner_questions(conn, practice_id, pims_id)


def link_as_new(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    pims: Mapping[str, Any],
    basis: LinkBasis,
    *,
    client_id: int | None = None,
) -> int:
    """The PIMS record becomes a record of its own; returns its id. `client_id`: a pet's owner."""
    record_id = create_record(
        conn, practice_id, record, pims, load_id=basis.load_id, client_id=client_id
    )
    _link(conn, practice_id, record, pims_id, record_id, LinkBasis(basis.load_id), "created", None)
    return record_id


def place_pets(
    conn: Connection,
    practice_id: str,
    owner_key: str,
    client_id: int,
    *,
    match: Matcher,
    conventions: Conventions,
    basis: LinkBasis,
) -> None:
    """Take in the pets that waited for their owner, now that the owner has a client.

    They are compared with the client's pets by the matcher, as a load would have done: linked by
    the machine, put before a person, or new.
    """
    from vet_pipeline.scriptright.apply_matching import with_reason

    rows = pims_rows(
        conn, practice_id, "pet", unlinked_pets_of(conn, practice_id, owner_key), conventions
    )
    if rows.empty:
        return
    pims = _pets_alone(rows)
    result = match(
        _home_side(conn, practice_id, client_id, owner_key),
        pims,
        decisions=[*_decisions(conn, practice_id), _same_client(owner_key, client_id)],
    )
    result = ask_about_missing_pets(conn, practice_id, pims.pets, result)
    cells = pims_values(conn, practice_id, "pet", list(rows["pims_pet_id"]), conventions)
    for found in result.pets.to_dict("records"):
        pims_id = found["pims_id"]
        score = None if pd.isna(found["score"]) else float(found["score"])
        evidence = json.loads(with_reason(found["evidence"], found["reason"]))
        pet_basis = LinkBasis(basis.load_id, None, score, evidence, result.model_version)
        if found["decision"] == "linked":
            home_id = int(found["home_id"])
            said = cells[pims_id]
            link_record(conn, practice_id, "pet", pims_id, home_id, said, pet_basis, conventions)
        elif found["decision"] == "possible":
            _open_candidate(conn, practice_id, pims_id, int(found["home_id"]), pet_basis)
        else:
            link_as_new(
                conn, practice_id, "pet", pims_id, cells[pims_id], basis, client_id=client_id
            )


def place_pets_as_new(
    conn: Connection,
    practice_id: str,
    owner_key: str,
    client_id: int,
    *,
    conventions: Conventions,
    basis: LinkBasis,
) -> None:
    """The same for a client who is new too: none of the waiting pets can be known."""
    waiting = unlinked_pets_of(conn, practice_id, owner_key)
    values = pims_values(conn, practice_id, "pet", waiting, conventions)
    for pims_id, pims in values.items():
        link_as_new(conn, practice_id, "pet", pims_id, pims, basis, client_id=client_id)


def _same_client(owner_key: str, client_id: int) -> Decision:
    from vet_pipeline.matching import Decision

    return Decision("client", owner_key, str(client_id), same=True)


def _decisions(conn: Connection, practice_id: str) -> list[Decision]:
    return [d for d in decisions_for_match(conn, practice_id) if d.record == "pet"]


def _home_side(conn: Connection, practice_id: str, client_id: int, owner_key: str) -> Side:
    """The client with the pets that a further pet of this PIMS owner may be."""
    side = side_of(conn, practice_id, [client_id])
    pairs = taken(conn, practice_id, [(owner_key, int(pet)) for pet in side.pets["pet_id"]])
    free = ~side.pets["pet_id"].isin([str(pet_id) for _, pet_id in pairs])
    return replace(side, pets=side.pets[free].reset_index(drop=True))


def _pets_alone(rows: pd.DataFrame) -> Side:
    """The pets without their owner, who needs no matching: the pair of owners is decided."""
    from vet_pipeline.matching import Side

    no_clients = frame(CLIENT_SCHEMA.empty_table())
    return Side(
        no_clients.rename(columns={"pims_client_id": "client_id"}),
        rows.rename(columns={"pims_pet_id": "pet_id", "pims_client_id": "client_id"}),
    )


def _link(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    basis: LinkBasis,
    method: str,
    shadow: Mapping[str, Any] | None,
) -> None:
    linked = conn.execute(
        _LINK[record],
        {
            "p": practice_id,
            "pims_id": pims_id,
            "record_id": record_id,
            "method": method,
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
            f"the PIMS {record} feeds a record already",
            next_step="see `vet-pipeline link list` for links and possible matches",
            practice_id=practice_id,
        )


def _open_candidate(
    conn: Connection, practice_id: str, pims_id: str, record_id: int, basis: LinkBasis
) -> None:
    pair = (pims_id, record_id)
    conn.execute(
        _CANDIDATE,
        {
            "shown": pair_digests(conn, practice_id, "pet", [pair])[pair],
            "p": practice_id,
            "pims_id": pims_id,
            "record_id": record_id,
            "score": basis.score,
            "evidence": json.dumps(basis.evidence or {}),
            "model_version": basis.model_version,
            "load_id": basis.load_id,
        },
    )


_LINK = {
    record: text(f"""
        UPDATE {BASELINE[record]}
        SET record_id = :record_id, link_method = :method, link_decided_by = :by,
            link_score = :score, link_evidence = CAST(:evidence AS jsonb),
            link_model_version = :model_version, link_load_id = :load_id, linked_at = scriptright.moment(),
            link_standalone = CAST(:shadow AS jsonb)
        WHERE practice_id = :p AND pims_id = :pims_id AND record_id IS NULL
    """)  # noqa: S608 - constants
    for record in BASELINE
}
_CANDIDATE = text("""
    INSERT INTO scriptright.match_candidate (practice_id, record, pims_id, record_id, score,
        evidence, model_version, load_id, shown)
    VALUES (:p, 'pet', :pims_id, :record_id, :score, CAST(:evidence AS jsonb), :model_version,
        :load_id, :shown)
    ON CONFLICT DO NOTHING
""")
