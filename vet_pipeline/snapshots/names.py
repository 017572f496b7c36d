"""What a practice, a snapshot and a table may be called on disk: nothing that leads elsewhere."""

from __future__ import annotations

import re

from vet_pipeline.errors import UsageError

# The database holds to the same (0001_tables.sql).
PRACTICE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
NO_PRACTICE_ID = "a practice id has up to 63 of a-z, 0-9, - and _ and starts with a letter or digit"
SEQ_DIRECTORY = re.compile(r"[0-9]{8,}")
_TABLE = re.compile(r"[a-z][a-z0-9_]*")


def checked_practice(practice_id: str) -> str:
    """The id, if a practice may have it: no other folder is named so; UsageError otherwise."""
    if not PRACTICE_ID.fullmatch(practice_id):
        raise UsageError(
            NO_PRACTICE_ID,
            next_step="use the id from `vet-pipeline practice list`",
        )
    return practice_id


def checked_name(name: str) -> str:
    """The name, if a table or document may have it; UsageError otherwise."""
    if not _TABLE.fullmatch(name) or name == "manifest":
        raise UsageError(f"{name!r} can't be a table's name", next_step="use a-z, 0-9 and _")
    return name
