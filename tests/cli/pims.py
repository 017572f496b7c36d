"""A PIMS of a few literal rows: the generic connector's two views as tables of a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.generic_pims import CLIENT_COLUMNS, PATIENT_COLUMNS

Row = Mapping[str, str]

BELL = {
    "client_key": "C1",
    "first_name": "Ann",
    "last_name": "Bell",
    "address_line1": "12 Oak St",
    "city": "Marlow",
    "state": "GA",
    "postal_code": "30004",
    "email": "ann.bell@example.com",
    "phone1": "770-555-2345",
}
REX = {
    "patient_key": "P1",
    "client_key": "C1",
    "name": "Rex",
    "species": "Canine",
    "breed": "Boxer",
    "birth_date": "2020-05-01",
    "weight": "61.5",
    "weight_unit": "lb",
    "weight_date": "2026-01-10",
    "deceased_flag": "0",
}


def make_pims(path: Path, clients: list[Row], patients: list[Row]) -> str:
    """Writes the file; returns its ODBC string."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, columns, rows in (
            ("vetpipeline_clients", CLIENT_COLUMNS, clients),
            ("vetpipeline_patients", PATIENT_COLUMNS, patients),
        ):
            connection.execute(f"CREATE TABLE {table} ({' TEXT, '.join(columns)} TEXT)")
            for row in rows:
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())
                )
    return f"DRIVER=SQLite3;Database={path}"


def make_pims_in_postgresql(
    connection: psycopg.Connection[Any], clients: list[Row], patients: list[Row]
) -> None:
    """The same two tables in a PostgreSQL database."""
    for table, columns, rows in (
        ("vetpipeline_clients", CLIENT_COLUMNS, clients),
        ("vetpipeline_patients", PATIENT_COLUMNS, patients),
    ):
        typed = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(c)) for c in columns)
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(table), typed))
        for row in rows:
            insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join(sql.Placeholder() * len(row)),
            )
            connection.execute(insert, list(row.values()))


def change(path: Path, statement: str, *values: str) -> None:
    """One edit at the front desk."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)
