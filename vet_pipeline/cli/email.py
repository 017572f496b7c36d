"""`vet-pipeline email send|arrived|again|test`: where a person has to help mail along."""

from __future__ import annotations

from dataclasses import asdict

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, PracticeId, example
from vet_pipeline.cli.output import DONE, FAILED, emit
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import MailUnavailable, UsageError

email_app = typer.Typer(
    no_args_is_help=True,
    help="The one confirmation email of a practice, and trying the mail server.",
)
app.add_typer(email_app, name="email")

_TEST = "test: nothing has failed"
_TEST_TEXT = """Somebody has typed `vet-pipeline email test`. An alert would have come to this address, too, by the same
server; docs/runbook.md says what one means and what to do."""
_UNKNOWN = "parked, nobody knows whether it was sent; see vet-pipeline status"


@email_app.command("send")
def send(home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """Send now what may be sent, as Dagster's sensor does; never a parked one."""
    with opened(home) as session:
        from automation.run import send_confirmations
        from resources.mailer import MailerResource
        from vet_pipeline.scriptright.telling.outbox import settle_abandoned

        if not MailerResource().is_configured():
            raise UsageError(
                "no mail server is configured: emails wait",
                next_step="set VET_PIPELINE_SMTP_HOST and VET_PIPELINE_SMTP_SENDER",
            )
        deduplicates = MailerResource().settings().deduplicates
        settled = settle_abandoned(session.engine, server_deduplicates=deduplicates)
        outcomes = send_confirmations(session.home)
    told = [
        {"practice": practice, "state": outcome.state, "error": outcome.error}
        for practice, outcome in outcomes.items()
    ]
    told += [
        {"practice": practice, "state": "parked", "error": f"{_UNKNOWN} {practice}"}
        for practice in settled
        if practice not in outcomes
    ]
    lines = [f"{one['practice']}: {one['error'] or one['state']}" for one in told]
    text = "\n".join(lines) or "no email may be sent now"
    emit(as_json, {"emails": told}, lambda out: out.print(text, markup=False))
    failed = any(outcome.state == "failed" for outcome in outcomes.values())
    raise typer.Exit(FAILED if failed else DONE)


@email_app.command("arrived", epilog=example('email arrived oak-creek --by "Dana Field"'))
def arrived(
    practice: PracticeId, by: By, home: Home = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """The practice says that a parked confirmation has arrived: close it."""
    _settle(practice, by, home, as_json=as_json, has_arrived=True)


@email_app.command("again", epilog=example('email again oak-creek --by "Dana Field"'))
def again(practice: PracticeId, by: By, home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """The practice says that a parked confirmation has not arrived: let it be sent once more."""
    _settle(practice, by, home, as_json=as_json, has_arrived=False)


@email_app.command("test")
def send_test(as_json: AsJson = False) -> None:
    """Mail on-call (VET_PIPELINE_ALERTS_TO) a test: do the server and the address work?"""
    from automation.alerts import ALERTS_VARIABLE, on_call
    from resources.mailer import MailerResource

    to = on_call()
    if not to or not MailerResource().is_configured():
        raise UsageError(
            "nobody would be mailed of an alert",
            next_step=f"set {ALERTS_VARIABLE}, VET_PIPELINE_SMTP_HOST and VET_PIPELINE_SMTP_SENDER",
        )
    try:
        delivery = MailerResource().send_alert(to, subject=_TEST, text=_TEST_TEXT)
    except MailUnavailable as problem:
        problem.next_step = "see that the server runs, and VET_PIPELINE_SMTP_*; then test it again"
        raise
    said = {
        "accepted": f"the mail server took it: see that it has arrived at {ALERTS_VARIABLE}",
        "refused": f"the mail server refused it ({delivery.reason})\n  next step: see that"
        f" {ALERTS_VARIABLE} is an address that it knows",
        "unknown": f"the mail server hung up ({delivery.reason}): it may have arrived all the same",
    }[delivery.state]
    emit(as_json, asdict(delivery), lambda out: out.print(said, markup=False))
    raise typer.Exit(DONE if delivery.state == "accepted" else FAILED)


def _settle(practice: str, by: str, home: Home, *, as_json: bool, has_arrived: bool) -> None:
    with opened(home) as session:
        from vet_pipeline.scriptright.telling.outbox_parked import settle_parked

        settle_parked(session.engine, practice, arrived=has_arrived, by=by)
    state = "sent" if has_arrived else "pending"
    word = "is closed as sent" if has_arrived else "will be sent again"
    data = {"practice": practice, "email": state}
    emit(as_json, data, lambda out: out.print(f"{practice}: the confirmation {word}"))
