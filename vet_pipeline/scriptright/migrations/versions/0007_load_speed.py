"""References checked by the set, room for changed rows, no statistics of values."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Rows that are there stay as they are: the foreign keys have checked them."""
    driver(op.get_bind()).execute((_SQL / "0007_load_speed.sql").read_bytes())


def downgrade() -> None:
    """Foreign keys again, which check every row once."""
    driver(op.get_bind()).execute((_SQL / "0007_back.sql").read_bytes())
