"""Links whose sides have drifted apart are put before a person."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Create `link_review`; nothing that is there is touched."""
    driver(op.get_bind()).execute((_SQL / "0002_link_review.sql").read_bytes())


def downgrade() -> None:
    """Drop the open questions and the answers; the links stay."""
    op.execute("DROP TABLE scriptright.link_review")
