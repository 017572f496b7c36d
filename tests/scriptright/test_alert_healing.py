"""Held snapshots are over when they are settled, not when anything was loaded."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.test_alerts import (  # noqa: F401 - a fixture
    failure,
    heal,
    opened,
    practices,
    record,
)


@pytest.mark.usefixtures("practices")
def test_a_held_snapshot_heals_when_it_is_released(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO scriptright.hold VALUES ('oak', 3, '[]', now(), NULL, NULL)")
        )
    record(engine, failure(error="SnapshotHeld"))
    heal(engine)
    assert opened(engine) == [("SnapshotHeld|generic", ("oak",), 1)]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.hold SET released_at = now(), released_by = 'Dana Field'")
        )
    heal(engine)
    assert opened(engine) == []


@pytest.mark.usefixtures("practices")
def test_a_load_of_an_older_snapshot_heals_no_newer_one_that_is_held(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO scriptright.hold VALUES ('oak', 3, '[]', now(), NULL, NULL)")
        )
    record(engine, failure(error="SnapshotHeld"))
    applied = "UPDATE scriptright.practice SET last_success_at = now(), applied_seq = {}"
    for applied_seq, left in ((2, [("SnapshotHeld|generic", ("oak",), 1)]), (4, [])):
        with engine.begin() as connection:
            connection.execute(text(applied.format(applied_seq)))
        heal(engine)
        assert opened(engine) == left
