"""Clients and patients read page by page and turned into the contract's columns.

One call reads everything once through an open session; whether that was one moment is the
reader's concern.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyodbc

from vet_pipeline.errors import ConnectorInvalid, SnapshotTorn
from vet_pipeline.pims import packed
from vet_pipeline.pims.cells import key_array, text_array, without_hex
from vet_pipeline.pims.phones import PhoneRows, fold_phones
from vet_pipeline.pims.sql import Page, count_statement, keys_statement, pages, render
from vet_pipeline.snapshots.contract import CLIENT_KEY, RAW_COLUMNS

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import Connector, Section
    from vet_pipeline.pims.session import Session

Progress = Callable[[str, int, int], None]
_KEYS = ("client_key", "patient_key")


@dataclass(frozen=True, slots=True)
class Tables:
    """Raw clients and patients of one pass, text columns in the contract's order."""

    clients: pa.Table
    patients: pa.Table

    @property
    def digest(self) -> str:
        """Equal for equal content, whatever the pages were."""
        result = hashlib.sha256()
        for table in (self.clients, self.patients):
            for column in table.combine_chunks().columns:
                for chunk in column.chunks:
                    result.update(len(chunk).to_bytes(8, "big"))
                    for text in chunk.to_pylist():
                        result.update(b"\1" if text is None else b"\0" + text.encode() + b"\0")
        return result.hexdigest()


def read_tables(
    session: Session, connector: Connector, *, with_phones: bool, progress: Progress | None
) -> Tables:
    """Read every client and patient once.

    Raises:
        ConnectorInvalid: a query yields other columns, or more or fewer rows than it has keys.
        SnapshotTorn: rows came or went while they were read.
        pyodbc.Error: to be translated by the caller.
    """
    return Tables(
        clients=_read_part(session, connector, "clients", with_phones, progress),
        patients=_read_part(session, connector, "patients", False, progress),
    )


def _read_part(
    session: Session,
    connector: Connector,
    part: str,
    with_phones: bool,
    progress: Progress | None,
) -> pa.Table:
    section: Section = getattr(connector.file, part)
    bounds, total, nulls = _page_bounds(session, section, part)
    sql = _sql(session, connector, part)
    batches: list[pa.RecordBatch] = []
    read = 0
    for page in pages(bounds, has_nulls=nulls > 0):
        started = time.monotonic()
        batch = _read_page(session, connector, part, section, sql, page, with_phones)
        batches.append(batch)
        read += batch.num_rows
        if progress is not None:
            progress(part, read, total)
        _be_gentle(session, batch.num_rows, time.monotonic() - started)
    if read != total:
        _explain_difference(session, section, part, read, total)
    schema = pa.schema([(column, pa.large_string()) for column in RAW_COLUMNS[part]])
    return pa.Table.from_batches(batches, schema=schema)


def _page_bounds(session: Session, section: Section, part: str) -> tuple[list[Any], int, int]:
    """Every n-th key, the number of rows, and how many of them have no key."""
    bounds: list[Any] = []
    with_key = nulls = 0
    size = session.limits.page_rows
    statement = keys_statement(section, session.engine)
    for batch in session.batches(statement, f"reading the keys of {part}"):
        keys = [key for (key,) in batch if key is not None]
        nulls += len(batch) - len(keys)
        bounds += keys[size - 1 - with_key % size :: size]
        with_key += len(keys)
    return bounds, with_key + nulls, nulls


def _read_page(
    session: Session,
    connector: Connector,
    part: str,
    section: Section,
    sql: str,
    page: Page,
    with_phones: bool,
) -> pa.RecordBatch:
    names, columns = _fetch(session, sql, section.key, page, part)
    by_name = dict(zip(names, columns, strict=True))
    _require_columns(connector, part, names)
    arrays: dict[str, pa.Array] = {}
    for column in RAW_COLUMNS[part]:
        if column in _KEYS:
            arrays[column] = key_array(by_name[column])
        elif column in by_name:
            arrays[column] = text_array(by_name[column])
    if part == "clients" and "phones" not in arrays:
        rows = _phone_rows(session, connector, page) if with_phones else None
        arrays["phones"] = fold_phones(arrays[CLIENT_KEY], by_name, rows)
    ordered = [arrays[column] for column in RAW_COLUMNS[part]]
    return pa.RecordBatch.from_arrays(ordered, names=list(RAW_COLUMNS[part]))


