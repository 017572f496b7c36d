"""Rights only, which `grants.settle` gives.

Offboarding sees which change is of which record and field; the web shop marks prescriptions; loads
read `shared_change`, which from this version on also holds what was said before a blank.
"""

from __future__ import annotations

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing here: a database at this version has had its rights settled with the new ones."""
