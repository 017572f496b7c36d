"""References checked by the set, room for changed rows, no statistics of values."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Rows that are there stay as they are: the foreign keys have checked them."""
    run_script("0007_load_speed.sql")
