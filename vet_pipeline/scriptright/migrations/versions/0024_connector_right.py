"""Rights only, which `grants.settle` gives: `practice change --pims` corrects a registration."""

from __future__ import annotations

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing here: a database at this version has had its rights settled with the new one."""


def downgrade() -> None:
    """Nothing to take back: rights are settled anew by the next migration."""
