"""Memory that a finished piece of work leaves behind, or a process that crashes."""

from __future__ import annotations

import gc


def collect_garbage_seldom() -> None:
    """Look for cycles of Python objects once in 300,000 new ones: for a process that does one job.

    Importing and reading make hundreds of thousands of objects that stay, and Python's default
    looks at all of them again and again: a tenth of a refresh, for a thousand that it finds. Called
    before anything large is imported.
    """
    gc.set_threshold(300_000, 50, 100)


def release_freed() -> None:
    """Hand the memory that Arrow and the C library have freed back to the system.

    They keep it for their next tables and buffers, but the work after a large one is often done
    with Python objects, which can't use it: a practice's read, its normalizing and its load would
    add up.
    """
    import ctypes

    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it; a millisecond or two
    if trim is not None:
        trim(0)


def leave_no_core() -> None:
    """When this process crashes, or one that it starts, its memory isn't written to a disk.

    It holds a practice's records, and a file that systemd or the kernel keeps of it is seen by no
    retention and no offboarding. ODBC drivers do crash. The soft limit only: `prlimit` lifts it.

    One byte and not none: a kernel that hands cores to a program (ABRT, a node's collector) hands
    it the whole of a process whose limit is 0, and leaves it to that program to mind the limit. Of
    1 alone it makes no core at all (fs/coredump.c), and a file has no room for even its head.
    """
    try:
        from resource import RLIMIT_CORE, getrlimit, setrlimit
    except ImportError:  # Windows has neither limits nor such files
        return
    most = getrlimit(RLIMIT_CORE)[1]
    setrlimit(RLIMIT_CORE, (0 if most == 0 else 1, most))
