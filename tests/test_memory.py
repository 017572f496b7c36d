"""What a process that crashes leaves of the records in its memory: nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

_ASKED = "import os, resource; os.write(1, b'%d' % resource.getrlimit(resource.RLIMIT_CORE)[0])"


# Bytes. Only of this limit does Linux hand nothing to a program that collects cores.
ALMOST_NONE = "1" if resource.getrlimit(resource.RLIMIT_CORE)[1] else "0"


def _allow_cores() -> None:
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


@pytest.mark.parametrize(
    "begun",
    [
        "from vet_pipeline.scriptright.postgres.database import open_engine;"
        " open_engine('postgresql://nobody@127.0.0.1:1/none')",
        "import sys; from vet_pipeline.cli.app import main; app = main.__globals__;"
        " app['app'] = lambda: None; main()",
    ],
    ids=["a run", "a command"],
)
def test_a_process_that_crashes_leaves_no_image_of_its_memory(begun: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", f"{begun}; {_ASKED}"],
        preexec_fn=_allow_cores,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == ALMOST_NONE


def test_a_server_that_dagster_starts_leaves_no_image_of_its_memory_either(
    server_home: Path,
) -> None:
    """Its storage is opened first of all: by then nothing else has said so to the process."""
    begun = f"""
from pathlib import Path
from vet_pipeline.scriptright.postgres.server import dagster_url, embedded_server
home = Path({str(server_home)!r})
dagster_url(home)
number = (embedded_server(home).data / "postmaster.pid").read_text().split()[0]
[limit] = [
    line.split()[4]
    for line in Path("/proc", number, "limits").read_text().splitlines()
    if line.startswith("Max core file size")
]
print(limit)
"""
    said = subprocess.run(
        [sys.executable, "-c", begun],
        preexec_fn=_allow_cores,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == f"{ALMOST_NONE}\n"


def test_a_process_that_crashes_writes_no_file_either(tmp_path: Path) -> None:
    begun = "from vet_pipeline.memory import leave_no_core; leave_no_core(); import os; os.abort()"
    crashed = subprocess.run(
        [sys.executable, "-c", begun], preexec_fn=_allow_cores, cwd=tmp_path, check=False
    )
    assert crashed.returncode < 0
    assert list(tmp_path.iterdir()) == []
