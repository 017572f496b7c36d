"""Runs of the command line, executed again from Dagster's pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import InProcessTestWorkspaceLoadTarget
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster_graphql.test.utils import execute_dagster_graphql

from automation.instance import open_instance
from automation.run import run_practice
from tests.assets.conftest import World
from tests.automation.test_run import home

__all__ = ["home"]

AGAIN = """
mutation Again($id: String!, $strategy: ReexecutionStrategy!) {
  launchPipelineReexecution(
    reexecutionParams: {parentRunId: $id, strategy: $strategy, useParentRunTags: true}
  ) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""


@contextmanager
def pages(instance: dg.DagsterInstance) -> Iterator[tuple[Any, Any]]:
    """The code location that workspace.yaml names: as the daemon has it, and the pages."""
    target = LoadableTargetOrigin(module_name="vet_pipeline.definitions", attribute="defs")
    origin = InProcessCodeLocationOrigin(target, location_name="vet_pipeline")
    load = InProcessTestWorkspaceLoadTarget(origin)
    with WorkspaceProcessContext(instance, load) as context:
        yield context, context.create_request_context()


@pytest.mark.parametrize(
    # The newest may be another by now, or a person has released one; a resumed run has its own.
    ("strategy", "snapshot"),
    [("ALL_STEPS", ""), ("FROM_FAILURE", "1")],
    ids=["and_chooses_its_snapshot_anew", "and_goes_on_with_its_snapshot"],
)
def test_a_run_of_the_command_line_can_be_executed_again_from_the_pages(
    home: Path, world: World, strategy: str, snapshot: str
) -> None:
    world.pims.run("DROP TABLE vetpipeline_patients")
    failed = run_practice("elm-street", home=home)
    assert failed.state == "failed"
    with open_instance(home) as instance, pages(instance) as (_, answers):
        instance.add_run_tags(failed.run_id, {"snapshot": "1"})
        asked = {"id": failed.run_id, "strategy": strategy}
        answer = execute_dagster_graphql(answers, AGAIN, asked)
        told = answer.data["launchPipelineReexecution"]
        assert told["__typename"] == "LaunchRunSuccess", told
        again = instance.get_run_by_id(told["run"]["runId"])
    assert again is not None
    assert (again.status, again.parent_run_id) == (dg.DagsterRunStatus.QUEUED, failed.run_id)
    assert (again.job_name, again.tags["practice"]) == ("copy_practice", "elm-street")
    assert again.tags["snapshot"] == snapshot
    assert again.tags["dagster/max_retries"] == "2"  # as dagster.yaml says: nobody sits in front
