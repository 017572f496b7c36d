"""The two tables the `generic` connector reads, made for one test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.pims.conftest import Server
from tests.pims.reading import insert

CLIENT_COLUMNS = (
    "client_key", "title", "first_name", "last_name", "full_name", "organisation",
    "address_line1", "address_line2", "address_line3", "city", "state", "postal_code", "email",
    "phone1", "phone1_label", "phone2", "phone2_label", "phone3", "phone3_label", "phone4",
    "phone4_label",
)  # fmt: skip
PATIENT_COLUMNS = (
    "patient_key", "client_key", "name", "species", "breed", "birth_date", "birth_date_estimated",
    "weight", "weight_unit", "weight_date", "deceased_flag", "deceased_date", "status",
)  # fmt: skip


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
