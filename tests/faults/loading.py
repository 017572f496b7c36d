"""Loads in processes of their own, to be killed: forked from a server that has imported all."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Literal, cast

from tests.faults.driver import Kind, Plan, faulty_engine
from vet_pipeline.deltas.delta import Delta
from vet_pipeline.matching import match
from vet_pipeline.scriptright.load.apply import apply_delta

Said = Literal["nothing", "applied", "already_applied", "superseded"]
forks = multiprocessing.get_context("forkserver")
# Imported once in the fork server, for all its children; the last two are imported when used.
forks.set_forkserver_preload(
    [
        "tests.faults.loading",
        "tests.faults.sending",
        "tests.faults.reading",
        "sqlalchemy.dialects.postgresql.psycopg",
        "pyarrow.pandas_compat",
    ]
)


class Loader:
    """One load under way in a process of its own."""

    def __init__(
        self, url: str, delta: Delta, *, at: int | None = None, kind: Kind = "kill"
    ) -> None:
        """`at`: the driver's exchange at which it kills itself."""
        self._ear, mouth = forks.Pipe(duplex=False)
        self.process: ForkServerProcess = forks.Process(
            target=_load, args=(mouth, url, pickle.dumps(delta), at, kind), daemon=True
        )
        self.process.start()
        mouth.close()

    def wait_until_ready(self) -> None:
        """Until the process is about to open its first connection."""
        assert self._ear.recv() == "ready"

    def kill(self) -> Said:
        """Kill it with SIGKILL, wait for its end; what it acknowledged before that."""
        if self.process.pid is not None:
            with suppress(ProcessLookupError):  # it has failed and ended by itself
                os.kill(self.process.pid, signal.SIGKILL)
        return self.end()

    def end(self) -> Said:
        """Wait for its end; what it acknowledged before that."""
        said = "nothing"
        try:
            while True:
                said = self._ear.recv()
        except EOFError:
            pass
        self.process.join()
        self._ear.close()
        return cast("Said", "nothing" if said == "ready" else said)


def _load(mouth: Connection, url: str, pickled: bytes, at: int | None, kind: Kind) -> None:
    delta: Delta = pickle.loads(pickled)
    engine = faulty_engine(url, Plan(at, kind))
    mouth.send("ready")
    done = apply_delta(engine, delta, run_id="killed", match=match, wait_seconds=60)
    mouth.send(done.state)
    if at is None:
        signal.pause()  # acknowledged, and killed after that
