"""Indexes for what `status` and the alerts ask of all practices, which grew with every load and act."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"

# Both say what hardly any row is: a load whose links the machine held back, a practice resumed. At
# 5,000 practices with two years of loads `overview` read 1.3 million rows to find none of the
# first.
_INDEXES = {
    "load_links_held_back": "load (practice_id)"
    " WHERE state = 'applied' AND (counts->>'scores_unlike')::integer = 1",
    "audit_resumed": "audit (practice_id, n) WHERE act = 'practice_active'",
}


def upgrade() -> None:
    """The two."""
    for name, what in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON scriptright.{what}")
