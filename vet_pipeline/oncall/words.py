"""What an alert says: what failed, since when, what was tried, what to do, where to look.

Ids, counts, times and codes only: no value of a record, no host name, so that it can be pasted
into a ticket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vet_pipeline.counted import counted
from vet_pipeline.oncall.causes import (
    AUDIT_BROKEN,
    MAIL,
    NEVER_AGAIN,
    NO_STEPS,
    NOBODY_READS,
    PARKED,
    TOLD_BY_EACH_RUN,
    is_red_after_a_load,
    whom_to_wake,
)
from vet_pipeline.planning import NEEDS_OTHERS, retry_every

NAMED = 20  # practices; `vet-pipeline failed` has the rest


@dataclass(frozen=True, slots=True)
class AlertWords:
    """The facts of an alert that its mail tells; times are UTC."""

    error: str
    cause: str
    job: str
    pims: str | None
    server: str | None
    practices: Sequence[str]
    failures: int
    since: datetime
    what: str
    next_step: str
    retryable: bool
    latest: datetime | None  # the first time at which one of the practices is late
    run_id: str | None
    number: int  # of the mails about this alert, from 1
    late: bool = False  # a service level is broken
    joined: int = 0  # the first of `practices`: since the last mail
    alike: bool = True  # else what is said is the newest practice's, and others have their own
    none_copied: bool = False  # telling.IN_A_ROW


def subject(alert: AlertWords) -> str:
    """Who and what, and whether it is news."""
    who = _who(alert)
    causes = ", ".join(filter(None, (alert.pims, alert.server)))  # mail programs join like subjects
    where = f" ({causes})" if causes else ""
    again = "again" if alert.error in TOLD_BY_EACH_RUN else "more" if alert.joined else "still"
    word = f"{again}: " if alert.number > 1 else ""
    return f"{word}{alert.error}{where}: {who}"


def body(alert: AlertWords, *, pages: str, now: datetime) -> str:
    """The mail's text. `pages`: address of Dagster's pages, blank when nobody configured one."""
    lines = [
        f"What fails:  {_who(alert)}: {alert.error}. {_sentence(alert.what)}",
        f"Where:       {_where(alert)}",
        f"Since:       {_time(alert.since)}",
        f"Was tried:   {_tried(alert)}",
        f"What to do:  {_sentence(alert.next_step)}",
        *(f"             {line}" for line in [_above_all(alert), _then(alert)] if line),
        f"By when:     {_urgency(alert, now)}",
    ]
    if alert.joined:
        lines.append(f"Joined:      {named(alert.practices[: alert.joined])}, since the last mail")
    if alert.practices:
        lines.append(f"Practices:   {named(alert.practices)}")
    if alert.run_id:
        link = f"{pages.rstrip('/')}/runs/{alert.run_id}" if pages else alert.run_id
        lines.append(f"Newest run:  {link}")
    lines.append("")
    if alert.error in TOLD_BY_EACH_RUN:
        lines.append(
            "It is told again by each run that finds it. When it has healed, nothing comes: see"
        )
    else:
        lines.append(
            "No second mail comes about this until as many practices more fail of it, or are"
        )
        lines.append("late, or a day later if any does. When it has healed, nothing comes: see")
    lines.append("`vet-pipeline failed` for what is open, and docs/runbook.md for each message.")
    return "\n".join(lines)


def parked_step(practice_id: str, reason: str) -> str:
    """What a person does about a parked confirmation, as it is typed; `reason` is the outbox's."""
    again = f"vet-pipeline email again {practice_id} --by NAME"
    if reason.startswith("refused"):
        return (
            "ask the practice for its address, then vet-pipeline practice change"
            f" {practice_id} --email ADDRESS --by NAME; then {again}"
        )
    arrived = f"vet-pipeline email arrived {practice_id} --by NAME"
    return f"ask the practice whether it has arrived: then {arrived}, else {again}"


