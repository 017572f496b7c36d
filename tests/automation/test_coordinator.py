"""The real run queue on real storage: who goes first, and how many at a time of what."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.launcher.base import LaunchRunContext, RunLauncher
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster._daemon.run_coordinator import QueuedRunCoordinatorDaemon
from dagster._serdes import ConfigurableClass
from sqlalchemy import Engine

from automation.coordinator import default_priority, practice_of
from automation.failures import STOPPED_TAG, read_failure
from automation.processes import PROCESS_TAG, is_gone, this_process
from automation.refresh import practices_under_way, runs_by_hand
from resources.failures import NO_RETRIES_TAG
from tests.conftest import TEMPLATE, _database
from tests.scriptright.builders import add_practice
from vet_pipeline.registry.registration import change_connection
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.server import EmbeddedServer

PROJECT = Path(__file__).resolve().parents[2]
BACKFILL = {"dagster/backfill": "abc"}
REFRESH = {"dagster/sensor_name": "practice_is_due"}


class IdleLauncher(RunLauncher, ConfigurableClass):
    """Takes runs and leaves them starting, so that a test decides when they end."""

    inst_data = None

    def launch_run(self, context: LaunchRunContext) -> None:
        """Nothing: the queue has marked it as starting."""

    def terminate(self, run_id: str) -> bool:
        """There is nothing to end."""
        return True

    @classmethod
    def config_type(cls) -> dict[str, object]:
        """No settings."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: object, config_value: object) -> "IdleLauncher":
        """Called by Dagster."""
        return cls()


@dg.job(name="copy_practice")
def some_job() -> None:
    """Never run."""


class Queue:
    """Dagster's queue with the limits of deploy/one-machine: 4 runs, 2 of a backfill."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.daemon = QueuedRunCoordinatorDaemon(interval_seconds=1)
        self.origin = RemoteJobOrigin(
            RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "__repository__"),
            some_job.name,
        )

    def put(self, practice: str, **tags: str) -> str:
        """Submit a run as any of Dagster's processes does; its id."""
        run = self.instance.create_run_for_job(
            some_job,
            tags={
                "dagster/partition": practice,
                **{k.replace("__", "/"): v for k, v in tags.items()},
            },
            remote_job_origin=self.origin,
        )
        self.instance.run_coordinator.submit_run(dg.SubmitRunContext(run, workspace=None))  # type: ignore[arg-type]
        return run.run_id

    def look(self) -> list[str]:
        """One look of the daemon; practices of the runs under way, in the order they were queued."""
        with WorkspaceProcessContext(self.instance, EmptyWorkspaceTarget()) as workspace:
            list(self.daemon.run_iteration(workspace))
        under_way = self.instance.get_runs(
            dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING]), ascending=True
        )
        return [run.tags["practice"] for run in under_way]

    def end(self, run_id: str) -> None:
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        self.instance.report_run_canceled(run)

    def tags(self, run_id: str) -> dict[str, str]:
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return dict(run.tags)


@pytest.fixture(scope="module")
def registry(postgres: EmbeddedServer) -> Iterator[tuple[Engine, str]]:
    """Practices p0 to p9 with files of their own, q0 to q3 on one server, o of another vendor."""
    scriptright, dagster = _database(postgres, TEMPLATE), _database(postgres, "template0")
    engine = open_engine(next(scriptright))
    places = {f"p{n}": f"DRIVER=SQLite3;Database=/data/p{n}.db" for n in range(10)}
    places |= {f"q{n}": f"DRIVER=X;SERVER=chain.example;Database=branch{n}" for n in range(4)}
    for practice, odbc in places.items():
        add_practice(engine, practice)
        move(engine, practice, odbc)
    add_practice(engine, "o", pims="openvpms")
    move(engine, "o", "DRIVER=X;SERVER=o.example")
    yield engine, next(dagster)
    engine.dispose()
    for database in (scriptright, dagster):
        next(database, None)


