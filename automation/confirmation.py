"""The confirmation email: a sensor that looks into the outbox, and the job that sends one.

Exactly one is the outbox's promise (vet_pipeline/scriptright/telling/outbox.py); run keys only keep
the number of runs down. An event-log cursor or a run-status sensor would lose mails: both move on
past a tick that failed.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

from assets.partitions import PRACTICE_TAG, PRACTICES, practices
from resources.failures import told_as_failures
from resources.mailer import MailerResource
from resources.scriptright import ScriptRightResource
from vet_pipeline.errors import MailUnavailable
from vet_pipeline.oncall.causes import PARKED
from vet_pipeline.oncall.words import parked_step

PER_TICK = 50
# A run that never started leaves its mail pending: after this it is asked for once more.
ASK_AGAIN = timedelta(minutes=15)


@dg.op(
    description="Claim the practice's confirmation in the outbox, hand it to the mail server, and"
    " settle it: sent, waiting for a later attempt, or parked for a person."
)
@told_as_failures
def send_one_confirmation(
    context: dg.OpExecutionContext, scriptright: ScriptRightResource, mailer: MailerResource
) -> None:
    """Fails, for people to see, when the mail could not be sent; trying again is the sensor's."""
    with scriptright.connect() as engine:
        sent = mailer.send_confirmation(engine, context.partition_key)
    facts = {"state": sent.state, "attempt": sent.attempt, "reason": sent.reason}
    context.log.info("confirmation: %s (attempt %s)", sent.state, sent.attempt)
    if sent.state == "waiting":
        raise dg.Failure(
            f"{sent.reason}. Next step: nothing if it passes, else correct VET_PIPELINE_SMTP_* where"
            f" Dagster runs; it is tried again after {sent.again_at:%H:%M} UTC",
            metadata=facts | {"error": MailUnavailable.__name__},
            allow_retries=False,
        )
    if sent.state == "parked":
        step = parked_step(sent.practice_id, sent.reason)
        raise dg.Failure(
            f"the confirmation is parked ({sent.reason}). Next step: {step}",
            metadata=facts | {"error": PARKED},
            allow_retries=False,
        )


@dg.job(
    partitions_def=practices,
    executor_def=dg.in_process_executor,
    description="Send a practice its one confirmation that the first copy is complete.",
)
def send_confirmation() -> None:
    """One op: the outbox row is the state, so there is nothing to pass on."""
    send_one_confirmation()


@dg.sensor(
    job=send_confirmation,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="When the first load of a practice has been applied, the practice gets one"
    " confirmation email. Looks into the outbox; without a mail server configured, mails wait.",
)
def confirmation_is_requested(
    context: dg.SensorEvaluationContext,
    scriptright: ScriptRightResource,
    mailer: MailerResource,
) -> dg.SensorResult:
    """Ask for a run for each confirmation that may be sent now, and settle abandoned ones."""
    from vet_pipeline.scriptright.telling import outbox

    now = datetime.now(UTC)
    with scriptright.connect() as engine:
        waiting = outbox.practices_to_confirm(engine, limit=PER_TICK)
        configured = mailer.is_configured()
        abandoned = outbox.settle_abandoned(
            engine, server_deduplicates=configured and mailer.settings().deduplicates
        )
    if abandoned:
        context.log.warning("confirmations of unknown fate, settled: %s", ", ".join(abandoned))
    if not configured:
        return dg.SensorResult(
            skip_reason=f"confirmations that wait: {len(waiting)}; VET_PIPELINE_SMTP_HOST is not set"
        )
    registered = set(context.instance.get_dynamic_partitions(PRACTICES))
    return dg.SensorResult(
        run_requests=[
            confirmation_request(practice_id, attempts, now) for practice_id, attempts in waiting
        ],
        dynamic_partitions_requests=[practices.build_add_request(missing)]
        if (missing := [practice for practice, _ in waiting if practice not in registered])
        else [],
    )


def confirmation_request(practice_id: str, attempts: int, now: datetime) -> dg.RunRequest:
    """One run for each attempt, and one more every ASK_AGAIN while it was not even claimed."""
    slot = int(now.timestamp() // ASK_AGAIN.total_seconds())
    return dg.RunRequest(
        run_key=f"confirmation:{practice_id}:{attempts}:{slot}",
        partition_key=practice_id,
        tags={PRACTICE_TAG: practice_id},
    )
