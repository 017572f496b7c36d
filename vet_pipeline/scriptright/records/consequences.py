"""What a pet's new name or new owner means for its prescriptions, and what must be said first.

A prescription's label never changes and no prescription moves by itself: each is marked for a
person, and the caller gets the list to show. Of a pet that has both, a new name and a new owner, it
is `needs_new_prescription`, in whichever order they came: nothing more may leave on it. That its
client isn't the pet's owner shows in `Consequence.owner_changed`, and its changes tell of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import DecisionRefused
from vet_pipeline.policy import Field
from vet_pipeline.scriptright.records.in_question import how_to_settle, in_question
from vet_pipeline.scriptright.records.values import Value, digest
from vet_pipeline.scriptright.records.writes import Cause, Row, record_change

STATEMENT = "I state that this is the same animal under a new name."


@dataclass(frozen=True, slots=True)
class Consequence:
    """A prescription that a decision touched; `label_name` is as printed, for the person."""

    prescription_id: int
    client_id: int
    pet_id: int
    label_name: str
    old_state: str
    new_state: str
    new_name: str | None
    owner_changed: bool = False  # the pet isn't its client's any more


def as_left(effects: Iterable[Consequence]) -> list[Consequence]:
    """Each prescription once, as the last of several effects on it leaves it."""
    return list({effect.prescription_id: effect for effect in effects}.values())


def in_words(effect: Consequence) -> str:
    """A prescription by its number, and how it is left; without a name."""
    owner = ", and its client isn't the pet's owner any more" if effect.owner_changed else ""
    return f"prescription {effect.prescription_id}: {effect.new_state.replace('_', ' ')}{owner}"


def require_seen(practice_id: str, effects: Iterable[Consequence], shown: str | None) -> None:
    """Refuse what would change prescriptions as nobody has seen it yet; `shown`: the mark of that.

    The refusal tells each of them, and the mark.
    """
    left = as_left(effects)
    mark = digest(*(asdict(effect) for effect in left))
    if left and shown != mark:
        told = "; ".join(f"{in_words(effect)} (pet {effect.pet_id})" for effect in left)
        raise DecisionRefused(
            f"nothing is done yet, as it changes what is sent: {told}",
            next_step=f"look at the pet (`vet-pipeline history {practice_id} --pet ID`); if that is"
            f" right, type it again with --shown {mark}",
            practice_id=practice_id,
        )


def require_attestation(practice_id: str, new: Value, *, same_animal: bool) -> None:
    """Refuse a rename without the statement, or to no name at all."""
    if new["name"] is None:
        raise DecisionRefused(
            "a pet can't be renamed to nothing",
            next_step="reject the suggestion, or have the name entered in the PIMS",
            practice_id=practice_id,
        )
    if not same_animal:
        raise DecisionRefused(
            "a pet's name is confirmed only with the statement that it is the same animal",
            next_step="make sure that it is, then confirm with --same-animal",
            practice_id=practice_id,
        )


def no_statement_on(practice_id: str, number: int, field: Field) -> DecisionRefused:
    """Of what is no pet's name: the words would be kept nowhere."""
    return DecisionRefused(
        f"suggestion {number} is about the {field.label}: a statement is kept with a pet's new name"
        " alone",
        next_step="leave out --statement, if that number is meant",
        practice_id=practice_id,
    )


def require_new_owner(connection: Connection, practice_id: str, new: Value, pet: Row) -> int:
    """The client who becomes the owner; refused while ScriptRight doesn't know one.

    Or while the owner's row in the PIMS may be another client's than the one it feeds.
    """
    if new.get("pims_client_id") is None:
        raise DecisionRefused(
            f"pet {pet['pet_id']} can't be without an owner",
            next_step="reject the suggestion, or have the owner entered in the PIMS",
            practice_id=practice_id,
        )
    client_id = new.get("client_id")
    if client_id is None:
        raise DecisionRefused(
            f"the new owner of pet {pet['pet_id']} isn't a client of ScriptRight yet",
            next_step=f"decide the owner's possible match (`vet-pipeline link list {practice_id}`), "
            "or wait for the load that brings the owner, then look again with "
            f"`vet-pipeline review list {practice_id}`",
            practice_id=practice_id,
        )
    if in_question(connection, practice_id, "client", [new["pims_client_id"]]):
        raise DecisionRefused(
            f"the new owner of pet {pet['pet_id']} may be another than client {client_id}, whom the "
            "PIMS's row was about before",
            next_step=f"leave this open; {how_to_settle(practice_id, 'client', client_id)}",
            practice_id=practice_id,
        )
    return int(client_id)


