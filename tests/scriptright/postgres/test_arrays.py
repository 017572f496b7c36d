"""Lists as PostgreSQL arrays: what goes in comes out."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.scriptright.postgres.arrays import TextListDumper
from vet_pipeline.scriptright.postgres.database import driver, translate_errors

_ROUND = text("SELECT CAST(:cells AS text[])")
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cells=st.lists(_TEXTS | st.none() | st.sampled_from(['"', "\\", "{", "}", ",", "NULL", " "]))
)
def test_any_texts_survive_the_way_in_and_out(engine: Engine, cells: list[str | None]) -> None:
    with engine.connect() as connection:
        assert connection.execute(_ROUND, {"cells": cells}).scalar_one() == cells


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("bigint", [1, None, -(2**40)]),
        ("double precision", [0.1, 2.5]),
        ("timestamptz", [datetime(2026, 1, 2, tzinfo=UTC)]),
        ("text", [["a", '"b'], [None, "c"]]),
        ("text", []),
    ],
)
def test_other_lists_survive_it_too(engine: Engine, kind: str, cells: list[object]) -> None:
    with engine.connect() as connection:
        round_trip = text(f"SELECT CAST(:cells AS {kind}[])")
        assert connection.execute(round_trip, {"cells": cells}).scalar_one() == cells


def test_json_is_read_as_it_was_written(engine: Engine) -> None:
    values: list[object] = [{"a": '"\\ü', "b": None}, [1, "{,}"], "NULL", None]
    cells = [None if value is None else json.dumps(value) for value in values]
    with engine.connect() as connection:
        round_trip = text("SELECT CAST(:cells AS jsonb[])")
        assert connection.execute(round_trip, {"cells": cells}).scalar_one() == values


def test_a_text_with_a_nul_is_refused(engine: Engine) -> None:
    with (
        engine.connect() as connection,
        pytest.raises(DatabaseRefused, match="refused"),
        translate_errors("elm"),
    ):
        connection.execute(_ROUND, {"cells": ["a", "b\0c"]})


def test_lists_are_written_by_it(engine: Engine) -> None:
    with engine.connect() as connection:
        adapters = driver(connection).adapters
        assert issubclass(adapters.get_dumper(list, "s"), TextListDumper)  # type: ignore[arg-type]
