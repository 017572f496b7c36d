"""Old runs go with their events; what a practice's state is read from stays."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import dagster as dg
import psycopg
import pytest
from sqlalchemy import Engine, text

from assets.partitions import PRACTICES, practices
from automation import run_retention
from automation.run_retention import RunRetention, purge_runs, remove_old_runs, remove_runs
from resources.scriptright import ScriptRightResource
from vet_pipeline import planning
from vet_pipeline.dagster_home import dagster_environment
from vet_pipeline.scriptright.records import baseline

LATER = datetime.now(UTC) + timedelta(days=1)  # all runs of a test are older than this


@dg.asset(partitions_def=practices)
def raw(context: dg.AssetExecutionContext) -> None:
    """A first asset that fails when the run says so."""
    if context.run.tags.get("fail") == "raw":
        raise dg.Failure("as asked")


@dg.asset(partitions_def=practices, deps=[raw])
def records(context: dg.AssetExecutionContext) -> None:
    """The asset after it."""
    if context.run.tags.get("fail") == "records":
        raise dg.Failure("as asked")


DEFS = dg.Definitions([raw, records], jobs=[dg.define_asset_job("copy", [raw, records])])


@pytest.fixture
def instance(
    tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dg.DagsterInstance]:
    """Dagster's real storage: PostgreSQL, as in production."""
    url = empty_database_url.replace("+psycopg:", "+psycopg2:")
    for name, value in dagster_environment(tmp_path, dagster_url=url).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as made:
        made.add_dynamic_partitions(PRACTICES, ["oak", "elm"])
        yield made


def copy(instance: dg.DagsterInstance, practice: str, *, fail: str = "") -> str:
    tags = {"practice": practice, **({"fail": fail} if fail else {})}
    return DEFS.resolve_job_def("copy").execute_in_process(
        instance=instance, partition_key=practice, raise_on_error=False, tags=tags
    ).run_id  # fmt: skip


