"""Raw rows as Arrow tables of the contract's columns, and how tables become Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from vet_pipeline.errors import UsageError
from vet_pipeline.snapshots.contract import RAW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from vet_pipeline.snapshots.files import AtomicFile


def raw_table(given: pd.DataFrame | pa.Table, kind: str) -> pa.Table:
    """Raw rows as an Arrow table of text columns in the contract's order.

    Raises:
        UsageError: a column of the contract is missing, or there is one too many.
    """
    columns = RAW_COLUMNS[kind]
    names = given.column_names if isinstance(given, pa.Table) else given.columns
    if set(names) != set(columns):
        odd = ", ".join(sorted(set(names) ^ set(columns)))
        raise UsageError(
            f"raw {kind} don't have the contract's columns ({odd})",
            next_step="deliver the columns of vet_pipeline/snapshots/contract.py",
        )
    schema = pa.schema([(column, pa.string()) for column in columns])
    if isinstance(given, pa.Table):
        return given.select(columns).cast(schema)
    return pa.Table.from_pandas(given[list(columns)], schema=schema, preserve_index=False)


def write_parquet(table: pa.Table, sink: AtomicFile, *, small: bool) -> None:
    """Write the table. `small`: it is kept for weeks; else it is read again within minutes."""
    pq.write_table(
        table,
        sink,
        compression="zstd" if small else "lz4",
        use_dictionary=[column for column in table.column_names if column != "row_hash"],
        write_statistics=False,  # nobody looks for a value in these files
    )
