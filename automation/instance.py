"""The Dagster instance of a home, for runs in this process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from assets.partitions import PRACTICES
from vet_pipeline.dagster_home import dagster_environment, require_database


@contextmanager
def open_instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """The persistent instance under `home`; the embedded server is started when it may and must.

    Sets this process's environment to it (vet_pipeline.dagster_home).
    """
    from vet_pipeline.scriptright.postgres.server import dagster_url

    require_database(home)
    os.environ.update(dagster_environment(home, dagster_url=dagster_url(home)))
    with dg.DagsterInstance.get() as instance:
        yield instance


def register_practice(instance: dg.DagsterInstance, practice_id: str) -> None:
    """Give the practice its partition; harmless when it has one."""
    if practice_id not in instance.get_dynamic_partitions(PRACTICES):
        instance.add_dynamic_partitions(PRACTICES, [practice_id])


def forget_practice(instance: dg.DagsterInstance, practice_id: str) -> None:
    """Take the practice's partition away; harmless when it has none. Its runs stay recorded."""
    if practice_id in instance.get_dynamic_partitions(PRACTICES):
        instance.delete_dynamic_partition(PRACTICES, practice_id)


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> dict[str, str]:
    """Checks that ended the run: name and what it told, with the next step.

    Not one that blocks nothing: `copied_in_time` is red beside what the run has failed of, and the
    fleet's page tells it in its own run of practices that are late.
    """
    records = instance.get_records_for_run(
        run_id, of_type={dg.DagsterEventType.ASSET_CHECK_EVALUATION}
    ).records
    events = [record.event_log_entry.dagster_event for record in records]
    return {
        evaluation.check_name: evaluation.description or ""
        for event in events
        if event
        and not (evaluation := event.asset_check_evaluation_data).passed
        and evaluation.blocking
    }
