"""Named places where a test may have this process killed, as a power cut or kill -9 would."""

from __future__ import annotations

import os
import signal

POINTS = (
    "after_gate",
    "after_staging",
    "after_baseline",
    "after_matching",
    "after_records",
    "after_links",
    "after_changes",
    "before_commit",
    "after_commit",
)
# In job.py: the load has been told to its caller, and nobody has written that down.
ACKNOWLEDGED = "after_acknowledgement"


def reach(name: str) -> None:
    """Kill this process if VET_PIPELINE_FAILPOINT names this place; else do nothing."""
    if os.environ.get("VET_PIPELINE_FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
