"""CPU seconds of processes that aren't ours to instrument: PostgreSQL's and Dagster's, from /proc."""

from __future__ import annotations

import psutil
import psycopg

from vet_pipeline.scriptright.postgres.server import EmbeddedServer


def tree_cpu(pid: int) -> float:
    """User and system seconds of a process, all it started, and all of those that have ended.

    A process that ended counts once its parent has waited for it: PostgreSQL's postmaster and
    Dagster's code server do.
    """
    root = psutil.Process(pid)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += sum(process.cpu_times()[:4])  # user, system, and both of ended children
        except psutil.Error:
            continue
    return total


def server_cpu(server: EmbeddedServer) -> float:
    """The PostgreSQL server's seconds so far, its backends included."""
    return tree_cpu(int((server.data / "postmaster.pid").read_text().splitlines()[0]))


def database_names(connection: psycopg.Connection[tuple[str]]) -> set[str]:
    """Databases of a server."""
    return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
