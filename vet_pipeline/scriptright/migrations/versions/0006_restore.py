"""The outbox knows in which life of the database an email was asked for."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Requests that wait now belong to the database as it is now."""
    run_script("0006_restore.sql")
