"""The two tables the `generic` connector reads, made for one test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.generic_pims import CLIENT_COLUMNS, PATIENT_COLUMNS
from tests.pims.conftest import Server
from tests.pims.reading import insert


def make(
    server: Server,
    database: str = "pims_generic",
    *,
    clients: list[dict[str, Any]] | None = None,
    patients: list[dict[str, Any]] | None = None,
    types: Mapping[str, str] | None = None,
    options: str = "",
    extra: tuple[str, ...] = (),
) -> str:
    """Create both tables with VARCHAR(60) columns (or `types`), fill them, return the database."""
    server.fresh(database)
    kinds = types or {}

    def table(name: str, columns: tuple[str, ...]) -> str:
        written = ", ".join(f"{column} {kinds.get(column, 'VARCHAR(60)')}" for column in columns)
        return f"CREATE TABLE {name} ({written}) {options}"

    server.run(
        database,
        table("vetpipeline_clients", (*CLIENT_COLUMNS, *extra)),
        table("vetpipeline_patients", PATIENT_COLUMNS),
        *insert("vetpipeline_clients", *(clients or [])),
        *insert("vetpipeline_patients", *(patients or [])),
    )
    return database
