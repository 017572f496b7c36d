"""A small production: code server, daemon, web server, Redis and Celery workers, as deploy/ has them.

Only the intervals at which Dagster looks at things are shortened, and ports are free ones.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
import yaml

if TYPE_CHECKING:
    import psutil
    from dagster_graphql import DagsterGraphQLClient

PROJECT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 600.0  # seconds for anything that must happen; a busy machine is slow

# What the tests can't wait for. Everything else is the deployed file's.
HASTE: dict[str, dict[str, Any]] = {
    "run_monitoring": {"poll_interval_seconds": 3, "cancel_timeout_seconds": 5},
}


def until(what: str, check: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """Ask until there is an answer; fails with `what` when there is none in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.3)
    raise AssertionError(f"in {within:.0f} s it never came to: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Plant:
    """Processes that share one Dagster instance; `logs` hold what each of them said."""

    home: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    web_port: int = 0
    redis_port: int = 0

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own."""
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        return self.processes[name]

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(errors="replace")

    def start_redis(self) -> None:
        """Redis that keeps nothing on disk."""
        self.start(
            "redis", "redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1",
            "--save", "", "--dir", str(self.home),
        )  # fmt: skip
        until("Redis listens", lambda: _listens(self.redis_port))

    def start_worker(self, name: str, processes: int) -> None:
        """A Celery worker, by the command of deploy/README.md."""
        self.start(
            name, str(BIN / "celery"), "-A", "dagster_celery.app", "worker", "-Q", "dagster",
            "-n", f"{name}@%h", "-c", str(processes), "--max-tasks-per-child", "200", "-l", "INFO",
        )  # fmt: skip
        until(f"{name} is ready", lambda: "ready." in self.log(name))

    def start_dagster(self) -> None:
        """Code server, daemon and web server."""
        code_port, self.web_port = free_port(), free_port()
        workspace = self.home / "workspace.yaml"
        settings = yaml.safe_load((PROJECT / "deploy" / "workspace.yaml").read_text())
        settings["load_from"][0]["grpc_server"]["port"] = code_port
        workspace.write_text(yaml.safe_dump(settings))
        self.start(
            "code", str(BIN / "dagster"), "code-server", "start", "-m", "vet_pipeline.definitions",
            "-a", "defs", "--location-name", "vet_pipeline", "-h", "127.0.0.1", "-p", str(code_port),
        )  # fmt: skip
        until("the code server listens", lambda: _listens(code_port))
        self.start("daemon", str(BIN / "dagster-daemon"), "run", "-w", str(workspace))
        self.start(
            "web", str(BIN / "dagster-webserver"), "-w", str(workspace), "-h", "127.0.0.1",
            "-p", str(self.web_port),
        )  # fmt: skip
        until("the web server listens", lambda: _listens(self.web_port))

    @property
    def graphql(self) -> DagsterGraphQLClient:
        """What the UI asks through."""
        from dagster_graphql import DagsterGraphQLClient

        return DagsterGraphQLClient("127.0.0.1", port_number=self.web_port)

    def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """A GraphQL question as the UI sends it."""
        answer = self.graphql._execute(query, dict(variables))
        return dict(answer)

    def kill(self, name: str) -> None:
        """End by kill -9 the process and all it started, at one moment."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def children(self, name: str) -> list[psutil.Process]:
        """All that the process started."""
        import psutil

        return psutil.Process(self.processes[name].pid).children(recursive=True)

    def stop(self) -> None:
        for name in reversed(list(self.processes)):
            self.kill(name)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def celery_plant(
    home: Path,
    *,
    scriptright_url: str,
    dagster_url: str,
    processes: int,
    workers: int = 1,
    snapshots: Path | None = None,
) -> Iterator[Plant]:
    """Redis, workers and Dagster by deploy/celery/dagster.yaml; all ended on leaving."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server isn't installed (deploy/setup.sh test installs it)")
    broker = f"redis://127.0.0.1:{(port := free_port())}"
    settings = yaml.safe_load((PROJECT / "deploy" / "celery" / "dagster.yaml").read_text())
    for section, values in HASTE.items():
        settings[section] |= values
    settings["concurrency"]["runs"]["max_concurrent_runs"] = processes * workers
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings))
    environment = os.environ | {
        "DAGSTER_HOME": str(home),
        "VET_PIPELINE_HOME": str(home),
        "VET_PIPELINE_SNAPSHOTS": str(snapshots or home / "snapshots"),
        "SCRIPTRIGHT_URL": scriptright_url,
        "DAGSTER_PG_URL": dagster_url,
        "VET_PIPELINE_CELERY_BROKER": f"{broker}/0",
        "VET_PIPELINE_CELERY_BACKEND": f"{broker}/1",
        "PYTHONPATH": str(PROJECT / "deploy" / "celery"),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
    }
    plant = Plant(home, environment, redis_port=port)
    try:
        plant.start_redis()
        for number in range(1, workers + 1):
            plant.start_worker(f"worker{number}", processes)
        plant.start_dagster()
        yield plant
    finally:
        plant.stop()


@contextlib.contextmanager
def instance_of(plant: Plant, patch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The plant's Dagster instance in this process."""
    for name, value in plant.environment.items():
        if os.environ.get(name) != value:
            patch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        yield instance
