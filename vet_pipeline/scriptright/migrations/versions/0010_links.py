"""A link is part of the baseline's row; `client_link` and `pet_link` become views."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Move each link into the row that it links."""
    run_script("0010_links.sql")
