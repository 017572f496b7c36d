"""Where a PIMS record goes once a person has spoken: what is superseded, and what becomes new."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import DecisionRefused
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.decisions.linking import LinkBasis, link_as_new, link_record
from vet_pipeline.scriptright.decisions.pet_placing import place_pets, place_pets_as_new
from vet_pipeline.scriptright.load.apply_matching import Matcher
from vet_pipeline.scriptright.load.taken import taken
from vet_pipeline.scriptright.records.identity import Pair, remember
from vet_pipeline.scriptright.records.in_question import in_question, others_by_now
from vet_pipeline.scriptright.records.pims_values import baseline_row, owner_key_of, pims_values
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.writes import read_record, records_fed


def link_by_word(
    connection: Connection,
    practice_id: str,
    pair: Pair,
    said: Mapping[str, Any],
    basis: LinkBasis,
    *,
    match: Matcher,
    stood: Shadow | None,
) -> None:
    """A person's word that the two are the same: remembered, linked, and what follows from it.

    A client's waiting pets are placed by `match`; no other PIMS pet of a pet's owner can be it any
    more. `basis.by`: the person; `said`: by the PIMS; `stood`: as in `link_record`.
    """
    remember(connection, practice_id, pair, same=True, by=basis.by or "")
    link_record(connection, practice_id, pair, said, basis, stood=stood)
    of_record = {"practice_id": practice_id, "record": pair.record, "pims_id": pair.pims_id}
    connection.execute(_SUPERSEDE, of_record)
    if pair.record == "client":
        place_pets(connection, practice_id, pair, basis.load_id, match=match)
    else:
        _free_rivals(connection, practice_id, pair, basis.load_id)


def said_by_pims(
    connection: Connection, practice_id: str, record: Record, pims_id: str
) -> dict[str, Any]:
    """What the PIMS record says by today's rules; DecisionRefused where they can't read it."""
    values = pims_values(connection, practice_id, record, [pims_id])
    if pims_id not in values:
        raise DecisionRefused(
            f"the PIMS {record} {pims_id} can't be read any more by today's rules",
            next_step="have it corrected in the PIMS, then wait for the next load",
            practice_id=practice_id,
        )
    return values[pims_id]


def why_not_that_pet(
    connection: Connection, practice_id: str, pims_id: str, pet_id: int
) -> str | None:
    """Why a PIMS pet can't be that pet as things stand, whoever says so; None: it can."""
    key = owner_key_of(baseline_row(connection, practice_id, "pet", pims_id))
    pet_owner = read_record(connection, practice_id, "pet", pet_id)["client_id"]
    if records_fed(connection, practice_id, "client", [key]).get(key) != pet_owner:
        return "the two pets' owners aren't linked"
    others = others_by_now(connection, practice_id, "pet", record_ids=[pet_id])
    is_taken = taken(connection, practice_id, [(key, pet_id)], others)
    return "another PIMS pet has it" if is_taken else None


def is_open(connection: Connection, practice_id: str, record: Record, pims_id: str) -> bool:
    """Whether a possible match of the PIMS record waits for a person."""
    key = {"practice_id": practice_id, "record": record, "pims_id": pims_id}
    return connection.execute(_IS_OPEN, key).scalar() is not None


def new_if_nothing_is_open(
    connection: Connection, practice_id: str, record: Record, pims_id: str, load_id: int
) -> int | None:
    """The record becomes one of its own unless a candidate is still open; returns its id.

    A client takes its waiting pets along. None also when today's rules can't read it, or a pet's
    owner waits, or may be another by now: then the next load decides. And when the PIMS has it no
    more, as its own earlier number may be: nobody would know whose record that is. The load that
    brings it back decides.
    """
    row = baseline_row(connection, practice_id, record, pims_id)
    if row["record_id"] is not None:  # it had one of its own when it was asked about
        return int(row["record_id"])
    if row["missing_since"] or is_open(connection, practice_id, record, pims_id):
        return None
    said = pims_values(connection, practice_id, record, [pims_id]).get(pims_id)
    if said is None:
        return None
    client_id: int | None = None
    if record == "pet":
        owner = owner_key_of(row)
        client_id = records_fed(connection, practice_id, "client", [owner]).get(owner)
        if client_id is None or in_question(connection, practice_id, "client", [owner]):
            return None
    new_id = link_as_new(
        connection, practice_id, record, pims_id, said, load_id, client_id=client_id
    )
    if record == "client":
        place_pets_as_new(connection, practice_id, Pair(record, pims_id, new_id), load_id)
    return new_id


def _free_rivals(connection: Connection, practice_id: str, pair: Pair, load_id: int) -> None:
    """Other PIMS pets of the same owner can't be this pet any more: pets go one to one."""
    which = {"practice_id": practice_id, "pims_id": pair.pims_id, "record_id": pair.record_id}
    for rival in sorted(connection.execute(_SUPERSEDE_RIVALS, which).scalars()):
        new_if_nothing_is_open(connection, practice_id, "pet", rival, load_id)


def close_questions_across_clients(
    connection: Connection, practice_id: str, client_ids: Set[int]
) -> None:
    """Close possible matches of a PIMS pet of one of these clients and another client's pet."""
    where = {"practice_id": practice_id, "clients": sorted(client_ids)}
    for asked in connection.execute(_SUPERSEDE_OTHERS, where).all():
        new_if_nothing_is_open(connection, practice_id, "pet", asked.pims_id, asked.load_id)


_SUPERSEDE = text("""
    UPDATE scriptright.match_candidate SET state = 'superseded', decided_at = scriptright.moment()
    WHERE practice_id = :practice_id AND record = :record AND pims_id = :pims_id AND state = 'open'
""")
_SUPERSEDE_RIVALS = text("""
    UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = scriptright.moment()
    FROM scriptright.pims_pet other, scriptright.pims_pet mine
    WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.state = 'open'
      AND c.record_id = :record_id AND c.pims_id <> :pims_id
      AND other.practice_id = :practice_id AND other.pims_id = c.pims_id
      AND mine.practice_id = :practice_id AND mine.pims_id = :pims_id
      AND btrim(other.client_key) = btrim(mine.client_key)
    RETURNING c.pims_id
""")
# The owners' keys are made beforehand, as in taken.py.
_SUPERSEDE_OTHERS = text("""
    WITH asked AS MATERIALIZED (
        SELECT c.candidate_id, t.client_id, btrim(b.client_key) AS owner_key
        FROM scriptright.match_candidate c
        JOIN scriptright.pims_pet b USING (practice_id, pims_id)
        JOIN scriptright.pet t ON t.practice_id = :practice_id AND t.pet_id = c.record_id
        WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.state = 'open')
    UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = scriptright.moment()
    FROM asked JOIN scriptright.client_link o ON o.practice_id = :practice_id AND o.pims_id = asked.owner_key
    WHERE c.practice_id = :practice_id AND c.candidate_id = asked.candidate_id
      AND o.record_id = ANY(:clients) AND o.record_id <> asked.client_id
    RETURNING c.pims_id, c.load_id
""")
_IS_OPEN = text("""
    SELECT 1 FROM scriptright.match_candidate
    WHERE practice_id = :practice_id AND record = :record AND pims_id = :pims_id AND state = 'open' LIMIT 1
""")
