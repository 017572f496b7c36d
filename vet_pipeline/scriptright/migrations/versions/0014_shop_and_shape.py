"""What the web shop writes by itself is noted; how a PIMS is and writes is kept with its practice.

A statement of the shop's own leaves what web_shop.edit_* leave: notes, and marks on prescriptions.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Triggers on clients and pets, for the shop's role alone; the columns for shape and conventions."""
    driver(op.get_bind()).execute((_SQL / "0014_shop_and_shape.sql").read_bytes())


def downgrade() -> None:
    """Without them; what they have noted stays. The newest snapshot tells shape and conventions."""
    op.execute(
        "ALTER TABLE scriptright.practice DROP COLUMN known_shape, DROP COLUMN applied_conventions"
    )
    op.execute("DROP TRIGGER shop_edit_noted ON scriptright.client")
    op.execute("DROP TRIGGER shop_edit_noted ON scriptright.pet")
    op.execute("DROP FUNCTION scriptright.note_shop_edit()")
