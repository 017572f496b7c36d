"""Practices leave: what was erased is receipted, and doesn't come back."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create receipts and tombstones, and the triggers that keep offboarded practices empty."""
    run_script("0005_offboarding.sql")
