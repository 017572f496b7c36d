"""`failed`, `show`, `retry --cause`, `status --fleet` and `watch`: a night on call, by hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from dagster import DagsterInstance, DagsterRunStatus
from sqlalchemy import Engine, text

from automation.instance import open_instance
from tests.cli.conftest import CommandLine
from tests.cli.pims import BELL, REX, change, make_pims
from tests.cli.test_bad_input import nothing_is_applied
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.telling.alerts import record_failures
from vet_pipeline.scriptright.telling.watch import last_refresher, looks, note
from vet_pipeline.service_levels import STATES


@pytest.fixture
def failing(command: CommandLine) -> CommandLine:
    """Two practices on one PIMS file's folder; a table of one kind has been renamed."""
    for name in ("elm", "oak"):
        command.add_practice(name)
    change(command.pims, "ALTER TABLE vetpipeline_patients RENAME TO moved")
    for name in ("elm", "oak"):
        assert command("run", name).exit_code == 1
    return command


def test_one_cause_is_one_line_and_one_retry(failing: CommandLine) -> None:
    said = failing("failed", "--json").data
    (cause,) = said["causes"]
    assert (cause["cause"], cause["practices"]) == ("SnapshotShapeChanged|generic", ["elm", "oak"])
    assert {one["practice"]: one["failures"] for one in said["failed"]} == {"elm": 1, "oak": 1}
    assert "2: elm, oak" in failing("failed").stdout
    shown = failing("show", "elm", "--json").data
    assert (shown["stands"], shown["troubles"][0]["error"]) == ("at risk", "SnapshotShapeChanged")
    assert shown["runs"][0]["status"] == "failure"

    change(failing.pims, "ALTER TABLE moved RENAME TO vetpipeline_patients")
    assert failing("retry", "--cause", "SnapshotShapeChanged|openvpms").exit_code == 2
    as_printed = cause["cause"].replace("|", " ")
    assert failing("retry", "--cause", as_printed).exit_code == 0
    assert failing("failed", "--json").data == {"causes": [], "failed": []}
    assert failing("show", "elm", "--json").data["stands"] == "on time"
    assert failing("retry", "--failed").stdout == "nothing to retry\n"


@pytest.mark.parametrize(
    ("whats", "is_said"), [(["table x isn't there"], False), (["x isn't there", "y is gone"], True)]
)
def test_what_is_said_of_several_practices_may_be_of_the_newest_alone(
    command: CommandLine, engine: Engine, whats: list[str], is_said: bool
) -> None:
    found = []
    for n, one in enumerate(("ash", "elm")):
        command.add_practice(one)
        at = datetime.now(UTC) + timedelta(seconds=1)
        error, what = "SnapshotShapeChanged", whats[n % len(whats)]
        found.append(Failure(one, "copy_practice", one, at, error, what, "correct it"))
    with transaction(engine, "ops") as connection:
        record_failures(
            connection, [(one, cause_of(one, pims="generic", server=None)) for one in found]
        )
    (cause,) = command("failed", "--json").data["causes"]
    assert (cause["practices"], cause["alike"]) == (["ash", "elm"], not is_said)
    said = "what is said is the newest's; each other's: vet-pipeline show PRACTICE"
    assert (said in command("failed").stdout) is is_said


def test_a_red_check_is_not_tried_again(command: CommandLine, engine: Engine) -> None:
    command.add_practice("elm")
    at = datetime.now(UTC) + timedelta(seconds=1)
    red = Failure("run-1", "copy_practice", "elm", at, "CheckFailed", "it differs", "pause it")
    with transaction(engine, "ops") as connection:
        record_failures(connection, [(red, cause_of(red, pims="generic", server=None))])
    for said in (command("failed").stdout, command("show", "elm").stdout):
        assert "pause it" in said
        assert "retry" not in said
    everything = command("retry", "--all", "--json")
    assert (everything.exit_code, everything.data) == (0, {"runs": [], "left_out": ["elm"]})
    assert command("retry", "--all").stdout.splitlines() == [
        "a check is red, see `vet-pipeline failed` first: elm",
        "nothing to retry",
    ]


