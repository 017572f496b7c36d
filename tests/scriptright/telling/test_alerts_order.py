"""Which of the causes that are open stands first: what somebody has to be woken for."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.telling.test_alerts import failure, opened, practices, record
from vet_pipeline.oncall.causes import Cause, Failure
from vet_pipeline.scriptright.telling import alert_mail

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


@pytest.mark.usefixtures("practices")
def test_whom_somebody_is_woken_for_is_mailed_first_though_others_have_waited_longer(
    engine: Engine,
) -> None:
    record(
        engine,
        failure("ash", run="a", error="PimsAccessDenied"),
        failure(None, run="", job="dagster-daemon", error="DaemonStopped"),
        failure(None, run="d", job="verify_audit", error="AuditBroken"),
    )
    with engine.begin() as connection:  # the trail broke last
        connection.execute(
            text(
                "UPDATE scriptright.alert"
                " SET opened_at = now() - make_interval(mins => 20 - alert_id::integer)"
            )
        )
    told = [alert_mail.take_due(engine, limit=1)[0].alert.error for _ in range(3)]
    assert told == ["AuditBroken", "DaemonStopped", "PimsAccessDenied"]
