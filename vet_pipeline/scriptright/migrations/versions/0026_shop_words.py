"""What the web shop says of prescriptions is noted as it comes: an undo goes by it.

The pet's name saved in other capitals leaves no note with its prescriptions any more: no undo needs
it.
"""

from __future__ import annotations

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver
from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0026"
down_revision = "0025"

_NOTING = "SELECT pg_get_functiondef('scriptright.note_shop_edit()'::regprocedure)"
_OF_ANOTHER = "AND before_name IS DISTINCT FROM after_name\n"
_OR_OF_THE_SAME = """\
AND (before_name IS DISTINCT FROM after_name
          OR lower(btrim(regexp_replace(new_name, '\\s+', ' ', 'g'))) = before_name)
"""


def upgrade() -> None:
    """Two triggers and a column; what was said before stays without a note."""
    run_script("0026_shop_words.sql")
    # The function of 0014, as 0025 left it, with another condition.
    function = str(op.get_bind().exec_driver_sql(_NOTING).scalar_one())
    [start, rest] = function.split(_OR_OF_THE_SAME)
    driver(op.get_bind()).execute((start + _OF_ANOTHER + rest).encode())