def test_a_ledger_that_does_not_add_up_says_who_is_woken(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice("elm")
    at = datetime.now(UTC) + timedelta(seconds=1)
    red = Failure("r", "copy_practice", "elm", at, "CheckFailed", "?", "?", "accounts_balance")
    with transaction(engine, "ops") as connection:
        record_failures(connection, [(red, cause_of(red, pims="generic", server=None))])
    wake = "now: wake the owners, for CheckFailed generic accounts_balance: docs/runbook.md\n"
    assert wake in command("failed").stdout
    command("practice", "pause", "elm", "--by", "Dana Field", "--reason", "ledger")
    assert wake in command("failed").stdout
    (line,) = command("status", "elm", "--json").data["practices"]
    resume = "once its ledger is settled: vet-pipeline practice resume elm --by NAME"
    assert (line["state"], line["what_to_do"]) == ("paused: ledger", resume)


@pytest.mark.usefixtures("no_daemon")
def test_a_retry_is_not_the_next_step_of_an_email_or_a_daemon(
    command: CommandLine, engine: Engine
) -> None:
    parked = []
    for one in ("ash", "elm"):
        command.add_practice(one)
        at = datetime.now(UTC) + timedelta(seconds=1)
        error, what = "ConfirmationParked", "parked"
        parked.append(Failure(one, "send_confirmation", one, at, error, what, f"ask {one}"))
    silent = Failure("", "dagster-daemon", None, at, "DaemonStopped", "no heartbeat", "start it")
    with engine.begin() as connection:
        connection.execute(
            text(
                "WITH l AS (INSERT INTO scriptright.load"
                " (practice_id, snapshot_seq, snapshot_hash, state, read_at, counts)"
                " SELECT practice_id, 1, 'h', 'applied', now(), '{}' FROM scriptright.practice"
                " RETURNING practice_id, load_id)"
                " INSERT INTO scriptright.outbox"
                " (practice_id, kind, message_id, load_id, state, last_error)"
                " SELECT practice_id, 'first_load_confirmation', practice_id, load_id, 'parked',"
                " 'SenderDied' FROM l"
            )
        )
    with transaction(engine, "ops") as connection:
        record_failures(
            connection,
            [(one, cause_of(one, pims="generic", server=None)) for one in (*parked, silent)],
        )
    said = command("failed").stdout
    assert said.count("ConfirmationParked") == 1
    assert "each other's: vet-pipeline show PRACTICE" in said
    assert "ask ash" in command("show", "ash").stdout
    assert "│ DaemonStopped dagster-daemon │" in said, "no PIMS, and no gap for it"
    assert "retry" not in said


def test_the_fleet_is_counted_by_pims_and_standing(command: CommandLine, engine: Engine) -> None:
    for name in ("ash", "elm", "oak"):
        command.add_practice(name)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET state = 'paused' WHERE practice_id = 'ash';"
                "UPDATE scriptright.practice SET installed_at = now() - interval '8 days'"
                " WHERE practice_id = 'oak'"
            )
        )
    page = command("status", "--fleet", "--json").data
    counts = dict.fromkeys(STATES, 0) | {"on time": 1, "late": 1, "paused": 1}
    assert page["states"] == counts
    assert page["by_pims"] == {"generic": counts}
    assert (page["overdue"], page["waiting"], page["most_pressing"]) == (1, 2, ["oak"])
    assert "nothing starts refreshes" in command("status", "--fleet").stdout
    assert command("status", "oak", "--fleet").exit_code == 2


@pytest.mark.parametrize("by", ["practice_is_due", "scheduled_refresh"])
def test_the_fleet_page_says_what_the_refresh_left_whoever_starts_it(
    command: CommandLine, engine: Engine, by: str
) -> None:
    command.add_practice()
    with engine.begin() as connection:
        note(connection, by, {"asked": 1, "left": 40, "late": 0, "under_way": 2})
    said = command("status", "--fleet").stdout
    assert "asked for 1 run, left 40 practices waiting; 2 runs under way" in said
    assert "overloaded: whose time runs out first goes first" in said


