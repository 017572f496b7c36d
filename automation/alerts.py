"""Failed runs are told to on-call: in the log, and by mail where an address is configured."""

import os

import dagster as dg

from assets.partitions import PRACTICE_TAG
from automation.instance import failed_checks
from resources.mailer import MailerResource

ALERTS_VARIABLE = "VET_PIPELINE_ALERTS_TO"


@dg.run_failure_sensor(
    name="run_failed",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    monitor_all_code_locations=False,
    description="Tells on-call about a failed run: practice, job, what went wrong, the next step."
    " By mail to VET_PIPELINE_ALERTS_TO where that is set.",
)
def run_failed(context: dg.RunFailureSensorContext, mailer: MailerResource) -> None:
    """Say what failed. Best effort: a mail server in trouble is logged, the cursor moves on."""
    text = alert_text(context)
    context.log.error("%s", text)
    to = os.environ.get(ALERTS_VARIABLE, "").strip()
    if to and mailer.is_configured():
        mailer.send_alert(to, subject=f"failed: {context.dagster_run.job_name}", text=text)


def alert_text(context: dg.RunFailureSensorContext) -> str:
    """One paragraph without any value of a record: our failures hold none."""
    run = context.dagster_run
    causes = [
        data.user_failure_data.description or data.user_failure_data.label or "no description"
        for event in context.get_step_failure_events()
        if (data := event.step_failure_data).user_failure_data is not None
    ]
    told = causes or list(failed_checks(context.instance, run.run_id).values())
    why = "; ".join(filter(None, told)) or "a blocking check failed, or the worker died"
    practice = run.tags.get(PRACTICE_TAG, run.tags.get("dagster/partition", "unknown"))
    return f"{run.job_name} failed for practice {practice} (run {run.run_id}): {why}"
