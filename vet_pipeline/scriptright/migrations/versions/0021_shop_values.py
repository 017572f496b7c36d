"""What the web shop may write, and prescriptions that no rename had marked."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Triggers and constraints; dates and weights that can't be read go blank, with a note."""
    run_script("0021_shop_values.sql")
