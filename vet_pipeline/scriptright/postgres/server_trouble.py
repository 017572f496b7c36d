"""Why the embedded PostgreSQL isn't reached, in words that hold no path and no value."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

# libpq's variables that no part of our URL overrides: connections go elsewhere, or are refused.
_LEAD_ELSEWHERE = (
    "PGHOSTADDR", "PGSERVICE", "PGTARGETSESSIONATTRS", "PGCHANNELBINDING", "PGREQUIREAUTH",
)  # fmt: skip


def led_elsewhere() -> str:
    """What to unset where the environment may be why the server isn't reached; '' where not."""
    found = [name for name in _LEAD_ELSEWHERE if os.environ.get(name)]
    return f"unset {', '.join(found)}, then try again" if found else ""


def why(error: Exception) -> str:
    """The program that ended with an error, or the error's class."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"{Path(error.cmd[0]).name} ended with {error.returncode}"
    return type(error).__name__
