"""A pet's first name, in the web shop's own statement: labels that say it already stay active."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0025"
down_revision = "0024"

_SQL = Path(__file__).parents[1] / "sql"
_FUNCTION = re.compile(rb"CREATE FUNCTION (scriptright\.note_shop_edit\(\).*?\n\$\$;\n)", re.DOTALL)
_EACH = b"""\
        AND (before_name IS DISTINCT FROM after_name
          OR lower("""
# As mark_filled_name (0021) and consequences.mark_for_filled_name.
_OF_ANOTHER = b"""\
        AND (before_name <> '' OR after_name <> lower(btrim(regexp_replace(label_name, '\\s+', ' ', 'g')))
          OR after_name <> lower(btrim(regexp_replace(new_name, '\\s+', ' ', 'g'))))
"""


def upgrade() -> None:
    """The function that notes, with a condition more; prescriptions that are there stay as they are."""
    [noting] = _FUNCTION.findall((_SQL / "0014_shop_and_shape.sql").read_bytes())
    noting = noting.replace(_EACH, _OF_ANOTHER + _EACH)
    driver(op.get_bind()).execute(b"CREATE OR REPLACE FUNCTION " + noting)
