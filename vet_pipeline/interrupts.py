"""Ctrl-C and SIGTERM that come at a moment when Python can't raise what they raise."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

# What signals raise here: ours, and Dagster's in a run (by its name: it is slow to import).
_RAISED = {"KeyboardInterrupt", "SystemExit", "DagsterExecutionInterruptedError"}
_AGAIN_AFTER = 0.1  # seconds: in the hook itself it would be swallowed once more


def lose_no_interrupt() -> None:
    """See that a process which was told to stop stops, whatever it was doing.

    Python runs a signal's handler between any two steps, also while it cleans up after an object (a
    finalizer, a weak reference's callback). What is raised there it prints and forgets: a run that
    a person had stopped went on, and was applied. Such a signal is sent once more, a moment later.
    """
    told = sys.unraisablehook

    def tell(what: UnraisableHookArgs) -> None:
        if type(what.exc_value).__name__ not in _RAISED:
            told(what)
            return
        again = signal.SIGTERM if isinstance(what.exc_value, SystemExit) else signal.SIGINT
        timer = threading.Timer(_AGAIN_AFTER, os.kill, (os.getpid(), again))
        timer.daemon = True  # who has ended meanwhile needs it no more
        timer.start()

    sys.unraisablehook = tell
