"""An alert says that docs/runbook.md has each message: it knows every kind of error."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from vet_pipeline import errors
from vet_pipeline.oncall import causes

RUNBOOK = (Path(__file__).parents[1] / "docs" / "runbook.md").read_text(encoding="utf-8")
FAMILIES = {"PipelineError", "RetryableError", "PermanentError"}  # never raised as such


def test_the_runbook_has_every_kind_of_error() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.PipelineError)
    }
    assert {kind for kind in kinds - FAMILIES if f"`{kind}`" not in RUNBOOK} == set()


def test_the_runbook_has_what_is_no_error_of_a_run() -> None:
    kinds = {
        causes.AUDIT_BROKEN, causes.LATE, causes.LEFT_IS_BACK, causes.NEVER_AGAIN, causes.PARKED,
        causes.WITNESS_LOST,
        "ClockWasAhead", "DaemonStopped", "TwoDaemons", "SensorStopped", "TimeZoneUnknown",
    }  # fmt: skip
    assert {kind for kind in kinds if f"`{kind}`" not in RUNBOOK} == set()


def test_the_place_of_snapshots_is_found_though_no_variable_is_set(tmp_path: Path) -> None:
    line = next(line for line in RUNBOOK.splitlines() if line.startswith("df -h"))
    (tmp_path / "var" / "snapshots").mkdir(parents=True)
    without = {n: v for n, v in os.environ.items() if not n.startswith("VET_PIPELINE_")}
    done = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=without, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
