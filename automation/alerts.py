"""What fails is taken into ScriptRight's database by cause, and on-call is told once of each.

No run-status sensor: those move on past a tick that failed, five runs at a time. This one looks
back to where it got to, by ScriptRight's own mark, and takes each run in once however often seen.
"""

import os
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import dagster as dg

from automation import database_down, watching
from automation.failures import (
    failed_at,
    failed_since,
    job_of,
    last_success,
    practice_of,
    read_failure,
)
from automation.processes import runs_under_way
from resources.mailer import MailerResource
from resources.scriptright import ScriptRightResource
from vet_pipeline.oncall.causes import (
    LATE,
    MAIL,
    PARKED,
    SERVICE_LEVEL,
    TWO_DAEMONS,
    Cause,
    Failure,
    cause_of,
    shared_servers,
)
from vet_pipeline.oncall.words import named, parked_step

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from vet_pipeline.scriptright.telling.watch import Look

ALERTS_VARIABLE = "VET_PIPELINE_ALERTS_TO"
PAGES_VARIABLE = "VET_PIPELINE_DAGSTER_URL"
LOOK = "run_failed"  # the sensor's own; the mark of what was seen is shared with the command line
MARK = watching.NOTED
ZONES, CLOCK = "time zones", "the database's clock"  # each stands for a job about no practice
# Where nobody has looked yet, history isn't skipped, but what is older is nobody's news.
FIRST_LOOK_BACK = timedelta(days=14)
# A run's end may be recorded a little after others that ended later, by hosts with other clocks.
OVERLAP = timedelta(minutes=10)
# A host whose clock is far behind, or was set back, dates them by it: so long ago is looked at,
# too, but not each minute.
CLOCK_BEHIND = timedelta(hours=25)
LOOK_BACK_EVERY = timedelta(hours=1)
_LOOKED_BACK = "looked_back_at"  # in the mark's facts
_AT_ONCE = 100  # failed runs that ScriptRight is asked about together
SECONDS_PER_TICK = 30.0  # of the 55 a tick has; what is left is for the next one


@dg.sensor(
    name="run_failed",
    minimum_interval_seconds=55,  # no multiple of 30: its looks meet two daemons' beats by turns
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Groups failed runs and late practices by cause and tells on-call once of each,"
    " by mail to VET_PIPELINE_ALERTS_TO where that is set; silent when it has healed by itself."
    " Starts no runs.",
)
def run_failed(
    context: dg.SensorEvaluationContext, scriptright: ScriptRightResource, mailer: MailerResource
) -> dg.SensorResult:
    """Look at what failed since the last look, close what healed, tell what is due."""
    from vet_pipeline.scriptright.postgres.roles import transaction
    from vet_pipeline.scriptright.telling import watch

    known = database_down.Known.of(context.cursor)
    try:
        with scriptright.connect() as engine:
            opened = take_in(context.instance, engine, seconds=SECONDS_PER_TICK)
            told = tell(engine, mailer).said
            # Noted at the end: `watch` asks for it, and who can tell nobody hasn't looked.
            with transaction(engine, "ops") as connection:
                watch.note(connection, LOOK, {"open_alerts": opened})
    except database_down.UNUSABLE as problem:
        to, now = on_call(), database_down.utc_now()
        known, told = database_down.tell_unusable(known, problem, mailer, to, now)
        if told:
            context.log.warning("%s", told)
        return dg.SensorResult(skip_reason=problem.what, cursor=known.as_cursor())
    known = database_down.usable(known, database_down.utc_now())
    return dg.SensorResult(
        skip_reason=f"{opened} alerts are open. {told}", cursor=known.as_cursor()
    )


