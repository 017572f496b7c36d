"""The floor: the same copy written by hand, without normalizing, matching, policy or review.

Runs in the peers' environment: python floor.py SQLITE_FILE CONNINFO STATE_FOLDER KEYS
KEYS is JSON: the tables and their primary keys.
arrow-odbc -> Parquet -> difference with the last Parquet by polars -> COPY of what changed, its
old and new row as JSON in a table of changes, all in one transaction. A limit, not a product.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from arrow_odbc import read_arrow_batches_from_odbc

TYPES = {"client_key": "bigint", "patient_key": "bigint", "phone_key": "bigint",
         "weight_key": "bigint", "birth_date": "date", "weight_date": "date",
         "deceased_date": "date", "birth_date_estimated": "integer", "deceased_flag": "integer",
         "position": "integer"}  # fmt: skip
PAGE = 10_000  # rows of one page of keys; bounds the buffers, which hold every text at its longest


def main() -> None:
    """Read, compare and write all tables."""
    source, conninfo, state, tables = sys.argv[1:]
    keys = json.loads(tables)
    folder = Path(state)
    folder.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(conninfo) as connection:
        for table, key in keys.items():
            new = folder / f"{table}.new.parquet"
            read(f"DRIVER=SQLite3;Database={source};NoCreat=1", table, key, new)
            last = folder / f"{table}.parquet"
            if last.exists():
                send_changes(connection, table, key, last, new)
            else:
                send_all(connection, table, key, new)
    for table in keys:
        (folder / f"{table}.new.parquet").replace(folder / f"{table}.parquet")


def read(odbc: str, table: str, key: str, into: Path) -> None:
    """The table into one Parquet file, page by page."""
    writer = None
    for page in pages(odbc, table, key):
        reader = read_arrow_batches_from_odbc(
            query=f"SELECT * FROM {table} WHERE {page} ORDER BY {key}",
            connection_string=odbc,
            batch_size=PAGE,
            max_text_size=200,
        )
        for batch in reader:
            whole = pa.Table.from_batches([batch])
            writer = writer or pq.ParquetWriter(into, whole.schema, compression="zstd")
            writer.write_table(whole)
    if writer is not None:
        writer.close()


def pages(odbc: str, table: str, key: str) -> Iterator[str]:
    """Ranges of keys."""
    reader = read_arrow_batches_from_odbc(
        query=f"SELECT {key} FROM {table} ORDER BY {key}", connection_string=odbc, batch_size=PAGE
    )
    last = None
    for batch in reader:
        end = batch.column(0)[-1].as_py()
        yield f"{key} <= {end}" + ("" if last is None else f" AND {key} > {last}")
        last = end


def send_all(connection: psycopg.Connection, table: str, key: str, new: Path) -> None:
    """The first load."""
    file = pq.ParquetFile(new)
    columns = ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in file.schema_arrow.names)
    connection.execute(f"CREATE TABLE {table} ({columns}, PRIMARY KEY ({key}))")
    connection.execute(
        f"CREATE TABLE {table}_changes (key bigint, kind text, old jsonb, new jsonb)"
    )
    for batch in file.iter_batches(batch_size=PAGE):
        copy(connection, table, pa.Table.from_batches([batch]))


def send_changes(
    connection: psycopg.Connection, table: str, key: str, last: Path, new: Path
) -> None:
    """The refresh: what differs between the two files, and only that."""
    before, after = pl.read_parquet(last), pl.read_parquet(new)
    changed = after.join(before, on=after.columns, how="anti", nulls_equal=True)
    was = before.join(changed.select(key), on=key, how="semi")
    gone = before.join(after.select(key), on=key, how="anti")
    columns = after.columns
    connection.execute(f"CREATE TEMP TABLE stage (LIKE {table}) ON COMMIT DROP")
    copy(connection, "stage", changed.to_arrow())
    sets = ", ".join(f"{name} = s.{name}" for name in columns if name != key)
    connection.execute(f"UPDATE {table} t SET {sets} FROM stage s WHERE t.{key} = s.{key}")
    connection.execute(
        f"INSERT INTO {table} SELECT * FROM stage s WHERE NOT EXISTS"
        f" (SELECT 1 FROM {table} t WHERE t.{key} = s.{key})"
    )
    connection.execute(f"DELETE FROM {table} WHERE {key} = ANY(%s)", [gone[key].to_list()])
    connection.execute("DROP TABLE stage")
    old = {row[key]: row for row in was.iter_rows(named=True)}
    text = pl.DataFrame(
        [
            (k, "changed" if k in old else "new", as_json(old.get(k)), as_json(row))
            for row in changed.iter_rows(named=True)
            for k in [row[key]]
        ]
        + [(row[key], "gone", as_json(row), None) for row in gone.iter_rows(named=True)],
        schema={"key": pl.Int64, "kind": pl.Utf8, "old": pl.Utf8, "new": pl.Utf8},
        orient="row",
    )
    copy(connection, f"{table}_changes", text.to_arrow())


def as_json(row: dict | None) -> str | None:
    """A row as JSON text."""
    return None if row is None else json.dumps(row, default=str)


def copy(connection: psycopg.Connection, table: str, rows: pa.Table) -> None:
    """COPY in CSV that Arrow writes."""
    text = io.BytesIO()
    pacsv.write_csv(rows, text, pacsv.WriteOptions(include_header=False))
    names = ", ".join(rows.column_names)
    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as out:
        out.write(text.getbuffer())


if __name__ == "__main__":
    main()
