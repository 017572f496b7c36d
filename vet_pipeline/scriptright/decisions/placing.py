"""Where a PIMS record goes once a person has spoken: what is superseded, and what becomes new."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import DecisionRefused
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.decisions.linking import LinkBasis, link_as_new, link_record
from vet_pipeline.scriptright.decisions.pet_placing import place_pets, place_pets_as_new
from vet_pipeline.scriptright.load.taken import taken
from vet_pipeline.scriptright.records.identity import remember
from vet_pipeline.scriptright.records.in_question import clients_in_question, others_by_now
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.writes import BASELINE

if TYPE_CHECKING:
    from vet_pipeline.scriptright.load.apply_matching import Matcher


def link_by_word(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    values: Mapping[str, Any],
    basis: LinkBasis,
    *,
    match: Matcher,
    stood: Shadow | None = None,
) -> None:
    """A person's word that the two are the same: remembered, linked, and what follows from it.

    A client's waiting pets are placed by `match`; no other PIMS pet of a pet's owner can be it any
    more. `basis.by`: the person; `values`: what the PIMS says; `stood`: as in `link_record`.
    """
    by = basis.by or ""
    remember(conn, practice_id, record, pims_id, record_id, same=True, by=by)
    pair = (record, pims_id, record_id)
    link_record(conn, practice_id, *pair, values, basis, stood=stood)
    supersede_candidates(conn, practice_id, record, pims_id)
    if record == "client":
        place_pets(
            conn,
            practice_id,
            pims_id,
            record_id,
            match=match,
            basis=LinkBasis(basis.load_id),
        )
    else:
        free_rivals(conn, practice_id, pims_id, record_id, basis.load_id)


def said_by_pims(
    conn: Connection, practice_id: str, record: Record, pims_id: str
) -> dict[str, Any]:
    """What the PIMS record says, by today's rules; raises DecisionRefused where they can't read it."""
    values = pims_values(conn, practice_id, record, [pims_id])
    if pims_id not in values:
        raise DecisionRefused(
            f"the PIMS {record} {pims_id} can't be read any more by today's rules",
            next_step="have it corrected in the PIMS, then wait for the next load",
            practice_id=practice_id,
        )
    return values[pims_id]


def why_not_that_pet(conn: Connection, practice_id: str, pims_id: str, pet_id: int) -> str | None:
    """Why a PIMS pet can't be that pet as things stand, whoever says so; None: it can."""
    pet_owner = conn.execute(_PET_OWNER, {"p": practice_id, "pet_id": pet_id}).scalar_one()
    if owner_client(conn, practice_id, pims_id) != pet_owner:
        return "the two pets' owners aren't linked"
    key = conn.execute(_OWNER_KEY, {"p": practice_id, "pims_id": pims_id}).scalar_one()
    others = others_by_now(conn, practice_id, "pet", record_ids=[pet_id])
    is_taken = taken(conn, practice_id, [(key, pet_id)], others)
    return "another PIMS pet has it" if is_taken else None


def supersede_candidates(conn: Connection, practice_id: str, record: Record, pims_id: str) -> None:
    """Close what is open for a PIMS record that has found its place."""
    conn.execute(_SUPERSEDE, {"p": practice_id, "record": record, "pims_id": pims_id})


def owner_client(conn: Connection, practice_id: str, pet_pims_id: str) -> int | None:
    """The ScriptRight client of the owner that the PIMS names for a pet; None while it waits."""
    found = conn.execute(_OWNER_CLIENT, {"p": practice_id, "pims_id": pet_pims_id}).scalar()
    return None if found is None else int(found)


def is_open(conn: Connection, practice_id: str, record: Record, pims_id: str) -> bool:
    """Whether a possible match of the PIMS record waits for a person."""
    key = {"p": practice_id, "record": record, "pims_id": pims_id}
    return conn.execute(_IS_OPEN, key).scalar() is not None


def is_missing(conn: Connection, practice_id: str, record: Record, pims_id: str) -> bool:
    """Whether the PIMS record was in no snapshot lately."""
    found = conn.execute(_MISSING[record], {"p": practice_id, "pims_id": pims_id}).scalar()
    return found is not None


