"""What the web shop may write: prescriptions made active again, numbers, dates."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.database import driver

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Triggers; prescriptions that are active already stay as they are."""
    driver(op.get_bind()).execute((_SQL / "0022_shop_values.sql").read_bytes())


def downgrade() -> None:
    """Without it; marks stay."""
    op.execute("DROP TRIGGER past_label_marked_again ON scriptright.prescription")
    op.execute("DROP TRIGGER meaning_waited_for ON scriptright.prescription")
    op.execute("DROP FUNCTION scriptright.wait_for_meaning()")
