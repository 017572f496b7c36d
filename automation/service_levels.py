"""The fleet page, every hour."""

import dagster as dg

from assets.fleet import service_levels

look_at_fleet = dg.define_asset_job(
    "look_at_fleet",
    selection=dg.AssetSelection.assets(service_levels),
    description="Bring the fleet page up to date. Reads ScriptRight only.",
)


@dg.schedule(
    job=look_at_fleet,
    cron_schedule="5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="The fleet page, every hour. On by default: it reads nobody else's system.",
)
def hourly_service_levels() -> dg.RunRequest:
    """One run an hour."""
    return dg.RunRequest()
