"""Taking back a ScriptRight record that a PIMS record has of its own: it becomes a waiting one again.

Only a mere copy goes: not named by a prescription, not edited in the web shop, fed by nothing else.
The database refuses any other, too (`take_back_created`). For joining.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import DecisionRefused
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.link_reviews import close_as_undone
from vet_pipeline.scriptright.suggestions import close, open_ones
from vet_pipeline.scriptright.writes import BASELINE, KEY, Cause, Row, record_change


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A link to a record that was created from the PIMS record."""

    record: Record
    pims_id: str
    record_id: int
    link: Row


def take_back(
    conn: Connection, practice_id: str, own: OwnRecord, new_id: int, actor: str
) -> tuple[OwnRecord, ...]:
    """Take the record of its own back, a client's with its pets; returns the pets' links."""
    pets: tuple[OwnRecord, ...] = ()
    if own.record == "client":
        pets = tuple(
            OwnRecord("pet", link["pims_id"], link["record_id"], dict(link))
            for link in conn.execute(
                _PETS, {"p": practice_id, "client_id": own.record_id}
            ).mappings()
        )
    _require_mere_copies(conn, practice_id, own, pets)
    for one in (*pets, own):
        for asked in open_ones(conn, practice_id, one.record, one.record_id):
            close(conn, practice_id, asked["suggestion_id"], "superseded")
        close_as_undone(conn, practice_id, one.record, one.pims_id, actor)
        conn.execute(_UNLINK[one.record], {"p": practice_id, "pims_id": one.pims_id})
        values = {"record": one.record, "p": practice_id, "id": one.record_id}
        conn.execute(_TAKE_BACK, values)
    _note(conn, practice_id, own, new_id, actor)
    return pets


def _require_mere_copies(
    conn: Connection, practice_id: str, own: OwnRecord, pets: Sequence[OwnRecord]
) -> None:
    values = {
        "p": practice_id,
        "clients": [own.record_id] if own.record == "client" else [],
        "pets": [one.record_id for one in (own, *pets) if one.record == "pet"],
        "own": own.pims_id,
    }
    hindrance = conn.execute(_HINDRANCES, values).first()
    if hindrance is None:
        return
    what, next_step = _WHY[hindrance.why]
    raise refused(
        practice_id,
        f"{own.record} {own.record_id}, its own record, {what.format(hindrance.id)}",
        next_step,
    )


def _note(conn: Connection, practice_id: str, own: OwnRecord, new_id: int, actor: str) -> None:
    """Both records' histories tell of it; the one that is gone has no other trace of where it went."""
    key = KEY[own.record]
    was: Mapping[str, Any] = {
        key: own.record_id,
        "method": own.link["link_method"],
        "decided_by": None,
        "score": None,
        "load_id": own.link["link_load_id"],
        "linked_at": own.link["linked_at"].isoformat(),
    }
    cause = Cause("joined", actor=actor, load_id=own.link["load_id"], via_pims_id=own.pims_id)
    for record_id in (own.record_id, new_id):
        record_change(conn, practice_id, own.record, record_id, "link", was, {key: new_id}, cause)


def refused(practice_id: str, why: str, next_step: str) -> DecisionRefused:
    """Joining is refused, and nothing is changed."""
    return DecisionRefused(f"not joined: {why}", next_step=next_step, practice_id=practice_id)


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
    "possible": (
        "is one side of possible match {}",
        "decide that one first with `vet-pipeline link confirm` or `reject`",
    ),
}
_PETS = text("""
    SELECT b.*, b.record_id FROM scriptright.pet t
    JOIN scriptright.pims_pet b USING (practice_id)
    WHERE t.practice_id = :p AND t.client_id = :client_id AND b.record_id = t.pet_id
    ORDER BY b.pims_id
""")
# In the order in which they are told.
_HINDRANCES = text("""
    WITH going AS (
        SELECT 'client' AS record, unnest(CAST(:clients AS bigint[])) AS record_id
        UNION ALL SELECT 'pet', unnest(CAST(:pets AS bigint[])))
    SELECT 1 AS place, 'prescription' AS why, prescription_id AS id FROM scriptright.prescription r
    WHERE r.practice_id = :p AND (r.client_id = ANY(:clients) OR r.pet_id = ANY(:pets))
    UNION ALL
    SELECT 2, 'web_shop', c.record_id
    FROM scriptright.record_change c JOIN going USING (record, record_id)
    WHERE c.practice_id = :p AND c.cause = 'web_shop'
    UNION ALL
    SELECT 3, 'added', t.pet_id FROM scriptright.pet t
    LEFT JOIN scriptright.pims_pet b ON b.practice_id = :p AND b.record_id = t.pet_id
    WHERE t.practice_id = :p AND t.client_id = ANY(:clients)
      AND (t.origin <> 'pims' OR b.link_method IS DISTINCT FROM 'created'
        OR btrim(b.client_key) IS DISTINCT FROM :own)
    UNION ALL
    SELECT 4, 'shared', l.record_id FROM scriptright.client_link l
    WHERE l.practice_id = :p AND l.record_id = ANY(:clients) AND l.pims_id <> :own
    UNION ALL
    SELECT 4, 'shared', l.record_id FROM scriptright.pet_link l
    WHERE l.practice_id = :p AND l.record_id = ANY(:pets)
    GROUP BY l.record_id HAVING count(*) > 1
    UNION ALL
    SELECT 5, 'possible', m.candidate_id
    FROM scriptright.match_candidate m JOIN going USING (record, record_id)
    WHERE m.practice_id = :p AND m.state = 'open'
    ORDER BY place, id LIMIT 1
""")
_UNLINK = {
    record: text(f"""
        UPDATE {BASELINE[record]} SET record_id = NULL, link_method = NULL, link_decided_by = NULL,
            link_score = NULL, link_evidence = NULL, link_model_version = NULL, link_load_id = NULL,
            linked_at = NULL, link_standalone = NULL
        WHERE practice_id = :p AND pims_id = :pims_id
    """)  # noqa: S608 - constants
    for record in BASELINE
}
_TAKE_BACK = text("SELECT scriptright.take_back_created(:record, :p, :id)")
