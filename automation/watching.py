"""Whether anybody looks at all: Dagster's daemon and the sensors, seen from outside of them.

For `vet-pipeline watch`, started by cron or a systemd timer: a daemon that stands still can't
tell about itself.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg

from automation.compat import is_switched_off, last_look, tick_failed
from vet_pipeline.oncall.causes import AHEAD, DAEMON, REFRESH, TWO_DAEMONS, Failure

if TYPE_CHECKING:
    from dagster._daemon.types import DaemonHeartbeat

    from vet_pipeline.scriptright.telling.watch import Look

# Daemons beat every 30 s, the sensors look every minute, the schedule every quarter of an hour; a
# slow tick of another may delay them.
BEATS_WITHIN = timedelta(minutes=5)
LOOKS_WITHIN = timedelta(minutes=10)
SCHEDULE_WITHIN = timedelta(minutes=25)
ALERTS = "sensor run_failed"
# Two daemons are seen by turns: noted are, of each kind, the last two that beat, and when one of
# them came back. Both beat every 30 s, so the same one may be the last for many looks.
NOTED = "failures"  # the look that notes it
TWO_WITHIN = timedelta(hours=1)
_BEATS, _TWO_AT = "daemons", "two_daemons_at"
# What else is on by itself, and what isn't done when it is off.
OTHERS: Mapping[str, tuple[str, str]] = {
    "confirmation_is_requested": ("sensor", "no practice is told that its first copy is there"),
    "daily_audit": ("schedule", "nobody notices a broken audit trail"),
    "daily_retention": ("schedule", "snapshots aren't removed after their days"),
    "daily_run_retention": ("schedule", "Dagster's database grows without end"),
    "hourly_service_levels": ("schedule", "the fleet's page and the levels' checks stand still"),
}
# A sensor's slip may pass by its next look; a schedule's is what wasn't done that day.
_TICKS = {"sensor": 3, "schedule": 1}
# Without the code server the daemon beats on, no sensor looks, and the UI lists none to switch on.
_CODE_FIRST = (
    "see under Deployment in the UI that the code location is loaded, else start the code server;"
    " then under Automation"
)
ASKED = (DAEMON, ALERTS, REFRESH, AHEAD, *(f"{kind} {name}" for name, (kind, _) in OTHERS.items()))


def problems(
    instance: dg.DagsterInstance, looks: "Mapping[str, Look]", *, now: datetime
) -> list[Failure]:
    """What doesn't run though it should. `now`: by the database's clock, as ours may be off."""
    found = []
    if silent := silent_daemons(instance, now):
        found.append(
            _problem(
                DAEMON,
                "DaemonStopped",
                f"no heartbeat for {_minutes(BEATS_WITHIN)} minutes of: {', '.join(silent)}",
                "end dagster-daemon if it hangs (two would start each run twice), and start it; what is"
                " due or failed is found then, nothing is lost",
                now,
            )
        )
        return found + others(instance, now)  # those two can't look without it
    if not _looked(looks, "run_failed", now, LOOKS_WITHIN):
        found.append(
            _problem(
                ALERTS,
                "SensorStopped",
                f"the sensor run_failed hasn't looked for {_minutes(LOOKS_WITHIN)} minutes",
                f"{_CODE_FIRST} whether it is on, and why its ticks fail",
                now,
            )
        )
    if not (
        _looked(looks, "practice_is_due", now, LOOKS_WITHIN)
        or _looked(looks, "scheduled_refresh", now, SCHEDULE_WITHIN)
    ):
        found.append(
            _problem(
                REFRESH,
                "SensorStopped",
                "nothing refreshes the practices: neither the sensor practice_is_due nor the"
                " schedule scheduled_refresh has looked",
                f"{_CODE_FIRST} whether one of them is on, and why its ticks fail",
                now,
            )
        )
    if look := looks.get(NOTED):
        found += two_daemons(look.facts, now)
    return found + others(instance, now)


def mended(
    instance: dg.DagsterInstance,
    looks: "Mapping[str, Look]",
    failing: Sequence[str],
    *,
    now: datetime,
) -> list[str]:
    """Those of `failing` that `watch` found and that run again: nobody may start one once more."""
    found = [job for job in failing if job in ASKED]
    still = {one.job for one in problems(instance, looks, now=now)} if found else set()
    return [] if DAEMON in still else [job for job in found if job not in still]


def others(instance: dg.DagsterInstance, now: datetime) -> list[Failure]:
    """Those of OTHERS that are off, or whose last ticks failed; and all that stand still."""
    found = standing_still(instance, now)
    for state in instance.all_instigator_state():
        if state.name not in OTHERS:
            continue
        kind, missed = OTHERS[state.name]
        job = f"{kind} {state.name}"
        if is_switched_off(state):
            what, next_step = "is switched off", "switch it on under Automation in the UI"
        else:
            ticks = instance.get_ticks(
                state.instigator_origin_id, state.selector_id, limit=_TICKS[kind]
            )
            if not ticks or not all(map(tick_failed, ticks)):
                continue
            what, next_step = "fails", "see its ticks under Automation in the UI"
        found.append(_problem(job, "SensorStopped", f"the {job} {what}: {missed}", next_step, now))
    return found


def standing_still(instance: dg.DagsterInstance, now: datetime) -> list[Failure]:
    """The problem that sensors or schedules have looked last in the future, else none.

    Dagster waits until their interval after that is over: where the clock of the daemon's machine
    was ahead by a year, for a year. Neither a restart nor switching them off and on changes that.
    """
    on = [state for state in instance.all_instigator_state() if not is_switched_off(state)]
    until = {state.name: last_look(instance, state) for state in on}
    ahead = {name: at for name, at in until.items() if at > (now + LOOKS_WITHIN).timestamp()}
    if not ahead:
        return []
    latest = datetime.fromtimestamp(max(ahead.values()), UTC)
    return [
        _problem(
            AHEAD,
            "SensorStopped",
            f"the clock of dagster-daemon's machine was ahead: {', '.join(sorted(ahead))} stand still,"
            f" the last of them until {latest:%Y-%m-%d %H:%M} UTC",
            "set that clock right, then have Dagster forget those looks: docs/runbook.md, Nothing runs",
            now,
        )
    ]


def beating(instance: dg.DagsterInstance, last: "Look | None", *, now: datetime) -> dict[str, Any]:
    """What a look notes of the daemons that beat.

    Each start of a daemon has an id of its own: one that beats again after another had is a second
    one, and no restart. One that beats no more is none: a home of somebody's own has its last
    one's.
    """
    said = last.facts if last else {}
    before: dict[str, list[str]] = said.get(_BEATS, {})
    beats = {
        name: str(beat.daemon_id)
        for name, beat in instance.get_daemon_heartbeats().items()
        if _beats(beat, now)
    }
    came_back = any(one in before.get(name, [])[:-1] for name, one in beats.items())
    return {
        _BEATS: before
        | {
            name: [*(other for other in before.get(name, []) if other != one), one][-2:]
            for name, one in beats.items()
        },
        _TWO_AT: now.isoformat() if came_back else said.get(_TWO_AT),
    }


def two_daemons(facts: Mapping[str, Any], now: datetime) -> list[Failure]:
    """The problem where those facts of a look tell of two daemons at work; else none."""
    at = facts.get(_TWO_AT)
    if not at or datetime.fromisoformat(at) < now - TWO_WITHIN:
        return []
    return [
        _problem(
            TWO_DAEMONS,
            "TwoDaemons",
            "two dagster-daemon processes, or more, were at work within the last"
            f" {_minutes(TWO_WITHIN)} minutes: each starts runs with its own variables and release",
            "end all but one: `vet-pipeline dev` brings its own, and a machine that was in use"
            " before may run one still",
            now,
        )
    ]


def silent_daemons(instance: dg.DagsterInstance, now: datetime) -> list[str]:
    """Daemons that this instance needs and that haven't beaten for BEATS_WITHIN, by name."""
    silent = []
    for name, status in instance.get_daemon_statuses().items():
        beat = status.last_heartbeat
        if status.required and (beat is None or not _beats(beat, now)):
            silent.append(name)
    return sorted(silent)


def _beats(beat: "DaemonHeartbeat", now: datetime) -> bool:
    return datetime.fromtimestamp(beat.timestamp, UTC) >= now - BEATS_WITHIN


def _looked(looks: "Mapping[str, Look]", name: str, now: datetime, within: timedelta) -> bool:
    look = looks.get(name)
    return look is not None and look.at > now - within


def _problem(job: str, error: str, what: str, next_step: str, now: datetime) -> Failure:
    return Failure("", job, None, now, error, what, next_step)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
