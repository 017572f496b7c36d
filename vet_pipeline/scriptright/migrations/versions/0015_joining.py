"""A person can make a record of its own one with another: the one right to delete that it takes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """The function; grants.py says who may call it."""
    driver(op.get_bind()).execute((_SQL / "0015_joining.sql").read_bytes())


def downgrade() -> None:
    """Without it; what was joined stays so, and can be undone."""
    op.execute("DROP FUNCTION scriptright.take_back_created(text, text, bigint)")
