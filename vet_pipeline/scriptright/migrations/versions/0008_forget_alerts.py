"""On-call's role may remove alerts that healed long ago: a right only, which `grants.settle` gives."""

from __future__ import annotations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing here: a database at this version has had its rights settled with the new one."""


def downgrade() -> None:
    """Nothing to take back: rights are settled anew by the next migration."""
