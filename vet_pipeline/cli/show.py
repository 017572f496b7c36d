"""`vet-pipeline show PRACTICE`: all that on-call needs to know about one practice."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vet_pipeline.cli.app import app
from vet_pipeline.cli.failed import failed_runs
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, PracticeId, example
from vet_pipeline.cli.output import emit, label, table
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.cli.status import step_of_hold
from vet_pipeline.errors import UnknownPractice
from vet_pipeline.oncall.causes import NEVER_AGAIN

if TYPE_CHECKING:
    from rich.console import Console

_LAST = 8  # loads and runs


@app.command("show", epilog=example("show oak-creek"))
def show(practice: PracticeId, home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """One practice for on-call: how it stands, what fails, its last loads and runs."""
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import holds
        from vet_pipeline.scriptright.load import ledger
        from vet_pipeline.scriptright.telling.fleet import fleet

        troubles = failed_runs(session, practice)
        with session.connected("ops") as connection:
            found = fleet(connection, practice)
            held = holds.list_holds(connection, practice)
            loads = ledger.list_loads(connection, practice)[-_LAST:][::-1]
        if not found.practices:
            raise UnknownPractice(
                "no such practice, or it is offboarded",
                next_step="see `vet-pipeline practice list`",
                practice_id=practice,
            )
        runs = _last_runs(session, practice)
        step = step_of_hold(session, practice, held[0].snapshot_seq) if held else ""
    (one,) = found.practices
    data: dict[str, Any] = {
        "practice": practice,
        "pims": one.pims,
        "stands": one.state(found.now),
        "last_success_at": one.last_success_at,
        "due_at": one.due_at,
        "latest": one.latest,
        "held_snapshot": held[0].snapshot_seq if held else None,
        "troubles": [asdict(trouble) for trouble in troubles],
        "loads": [
            {"snapshot": load.snapshot_seq, "state": load.state, "at": load.recorded_at,
             "run_id": load.run_id}
            for load in loads
        ],
        "runs": runs,
    }  # fmt: skip
    emit(as_json, data, lambda out: _print(out, data, step))


def _last_runs(session: Session, practice: str) -> list[dict[str, Any]]:
    pages = os.environ.get("VET_PIPELINE_DAGSTER_URL", "").strip().rstrip("/")
    with session.dagster() as instance:
        from dagster import RunsFilter

        from automation.failures import PARTITION_TAG

        records = instance.get_run_records(
            filters=RunsFilter(tags={PARTITION_TAG: practice}), limit=_LAST
        )
    return [
        {
            "run": f"{pages}/runs/{record.dagster_run.run_id}" if pages
            else record.dagster_run.run_id,
            "job": record.dagster_run.job_name,
            "status": record.dagster_run.status.value.lower(),
            "started_at": None if record.start_time is None
            else datetime.fromtimestamp(record.start_time, UTC),
        }
        for record in records
    ]  # fmt: skip


def _print(out: Console, data: dict[str, Any], step: str) -> None:
    facts = [
        (label(name), data[name])
        for name in ("pims", "stands", "last_success_at", "due_at", "latest")
    ]
    out.print(table(f"Practice {data['practice']}", ("what", "value"), facts))
    for title, columns in (
        ("troubles", ("kind", "since", "failures", "error", "what", "next_step")),
        ("loads", ("snapshot", "state", "at", "run_id")),
        ("runs", ("run", "job", "status", "started_at")),
    ):
        if data[title]:
            rows = [[line[name] for name in columns] for line in data[title]]
            heads = [label(name) for name in columns]
            out.print(table(title.capitalize(), heads, rows))
    if data["stands"] == "paused":
        return  # nothing would be applied
    if step:
        out.print(f"next: {step}")
    elif any(t["kind"] == "copy" and t["error"] != NEVER_AGAIN for t in data["troubles"]):
        out.print(f"next: vet-pipeline retry {data['practice']}")
