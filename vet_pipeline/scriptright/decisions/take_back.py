"""Taking back a PIMS record's own ScriptRight record: the PIMS record waits again.

Only a mere copy goes: not named by a prescription, not edited in the web shop, fed by nothing else.
The database refuses any other, too (`take_back_created`). For joining.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from vet_pipeline.scriptright.load.link_reviews import close_as_undone
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.pims_values import owner_key_of
from vet_pipeline.scriptright.records.shadows import Shadow, shadow_of
from vet_pipeline.scriptright.records.suggestions import close, open_ones
from vet_pipeline.scriptright.records.writes import (
    Cause,
    Row,
    note_link_moved,
    read_record,
)


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A PIMS record with a record of its own here, which was created from it."""

    pair: Pair
    row: Row  # of the baseline: what the PIMS says, and the link


def take_back(connection: Connection, practice_id: str, own: OwnRecord, actor: str) -> Shadow:
    """Take the record of its own back; returns it as a shadow, with what waits for a person.

    Of a client, once its pets are elsewhere. `why_not` says beforehand whether it can be.
    """
    record, pims_id, record_id = own.pair
    row = read_record(connection, practice_id, record, record_id)
    if record == "pet":
        del row["client_id"]  # a shadow's owner is the PIMS's
        row["pims_client_id"] = owner_key_of(own.row)
    stood = shadow_of(record, row)
    for asked in open_ones(connection, practice_id, record, record_id):
        if asked["pims_id"] == pims_id:
            kept = {"old": asked["old_value"], "new": asked["new_value"]}
            kept |= {"reason": asked["reason"], "load_id": asked["load_id"]}
            stood["suggestions"][asked["field"]] = kept
        close(connection, practice_id, asked["suggestion_id"], "superseded")
    close_as_undone(connection, practice_id, record, pims_id, actor)
    connection.execute(_UNLINK[record], {"practice_id": practice_id, "pims_id": pims_id})
    connection.execute(_TAKE_BACK, {"record": record, "practice_id": practice_id, "id": record_id})
    return stood


def keep_as_it_is(connection: Connection, practice_id: str, own: Pair) -> None:
    """Lock the record: nobody edits it or adds a pet or prescription until the transaction ends.

    What the web shop has under way by its own statements is waited for: `why_not` sees it.
    """
    connection.execute(_KEYS, {"practice_id": practice_id})
    read_record(connection, practice_id, own.record, own.record_id, keep="whole")


def why_not(connection: Connection, practice_id: str, own: Pair) -> tuple[str, str] | None:
    """Why the record of its own stays, and the next step; None: it can be taken back."""
    is_client = own.record == "client"
    values = {
        "practice_id": practice_id,
        "record": own.record,
        "record_id": own.record_id,
        "client_id": own.record_id if is_client else None,
        "pet_id": None if is_client else own.record_id,
        "own": own.pims_id,
    }
    hindrance = connection.execute(_HINDRANCES, values).first()
    if hindrance is None:
        return None
    what, next_step = _WHY[hindrance.why]
    said = f"{own.record} {own.record_id}, its own record, {what.format(hindrance.id)}"
    return said, next_step.format(practice=practice_id)


def note_joined(
    connection: Connection, practice_id: str, own: OwnRecord, new_id: int, actor: str
) -> None:
    """Note in both histories where the record went: nothing else tells of it once it is gone."""
    record, pims_id, _ = own.pair
    cause = Cause("joined", actor=actor, load_id=own.row["load_id"], via_pims_id=pims_id)
    note_link_moved(connection, practice_id, record, own.row, new_id, cause)


_WHY = {
    "prescription": (
        "is named by prescription {}",
        "what a prescription names stays as it is; leave the two apart",
    ),
    "web_shop": (
        "has been edited in the web shop (record {})",
        "what a client has entered stays as it is; leave the two apart",
    ),
    "added": (
        "has pet {}, which isn't just a copy of a pet of this PIMS client",
        "undo that pet's links or decide the question about its owner first; a pet that the web"
        " shop has added stays with its client",
    ),
    "shared": (
        "is fed by another PIMS record, too (record {})",
        "undo that link first, or join the other PIMS record instead",
    ),
    "owner": (
        "stands with another client: a question about its owner waits",
        "decide that one first: `vet-pipeline review list {practice}`",
    ),
    "possible": (
        "is one side of possible match {}",
        "decide that one first: `vet-pipeline link list {practice}`",
    ),
}
# In the order in which they are told. A client's pets move with it, so they must be its own.
_HINDRANCES = text("""
    SELECT 1 AS place, 'prescription' AS why, prescription_id AS id FROM scriptright.prescription r
    WHERE r.practice_id = :practice_id AND (r.client_id = CAST(:client_id AS bigint)
        OR r.pet_id = CAST(:pet_id AS bigint))
    UNION ALL
    SELECT 2, 'web_shop', c.record_id FROM scriptright.record_change c
    WHERE c.practice_id = :practice_id AND c.record = :record AND c.record_id = :record_id
      AND c.cause = 'web_shop'
    UNION ALL
    SELECT 3, 'added', t.pet_id FROM scriptright.pet t
    LEFT JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.record_id = t.pet_id
    WHERE t.practice_id = :practice_id AND t.client_id = CAST(:client_id AS bigint)
      AND (t.origin <> 'pims' OR b.link_method IS DISTINCT FROM 'created'
        OR btrim(b.client_key) IS DISTINCT FROM :own)
    UNION ALL
    SELECT 4, 'shared', l.record_id FROM scriptright.client_link l
    WHERE l.practice_id = :practice_id AND l.record_id = CAST(:client_id AS bigint) AND l.pims_id <> :own
    UNION ALL
    SELECT 4, 'shared', l.record_id FROM scriptright.pet_link l
    WHERE l.practice_id = :practice_id AND l.record_id = CAST(:pet_id AS bigint) AND l.pims_id <> :own
    UNION ALL
    SELECT 5, 'owner', t.pet_id FROM scriptright.pet t
    JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.record_id = t.pet_id
    LEFT JOIN scriptright.client_link o ON o.practice_id = :practice_id AND o.pims_id = btrim(b.client_key)
    WHERE t.practice_id = :practice_id AND t.pet_id = CAST(:pet_id AS bigint)
      AND o.record_id IS DISTINCT FROM t.client_id
    UNION ALL
    SELECT 6, 'possible', m.candidate_id FROM scriptright.match_candidate m
    WHERE m.practice_id = :practice_id AND m.record = :record AND m.record_id = :record_id
      AND m.state = 'open'
    ORDER BY place, id LIMIT 1
""")
_UNLINK = of_each("""
    UPDATE scriptright.pims_{record} SET record_id = NULL, link_method = NULL, link_decided_by = NULL,
        link_score = NULL, link_evidence = NULL, link_model_version = NULL, link_load_id = NULL,
        linked_at = NULL, link_standalone = NULL
    WHERE practice_id = :practice_id AND pims_id = :pims_id
""")
# As the database does before a row goes that others may refer to (0007_load_speed.sql).
_KEYS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('scriptright.keys:' || :practice_id, 0))"
)
_TAKE_BACK = text("SELECT scriptright.take_back_created(:record, :practice_id, :id)")
