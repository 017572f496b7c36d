"""A pet's row that a snapshot didn't have, or that wasn't taken, knows when it was last seen.

What has changed in it when it comes back may be as old as that: an undated weight must not pass for
newer than a weighing of the time between (scriptright/load/apply_baseline.py).
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """The columns; filled for rows that are missing, since what was refused lately nobody knows."""
    op.execute("ALTER TABLE scriptright.pims_pet ADD COLUMN seen_at timestamptz")
    op.execute("ALTER TABLE scriptright.shared_change ADD COLUMN unseen_from date")
    op.execute("""
        UPDATE scriptright.pims_pet b SET seen_at = (
            SELECT max(l.read_at) FROM scriptright.load l
            WHERE l.practice_id = b.practice_id AND l.state = 'applied'
              AND l.read_at < b.missing_since)
        WHERE b.missing_since IS NOT NULL
    """)
    op.execute("""
        CREATE INDEX pims_pet_unseen ON scriptright.pims_pet (practice_id)
        WHERE seen_at IS NOT NULL
    """)
