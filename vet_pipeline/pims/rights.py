"""Whether a login could write to the PIMS, asked of the server; nothing is ever tried out.

`readonly=True` of the driver doesn't stop an INSERT, so only the server's word counts. The reads
themselves run in read-only transactions where the engine has them.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Literal

import pyodbc

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import ConnectorFile
    from vet_pipeline.pims.session import Session

Answer = Literal["yes", "no", "unknown"]
# MariaDB's installer lets everybody write there; a PIMS may be kept there all the same.
_PLAYGROUND = re.compile(r" ON `test(\\_%)?`\.\* ")
# Any table there is: views are read by a login that may well write to the tables below them.
_POSTGRESQL = """
    SELECT coalesce(bool_or(
        has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(c.oid, 'INSERT, UPDATE')), false)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname <> 'information_schema'
        AND n.nspname NOT LIKE 'pg\\_%'
"""
_READING = {"SELECT", "USAGE", "SHOW VIEW", "SHOW DATABASES", "PROCESS"}


def write_rights(session: Session, file: ConnectorFile, odbc: str) -> Answer:
    """`yes` if a right beyond reading is found on the database's tables (SQL Server's: on ours)."""
    tables = [table for table in file.tables if table not in file.optional_tables]
    try:
        if session.engine.name in ("mariadb", "mysql"):
            return _mysql(session)
        if session.engine.name == "postgresql":
            return _postgresql(session)
        if session.engine.name == "sqlserver":
            return _sqlserver(session, tables)
    except pyodbc.Error:
        return "unknown"
    return _file(odbc)


def _mysql(session: Session) -> Answer:
    database = str(session.value("SELECT DATABASE()", "looking at rights") or "test")
    elsewhere = not database.casefold().startswith("test")
    answer: Answer = "no"
    for row in session.rows("SHOW GRANTS", (), "looking at rights"):
        if elsewhere and _PLAYGROUND.search(str(row[0])):
            continue
        granted = re.match(r"GRANT (.+?) ON ", str(row[0]))
        if granted is None:
            answer = (
                "unknown"  # a role: MariaDB shows what it may do if it is the default, others don't
            )
            continue
        rights = re.sub(r"\([^)]*\)", "", granted.group(1)).split(",")
        if {right.strip().upper() for right in rights} - _READING:
            return "yes"
    return answer


def _postgresql(session: Session) -> Answer:
    return _answer(session.value(_POSTGRESQL, "looking at rights"))


def _sqlserver(session: Session, tables: list[str]) -> Answer:
    asked = [
        f"HAS_PERMS_BY_NAME('{table}', 'OBJECT', '{right}')"
        for table in tables
        for right in ("INSERT", "UPDATE", "DELETE")
    ]
    return _answer(session.value(f"SELECT {' + '.join(asked)}", "looking at rights"))


def _answer(found: object) -> Answer:
    if found is None:
        return "unknown"
    return "yes" if str(found) not in ("0", "False", "f", "false") else "no"


def _file(odbc: str) -> Answer:
    """SQLite knows no rights: the file system's count. The read itself sets query_only."""
    path = re.search(r"DATABASE\s*=\s*([^;]+)", odbc, re.IGNORECASE)
    if path is None:
        return "unknown"
    return "yes" if os.access(path.group(1).strip().strip("{}"), os.W_OK) else "no"
