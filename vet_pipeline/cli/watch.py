"""`status --fleet` and `watch`: the fleet on one page, and whether anybody looks after it."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.failed import look_at_runs
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home
from vet_pipeline.cli.output import DONE, FAILED, emit, table
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.counted import counted
from vet_pipeline.errors import UsageError
from vet_pipeline.service_levels import STATES

if TYPE_CHECKING:
    from rich.console import Console

    from automation.alerts import Telling
    from vet_pipeline.oncall.causes import Failure
    from vet_pipeline.oncall.fleet_page import Page
    from vet_pipeline.scriptright.telling.watch import Look

_WATCH_EPILOG = """
For cron or a systemd timer, every ten minutes, on a machine that isn't only Dagster's: exit code 0
when the daemon beats, the sensors look and nobody is late; 1 otherwise, and says what is wrong.
With --mail it prints nothing when all is well, so that cron mails nothing.

`*/10 * * * * vet-pipeline watch --mail`
"""


def print_fleet(home: Path, *, as_json: bool) -> None:
    """Counts of all practices by PIMS and state, what waits, and when the sensors looked."""
    with opened(home) as session:
        look_at_runs(session)
        page, looks = _look(session)
    data = {**asdict(page), "looks": {name: asdict(look) for name, look in looks.items()}}
    emit(as_json, data, lambda out: _print(out, page, looks))


@app.command("watch", epilog=_WATCH_EPILOG)
def watch(
    mail: Annotated[
        bool, typer.Option("--mail", help="Mail on-call too: once for each problem.")
    ] = False,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Does anybody look after the practices? The daemon, the sensors, and whether one is late."""
    with opened(home) as session:
        from automation import alerts, watching
        from resources.mailer import MailerResource
        from vet_pipeline.scriptright.postgres.database import now_by_database
        from vet_pipeline.scriptright.telling import watch as looking
        from vet_pipeline.scriptright.telling.fleet import told_late

        with session.dagster() as instance:
            with session.connected("ops") as connection:
                looks = looking.looks(connection)
                now = now_by_database(connection)
            found = watching.problems(instance, looks, now=now)
            opened_alerts = alerts.take_in(
                instance, session.engine, problems=found, asked=watching.ASKED
            )
        page, _ = _look(session)
        with session.connected("ops") as connection:
            late = len(told_late(connection))
        try:
            told = alerts.tell(session.engine, MailerResource()) if mail else None
        except UsageError as problem:  # of the mail's settings: no reason to keep quiet of the rest
            if not (found or late):
                raise
            unset = f"Nobody is mailed: {problem.what}\n  next step: {problem.next_step}"
            told = alerts.Telling(unset, went=False)
    data = {
        "problems": [{"about": p.job, "what": p.what, "next_step": p.next_step} for p in found],
        "late": late,
        "overdue": page.overdue,
        "open_alerts": opened_alerts,
        "told": told.said if told else "",
    }
    emit(as_json, data, lambda out: _print_watch(out, found, late, told))
    raise typer.Exit(FAILED if found or late else DONE)


def _look(session: Session) -> tuple[Page, dict[str, Look]]:
    from vet_pipeline.scriptright.telling import watch as looking
    from vet_pipeline.scriptright.telling.fleet import fleet, fleet_page

    with session.connected("ops") as connection:
        return fleet_page(fleet(connection)), looking.looks(connection)


def _print(out: Console, page: Page, looks: dict[str, Look]) -> None:
    columns = ("PIMS", *STATES, "all")
    by_pims = [*page.by_pims.items(), ("all", page.states)]
    rows = [
        (name, *(counts[state] for state in STATES), sum(counts.values()))
        for name, counts in by_pims
    ]
    out.print(table(f"Practices at {page.at:%Y-%m-%d %H:%M} UTC", columns, rows))
    waiting, overdue = counted(page.waiting, "practice"), counted(page.overdue, "practice")
    out.print(f"due and waiting: {waiting}; no copy in the time promised: {overdue}")
    from vet_pipeline.oncall.fleet_page import failing, refreshes
    from vet_pipeline.scriptright.telling.watch import last_refresher

    look = last_refresher(looks)
    out.print(refreshes(look.at if look else None, look.facts if look else {}))
    if page.failing:
        out.print(f"failing: {failing(page)}; next: vet-pipeline failed")
    if page.most_pressing:
        out.print("most pressing: " + ", ".join(page.most_pressing))


def _print_watch(out: Console, found: list[Failure], late: int, told: Telling | None) -> None:
    for problem in found:
        out.print(f"{problem.job}: {problem.what}\n  next step: {problem.next_step}")
    if late:
        who = "1 practice is" if late == 1 else f"{late} practices are"
        out.print(f"{who} late; next: vet-pipeline status --fleet")
    if not found and not late and not told:
        out.print("the daemon beats, the sensors look, nobody is late")
    if told and (found or late or not told.went):
        out.print(told.said)
    elif not told and (found or late) and os.environ.get("VET_PIPELINE_ALERTS_TO"):
        out.print("nobody was mailed: give --mail")
