"""A demo practice is registered like any other and copied by the core job."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from vet_pipeline import job
from vet_pipeline.demo.scenario import DemoPractice, first_round, second_round
from vet_pipeline.errors import SnapshotHeld
from vet_pipeline.registry import practices
from vet_pipeline.snapshots.store import SnapshotStore

SMALL = DemoPractice("elm", "Elm Street Vets", 100, "America/Chicago", "small", home_clients=40)


def test_home_delivery_clients_and_their_prescriptions_are_there_first(
    tmp_path: Path, engine: Engine
) -> None:
    first_round(SMALL, tmp_path, engine)
    with engine.connect() as connection:
        counts = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM scriptright.client WHERE origin = 'home_delivery'),"
                " (SELECT count(*) > 20 FROM scriptright.prescription WHERE state = 'active'),"
                " (SELECT count(*) FROM scriptright.load)"
            )
        ).one()
    assert tuple(counts) == (40, True, 0)


def test_first_load_and_refresh_do_what_the_week_did(tmp_path: Path, engine: Engine) -> None:
    first_round(SMALL, tmp_path, engine)
    store = SnapshotStore(tmp_path / "snapshots")
    with engine.connect() as connection:
        practice = practices.get(connection, "elm")
    first = job.run_core_job(engine, store, practice)
    assert first.state == "applied"
    assert first.counts["clients_linked"] >= 20
    second_round(SMALL, tmp_path)
    refresh = job.run_core_job(engine, store, practice)
    assert refresh.state == "applied"
    assert refresh.counts["clients_new"] == 2
    assert refresh.counts["changes_applied"] >= 6
    assert refresh.counts["suggestions_opened"] >= 6


def test_a_half_empty_second_snapshot_is_held(tmp_path: Path, engine: Engine) -> None:
    breaking = DemoPractice("elm", "Elm", 100, "America/Chicago", "breaks", breaks=True)
    first_round(breaking, tmp_path, engine)
    store = SnapshotStore(tmp_path / "snapshots")
    with engine.connect() as connection:
        practice = practices.get(connection, "elm")
    job.run_core_job(engine, store, practice)
    second_round(breaking, tmp_path)
    with pytest.raises(SnapshotHeld, match="clients missing: 50 of 100"):
        job.run_core_job(engine, store, practice)
