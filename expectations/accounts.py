"""What must hold in ScriptRight after a load, counted in the database itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore

DESCRIPTION = (
    "Rows read = rows in the baseline + rows quarantined; no record that is linked waits for a"
    " person as well; no manual field was changed without a person's decision; the first load"
    " asked for exactly one confirmation email."
)

# Causes of a record_change that a person, or the rules of the first merge, stand behind.
_DECIDED = ("merge_fill", "confirmed", "unmerge", "joined", "web_shop", "rename")


@dataclass(frozen=True, slots=True)
class Account:
    """One rule, and how many rows break it."""

    rule: str
    violations: int


def look(
    context: dg.AssetCheckExecutionContext,
    engine: "Engine",
    store: "SnapshotStore",
    manifest: "Manifest",
) -> dg.AssetCheckResult:
    """Count the violations of each rule; all in one snapshot of the database."""
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.records.baseline import applied_seq

    one_view = engine.execution_options(isolation_level="REPEATABLE READ")
    with connected(one_view, "load", manifest.practice_id) as connection:
        applied = applied_seq(connection, manifest.practice_id)
        found = standing_accounts(connection, manifest.practice_id)
        if applied == manifest.seq:
            delta = store.read_document(manifest.practice_id, manifest.seq, "delta")
            found += row_accounts(connection, manifest.practice_id, delta)
    broken = [account for account in found if account.violations]
    return dg.AssetCheckResult(
        passed=not broken,
        description=(
            "Does not hold: " + "; ".join(f"{a.rule} ({a.violations})" for a in broken)
            if broken
            else f"All {len(found)} accounts balance."
        ),
        metadata={
            "snapshot": manifest.seq,
            "applied_snapshot": applied if applied is not None else "none",
            **{account.rule.replace(" ", "_"): account.violations for account in found},
        },
    )


def standing_accounts(connection: "Connection", practice_id: str) -> list[Account]:
    """Rules that hold at any time, whatever was applied last."""
    from sqlalchemy import text

    from vet_pipeline.policy import FIELDS

    manual = [f"{field.record}.{field.name}" for field in FIELDS if not field.is_automatic]
    row = connection.execute(
        text(_STANDING), {"p": practice_id, "manual": manual, "decided": list(_DECIDED)}
    ).one()
    return [Account(name.replace("_", " "), int(value)) for name, value in row._mapping.items()]


def row_accounts(
    connection: "Connection", practice_id: str, delta: dict[str, Any]
) -> list[Account]:
    """Every row of the snapshot that was applied is in the baseline, or quarantined and counted."""
    from sqlalchemy import text

    found = []
    for record in ("client", "pet"):
        present = connection.execute(text(_PRESENT[record]), {"p": practice_id}).scalar_one()
        read, quarantined = delta[record]["rows_read"], delta[record]["quarantined"]
        # A quarantined row may be one that was taken before: it is in the baseline then.
        short = max(0, read - quarantined - present)
        found.append(Account(f"{record} rows unaccounted for", short + max(0, present - read)))
    return found


_PRESENT = {
    "client": "SELECT count(*) FROM scriptright.pims_client"
    " WHERE practice_id = :p AND missing_since IS NULL",
    "pet": "SELECT count(*) FROM scriptright.pims_pet"
    " WHERE practice_id = :p AND missing_since IS NULL",
}

_STANDING = """
SELECT
  (SELECT count(*) FROM scriptright.match_candidate c
   WHERE c.practice_id = :p AND c.state = 'open' AND (
     (c.record = 'client' AND EXISTS (SELECT FROM scriptright.client_link l
        WHERE l.practice_id = c.practice_id AND l.pims_id = c.pims_id))
     OR (c.record = 'pet' AND EXISTS (SELECT FROM scriptright.pet_link l
        JOIN scriptright.load asked ON asked.practice_id = :p AND asked.load_id = c.load_id
        -- One that had a record of its own when it was asked about (load/gone_beside.py) may wait.
        WHERE l.practice_id = c.practice_id AND l.pims_id = c.pims_id
          AND NOT (l.method = 'created' AND l.linked_at < asked.recorded_at)))
   )) AS linked_records_that_also_wait,
  (SELECT count(*) FROM scriptright.record_change r
   WHERE r.practice_id = :p AND r.record IN ('client', 'pet')
     AND r.record || '.' || r.field = ANY(:manual)
     AND r.cause <> ALL(:decided)) AS manual_fields_changed_without_a_decision,
  (SELECT count(*) FROM scriptright.practice p
   WHERE p.practice_id = :p AND p.applied_seq IS NOT NULL
     AND 1 <> (SELECT count(*) FROM scriptright.outbox o WHERE o.practice_id = p.practice_id
               AND o.kind = 'first_load_confirmation')) AS confirmations_not_requested_once
"""
