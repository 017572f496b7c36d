"""A SQLite file as its driver is told to open it: for reading, whoever may write to it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pyodbc

_FILE = re.compile(r"(?i)(^|;)(\s*database\s*=)\s*(\{[^}]*\}|[^;]*)")


def reading_only(odbc: str) -> str:
    """The connection string; for SQLite's driver so that it makes and changes no file.

    The driver opens for writing, and a file's journal is then played back before any statement:
    into the PIMS's file, and with the removal of whatever file the journal names. It takes the first
    of two settings. A data source's own path stays as it is: it isn't known here.
    """
    named = {
        word: found[1].strip().casefold()
        for word in ("driver", "dsn")
        if (found := re.search(rf"(?:^|;)\s*{word}\s*=\s*{{?([^;}}]*)", odbc, re.IGNORECASE))
    }
    sources = {name.casefold(): driver for name, driver in pyodbc.dataSources().items()}
    driver = named.get("driver") or sources.get(named.get("dsn", ""), "")
    return f"NoCreat=1;{_FILE.sub(_as_uri, odbc)}" if "sqlite" in driver.casefold() else odbc


def _as_uri(found: re.Match[str]) -> str:
    path = found[3].strip().strip("{}")
    if not path or path.startswith("file:"):
        return found[0]
    return f"{found[1]}{found[2]}file:{quote(path)}?mode=ro"
