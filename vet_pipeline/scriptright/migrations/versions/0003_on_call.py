"""On-call: alerts by cause, the practices behind them, when a sensor looked last."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Create the tables of on-call; nothing that is there is touched."""
    driver(op.get_bind()).execute((_SQL / "0003_on_call.sql").read_bytes())


def downgrade() -> None:
    """Drop what on-call was told; failed runs are still in Dagster."""
    op.execute("ALTER TABLE scriptright.practice DROP COLUMN clients_read")
    op.execute("DROP TABLE scriptright.watch, scriptright.alert_practice, scriptright.alert")
