"""`vet-pipeline run|release`: the whole asset job for practices, in this process."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, PracticeId, example, number
from vet_pipeline.cli.output import DONE, FAILED, HELD, emit, marked, table
from vet_pipeline.cli.progress import steps
from vet_pipeline.cli.session import Session, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from automation.run import RunOutcome

_EXAMPLE = """
**Examples**

`vet-pipeline run oak-creek` (read the PIMS and bring ScriptRight up to date)

`vet-pipeline run oak-creek --stored` (the latest snapshot again, without reading the PIMS)

Exit codes: 0 applied, 1 failed (nothing half applied), 3 held for a person.
"""
INTERRUPTED = "Interrupted"  # resources/failures.py's word for Ctrl-C and SIGTERM in a step
_EXIT = {"applied": DONE, "held": HELD, "failed": FAILED}


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run came to: counts, ids and seconds, never a value of a record."""

    practice: str
    state: str  # applied | superseded | already_applied | held | failed
    run_id: str
    seconds: float
    snapshot: int | None = None
    read: dict[str, int] = field(default_factory=dict)  # clients, patients
    quarantined: int = 0
    counts: dict[str, int] = field(default_factory=dict)  # of the load
    failed_checks: dict[str, str] = field(default_factory=dict)
    error: str = ""
    error_class: str = ""

    @property
    def exit_code(self) -> int:
        """0 done (also when there was nothing left to do), 1 failed, 3 held."""
        return _EXIT.get(self.state, DONE)


