"""Undoing a link: both sides as they would be by now had it never been made (docs/rules.md, 2).

The PIMS record's shadow becomes a record of its own, with the suggestions it would have; the
record it fed is rolled back, and what others changed there stays. Prescriptions stay with their
pet. All of it is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import DecisionRefused, StaleDecision, UnknownItem
from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.decisions.candidate_list import closed_by_link, how_to_look
from vet_pipeline.scriptright.decisions.pet_placing import ask_whether_missing, place_pets_as_new
from vet_pipeline.scriptright.decisions.placing import close_questions_across_clients
from vet_pipeline.scriptright.decisions.regroup import (
    ask_owner_questions,
    move_pets_along,
    pets_under,
)
from vet_pipeline.scriptright.decisions.restore import restore_record
from vet_pipeline.scriptright.decisions.restore_labels import restore_labels
from vet_pipeline.scriptright.load.link_reviews import close_as_undone, look_again
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.consequences import Consequence, prescriptions_of
from vet_pipeline.scriptright.records.identity import Pair, remember
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.pims_values import baseline_row, unlinked_pets_of
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.suggestions import (
    close,
    open_ones,
    open_suggestion,
    owner_of,
    settled,
)
from vet_pipeline.scriptright.records.values import canonical
from vet_pipeline.scriptright.records.writes import (
    Cause,
    Row,
    create_record,
    held,
    note_link_moved,
    read_record,
)
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import act, named


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing one link did; `prescriptions`: whose state changed, for a person to see."""

    record: Record
    pims_id: str
    home_id: int  # rolled back
    new_id: int  # the record of its own
    restored: tuple[str, ...]  # fields of the home record whose value changed
    pets: tuple[Undone, ...] = ()  # pet links that were undone with their owner's
    moved_pets: tuple[int, ...] = ()  # pets that stand under its PIMS client and go with it
    prescriptions: tuple[Consequence, ...] = ()
    # Pairs (PIMS id, record id) that were asked about until the link answered for them: they stay
    # closed, and the right one may be among them.
    asked_before: tuple[tuple[str, int], ...] = ()


def undo_link(
    engine: Engine,
    practice_id: str,
    record: Record,
    pims_id: str,
    *,
    by: str,
    record_id: int | None = None,
    agree: Callable[[Undone], None] = lambda _: None,
) -> Undone:
    """Undo the link of a PIMS client (with its pets) or one PIMS pet; remember *not the same*.

    `record_id`: of the record that was shown as linked. `agree`: sees what it does before that is
    committed; if it raises, nothing is. Raises StaleDecision when it feeds another by now,
    UnknownItem when it has no link, DecisionRefused when its record was created from it: there is
    nothing to go back to.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as connection:
        link = _require_merged(connection, practice_id, record, pims_id)
        if record_id not in (None, link["record_id"]):
            look = how_to_look(practice_id, Pair(record, pims_id, link["record_id"]))
            raise StaleDecision(
                f"the PIMS {record} feeds {record} {link['record_id']} by now, not {record_id}",
                next_step=f"look again with `{look}`",
                practice_id=practice_id,
            )
        undo = _undo_pet if record == "pet" else _undo_client
        undone, clients = undo(connection, practice_id, link, actor)
        ask_owner_questions(connection, practice_id, clients)
        close_questions_across_clients(connection, practice_id, clients)
        for rolled_back in (undone, *undone.pets):  # what else feeds those records
            look_again(
                connection, practice_id, rolled_back.record, record_ids=[rolled_back.home_id]
            )
        look_again(connection, practice_id, "pet", record_ids=undone.moved_pets)
        agree(undone)
        audit.append(connection, practice_id, actor, "link_undone", _audited(undone))
        return _with_what_was_asked(connection, practice_id, undone)


def _with_what_was_asked(connection: Connection, practice_id: str, undone: Undone) -> Undone:
    link = Pair(undone.record, undone.pims_id, undone.home_id)
    asked = closed_by_link(connection, practice_id, link)
    pets = tuple(_with_what_was_asked(connection, practice_id, pet) for pet in undone.pets)
    return replace(undone, pets=pets, asked_before=asked)


def _undo_client(
    connection: Connection,
    practice_id: str,
    link: Row,
    actor: str,
) -> tuple[Undone, set[int]]:
    """Both clients apart, each with its pets; returns clients whose pets' owners may be asked."""
    gone = Pair("client", link["pims_id"], link["record_id"])
    new_id = _stand_alone(connection, practice_id, "client", link, actor, None)
    pets: list[Undone] = []
    clients = {gone.record_id, new_id}
    for pet_link in _pets_that_rest_on_it(connection, practice_id, gone):
        pet, of_pet = _undo_pet(connection, practice_id, pet_link, actor)
        pets.append(pet)
        clients |= of_pet
    moved, prescriptions = move_pets_along(connection, practice_id, gone, new_id, actor)
    waiting = unlinked_pets_of(connection, practice_id, gone.pims_id)
    connection.execute(
        _LEFT_BEHIND, {"practice_id": practice_id, "waiting": waiting, "client_id": new_id}
    )
    place_pets_as_new(
        connection, practice_id, gone._replace(record_id=new_id), link["link_load_id"]
    )
    restored = restore_record(connection, practice_id, gone, actor)
    remember(connection, practice_id, gone, same=False, by=actor)
    prescriptions += tuple(c for pet in pets for c in pet.prescriptions)
    undone = Undone(*gone, new_id, restored.fields, tuple(pets), moved, prescriptions)
    return undone, clients