def take_in(
    instance: dg.DagsterInstance,
    engine: "Engine",
    *,
    seconds: float = SECONDS_PER_TICK,
    problems: Sequence[Failure] = (),
    asked: Sequence[str] = (),
) -> int:
    """Bring the alerts up to date with Dagster's runs; returns how many are open.

    `problems`: what else fails now, about no practice; `asked`: the names such problems have, those
    that are no problem any more heal. Idempotent, and safe beside another one that does the same.
    Bounded by `seconds`: what isn't reached is found by the next look.
    """
    from vet_pipeline.scriptright.postgres.database import now_by_database
    from vet_pipeline.scriptright.postgres.roles import connected, transaction
    from vet_pipeline.scriptright.telling import alert_healing, alerts, watch

    deadline = time.monotonic() + seconds
    runs_under_way(instance)  # ends those whose process is gone
    with connected(engine, "ops") as connection:
        now = now_by_database(connection)
        last = watch.looks(connection).get(MARK)
        # Never ahead: what a clock that was ahead has recorded must not hide what fails now.
        mark = min((last and last.seen_to) or now - FIRST_LOOK_BACK, now)
    looked_back = _looked_back(last, now)
    since = mark - (OVERLAP if looked_back else CLOCK_BEHIND)
    found, seen_to = _new_failures(instance, engine, since, deadline)
    ended_on_the_way = time.monotonic() > deadline and seen_to is not None and seen_to < mark
    if not looked_back and not ended_on_the_way:  # else the next look goes on
        looked_back = now
    beats = watching.beating(instance, last, now=now)
    with transaction(engine, "ops") as connection:
        problems = [*problems, *watching.two_daemons(beats, now), *_odd_practices(connection, now)]
        asked = [*asked, ZONES, CLOCK, TWO_DAEMONS]
        alerts.record_failures(connection, _by_cause(connection, [*found, *problems]))
        # What no run has told.
        alerts.record_failures(connection, _late(connection) + _parked(connection, now))
        still = {problem.job for problem in problems}
        healthy = {name: now for name in asked if name not in still}
        failing = [job for job in alert_healing.jobs_failing(connection) if job not in asked]
        healthy |= {job: at for job in failing if (at := last_success(instance, job))}
        mended = watching.mended(instance, watch.looks(connection), failing, now=now)
        healthy |= dict.fromkeys(mended, now)
        alert_healing.heal(connection, succeeded=healthy)
        opened = len(alerts.open_alerts(connection))
        facts = {
            "new_failures": len(found),
            "open_alerts": opened,
            _LOOKED_BACK: looked_back and looked_back.isoformat(),
            **beats,
        }
        watch.note(connection, MARK, facts, seen_to=min(now, max(mark, seen_to or mark)))
    return opened


def _looked_back(last: "Look | None", now: datetime) -> datetime | None:
    """When the last look went back by CLOCK_BEHIND; None: this one has to."""
    said = last.facts.get(_LOOKED_BACK) if last else None
    at = datetime.fromisoformat(said) if said else None
    return at if at and now - LOOK_BACK_EVERY < at <= now else None


def _new_failures(
    instance: dg.DagsterInstance, engine: "Engine", since: datetime, deadline: float
) -> "tuple[list[Failure], datetime | None]":
    """Failures nobody has taken in, oldest first, and up to when runs were looked at.

    The deadline (monotonic seconds) ends it after some run, the first at the soonest.
    """
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.telling import alerts

    found, seen_to = [], None
    runs = failed_since(instance, since)
    while records := list(islice(runs, _AT_ONCE)):
        ends = [
            alerts.FailedRun(one.run_id, job_of(one), practice_of(one), failed_at(record))
            for record, _ in records
            for one in [record.dagster_run]
        ]
        with connected(engine, "ops") as connection:
            new = alerts.news(connection, ends)
        for record, seen_to in records:
            if record.dagster_run.run_id in new:
                found.append(read_failure(instance, record))
                if time.monotonic() > deadline:
                    return found, seen_to
    return found, seen_to


