"""Retries don't multiply: attempts of a step, runs by Dagster and runs by the sensor are counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from automation import failures
from automation.alerts import take_in
from automation.due import due_practices
from tests.assets.conftest import World
from tests.automation.test_alerts import fail, opened, tick
from tests.scriptright.builders import add_practice
from vet_pipeline.definitions import build_definitions
from vet_pipeline.errors import PimsAccessDenied, PimsUnavailable, PipelineError

PROJECT = Path(__file__).parents[2]


class DeadPims(dg.ConfigurableResource[Any]):
    """A PIMS that answers every read with an error, and counts them in a file."""

    counter: str
    denied: bool = False
    accept_shape: bool = False

    def read(self, *_: Any, **__: Any) -> None:
        with Path(self.counter).open("a") as file:
            file.write("x")
        kind: type[PipelineError] = PimsAccessDenied if self.denied else PimsUnavailable
        raise kind("no answer", next_step="call the practice")


def reads_in_a_day(world: World, counter: Path, *, denied: bool) -> list[int]:
    """Reads after each look of the sensor at a practice that is due, every ten minutes of a day."""
    pims = DeadPims(counter=str(counter), denied=denied)
    definitions = build_definitions(resources=world.resources | {"pims": pims})
    job = definitions.resolve_job_def("copy_practice")
    start = datetime.now(UTC)
    seen = []
    for step in range(24 * 6):
        now = start + timedelta(minutes=10 * step)
        if due_practices(world.engine, now=now).waiting:
            job.execute_in_process(
                instance=world.instance,
                partition_key="elm-street",
                raise_on_error=False,
                tags={"practice": "elm-street"},
            )
            take_in(world.instance, world.engine)
            with world.engine.begin() as connection:  # as if it had failed then
                connection.exec_driver_sql(
                    "UPDATE scriptright.alert_practice SET last_failed_at = %s", (now,)
                )
            seen.append(len(counter.read_text()))
    return seen


@pytest.mark.parametrize(("denied", "reads"), [(False, [4, 8, 12, 16, 20, 24]), (True, [1])])
def test_a_day_of_a_dead_pims_is_six_runs_of_four_reads_and_of_a_refused_login_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, denied: bool, reads: list[int]
) -> None:
    monkeypatch.setattr(dg.RetryPolicy, "calculate_delay", lambda *_: 0)
    assert reads_in_a_day(world, tmp_path / "reads", denied=denied) == reads


@pytest.mark.parametrize(
    "settings", ["dagster.yaml", "deploy/one-machine/dagster.yaml", "deploy/celery/dagster.yaml"]
)
def test_dagster_starts_a_run_again_only_when_its_worker_died(settings: str) -> None:
    retries = yaml.safe_load((PROJECT / settings).read_text())["run_retries"]
    assert retries["retry_on_asset_or_op_failure"] is False
    assert retries["max_retries"] <= 2


def test_a_run_that_dagster_said_it_starts_once_more_and_never_did_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_practice(world.engine, "oak")
    again, left = fail(world, "oak"), fail(world, "elm-street")
    for run_id in (again, left):
        world.instance.add_run_tags(run_id, {"dagster/will_retry": "true"})
    world.instance.add_run_tags(again, {"dagster/auto_retry_run_id": "another"})
    monkeypatch.setattr(failures, "_RETRIED_WITHIN", timedelta(0))  # minutes have passed
    tick(world)
    assert opened(world) == [("PimsAccessDenied|generic", ("elm-street",))]
