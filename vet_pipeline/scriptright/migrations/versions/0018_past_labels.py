"""A prescription written under its pet's past name, or for a past owner, is marked as it comes."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Triggers, for whoever writes one; those that are there already stay as they are."""
    run_script("0018_past_labels.sql")
