"""The peers' own environment under the benchmark's folder; the project's lock knows none of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PACKAGES: dict[str, tuple[str, ...]] = {
    "dlt": ("dlt[postgres,sql-database]==1.31.0", "connectorx==0.4.6", "pyarrow==26.0.1"),
    # The package `sling` fetches its binary when imported; this one ships it.
    "sling": ("sling-linux-amd64==1.4.11",),
    "floor": ("arrow-odbc==10.6.2", "polars==2.1.0", "pyarrow==26.0.1", "psycopg[binary]==3.3.9"),
}


@dataclass(frozen=True)
class Peers:
    """What could be had: the environment's interpreter, and why a peer is missing."""

    folder: Path
    missing: dict[str, str]

    @property
    def python(self) -> Path:
        """The interpreter that dlt and the floor run in."""
        return self.folder / "bin" / "python"

    @property
    def sling(self) -> Path:
        """Sling's binary."""
        found = sorted(self.folder.glob("lib/*/site-packages/sling_*/bin/sling-*"))
        return found[0] if found else self.folder / "bin" / "sling"


def install(folder: Path) -> Peers:
    """Make the environment, or complete it; a peer that can't be had is named with its reason."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise SystemExit("bench-peers: uv isn't here; run deploy/setup.sh first")
    if not (folder / "bin" / "python").exists():
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    missing = {}
    for peer, packages in PACKAGES.items():
        done = subprocess.run(
            [
                uv,
                "pip",
                "install",
                "-q",
                "--compile-bytecode",
                "--python",
                str(folder / "bin" / "python"),
                *packages,
            ],
            env={**os.environ, "VIRTUAL_ENV": str(folder)},
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            missing[peer] = f"{', '.join(packages)} can't be had: {_last_line(done.stderr)}"
    peers = Peers(folder, missing)
    if "sling" not in missing and not peers.sling.exists():
        missing["sling"] = "the package came without its program (only Linux on x86-64 has one)"
    return peers


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
