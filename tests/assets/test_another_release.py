"""What an earlier release has left between two steps, taken up by this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.assets.conftest import World, practice
from tests.assets.test_races import compared
from tests.scriptright.builders import one, rows
from vet_pipeline.deltas import stage
from vet_pipeline.errors import StaleDelta
from vet_pipeline.job import apply_step, delta_step, normalize_step, read_step, run_core_job
from vet_pipeline.normalize.rows import Normalized
from vet_pipeline.scriptright import web_shop
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore

REX = "SELECT deceased FROM scriptright.pet WHERE name = 'Rex'"
ASKED = "SELECT field, state FROM scriptright.suggestion"
Release = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def earlier_release(monkeypatch: pytest.MonkeyPatch) -> Release:
    """A release by whose rules every patient is dead."""
    normalize = stage.NORMALIZE["pet"]

    def all_dead(*given: Any, **named: Any) -> Normalized:
        made = normalize(*given, **named)
        made.rows["deceased"] = True
        return made

    @contextmanager
    def working() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setitem(stage.NORMALIZE, "pet", all_dead)
            patch.setattr("vet_pipeline.deltas.stage.rules_in_force", lambda: "earlier")
            patch.setattr("vet_pipeline.stages.rules_in_force", lambda: "earlier")
            yield

    return working


def read_after_correction(world: World, store: SnapshotStore) -> Manifest:
    """Copied dead, corrected in the web shop; then the PIMS changes his breed alone, and is read."""
    run_core_job(world.engine, store, practice(world))
    pet_id = one(world.engine, "SELECT pet_id FROM scriptright.pet WHERE name = 'Rex'")
    with world.engine.begin() as connection:
        web_shop.edit_pet(connection, world.practice_id, pet_id, {"deceased": False}, actor="shop")
    world.pims.run("UPDATE vetpipeline_patients SET breed = 'Beagle' WHERE patient_key = '11'")
    return read_step(world.engine, store, practice(world))


def test_what_an_earlier_release_has_normalized_is_normalized_again_before_it_is_compared(
    world: World, store: SnapshotStore, earlier_release: Release
) -> None:
    """A run that failed at the comparison, and is re-executed from there after an upgrade."""
    with earlier_release():
        second = read_after_correction(world, store)
        for record in ("client", "pet"):
            normalize_step(world.engine, store, second, record)
    delta_step(world.engine, store, second)
    assert apply_step(world.engine, store, practice(world), second).state == "applied"
    assert rows(world.engine, REX) == [(False,)]
    assert rows(world.engine, ASKED) == [("breed", "open")]


def test_what_an_earlier_release_has_compared_is_compared_again_before_it_is_applied(
    world: World, store: SnapshotStore, earlier_release: Release
) -> None:
    with earlier_release():
        second = read_after_correction(world, store)
        compared(world, store, second)
    with pytest.raises(StaleDelta):
        apply_step(world.engine, store, practice(world), second)
    for record in ("client", "pet"):
        normalize_step(world.engine, store, second, record)
    with pytest.raises(StaleDelta):  # its tables are today's, it isn't
        apply_step(world.engine, store, practice(world), second)
    compared(world, store, second)
    assert apply_step(world.engine, store, practice(world), second).state == "applied"
    assert rows(world.engine, REX) == [(False,)]
