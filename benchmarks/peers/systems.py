"""Who is measured: each system's database before its first load, and the command of one run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured import ROOT
from benchmarks.peers import ours
from benchmarks.peers.install import Peers
from benchmarks.peers.runs import Command
from benchmarks.peers.source import LAYOUTS
from benchmarks.peers.target import Target

BARE_READ = "bare read (pyodbc)"
PREPARED = "prepared"  # our database before the first load, copied for each run
_SLING = """source: BENCH_SOURCE
target: BENCH_TARGET
defaults:
  mode: incremental
  object: 'public.{stream_table}'
streams:
"""


@dataclass(frozen=True)
class System:
    """One system; `command(source, database, state folder)` is one run of it."""

    name: str
    command: Callable[[Path, str, Path], Command]
    template: str = "template1"
    schema: str = "public"  # where the copy of the tables stands; ours has its own layout


def prepare(target: Target, home: Path) -> None:
    """Make our database once: schema, practice, Home Delivery clients."""
    target.create(PREPARED)
    subprocess.run(
        [sys.executable, "-m", "benchmarks.peers.ours", "prepare", target.url(PREPARED), str(home)],
        cwd=ROOT,
        check=True,
    )
    target.wait_until_alone(PREPARED)


def systems(target: Target, peers: Peers, layout: str) -> list[System]:
    """All that could be had, ours first, for one of `LAYOUTS`."""
    keys = LAYOUTS[layout]
    found = [_ours(target)]
    if layout == "flat":  # where we read the tables as they are
        found.append(System(BARE_READ, _bare_read))
    if "dlt" not in peers.missing:
        found += [_dlt(target, peers, backend, keys) for backend in ("connectorx", "pyarrow")]
    if "sling" not in peers.missing:
        found.append(_sling(target, peers, keys))
    if "floor" not in peers.missing:
        found.append(_floor(target, peers, keys))
    return found


def fresh_state(folder: Path) -> Path:
    """An empty folder for what a system keeps between its runs."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _ours(target: Target) -> System:
    def command(source: Path, database: str, state: Path) -> Command:
        words = ("-m", "benchmarks.peers.ours", "run", target.url(database), str(state))
        return Command((sys.executable, *words), ours.odbc(source))

    return System("ours", command, template=PREPARED, schema="scriptright")


def _bare_read(source: Path, database: str, state: Path) -> Command:
    return Command((sys.executable, "-m", "benchmarks.peers.bare_read"), ours.odbc(source))


def _dlt(target: Target, peers: Peers, backend: str, keys: Mapping[str, str]) -> System:
    script = str(ROOT / "benchmarks" / "peers" / "copy_by_dlt.py")

    def command(source: Path, database: str, state: Path) -> Command:
        return Command(
            (
                str(peers.python),
                script,
                str(source),
                target.socket,
                database,
                str(state),
                backend,
                json.dumps(keys),
            ),  # fmt: skip
            {**os.environ, "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"},
        )

    return System(f"dlt {backend}", command, schema="copy")


def _sling(target: Target, peers: Peers, keys: Mapping[str, str]) -> System:
    def command(source: Path, database: str, state: Path) -> Command:
        streams = "".join(f"  main.{t}:\n    primary_key: [{k}]\n" for t, k in keys.items())
        replication = state / "replication.yaml"
        replication.write_text(_SLING + streams)
        return Command(
            (str(peers.sling), "run", "-r", str(replication)),
            {
                **os.environ,
                "SLING_HOME_DIR": str(state),
                "SLING_DISABLE_TELEMETRY": "TRUE",
                "BENCH_SOURCE": f"sqlite://{source}",
                "BENCH_TARGET": f"postgresql:///{database}?host={target.socket}"
                "&user=postgres&sslmode=disable",
            },
        )

    return System("sling", command)


def _floor(target: Target, peers: Peers, keys: Mapping[str, str]) -> System:
    script = str(ROOT / "benchmarks" / "peers" / "floor.py")

    def command(source: Path, database: str, state: Path) -> Command:
        words = (script, str(source), target.conninfo(database), str(state), json.dumps(keys))
        return Command((str(peers.python), *words), os.environ)

    return System("floor by hand", command)