def named(practices: Sequence[str]) -> str:
    """The first of them by id, and how many more there are."""
    more = len(practices) - NAMED
    return ", ".join(practices[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _who(alert: AlertWords) -> str:
    count = len(alert.practices)
    if count == 0:  # a daemon or the clock is no job, and no run has failed of it
        return f"job {alert.job}" if alert.run_id else alert.job
    if count == 1:
        return f"practice {alert.practices[0]}"
    return f"{count} practices"


def _where(alert: AlertWords) -> str:
    if alert.server:
        return f"PIMS {alert.pims}, the server {alert.server} that they share"
    if alert.pims:
        return f"PIMS {alert.pims}"
    return "our side"


def _tried(alert: AlertWords) -> str:
    if alert.late:
        return "see `vet-pipeline status --fleet`: whether the daemon runs, and how much waits"
    if not alert.practices and not alert.run_id:
        return "nothing: no run has failed of it"
    runs = f"{counted(alert.failures, 'run')} failed" if alert.failures else "the run failed"
    if alert.job == MAIL:
        is_parked = alert.error == PARKED  # of all else the sensor asks for another run
        again = "it is never sent by itself" if is_parked else "it is tried again by itself"
        return f"{runs}; {again}" if alert.run_id else again
    hours = int(retry_every(alert.error).total_seconds() // 3600)
    if not alert.practices:
        return f"{runs}; it runs again at its next time"
    if is_red_after_a_load(alert.cause):
        return f"{runs}; the sensor leaves each alone until a person has settled it"
    is_a_steps = alert.retryable and alert.error not in NO_STEPS
    each = "each " if alert.failures != 1 else ""
    within = f", {each}with three retries within minutes" if is_a_steps else ""
    soon = "" if alert.error in NEEDS_OTHERS else ", each hour around the time when it is late"
    return f"{runs}{within}; once it is due the sensor tries each again every {hours} hours{soon}"


def _above_all(alert: AlertWords) -> str:
    if not alert.none_copied:
        return ""
    return "above all see whether its vendor, or our own network, is down: nobody else was copied since"


def _then(alert: AlertWords) -> str:
    if alert.late:
        return "vet-pipeline status --fleet"
    if alert.error == AUDIT_BROKEN:
        return "change nothing until the trail is settled: docs/runbook.md"
    if not alert.practices:
        return "then start the job again from its page" if alert.run_id else ""
    others = "" if alert.alike else "that is the newest; each other's: vet-pipeline show PRACTICE"
    if alert.error == PARKED:  # what stands above is all
        return others
    if alert.job == MAIL:
        return "then: vet-pipeline email send, or nothing: the sensor does it"
    if alert.error == NEVER_AGAIN:  # what stands above is all
        return "" if len(alert.practices) == 1 else "that is the newest; the same for each of them"
    which = alert.practices[0] if len(alert.practices) == 1 else f"--cause '{alert.cause}'"
    retry = f"vet-pipeline retry {which}"
    if alert.error == "SnapshotHeld":  # a release applies it: nothing is left to try again
        then = f"or, once the PIMS is corrected: {retry}"
    else:
        then = "" if alert.next_step.endswith(retry) else f"then: {retry}"
    return "; ".join(filter(None, (others, then)))


def _urgency(alert: AlertWords, now: datetime) -> str:
    if whom := whom_to_wake(alert.cause):
        return f"now: wake {whom}"
    if alert.job in NOBODY_READS:
        return "each practice is late 72 hours after its last copy: vet-pipeline status --fleet"
    if alert.latest is None or alert.job == MAIL:  # a refresh's time, which no email hangs on
        return "no practice's time hangs on it; it can wait for the morning"
    if alert.latest <= now:
        return f"the first of them is late since {_time(alert.latest)}"
    hours = int((alert.latest - now).total_seconds() // 3600)
    return f"the first of them is late at {_time(alert.latest)}, in {hours} hours"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
