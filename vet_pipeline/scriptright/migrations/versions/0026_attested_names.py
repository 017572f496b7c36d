"""The new name of a kept statement is a past one as the old one is, once the pet has another."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.database import driver

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_FUNCTION = re.compile(rb"CREATE FUNCTION (.*?\n\$\$;\n)", re.DOTALL)


def upgrade() -> None:
    """The function that marks, anew; prescriptions that are there already stay as they are."""
    driver(op.get_bind()).execute((_SQL / "0026_attested_names.sql").read_bytes())


def downgrade() -> None:
    """The function of 0025 again; marks stay."""
    [before] = _FUNCTION.findall((_SQL / "0025_attested_labels.sql").read_bytes())
    driver(op.get_bind()).execute(b"CREATE OR REPLACE FUNCTION " + before)
