"""Whose pets are whose after an owner's link was undone."""

from __future__ import annotations

from collections.abc import Sequence, Set

from sqlalchemy import Connection, text

from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.records.consequences import Consequence, mark_owner_changed
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.suggestions import (
    open_suggestion,
    refresh_suggestions,
    was_rejected,
)
from vet_pipeline.scriptright.records.writes import Cause, read_record, write_field

OWNER = FIELD["pet", "owner"]


def move_pets_along(
    connection: Connection, practice_id: str, owner: Pair, to_client: int, actor: str
) -> tuple[tuple[int, ...], tuple[Consequence, ...]]:
    """Move the client's pets that stand under the PIMS client; returns them and whose labels wait.

    It brought them along, or a person has said that they are its. A prescription written for such
    a pet meanwhile stays with the pet and with the client it was written for, marked
    `owner_changed`: whose it is, is for a person.
    """
    moved: list[int] = []
    marked: list[Consequence] = []
    where = {"practice_id": practice_id, **owner._asdict(), "without": []}
    for row in connection.execute(_UNDER, where).mappings().all():
        cause = Cause("unmerge", actor=actor, via_pims_id=row["pims_id"])
        marked += move_pet(connection, practice_id, row["record_id"], to_client, cause)
        moved.append(row["record_id"])
    return tuple(moved), tuple(marked)


def pets_under(
    connection: Connection, practice_id: str, owner: Pair, *, without: Sequence[str]
) -> set[int]:
    """The client's pets under this PIMS client, as if the PIMS pets `without` fed none."""
    where = {"practice_id": practice_id, **owner._asdict(), "without": without}
    return set(connection.execute(_UNDER, where).scalars())


def move_pet(
    connection: Connection, practice_id: str, pet_id: int, to_client: int, cause: Cause
) -> tuple[Consequence, ...]:
    """A pet gets another owner, its prescriptions don't; returns those that are marked."""
    pet = read_record(connection, practice_id, "pet", pet_id, keep="meaning")
    write_field(connection, practice_id, OWNER, pet, {"client_id": to_client}, cause)
    marked = mark_owner_changed(connection, practice_id, pet_id, cause)
    refresh_suggestions(connection, practice_id, "pet", pet_id, "owner")
    return marked


def ask_owner_questions(connection: Connection, practice_id: str, client_ids: Set[int]) -> None:
    """Ask about pets of these clients whose PIMS owner leads to another client.

    It led to the same one while two PIMS clients were one client. Left out are pets of which a
    person is asked already, or has said no.
    """
    elsewhere = connection.execute(
        _ELSEWHERE, {"practice_id": practice_id, "clients": sorted(client_ids)}
    )
    for row in elsewhere.mappings().all():
        new = {"pims_client_id": row["client_key"]}
        if was_rejected(connection, practice_id, OWNER, row["pims_id"], new):
            continue
        old = {"client_id": row["client_id"]}
        asked = Question(
            OWNER, row["record_id"], row["pims_id"], old, new, "changed", row["load_id"]
        )
        open_suggestion(connection, practice_id, asked)


# Pets by the PIMS owner under whom they stand in ScriptRight: whom a person has confirmed last,
# else under whom the pet was created. That one is what the first change of the owner names as old:
# another owner that the PIMS has named since waits for a word, or was the same client.
_UNDER = text("""
    WITH fed AS (
        SELECT link.record_id, link.pims_id, link.method = 'created' AS created, word.decided_at,
            word.suggestion_id,
            coalesce(word.owner, CASE WHEN link.method = 'created'
                THEN coalesce(before.owner, btrim(pims.client_key)) END) AS owner
        FROM scriptright.pet_link link
        JOIN scriptright.pims_pet pims USING (practice_id, pims_id)
        JOIN scriptright.pet ON pet.practice_id = :practice_id AND pet.pet_id = link.record_id
        LEFT JOIN LATERAL (
            SELECT s.new_value ->> 'pims_client_id' AS owner, s.decided_at, s.suggestion_id
            FROM scriptright.suggestion s
            WHERE s.practice_id = :practice_id AND s.record = 'pet' AND s.field = 'owner'
              AND s.pims_id = link.pims_id AND s.state = 'confirmed'
            ORDER BY s.decided_at DESC, s.suggestion_id DESC LIMIT 1) word ON true
        LEFT JOIN LATERAL (
            SELECT said.owner FROM (
                SELECT t.old_value ->> 'pims_client_id' AS owner, t.told_at AS at
                FROM scriptright.shared_change t
                WHERE t.practice_id = :practice_id AND t.record = 'pet' AND t.field = 'owner'
                  AND t.pims_id = link.pims_id
                UNION ALL
                SELECT s.old_value ->> 'pims_client_id', s.opened_at
                FROM scriptright.suggestion s
                WHERE s.practice_id = :practice_id AND s.record = 'pet' AND s.field = 'owner'
                  AND s.pims_id = link.pims_id) said
            WHERE said.owner IS NOT NULL ORDER BY said.at LIMIT 1) before ON true
        WHERE link.practice_id = :practice_id AND pet.client_id = :record_id
          AND link.pims_id <> ALL (CAST(:without AS text[])))
    SELECT record_id, pims_id FROM (
        SELECT DISTINCT ON (record_id) * FROM fed WHERE owner IS NOT NULL
        ORDER BY record_id, decided_at DESC NULLS LAST, suggestion_id DESC, created DESC) standing
    WHERE owner = :pims_id ORDER BY record_id
""")
# Most pets stand where the PIMS has them: of an account of thousands only the others are fetched.
# The owners' keys are made beforehand, as in taken.py.
_ELSEWHERE = text("""
    WITH fed AS MATERIALIZED (
        SELECT b.pims_id, b.record_id, pet.client_id, btrim(b.client_key) AS client_key, b.load_id
        FROM scriptright.pet
        JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.record_id = pet.pet_id
        WHERE pet.practice_id = :practice_id AND pet.client_id = ANY(:clients))
    SELECT fed.* FROM fed
    JOIN scriptright.client_link owner ON owner.practice_id = :practice_id AND owner.pims_id = fed.client_key
    WHERE owner.record_id <> fed.client_id AND NOT EXISTS (
        SELECT FROM scriptright.suggestion s
        WHERE s.practice_id = :practice_id AND s.record = 'pet' AND s.record_id = fed.record_id
          AND s.field = 'owner' AND s.pims_id = fed.pims_id AND s.state = 'open')
    ORDER BY fed.record_id, fed.pims_id
""")
