"""What the books say after the show: ledger, runs, outbox, mails."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from benchmarks.fleet.place import Place
from vet_pipeline.scriptright.telling.overview import overview


def late(place: Place) -> set[str]:
    """Practices past their 72 hours (or their first copy's time)."""
    now = datetime.now(UTC)
    with place.engine.connect() as connection:
        return {one.practice_id for one in overview(connection) if one.standing.is_overdue(now)}


def copies(place: Place) -> dict[str, int]:
    """Applied loads of each practice."""
    return _counts(
        place,
        "SELECT practice_id, count(*) FROM scriptright.load WHERE state = 'applied' GROUP BY 1",
    )


def confirmations(place: Place) -> dict[str, int]:
    """Confirmation emails by state."""
    return _counts(place, "SELECT state, count(*) FROM scriptright.outbox GROUP BY 1")


def needless_runs(place: Place) -> int:
    """Runs of copy_practice that succeeded beyond the loads: a refresh that was asked for twice."""
    import dagster as dg

    succeeded = dg.RunsFilter(job_name="copy_practice", statuses=[dg.DagsterRunStatus.SUCCESS])
    with dg.DagsterInstance.get() as instance:
        return instance.get_runs_count(succeeded) - sum(copies(place).values())


def alerts(mailbox: Path, to: str) -> list[str]:
    """Subjects of the mails to on-call, in the order of arrival."""
    found = []
    for path in sorted(mailbox.glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if to in str(mail["To"]):
            found.append(str(mail["Subject"]))
    return found


def _counts(place: Place, query: str) -> dict[str, int]:
    with place.engine.connect() as connection:
        return {str(name): int(count) for name, count in connection.execute(text(query))}
