"""The web shop is known by its rights too, not by the role alone that it takes.

A login of the shop's application that inherits `scriptright_shop` (PostgreSQL's default) and takes
no role renamed pets past their prescriptions, and left no history.
"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"

# Loads and decisions note for themselves, and offboarding leaves nothing to note. What a superuser
# writes by hand, with row level security behind him, isn't the shop's.
_RIGHTS = (
    "(current_user = 'scriptright_shop' OR current_setting('is_superuser') = 'off' AND current_user"
    " NOT IN ('scriptright_load', 'scriptright_review', 'scriptright_erase', 'scriptright_migrate'))"
)
_UNNOTED = "current_setting('scriptright.noted', true) IS DISTINCT FROM 'yes'"
# As 0014, 0018 and 0021 made them.
_TRIGGERS = (
    ("shop_edit_noted", "AFTER UPDATE", "client", f"AND {_UNNOTED}", "note_shop_edit"),
    ("shop_edit_noted", "AFTER UPDATE", "pet", f"AND {_UNNOTED}", "note_shop_edit"),
    (
        *("meaning_kept", "BEFORE UPDATE OF name", "pet"),
        *("AND OLD.name IS DISTINCT FROM NEW.name", "keep_meaning"),
    ),
    ("number_given", "BEFORE INSERT", "client", "", "refuse_number_ahead"),
    ("number_given", "BEFORE INSERT", "pet", "", "refuse_number_ahead"),
)


def upgrade() -> None:
    """The same triggers, for whoever writes with the shop's rights."""
    for name, event, table, also, function in _TRIGGERS:
        op.execute(
            f"CREATE OR REPLACE TRIGGER {name} {event} ON scriptright.{table} FOR EACH ROW"
            f" WHEN ({_RIGHTS} {also}) EXECUTE FUNCTION scriptright.{function}()"
        )
