"""What a forked run finds in memory, in a process that has read automation.preload."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
NO_PART_OF_A_RUN = ("cli", "demo", "scriptright/migrations")


def test_a_run_imports_nothing_of_ours_by_itself() -> None:
    """What it imported in a later step would be a newer release's, if one was put in place meanwhile."""
    said = subprocess.run(
        [sys.executable, "-c", "import automation.preload, sys; print(*sys.modules)"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    room = PROJECT / "vet_pipeline"
    files = [
        path.relative_to(room).with_suffix("").as_posix().removesuffix("/__init__")
        for path in room.rglob("*.py")
    ]
    ours = {
        f"vet_pipeline.{name.replace('/', '.')}"
        for name in files
        if name != "__init__" and not name.startswith(NO_PART_OF_A_RUN)
    }
    assert ours - set(said.split()) == set()
