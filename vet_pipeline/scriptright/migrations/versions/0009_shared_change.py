"""What PIMS records that share a ScriptRight record said is kept, so that undoing a link is exact."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Create `shared_change`, and fill it with what can still be told."""
    driver(op.get_bind()).execute((_SQL / "0009_shared_change.sql").read_bytes())


def downgrade() -> None:
    """Drop it: older releases undo a link from the record's changes alone."""
    op.execute("DROP TABLE scriptright.shared_change")
