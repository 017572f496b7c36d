"""Loads may read `shared_change`: a right only, which `grants.settle` gives.

From this version on it also holds what records of one PIMS record said before a blank.
"""

from __future__ import annotations

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing here: a database at this version has had its rights settled with the new one."""


def downgrade() -> None:
    """Nothing to take back: rights are settled anew by the next migration."""
