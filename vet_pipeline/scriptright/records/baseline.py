"""The baseline: the PIMS text last taken in, per practice, and the numbers snapshots get.

Moves only in a load's transaction (apply.py). Read here, to compare the next snapshot with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import UnknownPractice
from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.postgres.bulk import copy_out
from vet_pipeline.scriptright.postgres.database import driver, translate_errors
from vet_pipeline.scriptright.postgres.roles import connected, transaction
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS
from vet_pipeline.snapshots.hashes import HASH_BYTES

if TYPE_CHECKING:
    import pandas as pd

    from vet_pipeline.registry.practices import Practice

# The raw columns in the contract's order, the key first.
RAW_COLUMNS: dict[str, tuple[str, ...]] = {
    "client": RAW_CLIENT_COLUMNS,
    "pet": RAW_PATIENT_COLUMNS,
}
# Those that the baseline's tables have, too: the key is `pims_id` there.
KEPT_COLUMNS: dict[str, tuple[str, ...]] = {r: RAW_COLUMNS[r][1:] for r in RECORDS}

# One row: a row a record costs the client more than all that is then done with it. Ids with a
# control character between them, which no id holds (normalize/keys.py); the hashes, 16 bytes each
# and in the order of the ids, are one value that no one takes apart.
_BETWEEN = "\x1f"
_HASHES = of_each(
    """
    SELECT count(*) AS rows, string_agg(pims_id, '{between}') AS ids,
        string_agg(row_hash, ''::bytea) AS hashes,
        array_agg(pims_id) FILTER (WHERE missing_since IS NOT NULL) AS missing,
        array_agg(pims_id) FILTER (WHERE record_id IS NULL) AS waiting
    FROM scriptright.pims_{record} WHERE practice_id = :practice_id
    """,
    between=_BETWEEN,
)
_CLIENT_IDS = text("""
    SELECT array_agg(pims_id) FROM scriptright.pims_client
    WHERE practice_id = :practice_id AND pims_id = ANY(:among)
""")
_ROWS: dict[str, str] = {
    record: f"""
        SELECT pims_id, {", ".join(KEPT_COLUMNS[record])} FROM scriptright.pims_{record}
        WHERE practice_id = %(practice_id)s AND pims_id = ANY(%(ids)s)
    """  # noqa: S608 - the contract's column names
    for record in RECORDS
}
_CHANGED = of_each("""
    SELECT b.pims_id FROM scriptright.pims_{record} b
    JOIN unnest(CAST(:ids AS text[]), CAST(:hashes AS bytea[])) AS s (pims_id, row_hash)
      ON s.pims_id = b.pims_id
    WHERE b.practice_id = :practice_id AND b.row_hash <> s.row_hash
""")
_APPLIED = text("SELECT applied_seq FROM scriptright.practice WHERE practice_id = :practice_id")
_NEXT = text("""
    UPDATE scriptright.practice SET next_snapshot_seq = greatest(next_snapshot_seq, :after + 1) + 1
    WHERE practice_id = :practice_id RETURNING next_snapshot_seq - 1
""")
_READ = text("""
    UPDATE scriptright.practice
    SET clients_read = :clients, known_shape = coalesce(CAST(:shape AS jsonb), known_shape)
    WHERE practice_id = :practice_id AND state <> 'offboarded' AND pims = :pims
      AND odbc IS NOT DISTINCT FROM CAST(:odbc AS text)
      AND odbc_env IS NOT DISTINCT FROM CAST(:odbc_env AS text)
""")
_SHAPE = text("SELECT known_shape FROM scriptright.practice WHERE practice_id = :practice_id")
_EXPORTS = text("""
    SELECT applied_exports FROM scriptright.practice WHERE practice_id = :practice_id
