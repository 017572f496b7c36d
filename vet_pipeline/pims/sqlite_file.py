"""A SQLite file as its driver is told to open it: for reading, whoever may write to it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pyodbc

from vet_pipeline.pims.odbc_string import attributes

_ASCII = "".join(map(chr, range(128)))
_FILE = re.compile(r"(?i)(^|;)(\s*database\s*=)\s*(\{[^}]*\}|[^;]*)")


def reading_only(odbc: str) -> str:
    """The connection string; for SQLite's driver so that it makes and changes no file.

    The driver opens for writing, and a file's journal is then played back before any statement:
    into the PIMS's file, and with the removal of whatever file the journal names. It takes the
    first of two settings. A data source's own path stays as it is: it isn't known here.
    """
    return f"NoCreat=1;{_FILE.sub(_as_uri, odbc)}" if is_sqlite(odbc) else odbc


def is_sqlite(odbc: str) -> bool:
    """Whether the driver is SQLite's, by its name or that of the data source's."""
    return "sqlite" in driver_of(odbc).casefold()


def driver_of(odbc: str) -> str:
    """The driver's name, or that of the data source's; blank where it can't be told."""
    found = attributes(odbc)
    sources = {name.casefold(): driver for name, driver in pyodbc.dataSources().items()}
    return found.get("driver") or sources.get(found.get("dsn", "").casefold(), "")


def _as_uri(found: re.Match[str]) -> str:
    path = found[3].strip().strip("{}")
    if not path:
        return found[0]
    name, options = f"file:{quote(path)}", ""
    if path.startswith("file:"):  # an address already, of which we say how it is opened
        name, _, options = path.partition("#")[0].partition("?")
        # With letters beyond ASCII in it the string can fail at the driver, as a path that we quote
        # doesn't.
        name = quote(name, safe=_ASCII)
    said = [option for option in options.split("&") if option and not option.startswith("mode=")]
    return f"{found[1]}{found[2]}{name}?{'&'.join([*said, 'mode=ro'])}"
