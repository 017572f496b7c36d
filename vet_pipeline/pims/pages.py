"""Clients and patients read page by page into the contract's columns.

One call reads everything once through an open session; whether that was one moment is the
reader's concern. parts.py asks for the pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from vet_pipeline.pims.page_rows import Fetched, Rows, phones_of, rows_of
from vet_pipeline.pims.parts import Part, Progress, T
from vet_pipeline.pims.phones import PhonePairs, fold_phones
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY, RAW_COLUMNS
from vet_pipeline.snapshots.hashes import row_hashes

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import Connector
    from vet_pipeline.pims.session import Session


@dataclass(frozen=True, slots=True)
class Tables:
    """Raw clients and patients of one pass, text columns in the contract's order."""

    clients: pa.Table
    patients: pa.Table
    # The hashes of both tables' rows where they are known (snapshots/hashes.py).
    known_hashes: dict[str, pa.Array] = field(default_factory=dict, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)  # for people; counts only

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

    Numbers in rows of their own are paged by their own key, which the PIMS may type, pad or order
    otherwise than the clients', and find their clients when all of both are there.

    Raises:
        ConnectorInvalid: a query yields other columns, or more or fewer rows than it has keys.
        SnapshotTorn: rows came or went while they were read.
        pyodbc.Error: to be translated by the caller.
    """
    engine = session.engine
    fold = partial(_folded, keys_ignore_case=engine.keys_ignore_case)
    with ThreadPoolExecutor(1, thread_name_prefix="pims-columns") as worker:

        def asked(part: str, turn: Callable[[Fetched], T | None]) -> Part[T]:
            found = Part(session, connector, worker, part, turn)
            found.ask(progress)
            return found

        clients = asked("clients", lambda page: rows_of(connector, "clients", page, engine))
        phones = (
            asked("phones", lambda page: phones_of(connector, page, engine))
            if with_phones
            else None
        )
        # The worker folds as soon as it has turned these; patients are asked for meanwhile.
        folding = worker.submit(_if_whole, fold, clients.turned, phones.turned if phones else [])
        patients = asked(
            "patients", lambda page: _patients(rows_of(connector, "patients", page, engine))
        )
        client_pages, phone_pages = clients.pages(), phones.pages() if phones else []
        owners = folding.result() or fold(client_pages, phone_pages)
        pets = patients.pages()
    notes = clients.require_all([page.rows[CLIENT_KEY] for page in owners.pages])
    notes += patients.require_all([page.rows[PATIENT_KEY] for page in pets])
    return Tables(
        _table("clients", owners.pages),
        _table("patients", pets),
        {"clients": _hashes(owners.pages), "patients": _hashes(pets)},
        owners.notes + notes,
    )


@dataclass(frozen=True, slots=True)
class _Turned:
    rows: pa.RecordBatch
    hashes: pa.Array


@dataclass(frozen=True, slots=True)
class _Folded:
    """Clients with their phones."""

    pages: list[_Turned]
    notes: tuple[str, ...]


def _patients(rows: Rows | None) -> _Turned | None:
    return None if rows is None else _turned(rows.batch("patients"))


def _turned(rows: pa.RecordBatch) -> _Turned:
    return _Turned(rows, row_hashes(rows.columns))


def _if_whole(
    fold: Callable[[list[Rows], list[PhonePairs]], _Folded],
    clients: Iterable[Future[Rows | None]],
    phones: Iterable[Future[PhonePairs | None]],
) -> _Folded | None:
    """The clients folded, or None where a page has to be read again; all futures are done."""
    pages = [turned.result() for turned in clients]
    numbers = [turned.result() for turned in phones]
    whole = [page for page in pages if page is not None]
    told = [page for page in numbers if page is not None]
    return fold(whole, told) if (len(whole), len(told)) == (len(pages), len(numbers)) else None


def _folded(clients: list[Rows], phones: list[PhonePairs], *, keys_ignore_case: bool) -> _Folded:
    """All clients' pages, each with its share of the phones; without `phones` pages: none apart."""
    pairs = [page.pairs for page in clients]
    if any(page is None for page in pairs):  # clients.sql has them itself
        return _Folded([_turned(page.batch("clients")) for page in clients], ())
    rows = None
    if phones:
        rows = PhonePairs(
            pa.concat_arrays([page.client_keys for page in phones]),
            pa.concat_arrays([page.pairs for page in phones]),
        )
    keys = pa.concat_arrays([page.columns[CLIENT_KEY] for page in clients])
    folded = fold_phones(keys, pa.concat_arrays(pairs), rows, keys_ignore_case=keys_ignore_case)
    pages, begin = [], 0
    for page in clients:
        size = len(page.columns[CLIENT_KEY])
        pages.append(_turned(page.batch("clients", folded.phones.slice(begin, size))))
        begin += size
    return _Folded(pages, folded.notes)


def _table(part: str, pages: list[_Turned]) -> pa.Table:
    schema = pa.schema([(column, pa.large_string()) for column in RAW_COLUMNS[part]])
    return pa.Table.from_batches([page.rows for page in pages], schema=schema)


def _hashes(pages: list[_Turned]) -> pa.Array:
    nothing = row_hashes([pa.nulls(0, pa.string())])
    return pa.concat_arrays([nothing, *(page.hashes for page in pages)])