""")


def applied_seq(connection: Connection, practice_id: str) -> int | None:
    """The version of the baseline: the snapshot last applied, None before the first load."""
    row = connection.execute(_APPLIED, {"practice_id": practice_id}).one_or_none()
    if row is None:
        raise UnknownPractice.named(practice_id)
    return None if row.applied_seq is None else int(row.applied_seq)


def next_snapshot_seq(engine: Engine, practice_id: str, *, after: int | None = None) -> int:
    """A number for a new snapshot, in a short transaction of its own: never given out twice.

    It is above `after`, the newest in the store: a database that was restored from a backup
    knows nothing of what was read since.
    """
    with transaction(engine, "load", practice_id) as connection:
        values = {"practice_id": practice_id, "after": after or 0}
        number = connection.execute(_NEXT, values).scalar()
    if number is None:
        raise UnknownPractice.named(practice_id)
    return int(number)


def note_read(
    engine: Engine, read: Practice, *, clients: int, accepted: Mapping[str, str] | None
) -> None:
    """Remember how many clients the newest complete read found, and what a person accepted.

    A first copy's time hangs on the one. The other, the columns' types, is what is read from now
    on; without a person's word a read that isn't applied (a plan, a held one) says nothing of the
    next. Of a practice that has left meanwhile, or has another connector or connection by now than
    the `read`, nothing is remembered.
    """
    with transaction(engine, "load", read.practice_id) as connection:
        by = {"pims": read.pims, "odbc": read.odbc, "odbc_env": read.odbc_env}
        values = {"practice_id": read.practice_id, "clients": clients}
        shape = None if accepted is None else json.dumps(dict(accepted))
        connection.execute(_READ, by | values | {"shape": shape})


def known_shape(engine: Engine, practice_id: str) -> dict[str, str] | None:
    """Types by column as last applied, or accepted since; None if not noted (before schema 0014).

    They outlive the snapshots: what is retyped while a practice can't be read must not pass.
    """
    with connected(engine, "load", practice_id) as connection:
        shape = connection.execute(_SHAPE, {"practice_id": practice_id}).scalar()
    return None if shape is None else dict(shape)


def applied_exports(engine: Engine, practice_id: str) -> dict[str, Any] | None:
    """What the next exports are compared with; None where there are none, or before schema 0027.

    It stands here, too, since a folder of snapshots may be lost, or be put back together with an
    older export: that passed for news.
    """
    with connected(engine, "load", practice_id) as connection:
        said = connection.execute(_EXPORTS, {"practice_id": practice_id}).scalar()
    return None if said is None else dict(said)


def clock_ahead(engine: Engine) -> timedelta:
    """How far the database's clock is ahead of this machine's; negative when it is behind.

    Snapshots are dated by the database's clock: on a machine that is days behind, weighings of
    the last days would lie in the future and be refused, and their rows not looked at again.
    """
    with translate_errors(), engine.connect() as connection:
        there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return there - datetime.now(UTC)


def read_hashes(connection: Connection, practice_id: str, record: Record) -> pd.DataFrame:
    """Every record of the baseline: pims_id, row_hash (16 bytes), missing, waiting (bool).

    Missing: not in the last snapshot. Waiting: no ScriptRight record yet, a person has to decide.
    """
    import pandas as pd

    here = {"practice_id": practice_id}
    rows, ids, hashes, missing, waiting = connection.execute(_HASHES[record], here).one()
    found = _texts([])
    if rows:
        found = pc.split_pattern(pa.scalar(ids, pa.large_string()), _BETWEEN).values
    if len(found) != rows or len(hashes or b"") != HASH_BYTES * rows:
        raise AssertionError("a row of the baseline hasn't one id and a hash of 16 bytes")
    hashed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(HASH_BYTES), len(found), [None, pa.py_buffer(hashes or b"")]
    )
    return pd.DataFrame(
        {
            "pims_id": found.to_pandas().astype("str"),
            "row_hash": pd.Series(hashed, dtype=pd.ArrowDtype(hashed.type)),
            "missing": _flags(pc.is_in(found, value_set=_texts(missing))),
            "waiting": _flags(pc.is_in(found, value_set=_texts(waiting))),
        }
    )


def read_client_ids(connection: Connection, practice_id: str, among: Sequence[str]) -> set[str]:
    """Those of the PIMS ids that are clients of the baseline, missing ones included."""
    if not among:
        return set()
    values = {"practice_id": practice_id, "among": list(among)}
    found = connection.execute(_CLIENT_IDS, values).scalar_one()
    return set(found or ())


def read_rows(
    connection: Connection, practice_id: str, record: Record, pims_ids: Sequence[str]
) -> pd.DataFrame:
    """The raw rows last taken in, in the contract's columns (dtype str, NA for NULL), any order.

    Ids that the baseline doesn't know are left out.
    """
    columns = RAW_COLUMNS[record]
    found = copy_out(
        driver(connection),
        _ROWS[record],
        {"practice_id": practice_id, "ids": list(pims_ids)},
        dict.fromkeys(columns, pa.string()),
    )
    rows: pd.DataFrame = found.to_pandas().astype("str")
    return rows


def read_changed(
    connection: Connection,
    practice_id: str,
    record: Record,
    ids: Sequence[str],
    hashes: Sequence[bytes],
) -> pd.DataFrame:
    """`read_rows` of those of the PIMS ids whose row has another hash than the one given."""
    import pandas as pd

    if not ids:
        return pd.DataFrame()
    values = {"practice_id": practice_id, "ids": list(ids), "hashes": list(hashes)}
    changed = list(connection.execute(_CHANGED[record], values).scalars())
    return read_rows(connection, practice_id, record, changed)


def _texts(cells: Sequence[str] | None) -> pa.Array:
    return pa.array(cells or [], type=pa.large_string())


def _flags(column: pa.Array) -> Any:
    return column.to_numpy(zero_copy_only=False).astype(bool)