def mark_for_new_name(
    connection: Connection, practice_id: str, pet: Row, new_name: str, cause: Cause
) -> tuple[Consequence, ...]:
    """Mark the pet's prescriptions `needs_new_prescription` under the new name.

    All but ended ones: what an earlier rename marked would name a name that is past, and what an
    owner change marked names a past one, too. A name that differs in capitals or spaces only is
    the name that they have. Of a pet's first name, in the web shop: those of other names alone, as
    where a link fills it in (schema 0021).
    """
    if is_same_name(pet["name"], new_name):
        return ()
    of_pet = prescriptions_of(connection, practice_id, pet["pet_id"])
    if pet["name"] is None and cause.suggestion_id is None:
        of_pet = [
            row
            for row in of_pet
            if not is_same_name(row["label_name"], new_name)
            or not is_same_name(row["new_name"] or new_name, new_name)
        ]
    cause = replace(cause, cause="rename")
    to = {"state": "needs_new_prescription", "new_name": new_name}
    return set_states(connection, practice_id, of_pet, to, cause)


def mark_owner_changed(
    connection: Connection, practice_id: str, pet_id: int, cause: Cause
) -> tuple[Consequence, ...]:
    """Mark the pet's active prescriptions `owner_changed`; they stay with the client they had.

    What a rename has marked stays so: the mark noted for it changes nothing, and tells its history
    that the owner changed.
    """
    marked: list[Consequence] = []
    for row in prescriptions_of(connection, practice_id, pet_id):
        to = after_owner_change(state_of(row))
        marked += set_states(connection, practice_id, [row], to, cause)
    return tuple(marked)


def after_owner_change(value: Value) -> Value:
    """State and new name of a prescription, which isn't ended, once its pet's owner changed."""
    if value["state"] == "needs_new_prescription":
        return value
    return {"state": "owner_changed", "new_name": None}


def attest_same_animal(
    connection: Connection,
    practice_id: str,
    pet: Row,
    new_name: str,
    marked: tuple[Consequence, ...],
    cause: Cause,
    statement: str | None,
) -> None:
    """Keep the statement for good, with the pet's identity as it was (`pet`: before the write)."""
    connection.execute(
        _ATTEST,
        {
            "practice_id": practice_id,
            "suggestion_id": cause.suggestion_id,
            "pet_id": pet["pet_id"],
            "pims_id": cause.via_pims_id,
            "old_name": pet["name"],
            "new_name": new_name,
            "species": pet["species"],
            "breed": pet["breed"],
            "birth_date": pet["birth_date"],
            "statement": (statement or "").strip() or STATEMENT,
            "by": cause.actor,
            "load_id": cause.load_id,
            "prescriptions": [m.prescription_id for m in marked],
        },
    )


def set_states(
    connection: Connection,
    practice_id: str,
    prescriptions: Iterable[Row],
    to: Value,
    cause: Cause,
) -> tuple[Consequence, ...]:
    """Set each prescription's state, with its record_change; label, client and pet stay.

    `prescriptions`: rows with the pet's present owner as `owner_id`. `to`: as of `state_of`.
    """
    done: list[Consequence] = []
    for row in prescriptions:
        number, was = row["prescription_id"], state_of(row)
        connection.execute(_SET_STATE, {"practice_id": practice_id, "id": number, **to})
        record_change(connection, practice_id, "prescription", number, "state", was, to, cause)
        done.append(
            Consequence(
                number,
                row["client_id"],
                row["pet_id"],
                row["label_name"],
                was["state"],
                to["state"],
                to["new_name"],
                owner_changed=row["client_id"] != row["owner_id"],
            )
        )
    return tuple(done)


def state_of(prescription: Row) -> Value:
    """Its state, and the name that it waits for: the value of `state` in its changes."""
    return {"state": prescription["state"], "new_name": prescription["new_name"]}


def prescriptions_of(connection: Connection, practice_id: str, pet_id: int) -> list[dict[str, Any]]:
    """The pet's prescriptions that haven't ended, each with the pet's owner by now.

    One that is being ended by the web shop is waited for: a mark would bring it back.
    """
    rows = connection.execute(_OF_PET, {"practice_id": practice_id, "pet_id": pet_id}).mappings()
    return [dict(row) for row in rows]


def is_same_name(one: str | None, other: str | None) -> bool:
    """Whether two names differ in capitals or spaces at most."""
    return _plain(one) == _plain(other)


def _plain(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


_OF_PET = text("""
    SELECT r.*, pet.client_id AS owner_id
    FROM scriptright.prescription r JOIN scriptright.pet USING (practice_id, pet_id)
    WHERE r.practice_id = :practice_id AND r.pet_id = :pet_id AND r.state <> 'ended'
    ORDER BY r.prescription_id
    FOR UPDATE OF r
""")
_SET_STATE = text("""
    UPDATE scriptright.prescription
    SET state = :state, new_name = CAST(:new_name AS text), version = version + 1
    WHERE practice_id = :practice_id AND prescription_id = :id
""")
_ATTEST = text("""
    INSERT INTO scriptright.rename_attestation (practice_id, suggestion_id, pet_id, pims_id,
        old_name, new_name, species, breed, birth_date, statement, attested_by, load_id,
        prescriptions)
    VALUES (:practice_id, :suggestion_id, :pet_id, :pims_id, :old_name, :new_name, :species, :breed,
        :birth_date, :statement, :by, :load_id, CAST(:prescriptions AS bigint[]))
""")
