"""Labels of a past name are marked once the practice has left, too: by the statements that are kept.

With it `grants.settle` gives the right that `practice change --pims` needs.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Two triggers; prescriptions that are there already stay as they are."""
    driver(op.get_bind()).execute((_SQL / "0024_attested_labels.sql").read_bytes())


def downgrade() -> None:
    """Without them; marks stay."""
    for name in ("stated_label_marked_again", "stated_label_marked"):
        op.execute(f"DROP TRIGGER {name} ON scriptright.prescription")
    op.execute("DROP FUNCTION scriptright.mark_attested_label()")
