"""Events have the time at which their transaction held the practice, not that of its beginning."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The function `moment`, as the columns' default; what is written already keeps its time."""
    run_script("0012_moment.sql")
