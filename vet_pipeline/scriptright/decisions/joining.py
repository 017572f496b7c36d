"""Two records that are one, unknown to the machine: a person says so, and they are joined.

A PIMS record that has a ScriptRight record of its own (or waits) is led to another one, as if it
had been confirmed there: by the rules of a merge, and `unmerge.py` undoes it. Its own record goes
and lives on as the link's shadow, so it must be nothing but a copy: not named by a prescription,
not edited in the web shop, fed by nothing else. A client's pets move along, as they are. This also
mends a confirmed match that was the wrong one: undo it, then join.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import DecisionRefused, StaleDecision
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.decisions.candidate_list import as_typed, how_to_look
from vet_pipeline.scriptright.decisions.linking import LinkBasis, link_record
from vet_pipeline.scriptright.decisions.pet_placing import match_pets
from vet_pipeline.scriptright.decisions.placing import link_by_word, said_by_pims, why_not_that_pet
from vet_pipeline.scriptright.decisions.regroup import move_pet
from vet_pipeline.scriptright.decisions.take_back import (
    OwnRecord,
    keep_as_it_is,
    note_joined,
    take_back,
    why_not,
)
from vet_pipeline.scriptright.load.apply_matching import Matcher
from vet_pipeline.scriptright.records.consequences import Consequence
from vet_pipeline.scriptright.records.identity import Pair, pair_digest
from vet_pipeline.scriptright.records.in_question import how_to_settle, in_question
from vet_pipeline.scriptright.records.pims_values import baseline_row
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.writes import Cause, Row, read_record
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import act, named


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining did: where the PIMS record leads now, and which records went."""

    record: Record
    pims_id: str
    record_id: int
    gone: int | None  # the record of its own; None: it had waited
    # Of a client: its own record's pets, which are the other's now.
    moved_pets: tuple[int, ...] = ()
    gone_pets: tuple[int, ...] = ()  # those that the machine has joined with a pet of the other
    alike: tuple[tuple[str, int], ...] = ()  # pairs for a person: PIMS id, and whose pet it may be
    prescriptions: tuple[Consequence, ...] = ()  # whose pet has another owner by it


def join(
    engine: Engine,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    *,
    by: str,
    shown: str,
    match: Matcher,
) -> Joined:
    """Lead the PIMS record to that ScriptRight record; a client's pets move along.

    What `match` takes for one of the other client's pets with certainty is joined with it.

    One transaction. `shown`: the mark of the pair in `link explain --with`, since nothing but
    a person's eyes says that the two are one. Raises StaleDecision when a side has changed since,
    DecisionRefused where its own record is more than a copy, or it is merged with another one.
    """
    actor = named(by, practice_id)
    pair = Pair(record, pims_id, record_id)
    with act(engine, practice_id) as connection:
        read_record(connection, practice_id, record, record_id, keep="meaning")
        row = baseline_row(connection, practice_id, record, pims_id)
        own = _own(practice_id, row, pair)
        _require_shown(connection, practice_id, pair, shown)
        if record == "pet":
            _require_that_pet(connection, practice_id, pair)
        said = said_by_pims(connection, practice_id, record, pims_id)
        basis = LinkBasis(row["load_id"], actor)
        given_up = _give_up(connection, practice_id, own, record_id, actor) if own else _GivenUp()
        link_by_word(connection, practice_id, pair, said, basis, match=match, stood=given_up.stood)
        gone_pets, alike = _join_pets(connection, practice_id, pair, given_up.pets, actor, match)
        moved = (pet.pair.record_id for pet in given_up.pets)
        joined = Joined(
            *pair,
            gone=own.pair.record_id if own else None,
            moved_pets=tuple(pet_id for pet_id in moved if pet_id not in gone_pets),
            gone_pets=gone_pets,
            alike=alike,
            prescriptions=given_up.marked,
        )
        audit.append(connection, practice_id, actor, "record_joined", _audited(joined))
        return joined


def give_up_own(connection: Connection, practice_id: str, pair: Pair, actor: str) -> Shadow | None:
    """Take back the record of its own that a PIMS pet has, if any, before it is led to another.

    Raises DecisionRefused as `join`.
    """
    row = baseline_row(connection, practice_id, pair.record, pair.pims_id)
    own = _own(practice_id, row, pair)
    return _give_up(connection, practice_id, own, pair.record_id, actor).stood if own else None


def _require_shown(connection: Connection, practice_id: str, pair: Pair, shown: str) -> None:
    if pair_digest(connection, practice_id, pair) != shown:
        of = pair.record
        raise StaleDecision(
            f"--shown isn't the mark of this {of} and {of} {pair.record_id} as they are now",
            next_step=f"look at both with `{how_to_look(practice_id, pair)}`, then join them with the"
            " mark that it shows",
            practice_id=practice_id,
        )


def _require_that_pet(connection: Connection, practice_id: str, pair: Pair) -> None:
    if why := why_not_that_pet(connection, practice_id, pair.pims_id, pair.record_id):
        raise _refused(practice_id, why, "join their owners first, or undo the other pet's link")


