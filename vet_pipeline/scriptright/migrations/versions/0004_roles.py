"""Roles by purpose: the rights are settled after every migration (grants.py)."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Create what a role needs beyond rights on tables."""
    driver(op.get_bind()).execute((_SQL / "0004_roles.sql").read_bytes())


def downgrade() -> None:
    """Older releases work as the owner, to whom the policies let everything through."""
    op.execute("DROP FUNCTION scriptright.tell_planner(text)")
