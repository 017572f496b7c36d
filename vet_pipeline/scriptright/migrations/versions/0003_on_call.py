"""On-call: alerts by cause, the practices behind them, when a sensor looked last."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of on-call; nothing that is there is touched."""
    run_script("0003_on_call.sql")
