"""`vet-pipeline dev`: Dagster's web server and daemon on this home, until Ctrl-C."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, Home
from vet_pipeline.cli.output import console
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import UsageError

_PROJECT = Path(__file__).resolve().parents[2]
# `dagster dev` isn't removed; its successor needs another layout of the project.
_EXPECTED_WARNING = "ignore:Function `dev_command` is superseded:FutureWarning"
_STOPS_WITHIN = 20.0  # seconds for Dagster's processes to end before they are killed


@app.command("dev")
def dev(
    host: Annotated[
        str,
        typer.Option(
            "--host", help="Address of the pages; they know no login, so another shows them to all."
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port of the pages.")
    ] = 3000,
    home: Home = DEFAULT_HOME,
) -> None:
    """Dagster's pages for this home. Ctrl-C stops it and everything it started."""
    workspace = _PROJECT / "workspace.yaml"
    if not workspace.exists():
        raise UsageError(
            "there is no workspace.yaml beside the package", next_step="run this in a checkout"
        )
    _require_free(host, port)
    with opened(home) as session:
        session.use_dagster()
        os.environ.setdefault("SCRIPTRIGHT_URL", str(session.engine.url.render_as_string(False)))
        command = [sys.executable, "-m", "dagster", "dev", "-w", str(workspace)]
        command += ["--host", host, "--port", str(port)]
        console().print(f"http://{host}:{port} in about half a minute; Ctrl-C stops it")
        # A group of its own, so that all of Dagster's processes can be told to stop at once.
        server = subprocess.Popen(  # noqa: S603
            command,
            cwd=os.environ["DAGSTER_HOME"],  # in the checkout, Dagster warns of the dagster.yaml
            env=os.environ | {"PYTHONWARNINGS": _EXPECTED_WARNING},
            start_new_session=True,
        )
        try:
            code = server.wait()
        except BaseException:
            stop_group(server)
            raise
        stop_group(server)
    raise typer.Exit(code)


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise UsageError(
                    f"{host} is no address of this machine", next_step="leave out --host"
                ) from None
            why = "is taken" if error.errno == errno.EADDRINUSE else "isn't for this login"
            raise UsageError(
                f"port {port} of {host} {why}",
                next_step="choose another with --port, or stop what runs there",
            ) from None


def stop_group(leader: subprocess.Popen[bytes]) -> None:
    """End a process and all it started: asked twice first, then killed."""
    for ask in (signal.SIGINT, signal.SIGTERM):
        if not _signal_group(leader.pid, ask):
            break
        deadline = time.monotonic() + _STOPS_WITHIN / 2
        while time.monotonic() < deadline and _signal_group(leader.pid, 0):
            leader.poll()  # collects the leader, else its group would live on as a zombie
            time.sleep(0.1)
    _signal_group(leader.pid, signal.SIGKILL)
    leader.wait()


def _signal_group(group: int, number: int) -> bool:
    """Whether the group still has a member."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True
