"""Statistics that know a practice that was just loaded; autovacuum would be a minute late."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, text

from vet_pipeline.errors import LoadInProgress
from vet_pipeline.scriptright.postgres.database import translate_errors
from vet_pipeline.scriptright.postgres.roles import enter

_TELL_PLANNER = text("SELECT scriptright.tell_planner(:loaded)")


def tell_planner(connection: Connection, practice_id: str) -> None:
    """Sample what a load has filled; a table that is kept from us for half a minute goes without.

    In transactions of their own: inside the load's, ANALYZE would make other loads wait.
    """
    for table in ("pims_client", "pims_pet", "client", "pet"):
        with suppress(LoadInProgress), translate_errors(practice_id), connection.begin():
            enter(connection, "load", practice_id)
            connection.execute(_TELL_PLANNER, {"loaded": table})
