"""On-call's role may remove alerts that healed long ago: a right only, which `grants.settle` gives."""

from __future__ import annotations

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing here: a database at this version has had its rights settled with the new one."""
