"""Roles by purpose: the rights are settled after every migration (grants.py)."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create what a role needs beyond rights on tables."""
    run_script("0004_roles.sql")