def move(engine: Engine, practice: str, odbc: str) -> None:
    with engine.begin() as connection:
        change_connection(connection, practice, odbc=odbc, odbc_env=None, by="Test")


@pytest.fixture
def queue(
    tmp_path: Path, registry: tuple[Engine, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Queue]:
    """An empty queue without the limit on one vendor: nearly all practices here are of one."""
    with _opened(tmp_path, registry, monkeypatch, without=("pims",)) as queue:
        yield queue


@pytest.fixture
def production_queue(
    tmp_path: Path, registry: tuple[Engine, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Queue]:
    """An empty queue with all limits."""
    with _opened(tmp_path, registry, monkeypatch) as queue:
        yield queue


@contextmanager
def _opened(
    home: Path,
    registry: tuple[Engine, str],
    monkeypatch: pytest.MonkeyPatch,
    without: Sequence[str] = (),
) -> Iterator[Queue]:
    engine, dagster_url = registry
    settings = yaml.safe_load((PROJECT / "deploy/one-machine/dagster.yaml").read_text())
    settings["run_launcher"] = {"module": __name__, "class": "IdleLauncher"}
    settings["run_coordinator"]["config"]["dequeue_use_threads"] = False
    runs = settings["concurrency"]["runs"]
    runs["tag_concurrency_limits"] = [
        limit for limit in runs["tag_concurrency_limits"] if limit["key"] not in without
    ]
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings))
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.setenv("SCRIPTRIGHT_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DAGSTER_PG_URL", dagster_url)
    with dg.DagsterInstance.get() as instance:
        yield Queue(instance)
        instance.wipe()


def test_a_backfill_of_all_practices_never_keeps_the_refresh_waiting(queue: Queue) -> None:
    backfill = [queue.put(f"p{n}", dagster__backfill="abc") for n in range(7)]
    assert queue.look() == ["p0", "p1"]  # half of the slots, though all are free
    refresh = [queue.put(f"p{n}", dagster__sensor_name="practice_is_due") for n in (7, 8, 9)]
    assert queue.look() == ["p0", "p1", "p7", "p8"]
    queue.end(backfill[0])
    assert queue.look() == ["p1", "p7", "p8", "p9"]  # the last due one, before p2 of the backfill
    queue.end(refresh[0])
    assert queue.look() == ["p1", "p2", "p8", "p9"]


def test_a_practice_due_while_its_backfill_run_waits_is_refreshed_first(queue: Queue) -> None:
    runs = [queue.put(f"p{n}", dagster__backfill="abc") for n in (0, 1, 2)]
    assert queue.look() == ["p0", "p1"]
    assert set(practices_under_way(queue.instance)) == {"p0", "p1"}  # so the sensor asks for p2
    due = queue.put("p2", dagster__sensor_name="practice_is_due")
    assert queue.look() == ["p0", "p1", "p2"]
    assert queue.instance.get_run_by_id(due).status is dg.DagsterRunStatus.STARTING  # type: ignore[union-attr]
    queue.end(runs[0])
    assert queue.look() == ["p1", "p2"]  # never two of p2, though a place is free
    queue.end(due)
    assert queue.look() == ["p1", "p2"]
    assert queue.instance.get_run_by_id(runs[2]).status is dg.DagsterRunStatus.STARTING  # type: ignore[union-attr]


def test_two_practices_of_one_server_at_a_time_and_others_go_on(queue: Queue) -> None:
    first = [queue.put(f"q{n}") for n in range(4)]
    queue.put("p0")
    assert queue.look() == ["q0", "q1", "p0"]
    queue.end(first[1])
    assert queue.look() == ["q0", "q2", "p0"]


def test_a_vendor_whose_servers_all_hang_leaves_a_place_for_others(production_queue: Queue) -> None:
    hanging = [production_queue.put(f"p{n}") for n in range(5)]
    production_queue.put("o")
    assert production_queue.look() == ["p0", "p1", "p2", "o"]
    production_queue.end(hanging[0])
    assert production_queue.look() == ["p1", "p2", "p3", "o"]


