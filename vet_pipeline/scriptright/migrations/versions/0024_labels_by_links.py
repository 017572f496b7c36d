"""A past label is marked by every change since, so that undoing one link leaves the others' marks."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.database import driver

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """The function that marks, anew; marks that are there already stay as they are noted."""
    driver(op.get_bind()).execute((_SQL / "0024_labels_by_links.sql").read_bytes())


def downgrade() -> None:
    """The function of 0023 again; marks stay."""
    driver(op.get_bind()).execute((_SQL / "0023_filled_names.sql").read_bytes())
