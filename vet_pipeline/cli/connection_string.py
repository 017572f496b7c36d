"""Whether a connection string names a whole path, and what its connector reads."""

from __future__ import annotations

from vet_pipeline.errors import UsageError
from vet_pipeline.pims.odbc_string import attributes


def refuse_path_from_here(odbc: str, practice_id: str) -> None:
    """Raise UsageError when a SQLite file or a folder of exports is named from where one stands.

    Read from elsewhere it would be nothing, or the file of that name of another practice. Which
    file a data source names by itself isn't known here, and a server's `Database=` is no path.
    """
    # Not at the top: commands that need no ODBC start without it.
    from vet_pipeline.pims.sqlite_file import is_sqlite

    found = attributes(odbc)
    if is_sqlite(odbc):
        word, path = "Database=", found.get("database", "/").removeprefix("file:")
    else:
        word, path = "FOLDER=", found.get("folder", "/")
    if not path.startswith("/"):
        raise UsageError(
            f"what {word} names is no whole path, and runs start in another folder than this one",
            next_step=f"write it from / on, without quotation marks around it: {word}/data/...",
            practice_id=practice_id,
        )


def refuse_unreadable(odbc: str, practice_id: str, pims: str) -> None:
    """Raise UsageError when the connector can't read it: a database as exports, or the reverse."""
    from vet_pipeline.pims.connector import load_connector

    is_csv = load_connector(pims).file.kind == "csv"
    if attributes(odbc).keys().isdisjoint(["folder"] if is_csv else ["driver", "dsn", "filedsn"]):
        raise UsageError(
            f"connector {pims} doesn't read what the connection string names",
            next_step="write FOLDER=/path/to/exports for csv; DRIVER={..} or DSN=.. and what else its driver"
            " takes, NAME=VALUE;..., for the others; another connector with it: --pims",
            practice_id=practice_id,
        )
