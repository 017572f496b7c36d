"""`vet-pipeline failed`: what fails now, by cause; and looking at Dagster's runs for it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home
from vet_pipeline.cli.output import emit, table
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.oncall.causes import MAIL, NEVER_AGAIN, whom_to_wake

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.telling.alerts import Alert, Trouble

_NAMED = 6  # practices in a table's cell; --json has all


@app.command("failed")
def failed(home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """What fails now, by cause: which practices, since when, why, and the next step."""
    with opened(home) as session:
        look_at_runs(session)
        from vet_pipeline.scriptright.telling import alerts

        with session.connected("ops") as connection:
            causes = alerts.open_alerts(connection)
            practices = alerts.troubles(connection)
    emit(
        as_json,
        {"causes": [asdict(one) for one in causes], "failed": [asdict(one) for one in practices]},
        lambda out: _print(out, causes),
    )


def failed_runs(session: Session, practice_id: str | None = None) -> list[Trouble]:
    """Practices that fail now, newest failure first."""
    look_at_runs(session)
    from vet_pipeline.scriptright.telling import alerts

    with session.connected("ops") as connection:
        return alerts.troubles(connection, practice_id)


def look_at_runs(session: Session) -> None:
    """Take in what failed since anybody looked: right without a daemon, too. Mails nobody."""
    with session.dagster() as instance:
        from automation.alerts import take_in

        take_in(instance, session.engine)


def _print(out: Console, causes: list[Alert]) -> None:
    if not causes:
        out.print("nothing fails")
        return
    columns = ("cause", "practices", "since", "runs", "what", "next step", "newest run")
    rows = [
        (_named(one), practice_names(one), one.opened_at, one.failures or (1 if one.run_id else None),
         one.what, one.next_step, (one.run_id or "")[:8])
        for one in causes
    ]  # fmt: skip
    out.print(table("Fails now, by cause", columns, rows))
    for one in causes:
        if whom := whom_to_wake(one.cause):
            out.print(f"now: wake {whom}, for {_named(one)}: docs/runbook.md")
    if not all(one.alike for one in causes):
        out.print(
            "of several, what is said is the newest's; each other's: vet-pipeline show PRACTICE"
        )
    # Of the rest the table's next step is all: a `retry` reads the PIMS, whatever has failed.
    if not any(one.practices and one.error != NEVER_AGAIN and one.job != MAIL for one in causes):
        return
    out.print("next: vet-pipeline retry PRACTICE   or  retry --cause 'CAUSE'  or  retry --all")


def _named(alert: Alert) -> str:
    """The cause, as `retry --cause` takes it too; that it has no PIMS, say, leaves no gap."""
    return " ".join(part for part in alert.cause.split("|") if part)


def practice_names(alert: Alert) -> Any:
    """How many practices, and the first of them."""
    if not alert.practices:
        return f"(job {alert.job})" if alert.run_id else f"({alert.job})"
    named = ", ".join(alert.practices[:_NAMED])
    more = len(alert.practices) - _NAMED
    return f"{len(alert.practices)}: {named}" + (f" and {more} more" if more > 0 else "")
