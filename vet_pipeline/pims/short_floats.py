"""Keys, telephone numbers and days that are floating-point numbers, told by the server in six digits.

MariaDB and MySQL write a FLOAT of 1234567 as 1234570, SQL Server any float as 1.23457e+006: a pet
would be the client's of that number. What is cast to DECIMAL, and a DOUBLE, comes whole.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pyodbc

from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.pims.page_rows import Fetched, Query
from vet_pipeline.pims.sql import Page, render

if TYPE_CHECKING:
    from vet_pipeline.pims.session import Session

_MORE_THAN_SIX = re.compile(r"-?(?:\d{7,}(?:\.\d*)?|\d+(?:\.\d+)?e\+?\d+)", re.IGNORECASE)


def short_columns(session: Session, query: Query) -> tuple[str, ...]:
    """Columns whose numbers come short, by the types that the query yields without casts.

    Of a weight six digits are enough, and one beyond belief has never stopped a read.
    """
    digits = session.engine.short_floats
    if digits is None:
        return ()
    uncast = replace(session.engine, text=_as_it_is, date=_as_it_is, flag=_as_it_is)
    statement, parameters = render(query.sql, uncast, query.key, Page(nulls=True))
    try:
        described = session.describe(statement, parameters, query.doing)
    except pyodbc.Error:  # what goes with texts alone, or fails with them as well: then told there
        return ()
    return tuple(
        str(column[0]).lower()
        for column in described
        if column[1] is float and column[4] <= digits and str(column[0]).lower() != "weight"
    )


def require_whole(query: Query, short: tuple[str, ...], fetched: Fetched) -> None:
    """ConnectorInvalid where one of those columns has a number of more than six digits."""
    for column in short:
        place = fetched.names.index(column)
        cells = (row[place] for row in fetched.rows)
        if any(isinstance(cell, str) and _MORE_THAN_SIX.fullmatch(cell) for cell in cells):
            raise ConnectorInvalid(
                f"{query.part}.sql: {column} is a floating-point number of more than six digits, of"
                " which the server tells six (1234567 as 1234570)",
                next_step="cast it in the SQL or the view: CAST(x AS DECIMAL(20))",
            )


def _as_it_is(x: str) -> str:
    return x