def _phone_rows(session: Session, connector: Connector, page: Page) -> PhoneRows | None:
    section = connector.file.phones
    if section is None:
        return None
    names, columns = _fetch(
        session, _sql(session, connector, "phones"), section.key, page, "phones"
    )
    if names != ["client_key", "number", "label"]:
        raise ConnectorInvalid(
            f"connector {connector.name!r}: phones.sql yields {', '.join(names)}",
            next_step="let it yield client_key, number, label in that order",
        )
    return PhoneRows(*columns)


def _fetch(
    session: Session, sql: str, key: str, page: Page, part: str
) -> tuple[list[str], list[Sequence[Any]] | list[pa.LargeStringArray]]:
    """Column names (lower case) and columns of one page."""
    doing = f"reading {part}"
    if session.engine.packs:
        taken = _fetch_packed(session, sql, key, page, doing)
        if taken is not None:
            return taken
    statement, parameters = render(sql, session.engine, key, page)
    cursor = session.execute(statement, parameters, doing)
    try:
        rows = cursor.fetchall()
    except (UnicodeError, ValueError, OverflowError, pyodbc.DataError):
        # One cell that can't be made a Python value loses the whole fetch: take it as bytes.
        cursor.close()
        session.fetch_bytes()
        cursor = session.execute(statement, parameters, doing)
        rows = cursor.fetchall()
    names = [entry[0].lower() for entry in cursor.description]
    cursor.close()
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    if session.engine.hex_in_text:
        columns = [without_hex(column) for column in columns]
    return names, columns


def _fetch_packed(
    session: Session, sql: str, key: str, page: Page, doing: str
) -> tuple[list[str], list[pa.LargeStringArray]] | None:
    """What `_fetch` says, by rows packed into one cell; None where that can't be told."""
    statement, parameters = render(sql, packed.engine_inside(session.engine), key, page)
    described = session.describe(packed.names_statement(statement), parameters, doing)
    names = [str(entry[0]) for entry in described]
    if len({name.lower() for name in names}) != len(names):
        return None
    last_word = secrets.token_hex(8)
    whole = packed.packed_statement(statement, names, last_word)
    with session.latin_1():
        rows = [row for (row,) in session.rows(whole, parameters, doing)]
    columns = packed.unpack(rows, len(names), last_word)
    return None if columns is None else ([name.lower() for name in names], columns)


def _require_columns(connector: Connector, part: str, names: list[str]) -> None:
    required = set(RAW_COLUMNS[part]) - {"phones"}
    found = {name for name in names if not name.startswith("phone")}
    extra = [
        name
        for name in names
        if name.startswith("phone")
        and name != "phones"
        and not name.removeprefix("phone").removesuffix("_label").isdigit()
    ]
    wrong = sorted((required ^ found) | set(extra))
    if wrong or len(set(names)) != len(names):
        raise ConnectorInvalid(
            f"connector {connector.name!r}: {part}.sql has missing, extra or doubled columns"
            f" ({', '.join(wrong)})",
            next_step="let it yield exactly the columns of docs/connectors.md",
        )


def _sql(session: Session, connector: Connector, part: str) -> str:
    sql = connector.sql(part, session.engine.name)
    if sql is None:
        raise ConnectorInvalid(
            f"connector {connector.name!r} has no {part}.sql for {session.engine.name}",
            next_step="add the file (docs/connectors.md)",
        )
    return sql


def _be_gentle(session: Session, rows: int, took: float) -> None:
    limits = session.limits
    wait = limits.pause_seconds
    if limits.rows_per_second is not None:
        wait = max(wait, rows / limits.rows_per_second - took)
    session.watch.pause(wait)


def _explain_difference(
    session: Session, section: Section, part: str, read: int, counted: int
) -> None:
    """Fewer or more rows than keys: the source moved, or the connector's SQL is wrong."""
    now = session.value(count_statement(section, session.engine), f"counting {part}")
    if now != counted:
        raise SnapshotTorn(
            f"{part} came or went during the read ({counted} at first, then {now})",
            next_step="it is read again; choose quiet hours if it stays so",
        )
    raise ConnectorInvalid(
        f"{part}.sql yields {read} rows for {counted} keys",
        next_step="let it yield exactly one row for each key of [" + part + "] (LEFT JOIN, no "
        "filter of its own)",
    )
