"""What the connector sees of a demo PIMS, as plain rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

Rows = dict[str, tuple[object, ...]]


def clients(path: Path) -> Rows:
    """Rows of the view that the connector reads, by client key."""
    return _by_key(path, "SELECT * FROM vetpipeline_clients")


def patients(path: Path) -> Rows:
    """Rows of the view that the connector reads, by patient key."""
    return _by_key(path, "SELECT * FROM vetpipeline_patients")


def dump(path: Path) -> list[str]:
    """The whole file as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def _by_key(path: Path, query: str) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0]: row[1:] for row in connection.execute(query)}
