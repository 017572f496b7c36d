"""When a database that another program makes from the PIMS was made, where it says so.

A reporting database whose job has died answers as ever, with the clients of the day it died: it
must not pass for a refresh, as an export job's last files must not.
"""

from __future__ import annotations

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

_UNKNOWN = (
    "when this database was made from the PIMS isn't told, so an old one passes for a new one"
)


def require_recent(
    session: Session, connector: Connector, conventions: Conventions
) -> tuple[str, ...]:
    """Stop where made.sql says that the database is too old; a note where it says nothing.

    The newest date among its cells counts, whatever they are called, and only days are compared: so
    a day more than `exports_within_hours` is granted.

    Raises:
        PimsUnavailable: it is older than that.
    """
    sql = connector.sql("made", session.engine.name)
    if sql is None:
        return ()
    today = datetime.now(UTC).date()
    made = _newest(session, plain(sql, session.engine), conventions, today)
    if made is None:
        return (_UNKNOWN,)
    days = (today - made).days
    if (days - 1) * 24 > session.limits.exports_within_hours:
        raise PimsUnavailable(
            f"the database was made from the PIMS {days} days ago",
            next_step="it is tried again; see that the vendor's job that makes it runs; where it runs"
            " more rarely: vet-pipeline practice set ID reader.limits.exports_within_hours=HOURS --by NAME",
        )
    return ()


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