def _undo_pet(
    connection: Connection,
    practice_id: str,
    link: Row,
    actor: str,
) -> tuple[Undone, set[int]]:
    """Give the PIMS pet a record under the owner it would have; roll the home pet back."""
    gone = Pair("pet", link["pims_id"], link["record_id"])
    _, pims_id, home_id = gone
    home = read_record(connection, practice_id, "pet", home_id, keep="meaning")
    labels = prescriptions_of(connection, practice_id, home_id)
    owner = owner_of(connection, practice_id, link["link_standalone"]["values"])
    client_id = home["client_id"] if owner is None else owner
    new_id = _stand_alone(connection, practice_id, "pet", link, actor, client_id)
    restored = restore_record(connection, practice_id, gone, actor)
    home_now = read_record(connection, practice_id, "pet", home_id)
    cause = Cause("unmerge", actor=actor, via_pims_id=pims_id)
    prescriptions = restore_labels(connection, practice_id, home_now, labels, restored, cause)
    remember(connection, practice_id, gone, same=False, by=actor)
    ask_whether_missing(connection, practice_id, pims_id, home_id, new_id)
    undone = Undone(*gone, new_id, restored.fields, prescriptions=prescriptions)
    return undone, {home["client_id"], client_id}


def _stand_alone(
    connection: Connection,
    practice_id: str,
    record: Record,
    link: Row,
    actor: str,
    client_id: int | None,
) -> int:
    """Make the shadow a record, lead the link to it, and give it the suggestions it would have."""
    pims_id, home_id, shadow = link["pims_id"], link["record_id"], link["link_standalone"]
    new_id = create_record(
        connection,
        practice_id,
        record,
        shadow["values"],
        load_id=link["link_load_id"],
        client_id=client_id,
    )
    connection.execute(
        _LEAD[record], {"practice_id": practice_id, "pims_id": pims_id, "new_id": new_id}
    )
    cause = Cause("unmerge", actor=actor, load_id=link["link_load_id"], via_pims_id=pims_id)
    note_link_moved(connection, practice_id, record, link, new_id, cause)
    close_as_undone(connection, practice_id, record, pims_id, actor)
    for row in open_ones(connection, practice_id, record, home_id, pims_id=pims_id):
        close(connection, practice_id, row["suggestion_id"], "superseded")
    _ask_of_it_alone(connection, practice_id, Pair(record, pims_id, new_id), shadow)
    return new_id


