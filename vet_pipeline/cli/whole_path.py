"""Where a PIMS's file lies is registered as a whole path: runs start in another folder."""

from __future__ import annotations

from vet_pipeline.errors import UsageError
from vet_pipeline.pims.odbc_string import attributes


def refuse_path_from_here(odbc: str, practice_id: str, pims: str | None = None) -> None:
    """Raise UsageError when a SQLite file or a folder of exports is named from where one stands.

    Read from elsewhere it would be nothing, or the file of that name of another practice. Which
    file a data source names by itself isn't known here, and a server's `Database=` is no path.
    So is a string refused that the connector `pims` can't read: no folder for exports, or one for
    a database.
    """
    # Not at the top: commands that need no ODBC start without it.
    from vet_pipeline.pims.connector import load_connector
    from vet_pipeline.pims.sqlite_file import is_sqlite

    found = attributes(odbc)
    is_csv = pims is not None and load_connector(pims).file.kind == "csv"
    if pims and found.keys().isdisjoint(["folder"] if is_csv else ["driver", "dsn", "filedsn"]):
        raise UsageError(
            f"connector {pims} doesn't read what the connection string names",
            next_step="write FOLDER=/path/to/exports for csv; DRIVER={..} or DSN=.. and what else its driver"
            " takes, NAME=VALUE;..., for the others",
            practice_id=practice_id,
        )
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
