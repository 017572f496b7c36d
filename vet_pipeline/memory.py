"""Memory that a finished piece of work leaves behind."""

from __future__ import annotations

import pyarrow as pa


def release_freed() -> None:
    """Hand the memory that Arrow has freed back to the system.

    Arrow keeps it for its next tables, but the work after a large one is often done with Python
    objects, which can't use it: a practice's read, its normalizing and its load would add up.
    """
    pa.default_memory_pool().release_unused()
