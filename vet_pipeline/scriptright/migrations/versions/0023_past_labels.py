"""Past labels are marked by every change since, and those that had ended while their pet got a name."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_FUNCTION = re.compile(
    rb"CREATE FUNCTION (scriptright\.mark_past_label\(\).*?\n\$\$;\n)", re.DOTALL
)


def upgrade() -> None:
    """The function that marks, anew; prescriptions that are there already stay as they are."""
    driver(op.get_bind()).execute((_SQL / "0023_past_labels.sql").read_bytes())


def downgrade() -> None:
    """The function of 0018 again; marks stay."""
    [before] = _FUNCTION.findall((_SQL / "0018_past_labels.sql").read_bytes())
    driver(op.get_bind()).execute(b"CREATE OR REPLACE FUNCTION " + before)
