"""Which of the causes that are open stands first: what somebody has to be woken for."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.telling.test_alerts import failure, opened, practices, record
from vet_pipeline.oncall.causes import Cause, Failure

__all__ = ["practices"]

RED = Failure(
    "r", "copy_practice", "oak", failure()[0].failed_at, "CheckFailed", "doesn't hold", ""
)


@pytest.mark.usefixtures("practices")
def test_what_wakes_somebody_stands_before_what_most_practices_fail_of(engine: Engine) -> None:
    record(
        engine,
        failure("ash", run="a"),
        failure("elm", run="b"),
        failure(None, run="c", job="remove_old_snapshots", error="SnapshotsNotRemoved"),
        failure(None, run="", job="dagster-daemon", error="DaemonStopped"),
        failure(None, run="d", job="verify_audit", error="AuditBroken"),
        (RED, Cause("CheckFailed|generic||accounts_balance", "CheckFailed", "generic", None)),
    )
    assert [cause for cause, _, _ in opened(engine)] == [
        "CheckFailed|generic||accounts_balance",
        "AuditBroken|||verify_audit",
        "DaemonStopped|||dagster-daemon",
        "PimsUnavailable|generic",
        "SnapshotsNotRemoved|||remove_old_snapshots",
    ]