def left(instance: dg.DagsterInstance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


def rows_of(run_ids: set[str]) -> int:
    """Rows of these runs in any table of Dagster's database that names runs."""
    url = os.environ["DAGSTER_PG_URL"].replace("postgresql+psycopg2://", "postgresql://")
    with psycopg.connect(url) as connection:
        return sum(
            connection.execute(
                f"SELECT count(*) FROM {table} WHERE run_id = ANY(%s)", [list(run_ids)]
            ).fetchone()[0]  # type: ignore[index]
            for table in ("runs", "run_tags", "event_logs")
        )


def test_only_the_newest_run_of_a_practice_is_left_and_nothing_of_the_others(
    instance: dg.DagsterInstance,
) -> None:
    old = {copy(instance, "oak"), copy(instance, "oak", fail="raw"), copy(instance, "elm")}
    new = {copy(instance, "oak"), copy(instance, "elm")}
    purged = purge_runs(instance, before=LATER)
    assert (purged.removed, purged.kept) == (3, 2)
    assert left(instance) == new
    assert rows_of(old) == 0
    assert purge_runs(instance, before=LATER).removed == 0


def test_what_failed_last_is_still_found_and_so_is_the_last_success(
    instance: dg.DagsterInstance,
) -> None:
    applied = copy(instance, "oak")
    copy(instance, "oak", fail="raw")
    half = copy(instance, "oak", fail="records")
    copy(instance, "elm")
    newest = copy(instance, "elm")
    purge_runs(instance, before=LATER)
    # `applied` made the records that are there, `half` the raw rows and the failure.
    assert left(instance) == {applied, half, newest}
    assert instance.get_materialized_partitions(dg.AssetKey("records")) == {"oak", "elm"}
    attempts = instance.event_log_storage.get_latest_asset_partition_materialization_attempts_without_materializations(
        dg.AssetKey("records")
    )
    assert {practice: run_id for practice, (run_id, _) in attempts.items()} == {"oak": half}


def test_young_runs_and_those_under_way_stay(instance: dg.DagsterInstance) -> None:
    young = {copy(instance, "oak"), copy(instance, "oak")}
    assert purge_runs(instance, before=datetime.now(UTC) - timedelta(days=7)).removed == 0
    job = DEFS.resolve_job_def("copy")
    under_way = {
        instance.create_run_for_job(job, status=status).run_id
        for status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
    }
    assert left(instance) == young | under_way
    purge_runs(instance, before=LATER)
    assert under_way <= left(instance)


def test_a_purge_is_bounded_and_goes_on_where_it_stopped(instance: dg.DagsterInstance) -> None:
    runs = [copy(instance, "oak") for _ in range(4)]
    assert purge_runs(instance, before=LATER, at_most=2).removed == 2
    assert left(instance) == set(runs[2:])
    assert purge_runs(instance, before=LATER, at_most=2).removed == 1
    assert left(instance) == {runs[3]}


def test_a_run_that_lost_its_events_only_is_removed_by_the_next_purge(
    instance: dg.DagsterInstance,
) -> None:
    torn, newest = copy(instance, "oak"), copy(instance, "oak")
    instance.event_log_storage.delete_events(torn)  # killed between the two
    assert purge_runs(instance, before=LATER).removed == 1
    assert left(instance) == {newest}


def test_a_removed_runs_key_is_never_asked_for_again() -> None:
    """Dagster forgets a key with its run: a key must not come up again after the retention."""
    fewest_days = 7  # RunRetention.days can't be less
    with pytest.raises(ValueError, match="greater than or equal to 7"):
        RunRetention(days=fewest_days - 1)
    since = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a practice that never succeeds since then
    now = [since + timedelta(hours=hours) for hours in range(24 * 30)]
    late = since + timedelta(hours=12)
    last_asked = {planning.run_key("elm", since, at, late): at for at in now}
    first_asked = {planning.run_key("elm", since, at, late): at for at in reversed(now)}
    assert all(
        last_asked[key] - first_asked[key] < timedelta(days=fewest_days) for key in first_asked
    )
    assert len(first_asked) > 100


def test_the_job_keeps_90_days_unless_told_otherwise(
    instance: dg.DagsterInstance, program_url: str
) -> None:
    copy(instance, "oak")
    kept = copy(instance, "oak")
    with dg.build_op_context(instance=instance) as context:
        remove_runs(context, RunRetention(), scriptright=ScriptRightResource(url=program_url))
    assert len(left(instance)) == 2
    purge_runs(instance, before=LATER)
    assert left(instance) == {kept}


def test_a_machine_whose_clock_is_ahead_removes_no_run_too_early(
    instance: dg.DagsterInstance, program_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own clock both are 100 days old."""
    runs = {copy(instance, "oak"), copy(instance, "oak")}
    ahead = timedelta(days=100)
    monkeypatch.setattr(baseline, "clock_ahead", lambda _engine: -ahead)
    monkeypatch.setattr(run_retention, "datetime", ClockAhead)
    remove_old_runs.execute_in_process(
        instance=instance, resources={"scriptright": ScriptRightResource(url=program_url)}
    )
    assert left(instance) > runs


class ClockAhead(datetime):
    """A machine's clock, 100 days ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(days=100)


def test_the_job_removes_alerts_that_healed_90_days_ago(
    instance: dg.DagsterInstance, engine: Engine, program_url: str
) -> None:
    with engine.begin() as connection:
        for days in (91, 89):
            connection.execute(
                text("""
                    INSERT INTO scriptright.alert (cause, error, job, what, next_step, retryable,
                        opened_at, last_failed_at, healed_at)
                    SELECT 'E|generic', 'E', 'remove_old_runs', 'failed', 'wait', true, at, at, at
                    FROM (SELECT now() - make_interval(days => :days) AS at) a
                """),
                {"days": days},
            )
    result = remove_old_runs.execute_in_process(
        instance=instance, resources={"scriptright": ScriptRightResource(url=program_url)}
    )
    assert result.success
    with engine.connect() as connection:
        left = connection.execute(
            text("SELECT extract(day FROM now() - healed_at)::int FROM scriptright.alert")
        )
        assert left.scalars().all() == [89]


@dg.asset_check(asset=raw, partitions_def=practices)
def raw_is_fine() -> dg.AssetCheckResult:
    """Any check: its evaluations are kept in a table of their own."""
    return dg.AssetCheckResult(passed=True)


CHECKED = dg.Definitions(
    [raw, records],
    asset_checks=[raw_is_fine],
    jobs=[dg.define_asset_job("copy", dg.AssetSelection.all())],
)


def test_what_checks_said_goes_with_the_run_and_the_newest_of_each_practice_stays(
    instance: dg.DagsterInstance, empty_database_url: str
) -> None:
    job = CHECKED.resolve_job_def("copy")
    runs = [
        job.execute_in_process(
            instance=instance, partition_key=practice, tags={"practice": practice}
        ).run_id
        for practice in ("oak", "oak", "elm")
    ]
    assert purge_runs(instance, before=LATER).removed == 1
    url = empty_database_url.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(url) as connection:
        said = connection.execute("SELECT run_id FROM asset_check_executions ORDER BY id")
        assert [run_id for (run_id,) in said] == runs[1:]
