"""Events have the time at which their transaction held the practice, not that of its beginning."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """The function `moment`, as the columns' default; what is written already keeps its time."""
    driver(op.get_bind()).execute((_SQL / "0012_moment.sql").read_bytes())


def downgrade() -> None:
    """The transaction's beginning again."""
    driver(op.get_bind()).execute((_SQL / "0012_back.sql").read_bytes())
