"""A backfill from Dagster's pages: a run of each practice, whose checks are told of that practice."""

from __future__ import annotations

import logging
from pathlib import Path

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._daemon.backfill import execute_backfill_iteration
from dagster_graphql.test.utils import execute_dagster_graphql

from assets.partitions import PRACTICES
from automation.instance import open_instance
from tests.assets.conftest import World
from tests.automation.test_run import home
from tests.automation.test_run_again import pages
from vet_pipeline.definitions import build_definitions

__all__ = ["home"]

BACKFILL = """
mutation Backfill($assets: [AssetKeyInput!], $practices: [String!]) {
  launchPartitionBackfill(
    backfillParams: {assetSelection: $assets, partitionNames: $practices, tags: []}
  ) { __typename }
}
"""
ASSETS = ("raw_clients", "raw_patients", "clients", "pets", "change_deltas", "scriptright_records")


def test_what_the_checks_of_a_backfill_say_is_told_of_each_practice(
    home: Path, world: World
) -> None:
    assets = [{"path": [name]} for name in ASSETS]
    with open_instance(home) as instance:
        instance.add_dynamic_partitions(PRACTICES, ["elm-street", "oak"])
        with pages(instance) as (context, answers):
            asked = {"assets": assets, "practices": ["elm-street", "oak"]}
            answer = execute_dagster_graphql(answers, BACKFILL, asked)
            launched = answer.data["launchPartitionBackfill"]["__typename"]
            assert launched == "LaunchBackfillSuccess"
            list(execute_backfill_iteration(context, logging.getLogger("test")))
        runs = {run.tags["practice"]: run for run in instance.get_runs()}
        assert set(runs) == {"elm-street", "oak"}
        job = InMemoryJob(build_definitions().resolve_job_def("__ASSET_JOB"))
        run = instance.get_run_by_id(runs["elm-street"].run_id)
        assert run is not None
        instance.report_run_canceled(runs["oak"])
        started = run.with_status(dg.DagsterRunStatus.NOT_STARTED)
        assert execute_run(job, started, instance).success
        records = instance.get_records_for_run(
            run.run_id, of_type={dg.DagsterEventType.ASSET_CHECK_EVALUATION}
        ).records
        told = [
            event.asset_check_evaluation_data.partition
            for record in records
            if (event := record.event_log_entry.dagster_event)
        ]
    assert told == ["elm-street"] * 9
