"""`vet-pipeline demo`: four practices, two rounds, through ODBC, Dagster, PostgreSQL and SMTP."""

from __future__ import annotations

import os
import shlex
import shutil
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home
from vet_pipeline.cli.output import console, emit, marked, table
from vet_pipeline.cli.reasons import plain
from vet_pipeline.cli.run import RunReport, run_one
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.counted import counted
from vet_pipeline.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.demo.scenario import DemoPractice


@dataclass(slots=True)
class DemoReport:
    """What the demo did: one report for each practice and round."""

    rounds: dict[str, list[RunReport]] = field(default_factory=dict)  # first load, refresh
    emails: dict[str, str | None] = field(default_factory=dict)
    not_taken: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # rows, with reasons
    mail_folder: str = ""
    seconds: float = 0.0


@app.command("demo")
def demo(home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """Make four practices, copy them, let them live for a week, and refresh them.

    Starts anew each time: a home that holds other practices is refused. Mail goes to a real SMTP
    server on this machine, which saves it as files.
    """
    if os.environ.get("SCRIPTRIGHT_URL"):
        raise UsageError(
            "the demo starts with an empty database, so it never uses the one of SCRIPTRIGHT_URL",
            next_step="unset SCRIPTRIGHT_URL: the demo brings its own",
        )
    started = time.monotonic()
    folder = home.resolve() / "demo"
    with opened(home) as session:
        start_anew(session, folder)
        report = _both_rounds(session, folder, quiet=as_json)
    report.seconds = round(time.monotonic() - started, 1)
    emit(as_json, asdict(report), lambda out: _print(out, report, home.resolve()))


def start_anew(session: Session, folder: Path) -> None:
    """Remove an earlier demo: PIMS files, mails, snapshots, witness and ScriptRight's database.

    Raises UsageError when there is a practice that isn't the demo's; then nothing is removed.
    """
    from vet_pipeline.demo.scenario import DEMO_PRACTICES
    from vet_pipeline.registry import practices
    from vet_pipeline.scriptright.postgres import migrate
    from vet_pipeline.scriptright.postgres.server import migration_url

    ours = {practice.practice_id for practice in DEMO_PRACTICES}
    with session.connected("ops") as connection:
        found = practices.list_practices(connection)
    # The id alone doesn't say it: somebody may have registered a practice under one of them.
    files = str(folder / "pims")
    others = [
        p.practice_id for p in found if p.practice_id not in ours or files not in (p.odbc or "")
    ]
    if others:
        raise UsageError(
            f"this home holds what isn't the demo's: {', '.join(others)}",
            next_step="give the demo a home of its own: vet-pipeline demo --home FOLDER",
        )
    # What is kept outside a database would call the new one a restored backup of the old one.
    os.environ.pop("VET_PIPELINE_WITNESS", None)
    shutil.rmtree(folder, ignore_errors=True)
    for practice_id in sorted(ours):
        session.store.erase(practice_id)
        shutil.rmtree(session.home / "witness" / practice_id, ignore_errors=True)
    if found:
        session.engine.dispose()
        url = migration_url(session.home)
        migrate.drop_schema(url)
        migrate.migrate(url)


def _both_rounds(session: Session, folder: Path, *, quiet: bool) -> DemoReport:
    from automation.run import send_confirmations
    from vet_pipeline.demo.mail import local_mail_server
    from vet_pipeline.demo.scenario import DEMO_PRACTICES, first_round, second_round
    from vet_pipeline.scriptright.telling.overview import not_taken, overview

    report = DemoReport(mail_folder=str(folder / "mail"))
    with local_mail_server(folder / "mail") as environment, _Display(quiet) as display:
        os.environ.update(environment)
        display.say("making four practices")
        for practice in DEMO_PRACTICES:
            first_round(practice, folder / "pims", session.engine)
        report.rounds["first load"] = _round(session, DEMO_PRACTICES, "first load", display)
        display.say("sending the confirmations")
        send_confirmations(session.home)
        display.say("a week of practice life")
        for practice in DEMO_PRACTICES:
            second_round(practice, folder / "pims")
        report.rounds["refresh"] = _round(session, DEMO_PRACTICES, "refresh", display)
        display.say("sending what is left to send")
        send_confirmations(session.home)
    with session.connected("ops") as connection:
        report.emails = {one.practice_id: one.email for one in overview(connection)}
        for practice in DEMO_PRACTICES:
            left_out = not_taken(connection, practice.practice_id)
            report.not_taken[practice.practice_id] = [
                asdict(one) for one in left_out if one.scope == "row"
            ]
    return report


def _round(
    session: Session, practices: tuple[DemoPractice, ...], name: str, display: _Display
) -> list[RunReport]:
    reports = []
    for practice in practices:
        display.begin(f"{practice.practice_id}: {name}", practice.what)
        reports.append(run_one(session, practice.practice_id, on_step=display.step))
        display.end(reports[-1])
    return reports


class _Display:
    """Where the demo stands, on stderr: a bar per run on a terminal, a line per run elsewhere."""

    def __init__(self, quiet: bool) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._out = console(stderr=True)
        self._quiet = quiet
        self._progress = Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.fields[now]}"),
            console=self._out,
            disable=quiet or not self._out.is_terminal,  # there it would draw all bars at the end
        )
        self._task: Any = None
        self._text = ""

    def __enter__(self) -> _Display:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def say(self, text: str) -> None:
        if not self._quiet:
            self._out.print(text, style="bold")

    def begin(self, text: str, what: str) -> None:
        self._text = text
        self._task = self._progress.add_task(f"{text} [dim]({what})[/]", total=None, now="")

    def step(self, step: str, word: str) -> None:
        if word == "started":
            self._progress.update(self._task, now=step.replace("_", " "))

    def end(self, report: RunReport) -> None:
        now = report.state.replace("_", " ")
        self._progress.update(self._task, total=1, completed=1, now=now)
        if self._progress.disable and not self._quiet:
            self._out.print(f"  {self._text}: {now} in {report.seconds:.1f} s")


