"""Indexes for what grew with its square: erasing clients, and asking whose pets are whose."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"

# A client that goes is looked for among the prescriptions (a foreign key brings no index), and the
# owner's questions of one PIMS pet among those of the practice.
_INDEXES = {
    "prescription_by_client": "prescription (practice_id, client_id)",
    "suggestion_of_owner": "suggestion (practice_id, pims_id) WHERE field = 'owner'",
    "shared_change_of_owner": "shared_change (practice_id, pims_id) WHERE field = 'owner'",
}


def upgrade() -> None:
    """The three."""
    for name, what in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON scriptright.{what}")
