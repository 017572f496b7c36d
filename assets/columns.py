"""Column tables for the asset pages, from the contracts in the code."""

from collections.abc import Iterable

import dagster as dg


def raw_columns(names: Iterable[str]) -> dg.TableSchema:
    """The canonical text columns of a connector."""
    return dg.TableSchema([dg.TableColumn(name, "text") for name in names])


def normalized_columns(record: str) -> dg.TableSchema:
    """The typed columns of clients (`client`) or pets (`pet`); imports pyarrow."""
    from vet_pipeline.normalize.columns import CLIENT_SCHEMA, PET_SCHEMA

    schema = CLIENT_SCHEMA if record == "client" else PET_SCHEMA
    return dg.TableSchema([dg.TableColumn(field.name, str(field.type)) for field in schema])
