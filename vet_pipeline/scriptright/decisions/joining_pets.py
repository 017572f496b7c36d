"""The pets of a client who is joined: they move along, and some are the other's pets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from vet_pipeline.scriptright.decisions.linking import link_record
from vet_pipeline.scriptright.decisions.pet_placing import match_pets
from vet_pipeline.scriptright.decisions.regroup import move_pet
from vet_pipeline.scriptright.decisions.take_back import OwnRecord, note_joined, take_back, why_not
from vet_pipeline.scriptright.records.consequences import Consequence
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.in_question import in_question
from vet_pipeline.scriptright.records.writes import Cause

if TYPE_CHECKING:
    from vet_pipeline.scriptright.load.apply_matching import Matcher


def move_pets(
    conn: Connection, practice_id: str, from_client: int, to_client: int, actor: str
) -> tuple[tuple[OwnRecord, ...], tuple[Consequence, ...]]:
    """The pets move as they are, with what waits for a person; their prescriptions don't.

    Returns the pets' links, and the prescriptions that are marked for it.
    """
    moved: list[OwnRecord] = []
    marked: tuple[Consequence, ...] = ()
    where = {"p": practice_id, "client_id": from_client}
    for row in conn.execute(_PETS, where).mappings().all():
        cause = Cause("joined", actor=actor, load_id=row["load_id"], via_pims_id=row["pims_id"])
        marked += move_pet(conn, practice_id, row["record_id"], to_client, cause)
        pair = Pair("pet", row["pims_id"], row["record_id"])
        moved.append(OwnRecord(pair, dict(row)))
    return tuple(moved), marked


def join_pets(
    conn: Connection,
    practice_id: str,
    owner: Pair,
    moved: Sequence[OwnRecord],
    actor: str,
    match: Matcher,
) -> tuple[tuple[int, ...], tuple[tuple[str, int], ...]]:
    """Join those that the machine is certain of with the client's pets that were there.

    Returns the records that went, and the pairs (PIMS id, pet) that a person has to look at: the
    machine isn't certain, the pet's own record is more than a copy, or the PIMS's row may be another
    animal's by now. Missing ones stay as they are.
    """
    here = {pet.pair.pims_id: pet for pet in moved if pet.row["missing_since"] is None}
    others = in_question(conn, practice_id, "pet", here)
    gone: list[int] = []
    alike: list[tuple[str, int]] = []
    for found in match_pets(conn, practice_id, owner, here, match):
        pet, pair = here[found.pims_id], found.pair
        if pair is None or found.decision == "new":
            continue
        is_sure = found.decision == "linked" and found.pims_id not in others
        if not is_sure or why_not(conn, practice_id, pet.pair):
            alike.append((pair.pims_id, pair.record_id))
            continue
        stood = take_back(conn, practice_id, pet, actor)
        basis = found.basis(pet.row["load_id"])
        link_record(conn, practice_id, pair, found.said, basis, stood=stood)
        note_joined(conn, practice_id, pet, pair.record_id, actor)
        gone.append(pet.pair.record_id)
    return tuple(gone), tuple(alike)


_PETS = text("""
    SELECT b.* FROM scriptright.pet t
    JOIN scriptright.pims_pet b ON b.practice_id = :p AND b.record_id = t.pet_id
    WHERE t.practice_id = :p AND t.client_id = :client_id
    ORDER BY b.pims_id
""")
