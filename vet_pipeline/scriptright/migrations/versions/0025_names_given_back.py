"""What an undo brought back of another link's name marks no longer than that link does."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.database import driver

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """The function that marks, anew; marks that are there already stay as they are noted."""
    driver(op.get_bind()).execute((_SQL / "0025_names_given_back.sql").read_bytes())


def downgrade() -> None:
    """The function of 0024 again; marks stay."""
    driver(op.get_bind()).execute((_SQL / "0024_labels_by_links.sql").read_bytes())
