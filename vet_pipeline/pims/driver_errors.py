"""Driver errors turned into the pipeline's: SQLSTATE and native code, never the driver's text.

Drivers put connection strings and cells into their messages, so only codes leave this module.
"""

from __future__ import annotations

import re

import pyodbc

from vet_pipeline.errors import (
    ConnectorInvalid,
    OdbcDriverMissing,
    PimsAccessDenied,
    PimsUnavailable,
    PipelineError,
    SnapshotShapeChanged,
)

_NATIVE = re.compile(r"\((-?\d+)\)(?: \(-?\d+\))? \(SQL\w+\)")
_MISSING = ("no such table", "no such column", "doesn't exist", "does not exist", "unknown column")

_SQLITES_MISSING = re.compile(r"\[sqlite\]no such (?:table|column): (.+?) \(\d")

# Native codes of MariaDB and MySQL (HY000 and 42000 say too little there).
_DENIED_NATIVE = {1044, 1045, 1142, 1143, 1227, 1370, 18456, 229, 230, 916, 4060}
# A locked account or an expired password: MySQL's and MariaDB's, then SQL Server's.
_DENIED_NATIVE |= {1820, 1862, 3118, 4151, 18486, 18487, 18488}
_LOGIN_LIMIT_NATIVE = {1203, 1226}
_SHAPE_NATIVE = {1054, 1109, 1146, 207, 208}
# A view of what is gone, or of what its maker may no longer read.
_BROKEN_VIEW_NATIVE = {1356, 4413}
_NO_SQL_NATIVE = {1064, 102, 156}
_TIME_LIMIT_NATIVE = {1969, 3024, 1205, 1222}
# PostgreSQL: a transaction that was idle, or open, for as long as the whole read may take.
_ENDED_FOR_ITS_TIME = {"25P03", "25P04"}
# Texts of two collations compared or joined: HY000, as if the server had failed.
_SQL_NATIVE = {1267, 1270, 1271}
# Classes of SQLSTATE that a statement alone can raise: 21 is a subquery of several rows (an animal
# with a second owner), 23 a name that two tables have, for nothing is written here.
_OF_THE_SQL = {"07", "21", "22", "23", "37", "42"}

_REFUSED_LOGIN = re.compile(
    r"password authentication failed|no password supplied|permission denied|no pg_hba"
    r'|role ".*" does not exist|is not permitted to log in'
)
_NO_DATABASE = re.compile(
    r'unknown database|no database selected|database ".*" does not exist', re.DOTALL
)
# A certificate that isn't trusted, has expired or is another server's; TLS that one side insists on.
_REFUSED_TLS = re.compile(r"certificate|does not support ssl|ssl is required|insecure transport")
_CORRECTED_BY = "vet-pipeline practice change ID --odbc ... --by NAME, or where its variable is set"


def sqlstate_of(error: pyodbc.Error) -> str:
    """The five-character SQLSTATE of a driver error, HY000 when it carries none."""
    state = str(error.args[0]) if error.args else ""
    return state if len(state) == 5 else "HY000"


def code_of(error: pyodbc.Error) -> str:
    """SQLSTATE and native code, the only part of a driver error that may be shown."""
    native = _native(error)
    return sqlstate_of(error) if native is None else f"{sqlstate_of(error)}/{native}"


def is_missing_object(error: pyodbc.Error) -> bool:
    """Whether a table or column that the statement names isn't there."""
    state = sqlstate_of(error)
    if state in {"42S02", "42S22", "42P01", "42703", "S0002", "S0022"}:
        return True
    text = _message(error).casefold()
    return _native(error) in _SHAPE_NATIVE or (
        state in {"HY000", "42000"} and any(word in text for word in _MISSING)
    )


def is_broken_view(error: pyodbc.Error, name: str) -> bool:
    """Whether asking the table `name` for no column failed over what a view of that name is made of."""
    text = _message(error).casefold()
    missing = _SQLITES_MISSING.search(text)  # it says what it lacks, and of a name the first word
    below = missing is not None and not name.casefold().startswith(missing[1].removeprefix("main."))
    return below or _native(error) in _BROKEN_VIEW_NATIVE


def is_no_sql(error: pyodbc.Error) -> bool:
    """Whether the server couldn't parse the statement, as with a name that needs quotation marks."""
    text = _message(error).casefold()
    return (
        sqlstate_of(error) == "42601"
        or _native(error) in _NO_SQL_NATIVE
        or ("[sqlite]" in text and "syntax error" in text)
    )


def is_unknown_setting(error: pyodbc.Error) -> bool:
    """Whether a SET names a variable that this version of the server doesn't have."""
    return _native(error) == 1193 or sqlstate_of(error) == "42704"


def is_denied(error: pyodbc.Error) -> bool:
    """Whether the server refused the login, or the login the right to read."""
    if sqlstate_of(error) in {"28000", "28P01", "42501"} or _native(error) in _DENIED_NATIVE:
        return True
    text = _message(error).casefold()
    # psqlODBC gives 08001 for a login that the server refused: its words tell the two apart.
    return _REFUSED_LOGIN.search(text) is not None


