"""What the planner knows of a practice that has left goes, too."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """The function by which whoever erases has a table sampled anew."""
    run_script("0020_samples.sql")
