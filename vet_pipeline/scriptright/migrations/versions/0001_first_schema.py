"""The first schema: practices, records, prescriptions, links, baseline, ledger, audit, outbox."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the schema `scriptright` and everything in it."""
    for name in ("0001_tables.sql", "0001_triggers.sql"):
        run_script(name)
