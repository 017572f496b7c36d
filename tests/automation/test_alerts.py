"""What on-call is told about a failed run."""

from collections.abc import Callable

import dagster as dg
import pytest

from automation.alerts import alert_text, run_failed
from resources.failures import told_as_failures
from resources.mailer import MailerResource
from tests.mail.conftest import MailServer
from vet_pipeline.errors import PimsAccessDenied


@dg.op
@told_as_failures
def refused(context: dg.OpExecutionContext) -> None:
    """Fails as an asset does."""
    raise PimsAccessDenied("the login was refused", next_step="ask the practice for a new password")


@dg.job
def copy_practice() -> None:
    """A job of the name that alerts are about."""
    refused()


@pytest.fixture
def failure(instance: dg.DagsterInstance) -> dg.RunFailureSensorContext:
    result = copy_practice.execute_in_process(
        instance=instance, raise_on_error=False, tags={"practice": "elm-street"}
    )
    (event,) = [e for e in result.all_events if e.event_type_value == "PIPELINE_FAILURE"]
    return dg.build_run_status_sensor_context(
        sensor_name="run_failed",
        dagster_event=event,
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()


def test_an_alert_names_practice_job_run_cause_and_next_step(
    failure: dg.RunFailureSensorContext,
) -> None:
    assert alert_text(failure) == (
        f"copy_practice failed for practice elm-street (run {failure.dagster_run.run_id}):"
        " the login was refused. Next step: ask the practice for a new password"
    )


def test_an_alert_goes_to_the_address_that_is_configured(
    failure: dg.RunFailureSensorContext,
    start_mail_server: Callable[..., MailServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = start_mail_server()
    settings = server.settings
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "oncall@scriptright.example")
    mailer = MailerResource(
        host=settings.host, port=settings.port, security="none", sender=settings.sender
    )
    run_failed(failure, mailer=mailer)
    (message,) = server.postbox.messages
    assert message["Subject"] == "[vet-pipeline] failed: copy_practice"
    assert "ask the practice for a new password" in message.get_content()
    assert server.postbox.recipients == [["oncall@scriptright.example"]]


def test_without_an_address_it_is_only_logged(
    failure: dg.RunFailureSensorContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VET_PIPELINE_ALERTS_TO", raising=False)
    run_failed(failure, mailer=MailerResource())
