"""Links whose sides have drifted apart are put before a person."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create `link_review`; nothing that is there is touched."""
    run_script("0002_link_review.sql")
