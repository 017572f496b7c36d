"""A PostgreSQL that is killed whole, as by a power cut."""

from __future__ import annotations

from contextlib import suppress

import psutil

from vet_pipeline.scriptright.postgres.server import EmbeddedServer


def kill_server(server: EmbeddedServer) -> int:
    """SIGKILL to the postmaster and all its children; how many processes that were."""
    postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
    victims = [postmaster, *postmaster.children(recursive=True)]
    for victim in victims:
        with suppress(psutil.NoSuchProcess):  # a backend whose connection was just closed
            victim.kill()
    psutil.wait_procs(victims, timeout=30)
    return len(victims)
