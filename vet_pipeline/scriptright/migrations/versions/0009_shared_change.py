"""What PIMS records that share a ScriptRight record said is kept, so that undoing a link is exact."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create `shared_change`, and fill it with what can still be told."""
    run_script("0009_shared_change.sql")
