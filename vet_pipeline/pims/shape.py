"""What a PIMS's tables look like against what the connector expects. Reads no row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyodbc

from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.driver_errors import (
    is_broken_view,
    is_denied,
    is_missing_object,
    is_no_sql,
)
from vet_pipeline.pims.sql import bare

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import ConnectorFile
    from vet_pipeline.pims.session import Session

_FAMILY: dict[type[Any], str] = {
    str: "text",
    int: "number",
    float: "number",
    Decimal: "number",
    bool: "flag",
    dt.date: "date",
    dt.datetime: "date",
    dt.time: "date",
    bytes: "binary",
    bytearray: "binary",
}
# A name, and no sentence with an address in it: whoever rules a PIMS can call a column anything.
_NAME = re.compile(r"[\w $#-]{1,40}")
_NAMED = 20
ACCEPT = "vet-pipeline run PRACTICE --accept-shape --by NAME"
_RETYPED_STEP = (
    f"nothing was changed; find out what the PIMS's update did; if the new shape is right: {ACCEPT}"
)
_CHANGE_STEP = (
    "nothing was changed; does the connection string name the right database, or what did an update "
    "of the PIMS do? Correct the string, the view or the connector (docs/connectors.md)"
)


@dataclass(slots=True)
class Shape:
    """Tables and columns as found: `columns` are the connector's, `ignored` all others."""

    columns: dict[str, str] = field(default_factory=dict)  # "table.column" -> type family
    ignored: dict[str, list[str]] = field(default_factory=dict)  # table -> columns never read
    absent_tables: list[str] = field(default_factory=list)  # optional ones
    # those of them that may be there all the same: the server doesn't tell *missing* from *denied*
    hidden_tables: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # each names a table or column

    @property
    def fingerprint(self) -> str:
        """Digest of `columns`: equal as long as nothing the connector reads was retyped."""
        return hashlib.sha256(json.dumps(self.columns, sort_keys=True).encode()).hexdigest()


def examine(session: Session, file: ConnectorFile) -> Shape:
    """Compare every table and column the connector names with the database."""
    shape = Shape()
    for table, expected in file.tables.items():
        found = _families(session, table, expected, shape, optional=table in file.optional_tables)
        for column, family in found.items():
            shape.columns[f"{table}.{column}"] = family
            wanted = expected[column]
            if wanted != "any" and family not in wanted.split(" or "):
                shape.faults.append(
                    f"column {table}.{column} is of type {family}, expected {wanted}"
                )
            elif family == "binary" and _are_bytes(session, table, column):
                shape.faults.append(
                    f"column {table}.{column} holds bytes, which are no text: cast it in the view"
                )
        if found:
            known = {bare(column).casefold() for column in expected}
            others = [name for name in _all_columns(session, table) if name.casefold() not in known]
            if others:
                shape.ignored[table] = others
    return shape


def told(names: Sequence[str]) -> str:
    """A PIMS's columns that nobody expects, for alerts and pages: a few names, the rest counted."""
    shown = [name for name in names if _NAME.fullmatch(name)][:_NAMED]
    more = len(names) - len(shown)
    return ", ".join([*shown, f"{more} more"] if more else shown)


def require_headers(gone: Iterable[str]) -> None:
    """Stop when an export has lost headers of the last one; SnapshotShapeChanged names them."""
    faults = [f"header for {name} is gone" for name in gone]
    if faults:
        raise SnapshotShapeChanged("; ".join(faults), next_step=_RETYPED_STEP)


def require(shape: Shape, expected: Mapping[str, str]) -> None:
    """Stop when a table or column is gone, renamed or retyped, against connector or what was applied last.

    Raises:
        SnapshotShapeChanged: names each table and column and what was expected.
    """
    faults = list(shape.faults)
    for column, family in expected.items():
        found = shape.columns.get(column)
        table = column.rsplit(".", 1)[0]
        if found is None and table in shape.absent_tables:
            faults.append(f"table {table} is gone; the last snapshot had it")
        elif found is not None and found != family:
            faults.append(f"column {column} is of type {found}; in the last snapshot {family}")
    if faults:
        raise SnapshotShapeChanged(
            "; ".join(dict.fromkeys(faults)),
            next_step=_CHANGE_STEP if shape.faults else _RETYPED_STEP,
        )


