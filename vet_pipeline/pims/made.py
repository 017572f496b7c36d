"""When a database that another program makes from the PIMS was made, where it says so.

A reporting database whose job has died, or a replica that no longer follows, answers as ever, with
the clients of that day: it must not pass for a refresh, as an export job's last files must not.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyodbc

from vet_pipeline.errors import PimsUnavailable
from vet_pipeline.normalize.dates import read_date
from vet_pipeline.pims.cells import as_text
from vet_pipeline.pims.driver_errors import is_denied, is_missing_object
from vet_pipeline.pims.sql import plain

if TYPE_CHECKING:
    from datetime import date

    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.pims.connector import Connector
    from vet_pipeline.pims.session import Session
    from vet_pipeline.pims.shape import Shape

_UNKNOWN = (
    "when this database was made from the PIMS isn't told, so an old one passes for a new one"
)


def require_recent(
    session: Session, connector: Connector, shape: Shape, conventions: Conventions
) -> tuple[str, ...]:
    """Stop where made.sql says that the database is too old; a note where it says nothing.

    Nor is it asked of an optional table that isn't there, which the reader notes. The newest date
    among its cells counts, whatever they are called, and only days are compared: so a day more than
    `exports_within_hours` is granted.

    Raises:
        PimsUnavailable: it is older than that.
    """
    sql = connector.sql("made", session.engine.name)
    if sql is None or any(_reads(sql, table) for table in shape.absent_tables):
        return ()
    today = datetime.now(UTC).date()
    made = _newest(session, plain(sql, session.engine), conventions, today)
    if made is None:
        return (_UNKNOWN,)
    days = (today - made).days
    if (days - 1) * 24 > session.limits.exports_within_hours:
        raise PimsUnavailable(
            f"the database was made from the PIMS {days} days ago",
            next_step="it is tried again; see that the job that makes it, or the replication, runs; where it"
            " runs more rarely: vet-pipeline practice set ID reader.limits.exports_within_hours=HOURS --by NAME",
        )
    return ()


def _reads(sql: str, table: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(table)}(?!\w)", sql) is not None


def _newest(session: Session, sql: str, conventions: Conventions, today: date) -> date | None:
    try:
        rows = session.rows(sql, (), "asking when the database was made")
    except ValueError:  # a date that can't be one
        return None
    except pyodbc.Error as error:
        if is_missing_object(error) or is_denied(error):
            return None
        raise
    told = [read_date(as_text(cell), conventions, today).value for row in rows for cell in row]
    return max((day for day in told if day is not None), default=None)
