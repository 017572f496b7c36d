"""Where the tests' servers and files are: in memory, if the machine has room for them there.

A database is made for each of a thousand tests by copying some 300 files. On a disk that took from
25 to 300 ms, as the file system was; in memory it takes 15. No test asks what a disk does when the
power goes; those of a full disk mount one of their own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # Linux's file system in memory; a container may have 64 MB
ROOM = 4 << 30  # a whole run takes about 1 GB at its most


def place_for_tests(memory: Path = MEMORY) -> str | None:
    """The directory in memory, or None where the machine's usual one has to do."""
    if os.environ.get("TMPDIR") or not os.access(memory, os.W_OK):
        return None  # who names a place gets it
    return str(memory) if shutil.disk_usage(memory).free >= ROOM else None


if place := place_for_tests():
    os.environ["TMPDIR"] = tempfile.tempdir = place
