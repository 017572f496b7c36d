"""Where MariaDB's programs are: installed, or unpacked under .venv by `deploy/setup.sh test`."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

UNPACKED = Path(sys.prefix) / "mariadb" / "usr"


@dataclass(frozen=True)
class Programs:
    """The server, the script that makes a data directory with its options, and their environment."""

    server: str
    install: tuple[str, ...]
    environment: dict[str, str]


def find_programs() -> Programs | None:
    """None when MariaDB is neither installed nor unpacked."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    server = shutil.which("mariadbd", path=path)
    install = shutil.which("mariadb-install-db", path=path)
    if server and install:
        return Programs(server, (install, "--no-defaults"), {})
    if not (UNPACKED / "sbin" / "mariadbd").exists():
        return None
    libraries = ":".join(str(found) for found in sorted((UNPACKED / "lib").glob("*-linux-gnu")))
    return Programs(
        str(UNPACKED / "sbin" / "mariadbd"),
        (str(UNPACKED / "bin" / "mariadb-install-db"), "--no-defaults", f"--basedir={UNPACKED}"),
        {"LD_LIBRARY_PATH": f"{libraries}:{os.environ.get('LD_LIBRARY_PATH', '')}"},
    )