@app.command("run", epilog=_EXAMPLE)
def run(
    practice: PracticeId,
    stored: Annotated[
        bool, typer.Option("--stored", help="Apply the latest stored snapshot; read nothing.")
    ] = False,
    accept_shape: Annotated[
        bool,
        typer.Option(
            "--accept-shape",
            help="You have checked a column that was retyped, or an export that is older or ends"
            " otherwise than the last one: read it. With --by.",
        ),
    ] = False,
    by: Annotated[
        str,
        typer.Option(
            "--by", metavar="NAME", envvar="VET_PIPELINE_BY", help="Your name, for --accept-shape."
        ),
    ] = "",
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Copy a practice's PIMS into ScriptRight: the first copy, or a refresh."""
    with opened(home) as session:
        require_ours(session, practice)
        if accept_shape:
            _record_acceptance(session, practice, by)
        with steps(practice, quiet=as_json) as on_step:
            report = run_one(
                session, practice, stored=stored, accept_shape=accept_shape, on_step=on_step
            )
    emit(as_json, report, lambda out: print_report(out, report))
    raise typer.Exit(report.exit_code)


@app.command("release", epilog=example('release oak-creek --snapshot 4 --by "Dana Field"'))
def release(
    practice: PracticeId,
    by: By,
    snapshot: Annotated[
        int | None,
        typer.Option(
            "--snapshot", metavar="NUMBER", parser=number, help="Needed when several wait."
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply/--no-apply", help="Apply it now, or only record the release.")
    ] = True,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Let a held snapshot be applied after all: your decision, recorded under your name."""
    with opened(home) as session:
        from vet_pipeline.at_hand import require_at_hand
        from vet_pipeline.registry.practices import registered
        from vet_pipeline.scriptright.decisions import holds

        require = partial(require_at_hand, session.store, registered(session.engine, practice))
        with session.dagster_that_answers() if apply else nullcontext():
            released = holds.release(session.engine, practice, snapshot, by=by, require=require)
        seq, who = released.snapshot_seq, released.released_by
        data: dict[str, Any] = {"practice": practice, "released": seq, "by": who, "run": None}
        if apply:
            with steps(practice, quiet=as_json) as on_step:
                report = run_one(session, practice, stored=True, on_step=on_step)
            data["run"] = report

    def render(out: Console) -> None:
        out.print(f"{practice}: snapshot {seq} is released by {who}")
        if data["run"] is not None:
            print_report(out, report)
        else:
            out.print(f"next: vet-pipeline run {practice}")

    emit(as_json, data, render)
    raise typer.Exit(data["run"].exit_code if data["run"] is not None else DONE)


def require_ours(session: Session, practice_id: str) -> None:
    """Raise before Dagster makes a partition: of a slip of the pen, or of a practice that left."""
    from vet_pipeline.registry import practices

    with session.connected("load", practice_id) as connection:
        practices.one_of_ours(connection, practice_id)


def run_one(
    session: Session,
    practice_id: str,
    *,
    stored: bool = False,
    accept_shape: bool = False,
    on_step: Callable[[str, str], None] | None = None,
) -> RunReport:
    """One run through Dagster in this process."""
    from automation.run import run_practice
    from resources.pims import PimsResource

    started = time.monotonic()
    outcome = run_practice(
        practice_id,
        home=session.home,
        stored=stored,
        on_step=on_step,
        resources={"pims": PimsResource(accept_shape=accept_shape)},
    )
    if outcome.error_class == INTERRUPTED:
        raise KeyboardInterrupt  # Dagster took the signal, and has recorded the run as failed
    return as_report(practice_id, outcome, time.monotonic() - started)


def _record_acceptance(session: Session, practice_id: str, by: str) -> None:
    """An act of a named person; what follows from it is the run's to tell."""
    from vet_pipeline.scriptright.postgres.database import lock_practice
    from vet_pipeline.scriptright.trail import audit
    from vet_pipeline.scriptright.trail.acts import named

    actor = named(by, practice_id)
    with session.transaction("load", practice_id) as connection:
        lock_practice(connection, practice_id)
        audit.append(connection, practice_id, actor, "shape_accepted", {})


def as_report(practice_id: str, outcome: RunOutcome, seconds: float) -> RunReport:
    """The outcome in the words of the command line."""
    assets = outcome.assets
    load = dict(assets.get("scriptright_records", {}))
    facts = next((a for name in _NEWEST_FIRST if (a := assets.get(name))), {})
    return RunReport(
        practice=practice_id,
        state=str(load.get("state", outcome.state))
        if outcome.state == "applied"
        else outcome.state,
        run_id=outcome.run_id,
        seconds=round(seconds, 1),
        snapshot=facts.get("snapshot"),
        read={
            kind: int(assets[name]["rows_read"])
            for kind, name in (("clients", "clients"), ("patients", "pets"))
            if name in assets
        },
        quarantined=int(assets.get("change_deltas", {}).get("quarantined", 0)),
        counts={name: int(load[name]) for name in load if name.startswith(_COUNTED)},
        failed_checks=outcome.failed_checks,
        error=outcome.error,
        error_class=outcome.error_class,
    )


_NEWEST_FIRST = ("scriptright_records", "change_deltas", "clients", "raw_clients")
_ABOUT_READING = ("_read", "_unchanged", "_quarantined")  # the load's, told in other words
_COUNTED = ("clients_", "pets_", "changes_", "suggestions_", "links_", "decoys", "scores_", "score_",
            "missing", "returned", "email_")  # fmt: skip


_FOR_A_PERSON = ("clients_possible", "pets_possible", "pets_waiting", "links_to_review")


def print_report(out: Console, report: RunReport) -> None:
    """The end of a run for people: what happened, and what to type next."""
    head = f"{report.practice}: {report.state.replace('_', ' ')} in {report.seconds:.1f} s"
    snapshot = f", snapshot {report.snapshot}" if report.snapshot is not None else ""
    out.print(marked((head, "bold"), snapshot))
    if report.counts:
        rows = [
            (name.replace("_", " "), count)
            for name, count in report.counts.items()
            if not name.endswith(_ABOUT_READING)
        ]
        read = [(f"{kind} read", count) for kind, count in report.read.items()]
        unchanged = sum(n for name, n in report.counts.items() if name.endswith("_unchanged"))
        rows = [*read, ("unchanged", unchanged), ("quarantined", report.quarantined), *rows]
        out.print(table("", ("what", "count"), rows))
    if report.error:
        out.print(report.error)
    if report.counts.get("links_held_back"):
        out.print("the match scores look unlike what the model knows: the machine linked nothing")
        out.print(f"next: vet-pipeline status {report.practice}")
    elif any(report.counts.get(name) for name in _FOR_A_PERSON):
        out.print(f"next: vet-pipeline link list {report.practice}")
    elif report.counts.get("suggestions_opened"):
        out.print(f"next: vet-pipeline review list {report.practice}")
