"""One page of a part: its statement run, and its rows turned into the contract's columns.

Running is the driver's time, turning is ours; pages.py does the one while the other goes on.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyodbc

from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.pims import packed
from vet_pipeline.pims.cells import key_array, text_array, without_hex
from vet_pipeline.pims.phones import PhonePairs, column_pairs, row_pairs
from vet_pipeline.pims.sql import Page, render
from vet_pipeline.snapshots.contract import CLIENT_KEY, RAW_COLUMNS

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import Connector, Section
    from vet_pipeline.pims.engines import Engine
    from vet_pipeline.pims.session import Session

_KEYS = ("client_key", "patient_key")


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for every page of one part."""

    part: str  # clients | patients | phones
    sql: str
    key: str
    packed: tuple[str, ...] | None  # names of its columns, where its pages may come packed

    @property
    def doing(self) -> str:
        """What the watch is told."""
        return f"reading {self.part}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as the driver has handed it over: rows, or one text of all of them (packed.py)."""

    names: list[str]  # of the columns, lower case
    rows: Sequence[Sequence[Any]] = ()
    page: str | None = None
    last_word: str = ""  # blank: not packed

    def columns(self) -> list[Sequence[Any]] | list[pa.LargeStringArray] | None:
        """The columns; None when the text doesn't add up."""
        if self.last_word:
            return packed.unpack(self.page, len(self.names), self.last_word)
        return list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.names)


def query_of(session: Session, connector: Connector, part: str, section: Section) -> Query:
    """The part's query for the session's engine; ConnectorInvalid when there is none."""
    sql = connector.sql(part, session.engine.name)
    if sql is None:
        raise ConnectorInvalid(
            f"connector {connector.name!r} has no {part}.sql for {session.engine.name}",
            next_step="add the file (docs/connectors.md)",
        )
    query = Query(part, sql, section.key, None)
    if not session.engine.packs:
        return query
    statement, _ = render(sql, packed.engine_inside(session.engine), section.key, Page())
    described = session.describe(packed.names_statement(statement), (), query.doing)
    names = tuple(str(entry[0]) for entry in described)
    # Two columns of one name can't be told apart outside of the statement.
    differ = len({name.lower() for name in names}) == len(names)
    return replace(query, packed=names) if differ else query


def fetch(session: Session, query: Query, page: Page) -> Fetched:
    """The rows of one page, as one text where that may be tried."""
    if query.packed is None:
        return fetch_cells(session, query, page)
    statement, parameters = render(query.sql, packed.engine_inside(session.engine), query.key, page)
    last_word = secrets.token_hex(8)
    whole = packed.packed_statement(statement, query.packed, last_word)
    with session.latin_1():
        [(text,)] = session.rows(whole, parameters, query.doing)
    return Fetched([name.lower() for name in query.packed], page=text, last_word=last_word)


def fetch_cells(session: Session, query: Query, page: Page) -> Fetched:
    """The rows of one page, cell by cell."""
    statement, parameters = render(query.sql, session.engine, query.key, page)
    statement += session.engine.at_most
    cursor = session.execute(statement, parameters, query.doing)
    try:
        rows = cursor.fetchall()
    except (UnicodeError, ValueError, OverflowError, pyodbc.DataError):
        # One cell that can't be made a Python value loses the whole fetch: take it as bytes.
        session.watch.free(cursor)
        session.fetch_bytes()
        cursor = session.execute(statement, parameters, query.doing)
        rows = cursor.fetchall()
    names = [entry[0].lower() for entry in cursor.description]
    session.watch.free(cursor)
    return Fetched(names, rows)


@dataclass(frozen=True, slots=True)
class Rows:
    """A page in the contract's columns."""

    columns: dict[str, pa.Array]
    pairs: pa.Array | None  # of clients: what `phones` is to be folded of, where it isn't there yet

    def batch(self, part: str, phones: pa.Array | None = None) -> pa.RecordBatch:
        """All columns in the contract's order; `phones` where they were folded."""
        columns = self.columns if phones is None else {**self.columns, "phones": phones}
        names = RAW_COLUMNS[part]
        return pa.RecordBatch.from_arrays([columns[name] for name in names], names=list(names))


def rows_of(connector: Connector, part: str, fetched: Fetched, engine: Engine) -> Rows | None:
    """A page of clients or patients; None when it has to be fetched cell by cell."""
    columns = _columns(fetched, engine)
    if columns is None:
        return None
    _require_columns(connector, part, fetched.names)
    by_name = dict(zip(fetched.names, columns, strict=True))
    arrays: dict[str, pa.Array] = {}
    for column in RAW_COLUMNS[part]:
        if column in _KEYS:
            arrays[column] = key_array(by_name[column])
        elif column in by_name:
            arrays[column] = text_array(by_name[column])
    if "phones" in arrays or "phones" not in RAW_COLUMNS[part]:
        return Rows(arrays, None)
    return Rows(arrays, column_pairs(by_name, len(arrays[CLIENT_KEY])))


def phones_of(connector: Connector, fetched: Fetched, engine: Engine) -> PhonePairs | None:
    """A page of phones.sql; None when it has to be fetched cell by cell."""
    columns = _columns(fetched, engine)
    if columns is None:
        return None
    _require_phone_columns(connector, fetched.names)
    return row_pairs(*columns)


def _columns(fetched: Fetched, engine: Engine) -> list[Any] | None:
    columns = fetched.columns()
    if columns is None or fetched.last_word or not engine.hex_in_text:
        return columns
    return [without_hex(column, engine.codec) for column in columns]


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
    doubled = {name for name in names if names.count(name) > 1}
    wrong = sorted((required ^ found) | set(extra) | doubled)
    if wrong:
        raise ConnectorInvalid(
            f"connector {connector.name!r}: {part}.sql has missing, extra or doubled columns"
            f" ({', '.join(wrong)})",
            next_step="let it yield exactly the columns of docs/connectors.md",
        )


def _require_phone_columns(connector: Connector, names: list[str]) -> None:
    if names[3:] not in ([], ["extension"]) or names[:3] != ["client_key", "number", "label"]:
        raise ConnectorInvalid(
            f"connector {connector.name!r}: phones.sql yields {', '.join(names)}",
            next_step="let it yield client_key, number, label and, if any, extension in that order",
        )