def translate(error: pyodbc.Error, doing: str) -> PipelineError:
    """The pipeline's error for what the driver said while `doing` (such as 'reading clients')."""
    state, code = sqlstate_of(error), code_of(error)
    text = _message(error).casefold()
    if state in {"IM002", "IM003", "IM004"} or "can't open lib" in text:
        return OdbcDriverMissing(
            f"the ODBC driver or data source of the connection string isn't installed ({code})",
            next_step="install the driver, or correct DRIVER= or DSN=, which has no quotation marks around it"
            f" (names: odbcinst -q -d; {_CORRECTED_BY})",
        )
    if _NO_DATABASE.search(text):
        return PimsAccessDenied(
            f"the database that the connection string names isn't there, or it names none ({code})",
            next_step=f"correct DATABASE= in the connection string ({_CORRECTED_BY})",
        )
    if _native(error) in _LOGIN_LIMIT_NATIVE or "too many connections" in text:
        return PimsUnavailable(
            f"the server's limit of connections or queries is used up, {doing} ({code})",
            next_step="it is tried again; see that nobody else uses the login, or have the limit raised",
        )
    if doing == "connecting" and _REFUSED_TLS.search(text):
        return PimsAccessDenied(
            f"no encrypted connection that can be trusted came about ({code})",
            next_step="see whether the server's certificate has expired or was made anew, and what its"
            f" driver is to be told (docs/connectors.md, *On the way*; {_CORRECTED_BY})",
        )
    if is_denied(error):
        return PimsAccessDenied(
            f"the PIMS refused the login or the right to read, {doing} ({code})",
            next_step="check user and password, and grant SELECT on the connector's tables"
            + (" (a password with a semicolon stands in braces)" if doing == "connecting" else ""),
        )
    if is_missing_object(error) or _native(error) in _BROKEN_VIEW_NATIVE:
        return SnapshotShapeChanged(
            f"a table or column isn't there, {doing} ({code})",
            next_step="compare what the connector's SQL names with [tables] and the database"
            " (docs/connectors.md)",
        )
    if state in {"HYT00", "57014", "HY008"} or _native(error) in _TIME_LIMIT_NATIVE:
        return PimsUnavailable(
            f"the PIMS took longer than the time limit, {doing} ({code})",
            next_step="it is tried again; if it stays so, raise statement_seconds or read at night",
        )
    if state in _ENDED_FOR_ITS_TIME:  # as the watchdog says, which the server has forestalled
        return PimsUnavailable(
            f"the PIMS doesn't answer in time, {doing} ({code})",
            next_step="it is tried again; check the server's load and the network",
        )
    if about_file := _of_a_sqlite_file(text, doing, code):
        return about_file
    # SQLite's driver has no SQLSTATE for it: its code 1 is a fault of the statement, no other one.
    is_sqlite_s = "[sqlite]" in text and code == "HY000/1"
    if state[:2] in _OF_THE_SQL or _native(error) in _SQL_NATIVE or is_sqlite_s:
        return ConnectorInvalid(
            f"the database refuses the connector's SQL, {doing} ({code})",
            next_step="write columns that two of its tables have with their table, in the SQL and in `key`"
            " of its section (connector.toml)"
            if "ambiguous" in text
            else "correct the connector's SQL for this engine and version",
        )
    return PimsUnavailable(
        f"the PIMS failed, can't be reached or the connection was lost, {doing} ({code})",
        next_step="it is tried again; check that its server runs and the network is up",
    )


def _of_a_sqlite_file(text: str, doing: str, code: str) -> PipelineError | None:
    if "[sqlite]" in text and code == "HY000/14":
        return PimsUnavailable(
            f"the file that the connection string names isn't there or can't be opened, {doing} ({code})",
            next_step=f"correct Database= ({_CORRECTED_BY}), or see to the folder it lies in;"
            " it is tried again",
        )
    if "[sqlite]" in text and code == "HY000/8":
        return PimsUnavailable(
            f"a program that was killed has left its journal beside the file, {doing} ({code})",
            next_step="open the file once with the PIMS's own program, which tidies up: nothing is"
            " written to it from here; it is tried again",
        )
    if "[sqlite]" in text and code in {"HY000/7", "HY000/18"}:
        return SnapshotShapeChanged(
            f"what the file's views make takes more than 512 MB of memory, {doing} ({code})",
            next_step="nothing was read; have a view that sorts, groups or makes distinct whole rows"
            " leave out notes and pictures; where there is none, find out who made the file: a view"
            " or a text has no end",
        )
    if "file is not a database" in text:
        return PimsUnavailable(
            f"the file that the connection string names is no SQLite database, {doing} ({code})",
            next_step="give the PIMS's own file, or put a whole copy of it in its place",
        )
    if "unsafe use of" in text:
        return SnapshotShapeChanged(
            f"a view of the file calls what reaches beyond the file, {doing} ({code})",
            next_step="nothing was read; find out who made the file: SQLite's own functions are allowed"
            " in views, those of an ODBC driver are not",
        )
    return None


def _message(error: pyodbc.Error) -> str:
    return str(error.args[1]) if len(error.args) > 1 else ""


def _native(error: pyodbc.Error) -> int | None:
    match = _NATIVE.search(_message(error))
    return int(match.group(1)) if match else None
