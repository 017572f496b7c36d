"""Clients and patients read page by page into the contract's columns.

One call reads everything once through an open session; whether that was one moment is the
reader's concern. While the driver runs the statement of a page, the rows of the page before are
turned into columns: most of a driver's time is its own, and another core has nothing to do.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from vet_pipeline.errors import ConnectorInvalid, SnapshotTorn
from vet_pipeline.pims import packed
from vet_pipeline.pims.page_rows import Fetched, Query, fetch, fetch_cells, query_of, rows_of
from vet_pipeline.pims.sql import Page, count_statement, keys_statement, pages
from vet_pipeline.snapshots.contract import RAW_COLUMNS
from vet_pipeline.snapshots.hashes import row_hashes

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import Connector, Section
    from vet_pipeline.pims.engines import Engine
    from vet_pipeline.pims.session import Session

Progress = Callable[[str, int, int], None]
# Pages of a part that may wait to be turned into columns: bounds what they hold. In a fresh process
# they wait for pandas, which Arrow imports as soon as it makes an array.
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Tables:
    """Raw clients and patients of one pass, text columns in the contract's order."""

    clients: pa.Table
    patients: pa.Table
    # The hashes of both tables' rows where they are known (snapshots/hashes.py).
    known_hashes: dict[str, pa.Array] = field(default_factory=dict, compare=False)

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

    def hashes(self) -> dict[str, pa.Array]:
        """The hash of each row, of clients and of patients."""
        return self.known_hashes or {
            part: row_hashes(table.combine_chunks().columns)
            for part, table in (("clients", self.clients), ("patients", self.patients))
        }


def read_tables(
    session: Session, connector: Connector, *, with_phones: bool, progress: Progress | None
) -> Tables:
    """Read every client and patient once.

    Raises:
        ConnectorInvalid: a query yields other columns, or more or fewer rows than it has keys.
        SnapshotTorn: rows came or went while they were read.
        pyodbc.Error: to be translated by the caller.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="pims-columns") as worker:
        clients = _Part(session, connector, worker, "clients", with_phones=with_phones)
        clients.ask(progress)
        patients = _Part(session, connector, worker, "patients", with_phones=False)
        patients.ask(progress)
        client_rows, client_hashes = clients.table()
        patient_rows, patient_hashes = patients.table()
    hashes = {"clients": client_hashes, "patients": patient_hashes}
    return Tables(client_rows, patient_rows, hashes)


class _Part:
    """Clients or patients under way: pages asked for, pages being turned into columns, and done."""

    def __init__(
        self,
        session: Session,
        connector: Connector,
        worker: ThreadPoolExecutor,
        part: str,
        *,
        with_phones: bool,
    ) -> None:
        self._session, self._worker, self._part = session, worker, part
        self._section: Section = getattr(connector.file, part)
        self._plan = _plan(session, self._section, part)
        self._query = query_of(session, connector, part, self._section)
        numbers = connector.file.phones if with_phones else None
        self._phones = None if numbers is None else query_of(session, connector, "phones", numbers)
        self._turn = partial(_turned, connector, part, engine=session.engine)
        self._waiting: deque[tuple[Page, Future[_Turned | None]]] = deque()
        self._done: list[_Turned] = []

    def ask(self, progress: Progress | None) -> None:
        """Fetch every page; some may still wait to be turned afterwards."""
        asked = 0
        for page, rows in self._plan.pages:
            started = time.monotonic()
            turned = self._worker.submit(self._turn, *self._fetch(page, fetch))
            self._waiting.append((page, turned))
            if len(self._waiting) > _AHEAD:
                self._take()
            asked += rows
            if progress is not None:
                progress(self._part, asked, self._plan.rows)
            _be_gentle(self._session, rows, time.monotonic() - started)

    def table(self) -> tuple[pa.Table, pa.Array]:
        """All rows and their hashes."""
        while self._waiting:
            self._take()
        done, self._done = self._done, []
        read = sum(len(turned.rows) for turned in done)
        if read != self._plan.rows:
            _explain_difference(self._session, self._section, self._part, read, self._plan.rows)
        nothing = row_hashes([pa.nulls(0, pa.string())])
        hashes = pa.concat_arrays([nothing, *(turned.hashes for turned in done)])
        schema = pa.schema([(column, pa.large_string()) for column in RAW_COLUMNS[self._part]])
        return pa.Table.from_batches([turned.rows for turned in done], schema=schema), hashes

    def _take(self) -> None:
        page, turned = self._waiting.popleft()
        taken = turned.result()
        if taken is None:  # a page that doesn't add up is read again, cell by cell
            taken = self._turn(*self._fetch(page, fetch_cells))
        if taken is None:
            raise AssertionError("rows fetched cell by cell always add up")
        self._done.append(taken)

    def _fetch(
        self, page: Page, how: Callable[[Session, Query, Page], Fetched]
    ) -> tuple[Fetched, Fetched | None]:
        rows = how(self._session, self._query, page)
        phones = None if self._phones is None else how(self._session, self._phones, page)
        return rows, phones


@dataclass(frozen=True, slots=True)
class _Turned:
    rows: pa.RecordBatch
    hashes: pa.Array


def _turned(
    connector: Connector, part: str, fetched: Fetched, phones: Fetched | None, *, engine: Engine
) -> _Turned | None:
    rows = rows_of(connector, part, fetched, phones, engine)
    return None if rows is None else _Turned(rows, row_hashes(rows.columns))


@dataclass(frozen=True, slots=True)
class _Plan:
    pages: list[tuple[Page, int]]  # with how many rows each has
    rows: int


def _plan(session: Session, section: Section, part: str) -> _Plan:
    """Pages that end at every n-th key, and one of the rows without a key."""
    bounds, with_key, nulls = _page_bounds(session, section, part)
    size = session.limits.page_rows
    found = pages(bounds, has_nulls=nulls > 0)
    rows = [size] * len(bounds) + [with_key - size * len(bounds)] + [nulls] * (nulls > 0)
    return _Plan(list(zip(found, rows, strict=True)), with_key + nulls)


def _page_bounds(session: Session, section: Section, part: str) -> tuple[list[Any], int, int]:
    """Every n-th key, how many keys there are, and how many rows have none."""
    size = session.limits.page_rows
    doing = f"reading the keys of {part}"
    if session.engine.packs:
        inside = keys_statement(section, packed.engine_inside(session.engine))
        [(rows, count, text)] = session.rows(packed.packed_keys(inside), (), doing)
        keys = packed.unpack_keys(text, count)
        if keys is not None:
            return keys[size - 1 :: size], count, rows - count
    statement = keys_statement(section, session.engine)
    bounds: list[Any] = []
    with_key = nulls = 0
    for batch in session.batches(statement, doing):
        keys_here = [key for (key,) in batch if key is not None]
        nulls += len(batch) - len(keys_here)
        bounds += keys_here[size - 1 - with_key % size :: size]
        with_key += len(keys_here)
    return bounds, with_key, nulls


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
