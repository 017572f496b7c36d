"""When the exports of the last load were written is kept with the practice, beside its shape.

Until then it lay beside the snapshot alone: with that lost, an older export passed for news.
"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """The column; until a practice's next load its newest snapshot tells."""
    op.execute("ALTER TABLE scriptright.practice ADD COLUMN applied_exports jsonb")