def new_if_nothing_is_open(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    load_id: int,
) -> int | None:
    """The record becomes one of its own unless a candidate is still open; returns its id.

    A client takes its waiting pets along. None also when today's rules can't read it, or a pet's
    owner waits, or may be another by now: then the next load decides. And when the PIMS has it no
    more, as its own earlier number may be: nobody would know whose record that is. The load that
    brings it back decides.
    """
    key = (conn, practice_id, record, pims_id)
    if is_open(*key) or is_missing(*key):
        return None
    values = pims_values(conn, practice_id, record, [pims_id]).get(pims_id)
    owner = owner_client(conn, practice_id, pims_id) if record == "pet" else None
    if values is None or (record == "pet" and owner is None):
        return None
    if record == "pet":
        owner_key = conn.execute(_OWNER_KEY, {"p": practice_id, "pims_id": pims_id}).scalar_one()
        if clients_in_question(conn, practice_id, [owner_key]):
            return None
    basis = LinkBasis(load_id)
    record_id = link_as_new(conn, practice_id, record, pims_id, values, basis, client_id=owner)
    if record == "client":
        place_pets_as_new(conn, practice_id, pims_id, record_id, basis=basis)
    return record_id


def free_rivals(
    conn: Connection,
    practice_id: str,
    pims_id: str,
    record_id: int,
    load_id: int,
) -> None:
    """Other PIMS pets of the same owner can't be this pet any more: pets go one to one."""
    pair = {"p": practice_id, "record_id": record_id}
    for rival in conn.execute(_RIVALS, pair | {"pims_id": pims_id}).scalars().all():
        conn.execute(_SUPERSEDE_PAIR, pair | {"pims_id": rival})
        new_if_nothing_is_open(conn, practice_id, "pet", rival, load_id)


def free_of_others_pets(conn: Connection, practice_id: str, client_ids: Set[int]) -> None:
    """Nobody is asked whether PIMS pets of these clients are pets of another client by now."""
    where = {"p": practice_id, "clients": sorted(client_ids)}
    for asked in conn.execute(_SUPERSEDE_OTHERS, where).all():
        new_if_nothing_is_open(conn, practice_id, "pet", asked.pims_id, asked.load_id)


_SUPERSEDE = text("""
    UPDATE scriptright.match_candidate SET state = 'superseded', decided_at = scriptright.moment()
    WHERE practice_id = :p AND record = :record AND pims_id = :pims_id AND state = 'open'
""")
_SUPERSEDE_PAIR = text("""
    UPDATE scriptright.match_candidate SET state = 'superseded', decided_at = scriptright.moment()
    WHERE practice_id = :p AND record = 'pet' AND pims_id = :pims_id AND record_id = :record_id
      AND state = 'open'
""")
# The owners' keys are made beforehand, as in taken.py.
_SUPERSEDE_OTHERS = text("""
    WITH asked AS MATERIALIZED (
        SELECT c.candidate_id, t.client_id, btrim(b.client_key) AS owner_key
        FROM scriptright.match_candidate c
        JOIN scriptright.pims_pet b USING (practice_id, pims_id)
        JOIN scriptright.pet t ON t.practice_id = :p AND t.pet_id = c.record_id
        WHERE c.practice_id = :p AND c.record = 'pet' AND c.state = 'open')
    UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = scriptright.moment()
    FROM asked JOIN scriptright.client_link o ON o.practice_id = :p AND o.pims_id = asked.owner_key
    WHERE c.practice_id = :p AND c.candidate_id = asked.candidate_id
      AND o.record_id = ANY(:clients) AND o.record_id <> asked.client_id
    RETURNING c.pims_id, c.load_id
""")
_MISSING = {
    record: text(f"""
        SELECT missing_since FROM {table} WHERE practice_id = :p AND pims_id = :pims_id
    """)  # noqa: S608 - constants
    for record, table in BASELINE.items()
}
_IS_OPEN = text("""
    SELECT 1 FROM scriptright.match_candidate
    WHERE practice_id = :p AND record = :record AND pims_id = :pims_id AND state = 'open' LIMIT 1
""")
_PET_OWNER = text("""
    SELECT client_id FROM scriptright.pet WHERE practice_id = :p AND pet_id = :pet_id
""")
_OWNER_KEY = text("""
    SELECT btrim(client_key) FROM scriptright.pims_pet WHERE practice_id = :p AND pims_id = :pims_id
""")
_OWNER_CLIENT = text("""
    SELECT link.record_id FROM scriptright.pims_pet pet
    JOIN scriptright.client_link link
      ON link.practice_id = pet.practice_id AND link.pims_id = btrim(pet.client_key)
    WHERE pet.practice_id = :p AND pet.pims_id = :pims_id
""")
_RIVALS = text("""
    SELECT c.pims_id FROM scriptright.match_candidate c
    JOIN scriptright.pims_pet other USING (practice_id, pims_id)
    JOIN scriptright.pims_pet mine ON mine.practice_id = c.practice_id AND mine.pims_id = :pims_id
    WHERE c.practice_id = :p AND c.record = 'pet' AND c.state = 'open'
      AND c.record_id = :record_id AND c.pims_id <> :pims_id
      AND btrim(other.client_key) = btrim(mine.client_key)
    ORDER BY c.pims_id
""")
