"""Whose pets are whose after an owner's link was undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.consequences import Consequence, mark_owner_changed
from vet_pipeline.scriptright.suggestions import (
    open_ones,
    open_suggestion,
    owner_of,
    refresh_suggestions,
    was_rejected,
)
from vet_pipeline.scriptright.writes import Cause, read_record, write_field

OWNER = FIELD["pet", "owner"]


def move_created_pets(
    conn: Connection,
    practice_id: str,
    owner_key: str,
    *,
    from_client: int,
    to_client: int,
    actor: str,
) -> tuple[tuple[int, ...], tuple[Consequence, ...]]:
    """Move the pets that a PIMS client brought along; returns them and the prescriptions marked.

    A prescription written for such a pet meanwhile stays with the pet and with the client it was
    written for, marked `owner_changed`: whose it is, is for a person.
    """
    moved: list[int] = []
    marked: list[Consequence] = []
    rows = conn.execute(_CREATED, {"p": practice_id, "client_id": from_client}).mappings().all()
    for row in rows:
        if _owner_in_force(conn, practice_id, row) != owner_key:
            continue
        cause = Cause("unmerge", actor=actor, via_pims_id=row["pims_id"])
        pet = read_record(conn, practice_id, "pet", row["record_id"])
        write_field(conn, practice_id, OWNER, pet, {"client_id": to_client}, cause)
        marked += mark_owner_changed(conn, practice_id, row["record_id"], cause)
        refresh_suggestions(conn, practice_id, "pet", row["record_id"], "owner")
        moved.append(row["record_id"])
    return tuple(moved), tuple(marked)


def ask_owner_questions(conn: Connection, practice_id: str, client_ids: Sequence[int]) -> None:
    """Open the owner suggestions that were none while two PIMS clients were one client.

    For pets of these clients whose PIMS owner leads to another client now, unless a person has
    been asked or has said no to it.
    """
    rows = conn.execute(_LINKED, {"p": practice_id, "clients": list(client_ids)}).mappings().all()
    for row in rows:
        new = {"pims_client_id": row["client_key"]}
        target = owner_of(conn, practice_id, new)
        asked = open_ones(
            conn, practice_id, "pet", row["record_id"], field="owner", pims_id=row["pims_id"]
        )
        if asked or target is None or target == row["client_id"]:
            continue
        if was_rejected(conn, practice_id, OWNER, row["pims_id"], new):
            continue
        open_suggestion(
            conn,
            practice_id,
            OWNER,
            record_id=row["record_id"],
            pims_id=row["pims_id"],
            old={"client_id": row["client_id"]},
            new=new,
            reason="changed",
            load_id=row["load_id"],
        )


def _owner_in_force(conn: Connection, practice_id: str, row: Mapping[Any, Any]) -> str | None:
    """The PIMS owner under whom the pet stands in ScriptRight: a later one may wait for a word."""
    key: str | None = None
    for asked in conn.execute(
        _OWNER_WORDS, {"p": practice_id, "pims_id": row["pims_id"]}
    ).mappings():
        if asked["state"] == "confirmed":
            key = asked["new_value"].get("pims_client_id")
        elif key is None:
            key = asked["old_value"].get("pims_client_id")
    return key if key is not None else row["client_key"]


_CREATED = text("""
    SELECT link.pims_id, link.record_id, btrim(pims.client_key) AS client_key
    FROM scriptright.pet_link link
    JOIN scriptright.pims_pet pims USING (practice_id, pims_id)
    JOIN scriptright.pet ON pet.practice_id = link.practice_id AND pet.pet_id = link.record_id
    WHERE link.practice_id = :p AND link.method = 'created' AND pet.client_id = :client_id
    ORDER BY link.record_id
""")
_LINKED = text("""
    SELECT link.pims_id, link.record_id, pet.client_id, btrim(pims.client_key) AS client_key,
        pims.load_id
    FROM scriptright.pet_link link
    JOIN scriptright.pims_pet pims USING (practice_id, pims_id)
    JOIN scriptright.pet ON pet.practice_id = link.practice_id AND pet.pet_id = link.record_id
    WHERE link.practice_id = :p AND pet.client_id = ANY(:clients)
    ORDER BY link.record_id, link.pims_id
""")
_OWNER_WORDS = text("""
    SELECT state, old_value, new_value FROM scriptright.suggestion
    WHERE practice_id = :p AND record = 'pet' AND field = 'owner' AND pims_id = :pims_id
    ORDER BY suggestion_id
""")
