"""Practices leave: what was erased is receipted, and doesn't come back."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Create receipts and tombstones, and the triggers that keep offboarded practices empty."""
    driver(op.get_bind()).execute((_SQL / "0005_offboarding.sql").read_bytes())


def downgrade() -> None:
    """Drop receipts and tombstones; practices stay offboarded."""
    for table in ("pims_client", "pims_pet"):
        op.execute(f"DROP TRIGGER {table}_of_no_offboarded ON scriptright.{table}")
    op.execute("DROP TRIGGER practice_offboarded_for_good ON scriptright.practice")
    op.execute("DROP TABLE scriptright.tombstone, scriptright.offboarding")
    op.execute("DROP FUNCTION scriptright.refuse_offboarded(), scriptright.refuse_return()")
