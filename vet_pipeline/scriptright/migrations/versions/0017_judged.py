"""A possible match knows which pair it was when the matcher looked last.

While it is that pair the machine leaves the question to a person. Of those that are open already
the pair that got the number counts.
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """The column; empty in what is there."""
    op.execute("ALTER TABLE scriptright.match_candidate ADD COLUMN judged text")
