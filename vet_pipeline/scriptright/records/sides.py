"""ScriptRight's own records as a side for the matcher: who a new PIMS record may turn out to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection

from vet_pipeline.matching import Side
from vet_pipeline.normalize.columns import CLIENT_SCHEMA, PET_SCHEMA, frame
from vet_pipeline.scriptright.postgres.bulk import copy_out
from vet_pipeline.scriptright.postgres.database import driver

_CLIENT_TYPES = {"client_id": pa.string()} | {
    f.name: f.type for f in CLIENT_SCHEMA if f.name != "pims_client_id"
}
_PET_TYPES = {"pet_id": pa.string(), "client_id": pa.string()} | {
    f.name: f.type for f in PET_SCHEMA if f.name not in ("pims_pet_id", "pims_client_id")
}
_CLIENTS = f"""
    SELECT {", ".join(_CLIENT_TYPES)} FROM scriptright.client c
    WHERE c.practice_id = %(practice_id)s
"""  # noqa: S608 - column names of the schema
_PETS = f"""
    SELECT {", ".join(f"p.{name}" for name in _PET_TYPES)} FROM scriptright.pet p
    WHERE p.practice_id = %(practice_id)s AND p.client_id = ANY(%(ids)s) ORDER BY p.pet_id
"""  # noqa: S608 - column names of the schema
# Home-delivery clients, and clients whose every PIMS record is gone: PIMS renumber their ids.
_OPEN_TO_LINKS = """
    (c.origin = 'home_delivery' OR c.client_id IN (
        SELECT lost.record_id FROM scriptright.pims_client lost
        WHERE lost.practice_id = %(practice_id)s
          AND (lost.missing_since IS NOT NULL OR lost.pims_id = ANY(%(others)s))
          AND NOT EXISTS (
            SELECT FROM scriptright.pims_client here
            WHERE here.practice_id = %(practice_id)s AND here.record_id = lost.record_id
              AND here.missing_since IS NULL AND here.pims_id <> ALL(%(others)s))))
"""


def home_side(connection: Connection, practice_id: str, others: list[str]) -> Side:
    """The clients that a new PIMS client may turn out to be, with all their pets.

    Home-delivery clients, and clients of PIMS origin whose every linked PIMS record is missing
    from the snapshot last taken into the baseline (ids may have been renumbered), or one of
    `others`, which say another (who was typed over is entered anew when she comes again).
    """
    clients = f"{_CLIENTS} AND {_OPEN_TO_LINKS} ORDER BY c.client_id"
    return _side(connection, practice_id, clients, {"others": others})


def side_of(connection: Connection, practice_id: str, client_ids: list[int]) -> Side:
    """These clients with all their pets."""
    return _side(
        connection,
        practice_id,
        f"{_CLIENTS} AND c.client_id = ANY(%(ids)s) ORDER BY c.client_id",
        {"ids": client_ids},
    )


def _side(connection: Connection, practice_id: str, query: str, values: Mapping[str, Any]) -> Side:
    """The clients of the query and all their pets."""
    raw = driver(connection)
    clients = copy_out(raw, query, {"practice_id": practice_id, **values}, _CLIENT_TYPES)
    ids = [int(key) for key in clients["client_id"].to_pylist()]
    pets = copy_out(raw, _PETS, {"practice_id": practice_id, "ids": ids}, _PET_TYPES)
    return Side(frame(clients), frame(pets))
