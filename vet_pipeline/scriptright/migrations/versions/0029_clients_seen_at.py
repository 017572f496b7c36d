"""A client's row that wasn't taken is known by when it was last seen, as a pet's is since 0019.

What a snapshot before couldn't take either held a practice again at each refresh, released or not.
"""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """The column; filled for rows that are missing, since what was refused lately nobody knows."""
    op.execute("ALTER TABLE scriptright.pims_client ADD COLUMN seen_at timestamptz")
    op.execute("""
        UPDATE scriptright.pims_client b SET seen_at = (
            SELECT max(l.read_at) FROM scriptright.load l
            WHERE l.practice_id = b.practice_id AND l.state = 'applied'
              AND l.read_at < b.missing_since)
        WHERE b.missing_since IS NOT NULL
    """)
    op.execute("""
        CREATE INDEX pims_client_unseen ON scriptright.pims_client (practice_id)
        WHERE seen_at IS NOT NULL
    """)