def test_a_run_without_any_tag_of_ours_gets_them_before_it_is_queued(queue: Queue) -> None:
    by_hand = queue.tags(queue.put("q0"))
    assert (by_hand["practice"], by_hand["pims"]) == ("q0", "generic")
    assert by_hand["pims_server"] == queue.tags(queue.put("q1"))["pims_server"]
    assert by_hand["pims_server"] != queue.tags(queue.put("p0"))["pims_server"]
    assert by_hand["dagster/priority"] == "10"
    assert "chain" not in str(by_hand)


def test_a_person_goes_first_then_the_refresh_then_a_backfill(queue: Queue) -> None:
    for n in range(3):
        queue.put(f"p{n}", dagster__sensor_name="practice_is_due")
    queue.put("p3", dagster__backfill="abc")
    queue.put("p4", dagster__sensor_name="practice_is_due")
    queue.put("p5")
    assert queue.look() == ["p0", "p1", "p2", "p5"]


def test_a_practice_that_moved_counts_for_its_new_server(
    queue: Queue, registry: tuple[Engine, str]
) -> None:
    before = queue.tags(queue.put("p9"))["pims_server"]
    move(registry[0], "p9", "SERVER=new.example")
    retry = queue.put("p9", pims_server=before, dagster__parent_run_id="x")
    assert queue.tags(retry)["pims_server"] != before
    assert "dagster/priority" not in queue.tags(retry)


def test_a_retry_of_a_run_from_the_command_line_is_not_taken_for_one_whose_process_is_gone(
    queue: Queue,
) -> None:
    """A retry carries the tags of the run it repeats, and with them a process that has ended."""
    gone = this_process().rpartition("/")[0] + "/0"
    assert is_gone(gone)
    retry = queue.put("p0", **{"dagster__parent_run_id": "x", PROCESS_TAG: gone})
    assert not is_gone(queue.tags(retry)[PROCESS_TAG])
    assert "p0" in practices_under_way(queue.instance)


def test_nor_for_one_that_somebody_has_stopped(queue: Queue) -> None:
    copied = {"dagster__parent_run_id": "x", NO_RETRIES_TAG: "yes", STOPPED_TAG: "yes"}
    run_id = queue.put("p0", **copied)
    assert runs_by_hand(queue.instance, [run_id]) == set()
    record = queue.instance.get_run_record_by_id(run_id)
    assert record is not None
    assert read_failure(queue.instance, record).error == "WorkerDied"


def test_a_run_is_queued_even_when_the_registry_cannot_be_asked(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPTRIGHT_URL", "postgresql://nobody@127.0.0.1:9/x")
    tags = queue.tags(queue.put("p0"))
    assert tags["practice"] == "p0"
    assert "pims" not in tags
    monkeypatch.undo()
    assert practice_of({"practice": "unknown-one"}) == "unknown-one"


@pytest.mark.parametrize(
    ("tags", "practice"),
    [
        ({"dagster/partition": "oak"}, "oak"),
        ({"practice": "oak"}, "oak"),
        ({"dagster/asset_partition_range_start": "oak", "dagster/asset_partition_range_end": "oak"}, "oak"),
        ({"dagster/asset_partition_range_start": "ash", "dagster/asset_partition_range_end": "oak"}, None),
        ({"user": "dana"}, None),
    ],
)  # fmt: skip
def test_the_practice_is_found_in_whatever_dagster_writes(
    tags: dict[str, str], practice: str | None
) -> None:
    assert practice_of(tags) == practice


def test_priorities_by_where_a_run_comes_from() -> None:
    assert default_priority(BACKFILL) == -10
    assert default_priority(REFRESH) == 0
    assert default_priority({"dagster/schedule_name": "scheduled_refresh"}) == 0
    assert default_priority({}) == 10
