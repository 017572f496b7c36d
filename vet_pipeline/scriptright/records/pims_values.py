"""The PIMS's side of a record as typed values: the baseline's text, normalized by today's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, text

from vet_pipeline.deltas.changes import ID_COLUMN, Slips, unreadable
from vet_pipeline.deltas.stage import NORMALIZE, RAW_KEY
from vet_pipeline.errors import DecisionRefused, UnknownItem
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.rows import Normalized
from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.baseline import KEPT_COLUMNS
from vet_pipeline.scriptright.records.writes import Row, baseline_rows


def pims_rows(
    connection: Connection, practice_id: str, record: Record, pims_ids: Iterable[str]
) -> pd.DataFrame:
    """The normalized rows; those that today's rules would quarantine are left out.

    What feeds a record may have lost its name, as in a load.
    """
    return _normalized(connection, practice_id, record, pims_ids, None).rows


def pims_values(
    connection: Connection,
    practice_id: str,
    record: Record,
    pims_ids: Iterable[str],
    conventions: Conventions | None = None,
) -> dict[str, dict[str, Any]]:
    """The same `by_id`. `conventions`: of a load under way; None: those of the one applied last."""
    return by_id(record, _normalized(connection, practice_id, record, pims_ids, conventions).rows)


def pims_values_and_slips(
    connection: Connection,
    practice_id: str,
    record: Record,
    pims_ids: Sequence[str],
) -> tuple[dict[str, dict[str, Any]], Slips]:
    """The same, and where a text says something nobody can read, which is no blank."""
    read = _normalized(connection, practice_id, record, pims_ids, None)
    return by_id(record, read.rows), unreadable(record, list(pims_ids), read.not_taken)


def _in_force(connection: Connection, practice_id: str) -> Conventions:
    """How the baseline's text is to be read, as it is in this transaction.

    As the snapshot applied last was. What another read has found since (of a held snapshot, of the
    wrong database for a night) is no word about it, nor is a setting, nor that the snapshot has
    gone by age. Raises DecisionRefused where the last load noted none, an earlier release's.
    """
    found = connection.execute(_CONVENTIONS, {"practice_id": practice_id}).one_or_none()
    if found is not None and found.is_unknown:
        raise DecisionRefused(
            "how the PIMS writes things was not noted by the last load, an earlier release's",
            next_step=f"vet-pipeline run {practice_id}, then decide",
            practice_id=practice_id,
        )
    return Conventions.from_json(found.said) if found and found.said else Conventions()


def baseline_row(connection: Connection, practice_id: str, record: Record, pims_id: str) -> Row:
    """The baseline's row as it is, text and link; raises UnknownItem."""
    found = baseline_rows(connection, practice_id, record, [pims_id])
    if pims_id not in found:
        raise UnknownItem(
            f"the PIMS has no such {record}",
            next_step=f"give the {record}'s id in the PIMS",
            practice_id=practice_id,
        )
    return found[pims_id]


def owner_key_of(pet: Row) -> str:
    """The PIMS id of the owner that a pet's row in the baseline names; blank: none."""
    return (pet["client_key"] or "").strip(" ")


def unlinked_pets_of(
    connection: Connection, practice_id: str, owner_key: str, *, to_place: bool = False
) -> list[str]:
    """PIMS ids of the pets that the PIMS gives this owner and that feed no pet yet.

    `to_place`: only those that were in the newest snapshot, and of which no person is asked.
    """
    found = unlinked_pets_by_owner(connection, practice_id, [owner_key], to_place=to_place)
    return found.get(owner_key, [])


def unlinked_pets_by_owner(
    connection: Connection, practice_id: str, owner_keys: Iterable[str], *, to_place: bool = False
) -> dict[str, list[str]]:
    """The same of many owners at once; who has none is left out."""
    found: dict[str, list[str]] = defaultdict(list)
    values = {"practice_id": practice_id, "owners": list(owner_keys), "to_place": to_place}
    for row in connection.execute(_UNLINKED_PETS, values):
        found[row.owner].append(row.pims_id)
    return found


def _normalized(
    connection: Connection,
    practice_id: str,
    record: Record,
    pims_ids: Iterable[str],
    conventions: Conventions | None,
) -> Normalized:
    raw = _raw(connection, practice_id, record, list(pims_ids))
    linked = set(raw[RAW_KEY[record]][raw.pop("is_linked")])
    read_on = connection.execute(_READ_ON, {"practice_id": practice_id}).scalar_one()
    how = conventions or _in_force(connection, practice_id)
    return NORMALIZE[record](raw, how, read_on=read_on, known=linked)


def by_id(record: Record, rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Normalized rows by PIMS id, in their order: column to cell, None where it is blank."""
    cells = pa.Table.from_pandas(rows, preserve_index=False).to_pylist()
    return {row[ID_COLUMN[record]]: row for row in cells}


def _raw(
    connection: Connection, practice_id: str, record: Record, pims_ids: list[str]
) -> pd.DataFrame:
    columns = KEPT_COLUMNS[record]
    rows = connection.execute(_RAW[record], {"practice_id": practice_id, "ids": pims_ids}).all()
    frame = pd.DataFrame(rows, columns=[RAW_KEY[record], *columns, "is_linked"])
    return frame.astype(dict.fromkeys([RAW_KEY[record], *columns], "str") | {"is_linked": "bool"})


_RAW = of_each(
    """
    SELECT pims_id, {columns}, record_id IS NOT NULL FROM scriptright.pims_{record}
    WHERE practice_id = :practice_id AND pims_id = ANY(:ids) ORDER BY pims_id
    """,
    columns={record: ", ".join(KEPT_COLUMNS[record]) for record in RECORDS},
)
_CONVENTIONS = text("""
    SELECT applied_conventions AS said, applied_conventions IS NULL AND applied_seq IS NOT NULL
        AND state <> 'offboarded' AS is_unknown
    FROM scriptright.practice WHERE practice_id = :practice_id
""")
_READ_ON = text("""
    SELECT (read_at AT TIME ZONE 'UTC')::date FROM scriptright.load
    WHERE practice_id = :practice_id AND state = 'applied' ORDER BY snapshot_seq DESC LIMIT 1
""")
_UNLINKED_PETS = text("""
    SELECT btrim(pet.client_key) AS owner, pet.pims_id FROM scriptright.pims_pet pet
    LEFT JOIN scriptright.pet_link link USING (practice_id, pims_id)
    WHERE pet.practice_id = :practice_id AND btrim(pet.client_key) = ANY(:owners) AND link.pims_id IS NULL
      AND NOT (:to_place AND (pet.missing_since IS NOT NULL OR EXISTS (
        SELECT FROM scriptright.match_candidate c
        WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.pims_id = pet.pims_id
          AND c.state = 'open')))
    ORDER BY pet.pims_id
""")
