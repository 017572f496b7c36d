"""Reading a fixture and comparing whole rows: only non-NULL cells are written down in tests."""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pytest

from vet_pipeline.pims.connector import Connector, load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions, read_snapshot

Rows = list[dict[str, str]]

HUNG = 20  # seconds: what a share or a statement takes that hangs in a test
ENDED_EARLY = 15  # of them: one that was stopped within two, on a machine with much else to do


def rows(frame: pd.DataFrame) -> Rows:
    """Each row as a dictionary of its non-NULL cells."""
    return [
        {str(column): cell for column, cell in row.items() if isinstance(cell, str)}
        for row in frame.to_dict("records")
    ]


def read(connector: str | Connector, odbc: str, **limits: Any) -> RawSnapshot:
    """One read by a connector's name; exports of tests are complete, so none is waited for."""
    limits.setdefault("settle_seconds", 0)
    loaded = load_connector(connector) if isinstance(connector, str) else connector
    return read_snapshot(loaded, odbc, options=ReadOptions(limits=limits))


@contextmanager
def stopped_by_ctrl_c() -> Iterator[None]:
    """What is done inside meets a Ctrl-C after half a second, and is over while it would go on."""
    start = time.monotonic()
    threading.Timer(0.5, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        yield
    assert time.monotonic() - start < ENDED_EARLY


def insert(table: str, *records: dict[str, Any]) -> list[str]:
    """INSERT statements with literals: fixtures are small and written by hand."""
    return [
        f"INSERT INTO {table} ({', '.join(record)}) VALUES "
        f"({', '.join(literal(value) for value in record.values())})"
        for record in records
    ]


def literal(value: Any) -> str:
    """A SQL literal; text starting with `=` is SQL itself."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value)
    text = str(value)
    return text[1:] if text.startswith("=") else "'" + text.replace("'", "''") + "'"