def _print(out: Console, report: DemoReport, home: Path) -> None:
    from vet_pipeline.scriptright.decisions.holds import release_command

    columns = ("practice", "read", "new", "merged", "automatic", "suggestions", "possible",
               "quarantined", "held", "email", "seconds")  # fmt: skip
    for name, reports in report.rounds.items():
        rows = [_row(one, report.emails.get(one.practice) or "") for one in reports]
        out.print(table(name[0].upper() + name[1:], columns, rows))
        for one in reports:
            if one.state == "failed":
                out.print(f"{one.practice} failed: {one.error}", markup=False)
    for practice, left_out in report.not_taken.items():
        if left_out:
            reasons = ", ".join(
                f"{counted(one['rows'], one['record'])} ({plain(one['reason'])})"
                for one in left_out
            )
            out.print(marked((f"{practice} has rows in quarantine:", "bold"), f" {reasons}"))
    held = [one for one in report.rounds["refresh"] if one.state == "held"]
    for one in held:
        out.print(marked((f"{one.practice} is held:", "bold"), f" {one.error}"))
    out.print(f"All in {report.seconds:.0f} s. Confirmations: {report.mail_folder}")
    out.print("Look around:")
    if home != DEFAULT_HOME.resolve():
        out.print(f"  export VET_PIPELINE_HOME={shlex.quote(str(home))}")
    for command, what in (
        ("vet-pipeline status", "where each practice stands"),
        ("vet-pipeline review list oak-creek", "changes that wait for a person"),
        ("vet-pipeline link list oak-creek", "possible matches that wait for a person"),
        *((release_command(one.practice, one.snapshot or 0), "apply it after all") for one in held),
        ("make dev", "the same in Dagster's pages"),
    ):
        out.print(f"  {command:<56}{what}")


def _row(one: RunReport, email: str) -> tuple[Any, ...]:
    count = one.counts.get
    new, merged = (
        (count(f"clients_{kind}", 0) + count(f"pets_{kind}", 0)) for kind in ("new", "linked")
    )
    possible = count("clients_possible", 0) + count("pets_possible", 0)
    held = "yes" if one.state == "held" else "no"
    return (
        *(one.practice, sum(one.read.values()), new, merged, count("changes_applied", 0)),
        *(count("suggestions_opened", 0), possible, one.quarantined, held, email, one.seconds),
    )
