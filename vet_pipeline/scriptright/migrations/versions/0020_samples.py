"""What the planner knows of a practice that has left goes, too."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """The function by which whoever erases has a table sampled anew."""
    driver(op.get_bind()).execute((_SQL / "0020_samples.sql").read_bytes())


def downgrade() -> None:
    """Without it."""
    op.execute("DROP FUNCTION scriptright.sample_anew(text)")
