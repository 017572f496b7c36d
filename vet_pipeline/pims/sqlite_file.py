"""A SQLite file as its driver is told to open it: for reading, whoever may write to it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote

import pyodbc

from vet_pipeline.errors import SnapshotShapeChanged
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


def require_no_link_elsewhere(odbc: str, opened: str) -> None:
    """SnapshotShapeChanged where the file that was opened isn't in the folder that the string names.

    Who may write the practice's file may put a link in its place, and this program may read other
    practices' files. `opened` is SQLite's own word, which no change of the link after it touches.
    """
    named = _path_in(odbc)
    if named and opened and Path(opened).resolve().parent != named.parent.resolve():
        raise SnapshotShapeChanged(
            "the file that the connection string names is a link to a file outside of its folder",
            next_step="put the file itself there, or name it: vet-pipeline practice change ID --odbc"
            " ... --by NAME",
        )


def _path_in(odbc: str) -> Path | None:
    """None where a data source names the file."""
    named = attributes(odbc).get("database", "")
    if named.startswith("file:"):
        named = unquote(re.split("[?#]", named[5:])[0])
        named = re.sub("^//[^/]*", "", named)  # an address may name this machine
    return Path(named) if named else None


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
