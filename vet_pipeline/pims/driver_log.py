"""A driver keeps no log of its own: it would hold what is read, where nobody looks for it.

psqlODBC's `Debug=1`, left in a string from a day of looking for a fault, writes each cell into
`/tmp/mylog_...`, readable by every account of the machine; SQLite's `TraceFile` writes keys.
"""

from __future__ import annotations

from vet_pipeline.pims.odbc_string import ATTRIBUTE
from vet_pipeline.pims.sqlite_file import driver_of

# psqlODBC's, by both of their names, and SQLite's.
_LOGS = {"debug", "b2", "commlog", "b3", "tracefile"}


def without_log(odbc: str) -> str:
    """The connection string without what asks for one; what a data source asks for is overruled."""
    kept, end = [], 0
    for found in ATTRIBUTE.finditer(odbc):
        if found[1].casefold() in _LOGS:
            kept.append(odbc[end : found.start()])
            end = found.end() + odbc.startswith(";", found.end())
    without = "".join([*kept, odbc[end:]])
    # Last, as psqlODBC's last word counts: its `CX`, many settings in one number, may ask for a
    # log, too.
    return f"{without.rstrip(';')};Debug=0;CommLog=0" if _is_psqlodbc(odbc) else without


def _is_psqlodbc(odbc: str) -> bool:
    driver = driver_of(odbc).casefold()
    return "postgres" in driver or "psqlodbc" in driver  # by its name, or its file's