def _families(
    session: Session,
    table: str,
    expected: Mapping[str, str],
    shape: Shape,
    *,
    optional: bool,
) -> dict[str, str]:
    may_be_absent = optional and session.engine.denies_what_is_missing
    described = _describe(session, table, list(expected), denied_is_absent=may_be_absent)
    if described is not None:
        return described
    error = _refused(session, table)
    if error is None:
        found: dict[str, str] = {}
        for column in expected:
            found.update(_describe(session, table, [column]) or {})
        if gone := [column for column in expected if column not in found]:
            shape.faults += _gone(session, table, gone, expected)
        return found
    if is_broken_view(error, bare(table)):
        shape.faults.append(
            f"view {table} is there and can't be read: what it is made of is gone or renamed, or its"
            " maker may no longer read it"
        )
    elif _refused(session, _marked(session, table)) is None:
        shape.faults.append(f"table {table} is there, {_in_marks(session, table)}")
    elif optional and (is_missing_object(error) or is_denied(error)):
        shape.absent_tables.append(table)
        if is_denied(error):
            shape.hidden_tables.append(table)
    elif is_missing_object(error):
        shape.faults.append(f"table {table} isn't there")
    else:
        raise error
    return {}


def _gone(
    session: Session, table: str, gone: Sequence[str], expected: Mapping[str, str]
) -> list[str]:
    """One fault a table: in another vendor's database nearly every column is gone."""
    there = _all_columns(session, table)
    unmarked = [column for column in gone if column in there]
    faults = [f"column {table}.{each} is there, {_in_marks(session, each)}" for each in unmarked]
    gone = [column for column in gone if column not in there]
    if not gone:
        return faults
    if len(gone) == 1:
        kind = expected[gone[0]]
        fault = f"column {table}.{gone[0]} is gone or renamed"
        fault += "" if kind == "any" else f", expected {kind}"
    else:
        fault = f"columns {told([bare(name) for name in gone])} of {table} are gone or renamed"
    known = {bare(name) for name in expected}
    new = [name for name in there if name not in known]
    if new:
        fault = f"{fault}; the table has {told(new)} that the connector doesn't know"
    return [*faults, fault]


def _in_marks(session: Session, name: str) -> str:
    return (
        "but the engine knows it in quotation marks alone: write"
        f" {_marked(session, name)} in the SQL, and so in connector.toml"
    )


def _marked(session: Session, name: str) -> str:
    """The name, its schema aside, in the engine's quotation marks."""
    schema, dot, own = name.rpartition(".")
    mark = "`" if session.engine.name in ("mariadb", "mysql") else '"'
    return f"{schema}{dot}{mark}{own}{mark}"


def _describe(
    session: Session, table: str, columns: list[str], *, denied_is_absent: bool = False
) -> dict[str, str] | None:
    """Type families of the columns; None if the table or one of them isn't there."""
    statement = f"SELECT {', '.join(columns)} FROM {table} WHERE 1 = 0"  # noqa: S608 - the connector's own
    try:
        description = session.describe(statement, (), f"looking at {table}")
    except pyodbc.Error as error:
        if is_denied(error) and not denied_is_absent:
            raise
        if is_denied(error) or is_missing_object(error) or is_no_sql(error):
            return None
        if is_broken_view(error, bare(table)):
            return None
        raise
    return {
        column: _FAMILY.get(entry[1], "other")
        for column, entry in zip(columns, description, strict=True)
    }


def _refused(session: Session, table: str) -> pyodbc.Error | None:
    """Why the table can't be asked at all; None where it can."""
    try:
        session.describe(f"SELECT 1 FROM {table} WHERE 1 = 0", (), f"looking at {table}")  # noqa: S608 - the connector's own
    except pyodbc.Error as error:
        # Its traceback would keep the read's frames, and in them all rows, until a collection.
        return error.with_traceback(None)
    return None


def _are_bytes(session: Session, table: str, column: str) -> bool:
    """Whether a binary column's cells would come garbled: all but SQLite's and those below."""
    if session.engine.name == "sqlite":  # its types bind nobody, its bytes are read as they are
        return False
    # By the server's own word: a flag of several BIT, and MariaDB's BINARY(0) for `NULL AS x`.
    kinds = session.column_types(bare(table))
    return kinds.get(bare(column).casefold()) not in {None, "bit", "binary(0)"}


def _all_columns(session: Session, table: str) -> list[str]:
    return session.column_names(bare(table))
