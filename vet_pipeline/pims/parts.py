"""One part of a read (clients, patients, phones) asked for page by page.

While the driver runs the statement of a page, the rows of the page before are turned into columns:
most of a driver's time is its own, and another core has nothing to do.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa

from vet_pipeline.errors import ConnectorInvalid, PipelineError, SnapshotTorn
from vet_pipeline.pims import packed
from vet_pipeline.pims.cells import key_array, without_hex
from vet_pipeline.pims.connector import require_not_too_many
from vet_pipeline.pims.page_rows import Fetched, fetch, fetch_cells, query_of
from vet_pipeline.pims.short_floats import require_whole, short_columns
from vet_pipeline.pims.sql import Page, count_statement, key_texts_statement, keys_statement, pages

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import Connector, Section
    from vet_pipeline.pims.session import Session

Progress = Callable[[str, int, int], None]
T = TypeVar("T")
# Pages of a part that may wait to be turned into columns: bounds what they hold. In a fresh process
# they wait for pandas, which Arrow imports as soon as it makes an array.
_AHEAD = 8
# So many keys may come repeatedly, or this share of all: a few are the PIMS's fault, more the
# SQL's.
_FEW_ROWS, _FEW_SHARE = 24, 0.01


class Part(Generic[T]):
    """Pages asked for in the order of the part's own keys, and what `turn` makes of each.

    `turn` runs in the worker and says None of a page that doesn't add up: that one is read again,
    cell by cell.
    """

    def __init__(
        self,
        session: Session,
        connector: Connector,
        worker: ThreadPoolExecutor,
        part: str,
        turn: Callable[[Fetched], T | None],
    ) -> None:
        self._session, self._worker, self._part, self._turn = session, worker, part, turn
        self._section: Section = getattr(connector.file, part)
        self._plan = _plan(session, self._section, part)
        self._query = query_of(session, connector, part, self._section)
        self._short = short_columns(session, self._query)
        self.turned: list[Future[T | None]] = []

    def ask(self, progress: Progress | None) -> None:
        """Fetch every page; some may still wait to be turned afterwards."""
        asked = 0
        for page, rows in self._plan.pages:
            started = time.monotonic()
            fetched = fetch(self._session, self._query, page)
            require_whole(self._query, self._short, fetched)
            self.turned.append(self._worker.submit(self._turn, fetched))
            if len(self.turned) > _AHEAD:
                self.turned[-1 - _AHEAD].result()
            asked += rows
            if progress is not None:
                progress(self._part, asked, self._plan.rows)
            _be_gentle(self._session, rows, time.monotonic() - started)

    def pages(self) -> list[T]:
        """What every page became."""
        return [
            self._again(page) if (taken := turned.result()) is None else taken
            for (page, _), turned in zip(self._plan.pages, self.turned, strict=True)
        ]

    def _again(self, page: Page) -> T:
        taken = self._turn(fetch_cells(self._session, self._query, page))
        if taken is None:
            raise AssertionError("rows fetched cell by cell always add up")
        return taken

    def require_all(self, keys: list[pa.Array]) -> tuple[str, ...]:
        """Stop unless every row was read; a note for people where some keys came repeatedly.

        That is a joined table with a row too many: normalizing sets such records aside, the others
        go on. Many such keys are a fault of the connector's SQL.

        Raises:
            ConnectorInvalid, SnapshotTorn: rows are missing or too many.
        """
        read = sum(len(page) for page in keys)
        if read == self._plan.rows:
            return ()
        repeated = _repeated(self._session, self._section, self._part, pa.chunked_array(keys))
        if 0 < repeated <= max(_FEW_ROWS, _FEW_SHARE * self._plan.rows):
            return (f"{repeated} keys of {self._part} came in more rows than the PIMS has of them",)
        raise _difference(self._session, self._section, self._part, read, self._plan.rows)


@dataclass(frozen=True, slots=True)
class _Plan:
    pages: list[tuple[Page, int]]  # with how many rows each has
    rows: int


def _plan(session: Session, section: Section, part: str) -> _Plan:
    """Pages that end at every n-th key, and one of the rows without a key."""
    bounds, with_key, nulls = _page_bounds(session, section, part)
    require_not_too_many(with_key + nulls, part)
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
        keys_here: Sequence[Any] = [key for (key,) in batch if key is not None]
        if session.engine.key_as_text:
            keys_here = without_hex(keys_here, session.engine.codec)
        nulls += len(batch) - len(keys_here)
        bounds += map(_bound, keys_here[size - 1 - with_key % size :: size])
        with_key += len(keys_here)
        require_not_too_many(with_key + nulls, part)
    return bounds, with_key, nulls


def _bound(key: Any) -> Any:
    """The key as a parameter: a driver's widest whole number has 64 bits with a sign."""
    is_wide = isinstance(key, int) and not -(2**63) <= key < 2**63
    return Decimal(key) if is_wide else key


def _be_gentle(session: Session, rows: int, took: float) -> None:
    limits = session.limits
    wait = limits.pause_seconds
    if limits.rows_per_second is not None:
        wait = max(wait, rows / limits.rows_per_second - took)
    session.watch.pause(wait)


def _repeated(session: Session, section: Section, part: str, read: pa.ChunkedArray) -> int:
    """How many keys were read more often than the source has them; 0 where that isn't all."""
    found = session.rows(
        key_texts_statement(section, session.engine), (), f"reading the keys of {part}"
    )
    texts = without_hex([text for (text,) in found], session.engine.codec)
    there, came = Counter(key_array(texts).to_pylist()), Counter(read.to_pylist())
    only_more = there.keys() == came.keys() and all(came[key] >= there[key] for key in there)
    return sum(came[key] > there[key] for key in there) if only_more else 0


def _difference(
    session: Session, section: Section, part: str, read: int, counted: int
) -> PipelineError:
    """Fewer or more rows than keys: the source moved, or the connector's SQL is wrong."""
    now = session.value(count_statement(section, session.engine), f"counting {part}")
    if now != counted:
        return SnapshotTorn(
            f"{part} came or went during the read ({counted} at first, then {now})",
            next_step="it is read again; choose quiet hours if it stays so",
        )
    return ConnectorInvalid(
        f"{part}.sql yields {read} rows for {counted} keys",
        next_step=f"let it yield exactly one row for each key of [{part}]: joins are LEFT JOINs, and it"
        " filters by that section's `where` and by nothing else",
    )
