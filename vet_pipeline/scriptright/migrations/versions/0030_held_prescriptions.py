"""On-call may count the prescriptions that a new name or owner holds up: `status` told of none.

The right to a prescription's practice and state comes with every migration (grants.py).
"""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """An index of those that are held: `status` counts them of every practice."""
    op.execute("""
        CREATE INDEX prescription_held ON scriptright.prescription (practice_id)
        WHERE state IN ('needs_new_prescription', 'owner_changed')
    """)
