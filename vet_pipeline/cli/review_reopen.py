"""`vet-pipeline review reopen`: a suggestion that was rejected by a slip is open again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.options import DEFAULT_HOME, LARGEST, AsJson, By, Home, PracticeId, example
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.review import review_app
from vet_pipeline.cli.session import opened

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.reopening import Reopened

Number = Annotated[
    int,
    typer.Argument(
        metavar="NUMBER", min=1, max=LARGEST, help="As `review list --state rejected` shows."
    ),
]


@review_app.command("reopen", epilog=example('review reopen oak-creek 19 --by "Dana Field"'))
def reopen(
    practice: PracticeId, number: Number, by: By, home: Home = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """Take back a no: it waits again, as long as the PIMS still says that value."""
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import reopening

        done = reopening.reopen(session.engine, practice, number, by=by)
    data = {"practice": practice, **asdict(done)}
    emit(as_json, data, lambda out: _print(out, practice, number, done))


def _print(out: Console, practice: str, number: int, done: Reopened) -> None:
    by_now = "" if done.suggestion_id == number else f", by now as {done.suggestion_id}"
    out.print(f"{number}: open again{by_now} ({done.record} {done.record_id}, {done.field})")
    look = f"--record {done.record} --id {done.record_id}"
    out.print(f"next: vet-pipeline review list {practice} {look}")