def _ask_of_it_alone(connection: Connection, practice_id: str, alone: Pair, shadow: Shadow) -> None:
    """Open the suggestions that the record would have by now, had it always stood alone."""
    record, pims_id, new_id = alone
    row = read_record(connection, practice_id, record, new_id)
    for name, opened in sorted(shadow["suggestions"].items()):
        field = FIELD[record, name]
        new = canonical(field, opened["new"])
        current = held(field, row)
        if settled(connection, practice_id, field, current, new):
            continue
        old, load_id = canonical(field, opened["old"]) | current, opened["load_id"]
        since = _recorded_at(connection, practice_id, load_id)
        asked = Question(field, new_id, pims_id, old, new, opened["reason"], load_id, since)
        open_suggestion(connection, practice_id, asked)


def _require_merged(connection: Connection, practice_id: str, record: Record, pims_id: str) -> Row:
    """The baseline's row of a PIMS record that was merged."""
    link = baseline_row(connection, practice_id, record, pims_id)
    if link["record_id"] is None:
        raise UnknownItem(
            f"the PIMS {record} has no link",
            next_step=f"see `vet-pipeline link list {practice_id}` for links and possible matches",
            practice_id=practice_id,
        )
    if link["link_standalone"] is None:
        raise DecisionRefused(
            f"{record} {link['record_id']} was created from this PIMS record: no merge to undo",
            next_step="where other PIMS records feed it, too, undo their links"
            f" (`vet-pipeline link list {practice_id} --made`)",
            practice_id=practice_id,
        )
    return link


def _pets_that_rest_on_it(connection: Connection, practice_id: str, gone: Pair) -> list[Row]:
    """Links of pets that the client's link has made possible.

    Not one that leads to a pet which goes along: its new number, say.
    """
    rows = (
        connection.execute(_MERGED_PETS, {"practice_id": practice_id, "owner": gone.pims_id})
        .mappings()
        .all()
    )
    merged = [row["pims_id"] for row in rows]
    along = pets_under(connection, practice_id, gone, without=merged)
    return [dict(row) for row in rows if row["record_id"] not in along]


def _recorded_at(connection: Connection, practice_id: str, load_id: int) -> Any:
    return connection.execute(
        text(
            "SELECT recorded_at FROM scriptright.load WHERE practice_id = :practice_id AND load_id = :i"
        ),
        {"practice_id": practice_id, "i": load_id},
    ).scalar()


def _audited(undone: Undone) -> dict[str, Any]:
    return {
        "record": undone.record,
        "pims_id": undone.pims_id,
        "home_id": undone.home_id,
        "new_id": undone.new_id,
        "restored": list(undone.restored),
        "pets": [_audited(pet) for pet in undone.pets],
        "moved_pets": list(undone.moved_pets),
        "prescriptions": [c.prescription_id for c in undone.prescriptions],
    }


_LEAD = of_each("""
    UPDATE scriptright.{record}_link
    SET record_id = :new_id, method = 'created', decided_by = NULL, score = NULL, evidence = NULL,
        model_version = NULL, standalone = NULL
    WHERE practice_id = :practice_id AND pims_id = :pims_id
""")
# What was asked of a waiting pet about pets that don't go along; about one that does it still is.
_LEFT_BEHIND = text("""
    UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = scriptright.moment()
    WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.state = 'open' AND c.pims_id = ANY(:waiting)
      AND NOT EXISTS (
        SELECT FROM scriptright.pet t
        WHERE t.practice_id = :practice_id AND t.pet_id = c.record_id AND t.client_id = :client_id)
""")
_MERGED_PETS = text("""
    SELECT * FROM scriptright.pims_pet
    WHERE practice_id = :practice_id AND link_standalone->>'linked_under' = :owner
    ORDER BY pims_id
""")
