"""The outbox knows in which life of the database an email was asked for."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Requests that wait now belong to the database as it is now."""
    driver(op.get_bind()).execute((_SQL / "0006_restore.sql").read_bytes())


def downgrade() -> None:
    """Forget it again."""
    op.execute("ALTER TABLE scriptright.outbox DROP COLUMN requested_in")
    op.execute("DROP FUNCTION scriptright.incarnation()")
