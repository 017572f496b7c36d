"""I6: canaries where no personal data may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from tests.faults import invariant_queries as queries

# What may hold personal data; every other table of the schema must not.
DATA_TABLES = frozenset(
    {
        "client", "pet", "prescription", "pims_client", "pims_pet", "match_candidate",
        "suggestion", "rename_attestation", "record_change", "shared_change",
    }
)  # fmt: skip


def leaks_in_database(connection: Connection, canaries: Collection[str]) -> Iterator[str]:
    """Canaries in tables that hold no personal data."""
    if not canaries:
        return
    for table in connection.execute(queries.TABLES).scalars().all():
        if table in DATA_TABLES:
            continue
        lines = connection.execute(text(f"SELECT t::text FROM scriptright.{table} t")).scalars()
        for canary in _found_in("\n".join(lines).encode(), canaries):
            yield f"canary {canary} in the table {table}"


def leaks_in_files(places: Iterable[Path], canaries: Collection[str]) -> Iterator[str]:
    """Canaries in the files, and in all files of the folders."""
    if not canaries:
        return
    for place in places:
        files = (p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]
        for path in files:
            for canary in _found_in(path.read_bytes(), canaries):
                yield f"canary {canary} in the file {path.name}"


def _found_in(content: bytes, canaries: Collection[str]) -> list[str]:
    """Which canaries are there, as UTF-8 or as UTF-16 (binary formats)."""
    return [
        canary
        for canary in canaries
        if canary.encode() in content or canary.encode("utf-16-le") in content
    ]
