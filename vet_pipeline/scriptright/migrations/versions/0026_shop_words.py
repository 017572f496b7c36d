"""What the web shop says of prescriptions is noted as it comes: an undo goes by it.

The pet's name saved in other capitals leaves no note with its prescriptions any more: no undo needs
it.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from vet_pipeline.scriptright.postgres.database import driver

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_NOTING = "SELECT pg_get_functiondef('scriptright.note_shop_edit()'::regprocedure)"
_OF_ANOTHER = "AND before_name IS DISTINCT FROM after_name\n"
_OR_OF_THE_SAME = """\
AND (before_name IS DISTINCT FROM after_name
          OR lower(btrim(regexp_replace(new_name, '\\s+', ' ', 'g'))) = before_name)
"""


def upgrade() -> None:
    """Two triggers and a column; what was said before stays without a note."""
    driver(op.get_bind()).execute((_SQL / "0026_shop_words.sql").read_bytes())
    _note_shop_edits(_OR_OF_THE_SAME, _OF_ANOTHER)


def downgrade() -> None:
    """Without them, and without the notes: the release before takes each for another's mark."""
    _note_shop_edits(_OF_ANOTHER, _OR_OF_THE_SAME)
    for name in ("noted_as_it_is_saved", "noted_as_it_comes"):
        op.execute(f"DROP TRIGGER {name} ON scriptright.prescription")
    op.execute("DROP FUNCTION scriptright.note_shop_word()")
    op.execute("DELETE FROM scriptright.record_change WHERE seen_to IS NOT NULL")
    op.execute("ALTER TABLE scriptright.record_change DROP COLUMN seen_to")


def _note_shop_edits(before: str, after: str) -> None:
    """The function of 0014, as 0025 left it, with another condition."""
    function = str(op.get_bind().exec_driver_sql(_NOTING).scalar_one())
    [start, rest] = function.split(before)
    driver(op.get_bind()).execute((start + after + rest).encode())
