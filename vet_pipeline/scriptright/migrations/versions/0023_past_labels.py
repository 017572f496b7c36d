"""Past labels are marked by every change since, and those that had ended while their pet got a name."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """The function that marks, anew; prescriptions that are there already stay as they are."""
    run_script("0023_past_labels.sql")
