"""Run a job for one practice in this process, recorded in the Dagster instance as any other run."""

import importlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import dagster as dg

from assets.partitions import PRACTICE_TAG
from assets.report import plain
from automation.compat import RunFailureReason, execute_here, origin_of
from automation.failures import GUARD_CHECK, STOPPED_TAG
from automation.instance import open_instance, register_practice
from automation.processes import PROCESS_TAG, this_process
from resources.failures import INTERRUPTED, NO_RETRIES_TAG
from vet_pipeline.dagster_home import CODE_LOCATION, CODE_MODULE

State = Literal["applied", "planned", "sent", "held", "failed"]
OnStep = Callable[[str, str], None]  # step, started | done | failed

_DONE: dict[str, State] = {
    "copy_practice": "applied",
    "apply_stored_snapshot": "applied",
    "plan_practice": "planned",
    "send_confirmation": "sent",
}
# Somebody sits in front of it: Dagster starts no other run when this one's process dies.
MAX_RETRIES_TAG = "dagster/max_retries"
_STOPPED = RunFailureReason.UNEXPECTED_TERMINATION  # Dagster's word for Ctrl-C and SIGTERM


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended. `assets`: metadata of each asset that was materialized, as plain values."""

    state: State
    run_id: str
    error: str = ""  # what went wrong and the next step; blank when nothing did
    error_class: str = ""  # a name of vet_pipeline.errors where it was one
    assets: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed_checks: dict[str, str] = field(default_factory=dict)  # name -> description


def run_practice(
    practice_id: str,
    *,
    home: Path,
    stored: bool = False,
    on_step: OnStep | None = None,
    resources: Mapping[str, Any] | None = None,
) -> RunOutcome:
    """Copy one practice (or apply its stored snapshot) and say how it ended.

    Runs in this process with the instance under `home`; nothing is retried. `stored`: the
    latest snapshot is applied without reading the PIMS again. Never raises for a run that
    failed; what Dagster itself raises (its database is gone) comes through.
    """
    job = "apply_stored_snapshot" if stored else "copy_practice"
    with open_instance(home) as instance:
        return run_job(job, practice_id, instance=instance, on_step=on_step, resources=resources)


def send_confirmations(home: Path) -> dict[str, RunOutcome]:
    """Send every confirmation that may be sent now, each in a run of its own; by practice.

    Ctrl-C ends the one that is being sent, and the rest is left: KeyboardInterrupt.
    """
    from resources.scriptright import ScriptRightResource
    from vet_pipeline.scriptright.telling import outbox

    with open_instance(home) as instance, ScriptRightResource().connect() as engine:
        sent: dict[str, RunOutcome] = {}
        for practice_id, _ in outbox.practices_to_confirm(engine, limit=1000):
            sent[practice_id] = run_job("send_confirmation", practice_id, instance=instance)
            if sent[practice_id].error_class == INTERRUPTED.error:
                raise KeyboardInterrupt
        return sent


def run_job(
    job_name: str,
    practice_id: str,
    *,
    instance: dg.DagsterInstance,
    run_tags: Mapping[str, str] | None = None,
    on_step: OnStep | None = None,
    resources: Mapping[str, Any] | None = None,
) -> RunOutcome:
    """Run a job of the definitions for one practice in this process, recorded in `instance`."""
    register_practice(instance, practice_id)
    # Loaded by name, as Dagster does it: the composition root stands above this room.
    definitions = importlib.import_module(CODE_MODULE).build_definitions(resources=resources)
    job = definitions.resolve_job_def(job_name)
    run_id = str(uuid.uuid4())
    with _watched(instance, run_id, on_step), _told_when_stopped(instance, run_id):
        run = instance.create_run_for_job(
            job,
            run_id=run_id,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={
                **job.run_tags,
                PRACTICE_TAG: practice_id,
                NO_RETRIES_TAG: "yes",
                MAX_RETRIES_TAG: "0",
                PROCESS_TAG: this_process(),
                **(run_tags or {}),
                **job.get_tags_for_partition_key(practice_id, selected_asset_keys=None),
            },
            remote_job_origin=origin_of(job_name, location=CODE_LOCATION),
        )
        result = execute_here(job, run, instance)
    outcome = _outcome(job_name, run_id, result.success, result.all_events)
    if outcome.error_class == INTERRUPTED.error:
        instance.add_run_tags(run_id, {STOPPED_TAG: "yes"})
    return outcome


def _outcome(
    job_name: str, run_id: str, success: bool, events: Sequence[dg.DagsterEvent]
) -> RunOutcome:
    failed_checks = {
        evaluation.check_name: evaluation.description or ""
        for event in events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and not (evaluation := event.asset_check_evaluation_data).passed
    }
    error, error_class = _first_failure(events)
    if success:
        state = _DONE[job_name]
    elif GUARD_CHECK in failed_checks or error_class == "SnapshotHeld":
        state = "held"
    else:
        state = "failed"
    return RunOutcome(
        state=state,
        run_id=run_id,
        error=error or "; ".join(failed_checks.values()),
        error_class=error_class,
        assets={
            event.asset_key.to_user_string(): plain(
                event.step_materialization_data.materialization.metadata
            )
            for event in events
            if event.is_step_materialization and event.asset_key
        },
        failed_checks=failed_checks,
    )


def _first_failure(events: Sequence[dg.DagsterEvent]) -> tuple[str, str]:
    """Text and class of the first step that failed by one of our failures; blank if none did."""
    for event in events:
        if event.is_step_failure and (told := event.step_failure_data.user_failure_data):
            return told.description or "", str(plain(told.metadata).get("error", ""))
        if event.is_job_failure and event.job_failure_data.failure_reason is _STOPPED:
            return INTERRUPTED.what, INTERRUPTED.error  # between two steps
    return "", ""


@contextmanager
def _watched(instance: dg.DagsterInstance, run_id: str, on_step: OnStep | None) -> Iterator[None]:
    """Tell `on_step` about each step of the run while it happens."""
    words = {"STEP_START": "started", "STEP_SUCCESS": "done", "STEP_FAILURE": "failed"}

    def tell(entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event and on_step and (word := words.get(event.event_type_value)):
            on_step(event.step_key or "", word)

    instance.add_event_listener(run_id, tell)
    yield


@contextmanager
def _told_when_stopped(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Record a run as stopped that Ctrl-C or SIGTERM met where Dagster catches neither."""
    try:
        yield
    except KeyboardInterrupt:
        if run := instance.get_run_by_id(run_id):
            instance.add_run_tags(run_id, {STOPPED_TAG: "yes"})
            if not run.is_finished:
                instance.report_run_failed(run, INTERRUPTED.what)
        raise
