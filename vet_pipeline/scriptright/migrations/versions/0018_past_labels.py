"""A prescription written under its pet's past name, or for a past owner, is marked as it comes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Triggers, for whoever writes one; those that are there already stay as they are."""
    driver(op.get_bind()).execute((_SQL / "0018_past_labels.sql").read_bytes())


def downgrade() -> None:
    """Without it; marks stay."""
    op.execute("DROP TRIGGER past_label_marked ON scriptright.prescription")
    op.execute("DROP FUNCTION scriptright.mark_past_label()")
    op.execute("DROP TRIGGER meaning_kept ON scriptright.pet")
    op.execute("DROP FUNCTION scriptright.keep_meaning()")
