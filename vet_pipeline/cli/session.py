"""What a command works with: the home's database, its snapshot store, Dagster's environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vet_pipeline.cli.options import DEFAULT_HOME
from vet_pipeline.errors import UsageError

if TYPE_CHECKING:
    from dagster import DagsterInstance
    from sqlalchemy import Connection, Engine

    from vet_pipeline.scriptright.postgres.roles import Role
    from vet_pipeline.snapshots.store import SnapshotStore


@dataclass(frozen=True)
class Session:
    """An open home. `engine` is on ScriptRight's migrated database."""

    home: Path
    engine: Engine

    def connected(
        self, role: Role, practice_id: str | None = None
    ) -> AbstractContextManager[Connection]:
        """A connection to look with, in a role and a practice (scriptright/postgres/roles.py)."""
        from vet_pipeline.scriptright.postgres.roles import connected

        return connected(self.engine, role, practice_id)

    @contextmanager
    def records_of(self, practice_id: str) -> Iterator[Connection]:
        """A connection to look at a practice's records; raises UnknownPractice where it is none."""
        from vet_pipeline.scriptright.trail.acts import require_practice

        with self.connected("read", practice_id) as connection:
            require_practice(connection, practice_id)
            yield connection

    def transaction(
        self, role: Role, practice_id: str | None = None
    ) -> AbstractContextManager[Connection]:
        """One transaction in a role, on a practice's rows: committed at the end, or nothing."""
        from vet_pipeline.scriptright.postgres.roles import transaction

        return transaction(self.engine, role, practice_id)

    @property
    def store(self) -> SnapshotStore:
        """Where the home's snapshots are."""
        from vet_pipeline.snapshots.store import SnapshotStore

        return SnapshotStore(os.environ.get("VET_PIPELINE_SNAPSHOTS") or self.home / "snapshots")

    def use_dagster(self) -> None:
        """Set the environment that Dagster's instance of this home needs, for this process."""
        from vet_pipeline.dagster_home import dagster_environment, require_database
        from vet_pipeline.scriptright.postgres.server import dagster_url

        require_database(self.home)
        os.environ.update(dagster_environment(self.home, dagster_url=dagster_url(self.home)))

    def dagster(self) -> DagsterInstance:
        """Dagster's instance of this home, open; a context manager.

        Raises DatabaseUnavailable where it would wait for a locked table.
        """
        self.use_dagster()
        from dagster import DagsterInstance

        from automation.storage import require_tables_free
        from vet_pipeline.scriptright.postgres.server import dagster_url

        require_tables_free(dagster_url(self.home))
        return DagsterInstance.get()

    @contextmanager
    def dagster_that_answers(self) -> Iterator[DagsterInstance]:
        """The same, for an act that needs it at its end: asked before anything is changed."""
        from assets.partitions import PRACTICES

        with self.dagster() as instance:
            instance.get_dynamic_partitions(PRACTICES)
            yield instance


def require_folder(wanted: Path) -> None:
    """Raise UsageError where a file is in the way of a folder; one that isn't there yet is fine."""
    # os.path's: below a folder that may not be entered it says no, and Path's raises.
    paths = (wanted, *wanted.absolute().parents)
    there = next(path for path in paths if os.path.exists(path))  # noqa: PTH110
    if not there.is_dir():
        raise UsageError(f"{there} is a file, not a folder", next_step="name a folder")


@contextmanager
def opened(home: Path) -> Iterator[Session]:
    """The home, open, with its database (`opened_database`). Leaving stops what was started."""
    from vet_pipeline.scriptright.postgres.opened import opened_database
    from vet_pipeline.scriptright.postgres.server import home_path

    home = home_path() if home == DEFAULT_HOME else home.resolve()
    require_folder(home)
    os.environ["VET_PIPELINE_HOME"] = str(home)
    with opened_database(home) as engine:
        yield Session(home, engine)