def test_of_a_sensor_that_was_and_a_schedule_that_is_the_newer_look_counts(engine: Engine) -> None:
    with engine.begin() as connection:
        note(connection, "practice_is_due", {"left": 40})
    with engine.begin() as connection:
        note(connection, "scheduled_refresh", {"left": 0})
        found = last_refresher(looks(connection))
    assert found is not None
    assert (found.name, found.facts) == ("scheduled_refresh", {"left": 0})


@pytest.mark.usefixtures("no_daemon")
def test_a_daemon_that_stands_still_is_told_from_outside_and_heals(
    command: CommandLine, engine: Engine
) -> None:
    said = command("watch", "--json")
    assert said.exit_code == 1
    (problem,) = said.data["problems"]
    assert problem["about"] == "dagster-daemon"
    assert "SENSOR" in problem["what"]
    assert [one["error"] for one in command("failed", "--json").data["causes"]] == ["DaemonStopped"]

    beat(engine)
    said = command("watch", "--json")
    assert (said.exit_code, said.data["problems"]) == (0, [])
    assert command("failed", "--json").data["causes"] == []


def test_a_sensor_that_is_off_is_told(command: CommandLine, engine: Engine) -> None:
    command("watch")
    beat(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM scriptright.watch WHERE name = 'practice_is_due'"))
    said = command("watch", "--json")
    assert said.exit_code == 1
    assert [one["about"] for one in said.data["problems"]] == ["the refresh"]


@pytest.fixture
def no_daemon(command: CommandLine) -> None:
    """None has beaten: the tests of a worker share Dagster's database."""
    with open_instance(command.home) as instance:
        instance.wipe_daemon_heartbeats()


def beat(engine: Engine) -> None:
    """As if the daemons had beaten, and the sensors looked, just now."""
    from dagster._daemon.types import DaemonHeartbeat

    with DagsterInstance.get() as instance:
        for daemon in instance.get_required_daemon_types():
            instance.add_daemon_heartbeat(
                DaemonHeartbeat(datetime.now(UTC).timestamp(), daemon, "test")
            )
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO scriptright.watch (name, at) VALUES ('run_failed', now()),"
                " ('practice_is_due', now()) ON CONFLICT (name) DO UPDATE SET at = now()"
            )
        )


def test_a_run_killed_with_kill_9_is_failed_at_once_and_blocks_nobody(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    make_pims(command.pims, [{**BELL, "client_key": f"C{n}"} for n in range(200)], [REX])
    with engine.begin() as connection:  # one row in half a second: time to be killed in
        slow = '{"reader": {"limits": {"page_rows": 1, "rows_per_second": 2}}}'
        connection.execute(text("UPDATE scriptright.practice SET settings = :s"), {"s": slow})
    program = "from vet_pipeline.cli import main; main()"
    running = subprocess.Popen(
        [sys.executable, "-c", program, "run", "elm"],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    number = text("SELECT next_snapshot_seq FROM scriptright.practice")
    deadline = time.monotonic() + 120
    with engine.connect() as connection:
        while connection.execute(number).scalar() == 1 and time.monotonic() < deadline:
            connection.rollback()
            time.sleep(0.1)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert nothing_is_applied(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET settings = '{}'"))
    (failure,) = command("failed", "--json").data["failed"]
    assert (failure["practice"], failure["error"]) == ("elm", "WorkerDied")
    with DagsterInstance.get() as instance:
        run = instance.get_run_by_id(failure["run_id"])
    assert run is not None
    assert run.status is DagsterRunStatus.FAILURE
    assert datetime.fromisoformat(failure["at"]) > datetime.now(UTC) - timedelta(minutes=5)
    assert command("retry", "elm").exit_code == 0
