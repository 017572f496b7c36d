"""The first schema: practices, records, prescriptions, links, baseline, ledger, audit, outbox."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Create the schema `scriptright` and everything in it."""
    # By the driver itself: the text holds colons and percent signs that are no parameters.
    connection = driver(op.get_bind())
    for name in ("0001_tables.sql", "0001_triggers.sql"):
        connection.execute((_SQL / name).read_bytes())


def downgrade() -> None:
    """Drop the schema with all data."""
    op.execute("DROP SCHEMA scriptright CASCADE")
