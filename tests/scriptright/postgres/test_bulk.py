"""Frames by COPY: what goes in comes out, byte for byte."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Engine, text

from vet_pipeline.scriptright.postgres.bulk import copy_in, copy_out, frame_to_arrow
from vet_pipeline.scriptright.postgres.database import driver

BYTES = [b"", b"\x00\xff\\n", None, b"abc", bytes(range(256))]
TEXTS = ["", 'a,"b"\r\n\\N\t', None, "\\x61", "é\u2028"]


@pytest.mark.parametrize("rows", [range(5), range(1, 4), range(2, 3), range(0)])
def test_bytes_and_texts_survive_the_way_in_and_out(engine: Engine, rows: range) -> None:
    frame = pd.DataFrame(
        {
            "bytes": pd.Series(BYTES, dtype=pd.ArrowDtype(pa.binary())),
            "texts": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.large_string())),
        }
    ).iloc[rows.start : rows.stop]
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE there (bytes bytea, texts text)"))
        copy_in(driver(connection), "pg_temp.there", frame_to_arrow(frame, ("bytes", "texts")))
        found = connection.execute(text("SELECT bytes, texts FROM there")).all()
        query = "SELECT 1, texts FROM pg_temp.there"
        types = {"one": pa.int64(), "texts": pa.string()}
        out = copy_out(driver(connection), query, {}, types)
    wanted = [(BYTES[n], TEXTS[n]) for n in rows]
    assert [(None if b is None else bytes(b), t) for b, t in found] == wanted
    assert out["texts"].to_pylist() == [t for _, t in wanted]


def test_decimals_are_written_as_they_are(engine: Engine) -> None:
    numbers = [Decimal("12.5000"), None, Decimal("0.0001")]
    frame = pd.DataFrame({"n": pd.Series(numbers, dtype=pd.ArrowDtype(pa.decimal128(12, 4)))})
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE there (n numeric(12,4))"))
        copy_in(driver(connection), "pg_temp.there", frame_to_arrow(frame, ("n",)))
        assert list(connection.execute(text("SELECT n FROM there")).scalars()) == numbers
