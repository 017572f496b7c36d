"""What the web shop writes by itself is noted; how a PIMS is and writes is kept with its practice.

A statement of the shop's own leaves what web_shop.edit_* leave: notes, and marks on prescriptions.
"""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Triggers on clients and pets, for the shop's role alone; the columns for shape and conventions."""
    run_script("0014_shop_and_shape.sql")
