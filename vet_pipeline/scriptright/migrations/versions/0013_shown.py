"""A possible match knows which pair it was when it got its number.

A person who decides by the number alone decides on that pair. Of those opened before nothing is
known: they are decided as they are.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """The column; empty in what is there."""
    op.execute("ALTER TABLE scriptright.match_candidate ADD COLUMN shown text")
