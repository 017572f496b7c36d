"""A person can make a record of its own one with another: the one right to delete that it takes."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """The function; grants.py says who may call it."""
    run_script("0015_joining.sql")
