"""What the web shop may write, and prescriptions that no rename had marked."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Triggers and constraints; dates and weights that can't be read go blank, with a note."""
    driver(op.get_bind()).execute((_SQL / "0021_shop_values.sql").read_bytes())


def downgrade() -> None:
    """Without them; marks and blanks stay."""
    op.execute("ALTER TABLE scriptright.pet DROP CONSTRAINT pet_dates_readable")
    op.execute("ALTER TABLE scriptright.pet DROP CONSTRAINT pet_weight_readable")
    for table in ("client", "pet"):
        op.execute(f"DROP TRIGGER number_given ON scriptright.{table}")
    op.execute("DROP FUNCTION scriptright.refuse_number_ahead()")
    op.execute("DROP TRIGGER filled_name_marked ON scriptright.record_change")
    op.execute("DROP FUNCTION scriptright.mark_filled_name()")
    op.execute("DROP TRIGGER past_label_marked_again ON scriptright.prescription")
    op.execute("DROP TRIGGER meaning_waited_for ON scriptright.prescription")
    op.execute("DROP FUNCTION scriptright.wait_for_meaning()")
