"""A link is part of the baseline's row; `client_link` and `pet_link` become views."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Move each link into the row that it links."""
    driver(op.get_bind()).execute((_SQL / "0010_links.sql").read_bytes())


def downgrade() -> None:
    """Links into tables of their own again."""
    driver(op.get_bind()).execute((_SQL / "0010_back.sql").read_bytes())
