"""The email sensor and its job: one mail, whatever happens to ticks, runs and servers."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import pytest
from sqlalchemy import text

from automation.alerts import take_in
from automation.confirmation import confirmation_is_requested
from resources.mailer import MailerResource
from tests.assets.conftest import World
from tests.mail.conftest import (
    MailServer,
    Postbox,
    first_load,
    may_be_sent_now,
    outbox_row,
    request_confirmation,
)
from vet_pipeline.scriptright.telling import alerts

Run = Callable[..., dg.ExecuteInProcessResult]


def mailer(server: MailServer) -> MailerResource:
    settings = server.settings
    return MailerResource(
        host=settings.host, port=settings.port, security="none", sender=settings.sender
    )


def tick(world: World) -> dg.SensorResult:
    with dg.build_sensor_context(instance=world.instance, resources=world.resources) as context:
        result = confirmation_is_requested(context)
    assert isinstance(result, dg.SensorResult)
    return result


def drain(world: World, run_job: Run) -> list[bool]:
    """One tick, and the runs it asks for."""
    return [run_job("send_confirmation").success for _ in tick(world).run_requests or []]


def test_the_first_copy_leads_to_one_mail_and_a_second_copy_to_none(
    world: World, mail_server: MailServer, run_job: Run
) -> None:
    world.resources["mailer"] = mailer(mail_server)
    assert run_job().success
    assert drain(world, run_job) == [True]
    assert run_job().success
    assert drain(world, run_job) == []
    (message,) = mail_server.postbox.messages
    assert message["Subject"] == "Elm Street Vets: your clients and pets are copied"


def test_repeated_ticks_and_repeated_runs_send_one_mail(
    world: World, mail_server: MailServer, run_job: Run
) -> None:
    world.resources["mailer"] = mailer(mail_server)
    first_load(world.engine)
    keys = {request.run_key for _ in range(3) for request in tick(world).run_requests or []}
    assert len(keys) == 1  # Dagster starts one run for them
    for _ in range(3):
        assert run_job("send_confirmation").success
    assert len(mail_server.postbox.messages) == 1


def test_a_mail_server_that_is_down_makes_a_red_run_and_a_later_mail(
    world: World, start_mail_server: Callable[..., MailServer], run_job: Run
) -> None:
    server = start_mail_server(Postbox(rcpt_reply="451 not now"))
    world.resources["mailer"] = mailer(server)
    first_load(world.engine)
    assert drain(world, run_job) == [False]
    assert tick(world).run_requests == []  # not before its wait is over
    may_be_sent_now(world.engine)
    server.postbox.rcpt_reply = None
    assert drain(world, run_job) == [True]
    assert len(server.postbox.messages) == 1


def test_a_parked_mail_is_told_and_never_sent_again_by_itself(
    world: World, start_mail_server: Callable[..., MailServer], run_job: Run
) -> None:
    world.resources["mailer"] = mailer(start_mail_server(Postbox(rcpt_reply="550 no such user")))
    first_load(world.engine)
    assert drain(world, run_job) == [False]
    assert outbox_row(world.engine)["state"] == "parked"
    assert drain(world, run_job) == []


def looked(world: World) -> list[tuple[str, bool, int, str]]:
    """What on-call's sensor has open after a look: error, may it pass, failures, next step."""
    take_in(world.instance, world.engine)
    with world.engine.connect() as connection:
        found = alerts.open_alerts(connection)
    return [(one.error, one.retryable, one.failures, one.next_step) for one in found]


def test_mail_trouble_that_passes_is_an_alert_that_may_pass_and_heals_with_the_mail(
    world: World, start_mail_server: Callable[..., MailServer], run_job: Run
) -> None:
    server = start_mail_server(Postbox(rcpt_reply="451 not now"))
    world.resources["mailer"] = mailer(server)
    first_load(world.engine)
    drain(world, run_job)
    (alert,) = looked(world)
    assert alert[:3] == ("MailUnavailable", True, 1)
    assert "correct VET_PIPELINE_SMTP_* where Dagster runs" in alert[3]
    may_be_sent_now(world.engine)
    server.postbox.rcpt_reply = None
    assert drain(world, run_job) == [True]
    assert looked(world) == []


TOLD = (
    "ask the practice whether it has arrived: then vet-pipeline email arrived elm-street --by NAME,"
    " else vet-pipeline email again elm-street --by NAME"
)
REFUSED = (
    "ask the practice for its address, then vet-pipeline practice change elm-street --email ADDRESS"
    " --by NAME; then vet-pipeline email again elm-street --by NAME"
)


def test_a_run_that_parks_a_mail_opens_one_alert_for_a_person(
    world: World, start_mail_server: Callable[..., MailServer], run_job: Run
) -> None:
    world.resources["mailer"] = mailer(start_mail_server(Postbox(rcpt_reply="550 no such user")))
    first_load(world.engine)
    drain(world, run_job)
    for _ in range(2):
        assert looked(world) == [("ConfirmationParked", False, 1, REFUSED)]


def test_a_mail_that_a_restored_backup_has_parked_opens_one_alert_for_a_person(
    world: World, mail_server: MailServer, run_job: Run
) -> None:
    world.resources["mailer"] = mailer(mail_server)
    first_load(world.engine)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.outbox SET requested_in = 'another life'"))
    assert drain(world, run_job) == []
    assert outbox_row(world.engine)["last_error"] == "DatabaseRestored"
    for _ in range(2):
        assert looked(world) == [("ConfirmationParked", False, 1, TOLD)]
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.outbox SET state = 'sent', sent_at = now()"))
    assert looked(world) == []


def test_a_mail_that_failed_and_whose_next_sender_died_becomes_a_persons_task(
    world: World, start_mail_server: Callable[..., MailServer], run_job: Run
) -> None:
    world.resources["mailer"] = mailer(start_mail_server(Postbox(rcpt_reply="451 not now")))
    first_load(world.engine)
    drain(world, run_job)
    assert [one[:2] for one in looked(world)] == [("MailUnavailable", True)]
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.outbox SET state = 'parked', last_error = 'SenderDied'")
        )
    assert looked(world) == [("ConfirmationParked", False, 1, TOLD)]


def test_without_a_mail_server_mails_wait_and_the_tick_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VET_PIPELINE_SMTP_HOST", raising=False)
    world.resources["mailer"] = MailerResource()
    first_load(world.engine)
    result = tick(world)
    assert not result.run_requests
    assert result.skip_reason is not None
    assert "confirmations that wait: 1; VET_PIPELINE_SMTP_HOST is not set" in str(
        result.skip_reason
    )


def test_without_a_mail_server_what_only_a_person_can_send_is_a_persons_task_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VET_PIPELINE_SMTP_HOST", raising=False)
    world.resources["mailer"] = MailerResource()
    first_load(world.engine)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.outbox SET requested_in = 'another life'"))
    assert "confirmations that wait: 0; " in str(tick(world).skip_reason)
    assert looked(world) == [("ConfirmationParked", False, 1, TOLD)]


def test_a_tick_is_bounded_and_registers_partitions_it_needs(
    world: World, mail_server: MailServer
) -> None:
    world.resources["mailer"] = mailer(mail_server)
    for n in range(60):
        request_confirmation(world.engine, f"p{n:02}")
    result = tick(world)
    assert len(result.run_requests or []) == 50
    (added,) = result.dynamic_partitions_requests or []
    assert len(added.partition_keys) == 50
