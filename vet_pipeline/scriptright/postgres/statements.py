"""Statements about clients and about pets that differ in nothing else: written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import TextClause, text

from vet_pipeline.policy import RECORDS, Record


def of_each(sql: str, **parts: str | Mapping[Any, str]) -> dict[Record, TextClause]:
    """The statement by kind: `{record}` in it is client or pet, other names are those of `parts`.

    A part is written in the program, of each kind or of both alike; values are bound, as always.
    """

    def of(record: Record) -> TextClause:
        told = {n: part if isinstance(part, str) else part[record] for n, part in parts.items()}
        return text(sql.format(record=record, **told))

    return {record: of(record) for record in RECORDS}