def _own(practice_id: str, row: Row, pair: Pair) -> OwnRecord | None:
    """The record that the PIMS record has of its own; None while it waits for a word."""
    record, pims_id, record_id = pair
    if row["record_id"] == record_id:
        raise _refused(practice_id, f"it is {record} {record_id} already", "nothing is to be done")
    if row["link_standalone"] is not None:
        undo = [practice_id, record, pims_id]
        raise _refused(
            practice_id,
            f"it is linked to {record} {row['record_id']}",
            f"take that link apart first: `{as_typed('link undo', undo, '--by NAME')}`",
        )
    if row["record_id"] is None:
        return None
    return OwnRecord(Pair(record, pims_id, row["record_id"]), row)


@dataclass(frozen=True, slots=True)
class _GivenUp:
    """What became of the record of its own; nothing where it had waited."""

    stood: Shadow | None = None  # the link's, with what the record held
    pets: tuple[OwnRecord, ...] = ()  # a client's, which are the other's by now
    marked: tuple[Consequence, ...] = ()  # prescriptions, for that


def _give_up(
    connection: Connection, practice_id: str, own: OwnRecord, record_id: int, actor: str
) -> _GivenUp:
    """Take the record of its own back, which is the other one from now on; a client's pets move.

    Refused where the PIMS's row may be about another one by now: the record that goes isn't its.
    """
    record, pims_id, own_id = own.pair
    if in_question(connection, practice_id, record, [pims_id]):
        raise _refused(
            practice_id,
            f"the PIMS's row may be another {record}'s by now than {record} {own_id}'s, who would go",
            how_to_settle(practice_id, record, own_id),
        )
    keep_as_it_is(connection, practice_id, own.pair)
    if hindrance := why_not(connection, practice_id, own.pair):
        raise _refused(practice_id, *hindrance)
    pets: tuple[OwnRecord, ...] = ()
    marked: tuple[Consequence, ...] = ()
    if record == "client":
        pets, marked = _move_pets(connection, practice_id, own_id, record_id, actor)
    stood = take_back(connection, practice_id, own, actor)
    note_joined(connection, practice_id, own, record_id, actor)
    return _GivenUp(stood, pets, marked)


def _audited(joined: Joined) -> dict[str, Any]:
    numbers = [one.prescription_id for one in joined.prescriptions]
    return asdict(joined) | {"prescriptions": numbers}


def _refused(practice_id: str, why: str, next_step: str) -> DecisionRefused:
    return DecisionRefused(f"not joined: {why}", next_step=next_step, practice_id=practice_id)


def _move_pets(
    connection: Connection, practice_id: str, from_client: int, to_client: int, actor: str
) -> tuple[tuple[OwnRecord, ...], tuple[Consequence, ...]]:
    """The pets move as they are, with what waits for a person; their prescriptions don't.

    Returns the pets' links, and the prescriptions that are marked for it.
    """
    moved: list[OwnRecord] = []
    marked: tuple[Consequence, ...] = ()
    where = {"practice_id": practice_id, "client_id": from_client}
    for row in connection.execute(_PETS, where).mappings().all():
        cause = Cause("joined", actor=actor, load_id=row["load_id"], via_pims_id=row["pims_id"])
        marked += move_pet(connection, practice_id, row["record_id"], to_client, cause)
        pair = Pair("pet", row["pims_id"], row["record_id"])
        moved.append(OwnRecord(pair, dict(row)))
    return tuple(moved), marked


def _join_pets(
    connection: Connection,
    practice_id: str,
    owner: Pair,
    moved: Sequence[OwnRecord],
    actor: str,
    match: Matcher,
) -> tuple[tuple[int, ...], tuple[tuple[str, int], ...]]:
    """Join those that the machine is certain of with the client's pets that were there.

    Returns the records that went, and the pairs (PIMS id, pet) that a person has to look at: the
    machine isn't certain, the pet's own record is more than a copy, or the PIMS's row may be
    another animal's by now. Missing ones stay as they are.
    """
    here = {pet.pair.pims_id: pet for pet in moved if pet.row["missing_since"] is None}
    others = in_question(connection, practice_id, "pet", here)
    gone: list[int] = []
    alike: list[tuple[str, int]] = []
    for found in match_pets(connection, practice_id, owner, here, match):
        pet, pair = here[found.pims_id], found.pair
        if pair is None or found.decision == "new":
            continue
        is_sure = found.decision == "linked" and found.pims_id not in others
        if not is_sure or why_not(connection, practice_id, pet.pair):
            alike.append((pair.pims_id, pair.record_id))
            continue
        stood = take_back(connection, practice_id, pet, actor)
        basis = found.basis(pet.row["load_id"])
        link_record(connection, practice_id, pair, found.said, basis, stood=stood)
        note_joined(connection, practice_id, pet, pair.record_id, actor)
        gone.append(pet.pair.record_id)
    return tuple(gone), tuple(alike)


_PETS = text("""
    SELECT b.* FROM scriptright.pet t
    JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.record_id = t.pet_id
    WHERE t.practice_id = :practice_id AND t.client_id = :client_id
    ORDER BY b.pims_id
""")
