"""dlt copying the tables as its documentation advises for a full snapshot with deletes.

Runs in the peers' environment: python copy_by_dlt.py SQLITE_FILE SOCKET_FOLDER DATABASE STATE BACKEND KEYS
KEYS is JSON: the tables and their primary keys. Merge strategy `cdc` (rows missing from the snapshot are deleted) with `skip_unchanged_rows`.
"""

from __future__ import annotations

import json
import sys

import dlt
from dlt.destinations import postgres
from dlt.sources.sql_database import sql_database


def main() -> None:
    """One run of the pipeline; exits with an error if a job failed."""
    source_file, socket, database, state, backend, tables = sys.argv[1:]
    keys = json.loads(tables)
    source = sql_database(
        credentials=f"sqlite:///{source_file}",
        schema="main",
        table_names=list(keys),
        backend=backend,
        backend_kwargs={"conn": f"sqlite://{source_file}"} if backend == "connectorx" else {},
        chunk_size=50_000,
    )
    for table, key in keys.items():
        source.resources[table].apply_hints(
            primary_key=key,
            write_disposition={
                "disposition": "merge",
                "strategy": "cdc",
                "skip_unchanged_rows": True,
            },
        )
    pipeline = dlt.pipeline(
        "peers",
        pipelines_dir=state,
        destination=postgres(
            # libpq takes the socket's folder from the query; there is no password to ask for.
            credentials=f"postgresql://postgres:none@localhost:5432/{database}?host={socket}"
        ),
        dataset_name="copy",
    )
    pipeline.run(source).raise_on_failed_jobs()


if __name__ == "__main__":
    main()
