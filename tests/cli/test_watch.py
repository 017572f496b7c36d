"""`watch`: as the line of a crontab, and of one mind with the mails of on-call."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg2
import pytest
from dagster import DagsterInstance
from dagster_postgres.utils import DagsterPostgresException
from sqlalchemy import Engine, text
from sqlalchemy.exc import InternalError, OperationalError

from tests.cli.conftest import CommandLine
from tests.cli.test_on_call import beat
from tests.mail.conftest import MailServer, mail_server, start_mail_server
from vet_pipeline.registry import practices

__all__ = ["mail_server", "start_mail_server"]


@pytest.fixture
def watched(command: CommandLine, engine: Engine) -> Iterator[CommandLine]:
    """A practice, a daemon that beats and sensors that look."""
    command.add_practice()
    command("watch")
    beat(engine)
    yield command
    with DagsterInstance.get() as instance:  # its database is shared with other tests
        instance.wipe_daemon_heartbeats()


@pytest.fixture
def mails(
    start_mail_server: Callable[..., MailServer], monkeypatch: pytest.MonkeyPatch
) -> MailServer:
    server = start_mail_server()
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "oncall@scriptright.example")
    monkeypatch.setenv("VET_PIPELINE_SMTP_HOST", server.settings.host)
    monkeypatch.setenv("VET_PIPELINE_SMTP_PORT", str(server.settings.port))
    monkeypatch.setenv("VET_PIPELINE_SMTP_SECURITY", "none")
    monkeypatch.setenv("VET_PIPELINE_SMTP_SENDER", server.settings.sender)
    return server


def copied_hours_ago(engine: Engine, hours: float) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET installed_at = now() - interval '30 days',"
                " created_at = now() - interval '30 days',"
                " last_success_at = now() - make_interval(secs => :seconds)"
            ),
            {"seconds": hours * 3600},
        )


def test_in_a_crontab_it_is_silent_when_all_is_well(
    watched: CommandLine, mails: MailServer
) -> None:
    said = watched("watch", "--mail")
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "")
    assert watched("watch").stdout == "the daemon beats, the sensors look, nobody is late\n"
    assert watched("watch", "--mail", "--json").data["told"] == "Mailed: 0, refused: 0, waiting: 0"


def test_what_was_found_once_is_over_for_everybody_when_it_is_mended(
    watched: CommandLine,
) -> None:
    assert watched("failed").stdout == "nothing fails\n"


def test_it_says_what_is_wrong_and_that_a_mail_waits(
    watched: CommandLine, engine: Engine, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied_hours_ago(engine, 80)
    said = watched("watch", "--mail")
    assert said.exit_code == 1
    assert "1 practice is late; next: vet-pipeline status --fleet" in said.stdout
    copied_hours_ago(engine, 1)
    monkeypatch.delenv("VET_PIPELINE_SMTP_HOST")
    said = watched("watch", "--mail")
    assert said.exit_code == 0
    assert "VET_PIPELINE_SMTP_HOST is not set" in said.stdout


def test_an_address_that_is_none_hides_nothing_that_is_wrong(
    watched: CommandLine, engine: Engine, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "ann@s.example, ben@s.example")
    assert watched("watch", "--mail").exit_code == 2
    copied_hours_ago(engine, 80)
    said = watched("watch", "--mail")
    assert (said.exit_code, said.stderr) == (1, "")
    assert "1 practice is late; next: vet-pipeline status --fleet" in said.stdout
    assert "Nobody is mailed: an alert needs one email address" in said.stdout


def test_a_practice_that_was_just_resumed_is_late_to_nobody(
    watched: CommandLine, engine: Engine
) -> None:
    copied_hours_ago(engine, 50)
    with engine.begin() as connection:
        practices.pause(connection, "elm", by="Dana Field", reason="moves house")
    with engine.begin() as connection:  # its 72 hours end just after that
        connection.execute(
            text(
                "UPDATE scriptright.practice SET last_success_at = a.at - interval '71:59:59.999'"
                " FROM scriptright.audit a WHERE a.act = 'practice_paused'"
            )
        )
    with engine.begin() as connection:
        practices.resume(connection, "elm", by="Dana Field")
    said = watched("watch", "--json")
    assert (said.exit_code, said.data["late"], said.data["overdue"]) == (0, 0, 1)
    told = watched("failed", "--json").data["causes"]
    assert [one for one in told if one["error"] == "Late"] == []  # Dagster has other tests' runs


@pytest.mark.parametrize(
    "error",
    [
        DagsterPostgresException("too many retries for DB connection"),
        OperationalError("SELECT 1", None, psycopg2.OperationalError("too many clients already")),
        InternalError("INSERT", None, psycopg2.errors.ReadOnlySqlTransaction("a standby")),
    ],
)
def test_a_dagster_database_that_goes_away_meanwhile_is_told_as_that(
    watched: CommandLine, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(DagsterInstance, "get_daemon_statuses", refuse)
    said = watched("watch")
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr == (
        "error: Dagster's database doesn't answer, has no connection left or may only be read\n"
        "next step: check that the server of DAGSTER_PG_URL runs, has room and is no standby, then try again\n"
    )


def test_on_call_is_mailed_a_test_before_anything_has_failed(
    command: CommandLine, mails: MailServer
) -> None:
    said = command("email", "test")
    assert (said.exit_code, said.stdout) == (
        0,
        "the mail server took it: see that it has arrived at VET_PIPELINE_ALERTS_TO\n",
    )
    [mail] = mails.postbox.messages
    assert (mail["To"], mail["Subject"]) == (
        "oncall@scriptright.example",
        "[vet-pipeline] test: nothing has failed",
    )
