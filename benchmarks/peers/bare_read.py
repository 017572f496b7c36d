"""The least that our packages cost: their imports, and one plain read of both tables over ODBC.

python -m benchmarks.peers.bare_read     the PIMS is named by $BENCH_PIMS

Nothing is guarded, compared or written: what no program on pyodbc, pandas and SQLAlchemy gets below.
"""

from __future__ import annotations

import os

import pandas  # noqa: F401 - only its cost is wanted
import psycopg  # noqa: F401
import pyodbc
import sqlalchemy  # noqa: F401

from benchmarks.peers.ours import PIMS
from benchmarks.peers.source import LAYOUTS

if __name__ == "__main__":
    with pyodbc.connect(os.environ[PIMS], readonly=True) as connection:
        for table in LAYOUTS["flat"]:
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()
            columns = list(zip(*rows, strict=True))
            print(f"{table}: {len(rows)} rows, {len(columns)} columns")
