"""The composition root: all assets, checks, jobs, sensors and resources put together.

Loads in about two seconds because nothing here, nor in what it imports, imports pandas,
SQLAlchemy, pyodbc or Great Expectations at module level (ruff's TID253 sees to that).
"""

import warnings
from collections.abc import Mapping
from typing import Any

import dagster as dg

# Checks by partition are a preview feature of Dagster 1.13 that this project relies on.
warnings.filterwarnings("ignore", category=dg.PreviewWarning, message=r".*partitions_def.*")
# Dagster's own sensor decorator passes a beta parameter on.
warnings.filterwarnings("ignore", category=dg.BetaWarning, message=r".*`owners`.*")

from assets import changes, fleet, normalized, pims, records  # noqa: E402 - after the filter
from assets.partitions import practices  # noqa: E402
from automation import (  # noqa: E402
    alerts,
    audit_trail,
    confirmation,
    jobs,
    refresh,
    retention,
    run_retention,
    service_levels,
)
from expectations.checks import build_checks  # noqa: E402
from expectations.service_levels import build_service_check  # noqa: E402
from resources.deployed import as_deployed  # noqa: E402
from resources.mailer import MailerResource  # noqa: E402
from resources.pims import PimsResource  # noqa: E402
from resources.scriptright import ScriptRightResource  # noqa: E402
from resources.snapshots import SnapshotStoreResource  # noqa: E402


def build_definitions(*, resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Everything Dagster serves; `resources` replace the real ones by name.

    Names: pims, snapshots, scriptright, mailer.
    """
    return dg.Definitions(
        assets=[
            pims.raw_snapshot,
            normalized.clients,
            normalized.pets,
            changes.change_deltas,
            records.scriptright_records,
            fleet.service_levels,
        ],
        asset_checks=[*build_checks(practices), build_service_check(practices)],
        jobs=[
            jobs.copy_practice,
            jobs.plan_practice,
            jobs.apply_stored_snapshot,
            confirmation.send_confirmation,
            retention.remove_old_snapshots,
            run_retention.remove_old_runs,
            service_levels.look_at_fleet,
            audit_trail.verify_audit,
        ],
        sensors=[
            refresh.practice_is_due,
            confirmation.confirmation_is_requested,
            alerts.run_failed,
        ],
        schedules=[
            refresh.scheduled_refresh,
            retention.daily_retention,
            run_retention.daily_run_retention,
            service_levels.hourly_service_levels,
            audit_trail.daily_audit,
        ],
        resources=as_deployed(
            {
                "pims": PimsResource(),
                "snapshots": SnapshotStoreResource(),
                "scriptright": ScriptRightResource(),
                "mailer": MailerResource(),
                **(resources or {}),
            }
        ),
        # A process for each step would cost five times the CPU of the whole run.
        executor=dg.in_process_executor,
    )


defs = build_definitions()
