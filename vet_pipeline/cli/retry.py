"""`vet-pipeline retry`: run again what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.failed import failed_runs
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, example
from vet_pipeline.cli.output import DONE, FAILED, HELD, emit, table
from vet_pipeline.cli.progress import steps
from vet_pipeline.cli.run import RunReport, require_ours, run_one
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.errors import UsageError
from vet_pipeline.oncall.causes import NEVER_AGAIN

if TYPE_CHECKING:
    from rich.console import Console


@app.command(
    "retry",
    epilog=example(
        "retry oak-creek elm", "retry --cause 'SnapshotShapeChanged|generic'", "retry --all"
    ),
)
def retry(
    practices: Annotated[
        list[str] | None, typer.Argument(metavar="PRACTICE", help="Whose run failed.")
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all", "--failed", help="Every practice that `failed` lists, but for red checks."
        ),
    ] = False,
    cause: Annotated[
        str | None, typer.Option("--cause", help="Every practice that fails of this cause.")
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Run again what failed: reads the PIMS anew, since it may have moved on."""
    if [bool(practices), every, cause is not None].count(True) != 1:
        raise UsageError(
            "what to retry isn't clear", next_step="name practices, or give --all, or --cause"
        )
    with opened(home) as session:
        for one in practices or []:
            require_ours(session, one)
        chosen, left_out = (practices, []) if practices else _failing(session, cause)
        reports = []
        for one in chosen:
            with steps(one, quiet=as_json) as on_step:
                reports.append(run_one(session, one, on_step=on_step))
    data = {"runs": reports, "left_out": left_out}
    emit(as_json, data, lambda out: _print_many(out, reports, left_out))
    codes = {report.exit_code for report in reports}
    raise typer.Exit(FAILED if FAILED in codes else HELD if HELD in codes else DONE)


def _failing(session: Session, cause: str | None) -> tuple[list[str], list[str]]:
    """Practices whose copy fails, of this cause or of any; a mail is the outbox's to try again.

    And those that only their name or cause chooses: a load may come on top of a red check's.
    """
    found = [run for run in failed_runs(session) if run.kind != "confirmation"]
    if cause is not None:
        found = [run for run in found if _parts(run.cause) == _parts(cause)]
        if not found:
            raise UsageError("nothing fails of that cause", next_step="see `vet-pipeline failed`")
    red = {run.practice for run in found if cause is None and run.error == NEVER_AGAIN}
    return list(dict.fromkeys(run.practice for run in found if run.practice not in red)), sorted(
        red
    )


def _parts(cause: str) -> list[str]:
    """A cause as `failed` prints it, perhaps over several lines, or as its JSON has it."""
    return cause.replace("|", " ").split()


def _print_many(out: Console, reports: list[RunReport], left_out: list[str]) -> None:
    if left_out:
        out.print(f"a check is red, see `vet-pipeline failed` first: {', '.join(left_out)}")
    if not reports:
        out.print("nothing to retry")
        return
    columns = ("practice", "state", "seconds", "why")
    rows = [(r.practice, r.state, r.seconds, r.error) for r in reports]
    out.print(table("Retried", columns, rows))
