"""Which snapshot a run is about: its own, or one that a person has released; never somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Engine, text

from resources.pims import PimsResource
from resources.scriptright import ScriptRightResource
from tests.assets.conftest import World
from tests.faults.test_restore import restored, take_dump
from tests.scriptright.builders import one, rows
from vet_pipeline.job import read_step
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.decisions import holds
from vet_pipeline.scriptright.postgres.server import PROGRAM, SUPERUSER, EmbeddedServer
from vet_pipeline.scriptright.records import baseline
from vet_pipeline.snapshots.purge import purge

Run = Callable[..., dg.ExecuteInProcessResult]


def applied(engine: Engine) -> object:
    return one(engine, "SELECT applied_seq FROM scriptright.practice")


class ReadByTwo(PimsResource):
    """A preview reads the same practice while the copy stands between two of its steps."""

    def read(self, practice: practices.Practice, **given: Any) -> Any:
        own = super().read(practice, **given)
        read_step(given["engine"], given["store"], practice)
        return own


def test_a_copy_goes_on_with_its_own_snapshot_though_a_preview_has_read_since(
    world: World, run_job: Run
) -> None:
    world.resources["pims"] = ReadByTwo()
    assert run_job().success
    assert applied(world.engine) == 1
    assert rows(world.engine, "SELECT snapshot_seq, state FROM scriptright.load") == [
        (1, "applied")
    ]


@pytest.fixture
def held(world: World, run_job: Run) -> World:
    """60 clients are known; 40 of them are missing from snapshot 2, which is held."""
    for n in range(100, 160):
        world.pims.add_client(str(n), first_name=f"Al{chr(97 + n % 26)}", last_name=f"Mac{n}")
        world.pims.add_patient(str(n), str(n), name=f"Rex {n}", species="Canine")
    assert run_job().success
    for table, key in (("clients", "client_key"), ("patients", "patient_key")):
        world.pims.run(
            f"DELETE FROM vetpipeline_{table} WHERE CAST({key} AS INTEGER) BETWEEN 100 AND 139"
        )
    assert not run_job().success
    assert applied(world.engine) == 1
    return world


def test_a_release_that_was_killed_before_it_was_applied_is_carried_out_by_the_next_run(
    held: World, run_job: Run
) -> None:
    holds.release(held.engine, held.practice_id, 2, by="Pat Doe")
    assert run_job().success
    assert applied(held.engine) == 2
    assert run_job().success
    assert applied(held.engine) == 3  # and then the PIMS is read again


def test_a_release_while_the_practice_is_paused_is_carried_out_once_it_is_resumed(
    held: World, run_job: Run
) -> None:
    with held.engine.begin() as connection:
        practices.pause(connection, held.practice_id, by="Pat Doe", reason="moving")
    holds.release(held.engine, held.practice_id, 2, by="Pat Doe")
    assert not run_job().success
    with held.engine.begin() as connection:
        practices.resume(connection, held.practice_id, by="Pat Doe")
    assert run_job().success
    assert applied(held.engine) == 2


def test_a_released_snapshot_is_applied_though_a_preview_has_read_since(
    held: World, run_job: Run
) -> None:
    run_job("plan_practice")
    holds.release(held.engine, held.practice_id, 2, by="Pat Doe")
    done = run_job("apply_stored_snapshot")
    assert done.success
    assert applied(held.engine) == 2
    # once it is applied it waits no more, and the steps behind still mean it
    [looked] = [
        check
        for check in done.get_asset_check_evaluations()
        if check.check_name == "accounts_balance"
    ]
    assert looked.metadata["snapshot"].value == 2
    assert "client_rows_unaccounted_for" in looked.metadata


def test_a_released_snapshot_that_cannot_be_read_any_more_blocks_no_refresh(
    held: World, run_job: Run, tmp_path: Path
) -> None:
    holds.release(held.engine, held.practice_id, 2, by="Pat Doe")
    [raw] = (tmp_path / "snapshots" / held.practice_id / "00000002").glob("raw_clients.parquet")
    raw.write_bytes(raw.read_bytes()[:100])
    assert not run_job().success  # read anew, and held anew
    assert held.resources["snapshots"].open().latest(held.practice_id) == 3


def test_a_released_snapshot_that_has_gone_by_age_is_read_anew(held: World, run_job: Run) -> None:
    holds.release(held.engine, held.practice_id, 2, by="Pat Doe")
    store = held.resources["snapshots"].open()
    purge(store, store.read_manifest(held.practice_id, 2).read_finished_at + timedelta(days=31))
    assert not run_job().success  # held anew: the person has released another one
    assert applied(held.engine) == 1


def test_after_a_restore_a_copy_applies_what_it_has_just_read(
    world: World, run_job: Run, tmp_path: Path, postgres: EmbeddedServer, database_url: str
) -> None:
    assert run_job().success
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    baseline.next_snapshot_seq(world.engine, world.practice_id)  # 2 is of a read that failed
    assert run_job().success  # 3, of which the dump knows nothing
    world.pims.run("UPDATE vetpipeline_clients SET email = 'new@x.example' WHERE client_key = '1'")
    with restored(postgres, dump) as again:
        whole = again.url.render_as_string(hide_password=False)
        url = whole.replace(f"//{SUPERUSER}@", f"//{PROGRAM}@")
        world.resources["scriptright"] = ScriptRightResource(url=url)
        assert run_job().success
        assert applied(again) == 4
        with again.connect() as connection:
            emails = connection.execute(text("SELECT email FROM scriptright.client ORDER BY 1"))
            assert [email for (email,) in emails] == ["new@x.example", None]
