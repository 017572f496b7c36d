"""What a run's config may not say: where data and passwords go."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from vet_pipeline.definitions import build_definitions

JOBS = ("copy_practice", "plan_practice", "apply_stored_snapshot", "send_confirmation")


@pytest.mark.parametrize("job_name", JOBS)
@pytest.mark.parametrize(
    ("resource", "config"),
    [
        ("snapshots", {"url": "ftp://elsewhere.example/clients"}),
        ("scriptright", {"url": "postgresql://elsewhere.example/scriptright"}),
        ("mailer", {"host": "elsewhere.example"}),
        ("pims", {"accept_shape": True}),
    ],
)
def test_a_runs_config_sends_no_data_and_no_password_elsewhere(
    job_name: str, resource: str, config: dict[str, Any]
) -> None:
    job = build_definitions().resolve_job_def(job_name)
    with pytest.raises(dg.DagsterInvalidConfigError):
        dg.validate_run_config(job, {"resources": {resource: {"config": config}}})
    assert dg.validate_run_config(job, {})