def _by_cause(connection: "Connection", failures: list[Failure]) -> list[tuple[Failure, Cause]]:
    from vet_pipeline.pims.server_name import server_name
    from vet_pipeline.registry import practices as registry

    if not failures:
        return []
    known = {one.practice_id: one for one in registry.list_practices(connection)}
    servers = shared_servers(
        {
            practice_id: server_name(one.odbc or os.environ.get(one.odbc_env or "") or "")
            for practice_id, one in known.items()
            if one.state == "active"
        }
    )
    sorted_out = []
    for failure in failures:
        practice = known.get(failure.practice_id or "")
        pims = practice.pims if practice else None
        server = servers.get(failure.practice_id or "")
        sorted_out.append((failure, cause_of(failure, pims=pims, server=server)))
    return sorted_out


def _late(connection: "Connection") -> list[tuple[Failure, Cause]]:
    """Practices that are late though they can be read, and no run says why."""
    from vet_pipeline.scriptright.telling.fleet import told_late

    return [
        _without_run(
            job=SERVICE_LEVEL,
            practice_id=practice_id,
            failed_at=since,
            error=LATE,
            what="no copy in the time that was promised",
            next_step="see whether the daemon runs, the sensor is on and how much waits",
        )
        for practice_id, since in told_late(connection, of_known_cause=False)
    ]


def _odd_practices(connection: "Connection", now: datetime) -> list[Failure]:
    """Quiet hours that this machine can't tell, and successes in the future: a problem each."""
    from vet_pipeline import time_zones
    from vet_pipeline.scriptright.telling.fleet import ahead_of_clock, zones_of_quiet_hours

    found = []
    if nowhere := time_zones.unknown_here(zones_of_quiet_hours(connection)):
        what = "read without regard to quiet hours, as this machine doesn't know the zone of"
        step = f"vet-pipeline practice change {nowhere[0]} --timezone ZONE --by NAME"
        found.append((ZONES, "TimeZoneUnknown", what, nowhere, step))
    if ahead := ahead_of_clock(connection):
        what = "the database's clock was ahead, or is behind now: the last success lies in the future of"
        step = (
            "see that the clock is right; then each is read again by itself, or at once by"
            f" vet-pipeline run {ahead[0]}"
        )
        found.append((CLOCK, "ClockWasAhead", what, ahead, step))
    return [
        Failure("", job, None, now, error, f"{what}: {named(ids)}", step)
        for job, error, what, ids, step in found
    ]


def _parked(connection: "Connection", now: datetime) -> list[tuple[Failure, Cause]]:
    """Confirmations that wait for a person without a failed run that says so."""
    from vet_pipeline.scriptright.telling.outbox_parked import parked_unnoticed

    return [
        _without_run(
            job=MAIL,
            practice_id=practice_id,
            failed_at=now,
            error=PARKED,
            what=f"the confirmation is parked ({reason})",
            next_step=parked_step(practice_id, reason),
        )
        for practice_id, reason in parked_unnoticed(connection)
    ]


def _without_run(**facts: Any) -> tuple[Failure, Cause]:
    """What is wrong with a practice though no run has failed of it; no PIMS has a part in it."""
    failure = Failure(run_id="", **facts)
    return failure, cause_of(failure, pims=None, server=None)


class Telling(NamedTuple):
    """What became of the mails that were due. `went`: all are with the mail server, if any."""

    said: str
    went: bool


def on_call() -> str:
    """The address of on-call; blank where nobody has set it."""
    return os.environ.get(ALERTS_VARIABLE, "").strip()


def tell(engine: "Engine", mailer: MailerResource) -> Telling:
    """Mail what is due; says what became of it."""
    to = on_call()
    if not to:
        return Telling(f"Nobody is mailed: {ALERTS_VARIABLE} is not set", went=False)
    if not mailer.is_configured():
        return Telling("Nobody is mailed: VET_PIPELINE_SMTP_HOST is not set", went=False)
    told = mailer.tell_on_call(engine, to, pages=os.environ.get(PAGES_VARIABLE, "").strip())
    reason = f" ({told.reason})" if told.reason else ""
    again = f"; next try at {told.again_at:%Y-%m-%d %H:%M} UTC" if told.again_at else ""
    said = f"Mailed: {told.sent}, refused: {told.refused}, waiting: {told.waiting}{reason}{again}"
    return Telling(said, went=not (told.refused or told.waiting))
