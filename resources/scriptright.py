"""ScriptRight's database as a Dagster resource."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Engine


class ScriptRightResource(dg.ConfigurableResource[Any]):
    """ScriptRight in PostgreSQL, migrated.

    `url` unset: the environment variable SCRIPTRIGHT_URL, else the embedded server under
    $VET_PIPELINE_HOME. Connecting gives up after 10 s and a practice's lock after 10 s
    (vet_pipeline.scriptright.postgres.database).
    """

    url: str | None = None

    def connect(self) -> AbstractContextManager["Engine"]:
        """An engine for one step, as `opened_database` has it."""
        from vet_pipeline.scriptright.postgres.opened import opened_database

        return opened_database(url=self.url)
