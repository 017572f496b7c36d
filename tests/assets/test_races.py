"""Two processes on one practice, and what of the one's may not get into the other's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Engine

from tests.assets.conftest import World, practice
from tests.scriptright.builders import add_practice, client, delta_of, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.deltas import stage
from vet_pipeline.deltas.delta import Delta
from vet_pipeline.errors import SnapshotMissing, StaleDelta
from vet_pipeline.job import apply_step, delta_step, normalize_step, read_step, run_core_job
from vet_pipeline.matching import match
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import links
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.records import baseline
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore
from vet_pipeline.stages import load_delta

EMAILS = "SELECT email FROM scriptright.client WHERE email IS NOT NULL"


def set_email(world: World, email: str) -> None:
    world.pims.run("UPDATE vetpipeline_clients SET email = ? WHERE client_key = '1'", email)


def compared(world: World, store: SnapshotStore, manifest: Manifest) -> Delta:
    for record in ("client", "pet"):
        normalize_step(world.engine, store, manifest, record)
    return delta_step(world.engine, store, manifest)


def test_a_load_that_commits_while_a_snapshot_is_compared_makes_its_delta_stale(
    world: World, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Emails a, b, a: compared with the first, the third would change nothing."""
    set_email(world, "a@x.example")
    run_core_job(world.engine, store, practice(world))
    set_email(world, "b@x.example")
    second = read_step(world.engine, store, practice(world))
    compared(world, store, second)
    set_email(world, "a@x.example")
    third = read_step(world.engine, store, practice(world))
    read_hashes = baseline.read_hashes

    def and_meanwhile(*given: Any) -> Any:
        found = read_hashes(*given)
        monkeypatch.setattr(baseline, "read_hashes", read_hashes)
        assert apply_step(world.engine, store, practice(world), second).state == "applied"
        return found

    monkeypatch.setattr(baseline, "read_hashes", and_meanwhile)
    compared(world, store, third)
    apply_step(world.engine, store, practice(world), third)
    assert rows(world.engine, EMAILS) == [("a@x.example",)]


class Killed(BaseException):
    pass


class Slow(SnapshotStore):
    """Another process does its work while this one writes its delta, and is killed after that."""

    def __init__(self, store: SnapshotStore, meanwhile: Callable[[], None]) -> None:
        super().__init__(store.root)
        self._meanwhile = meanwhile

    def write_frame(self, practice_id: str, seq: int, name: str, table: Any) -> Any:
        if name != "delta_changes":
            return super().write_frame(practice_id, seq, name, table)
        self._meanwhile()
        super().write_frame(practice_id, seq, name, table)
        raise Killed


def test_half_a_delta_of_a_killed_process_is_never_applied_with_half_of_anothers(
    world: World, store: SnapshotStore
) -> None:
    """The PIMS says b since snapshot 2; what the client saved in the web shop after it stays."""
    set_email(world, "a@x.example")
    run_core_job(world.engine, store, practice(world))
    set_email(world, "b@x.example")
    second = read_step(world.engine, store, practice(world))
    compared(world, store, second)
    third = read_step(world.engine, store, practice(world))

    def meanwhile() -> None:
        apply_step(world.engine, store, practice(world), second)
        client_id = one(
            world.engine, "SELECT client_id FROM scriptright.client WHERE email = 'b@x.example'"
        )
        with world.engine.begin() as connection:
            web_shop.edit_client(
                connection, world.practice_id, client_id, {"email": "w@x.example"}, actor="shop"
            )
        compared(world, store, third)

    slow = Slow(store, meanwhile)
    for record in ("client", "pet"):
        normalize_step(world.engine, store, third, record)
    with pytest.raises(Killed):
        delta_step(world.engine, slow, third)
    with pytest.raises(SnapshotMissing):
        apply_step(world.engine, store, practice(world), third)
    assert rows(world.engine, EMAILS) == [("w@x.example",)]
    compared(world, store, third)
    assert apply_step(world.engine, store, practice(world), third).state == "applied"
    assert rows(world.engine, EMAILS) == [("w@x.example",)]


def test_a_changed_row_that_gets_lost_on_the_way_stops_the_load(
    world: World, run_job: Callable[..., dg.ExecuteInProcessResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_job().success
    set_email(world, "new@x.example")
    select_rows = stage.select_rows

    def loses_one(*given: Any, **more: Any) -> Any:
        found = select_rows(*given, **more)
        kept = found.keys[found.keys["kind"] != "changed"].reset_index(drop=True)
        return replace(found, keys=kept)

    monkeypatch.setattr(stage, "select_rows", loses_one)
    assert not run_job().success
    assert rows(world.engine, "SELECT snapshot_seq FROM scriptright.load") == [(1,)]


def test_what_was_read_earlier_is_never_applied_after_what_was_read_later(engine: Engine) -> None:
    """Of two reads at once the one with the higher number may have begun first."""
    add_practice(engine)
    noon = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    load(engine, "oak", 1, [client("1", email="one@x.example")], [pet("1", "1")])
    states = [
        apply_delta(
            engine,
            delta_of(engine, "oak", seq, [client("1", email=email)], [pet("1", "1")], read_at=at),
            run_id=None,
            match=match,
        ).state
        for seq, email, at in (
            (2, "later@x.example", noon),
            (3, "earlier@x.example", noon - timedelta(minutes=3)),
        )
    ]
    assert states == ["applied", "superseded"]
    assert rows(engine, EMAILS) == [("later@x.example",)]


def test_a_delta_whose_tables_were_normalized_again_without_one_of_its_rows_is_stale(
    world: World, store: SnapshotStore
) -> None:
    """A person links a waiting client between the delta and the tables' second making."""
    engine, told = world.engine, ToldMatcher({}, {})
    with engine.begin() as connection:
        home = web_shop.add_client(
            connection, world.practice_id, {"first_name": "Ana", "last_name": "Garcya"}
        )
    first = compared(world, store, read_step(engine, store, practice(world)))
    told = ToldMatcher({"1": ("possible", [home])}, {})
    assert apply_delta(engine, first, run_id=None, match=told).state == "applied"
    world.pims.add_client("3", first_name="Cy", last_name="Berg")
    second = read_step(engine, store, practice(world))
    compared(world, store, second)
    with engine.connect() as connection:
        [waiting] = links.list_candidates(connection, world.practice_id)
    links.confirm_candidate(
        engine, world.practice_id, waiting.candidate_id, by="Pat Doe",
        match=told,
    )  # fmt: skip
    normalize_step(engine, store, second, "client")
    with pytest.raises(StaleDelta):
        load_delta(store, second)
