"""Driver calls under watch: broken off when the caller is stopped, given up when they hang.

Drivers ignore their own timeouts (mkleehammer/pyodbc#1359, #106), so the read runs in a thread
of its own while the caller's thread waits, checks, cancels and, at worst, walks away from it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from vet_pipeline.errors import PimsUnavailable

if TYPE_CHECKING:
    import pyodbc

T = TypeVar("T")
POLL_SECONDS = 0.05
CANCEL_SECONDS = 2.0  # how long a cancelled driver call may still take before it is abandoned


class StopReading(BaseException):
    """Raised inside the reading thread when the caller has given up; never leaves this package."""


class Watch:
    """What the reading thread tells its watcher: a statement is running, and until when."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._deadline = float("inf")
        self._cursor: pyodbc.Cursor | None = None
        self._handles = threading.Lock()  # held by whoever cancels a statement or frees a handle
        self.doing = "connecting"

    def allow(self, seconds: float, doing: str, cursor: pyodbc.Cursor | None = None) -> None:
        """Grant the next driver call that long; raises StopReading if the caller gave up."""
        if self.stopped.is_set():
            raise StopReading
        self.doing = doing
        self._cursor = cursor
        self._deadline = time.monotonic() + seconds

    def pause(self, seconds: float) -> None:
        """Sleep between pages, ended at once by a cancel."""
        self._deadline = time.monotonic() + seconds + 60
        if seconds > 0 and self.stopped.wait(seconds):
            raise StopReading

    @property
    def overdue(self) -> bool:
        """Whether the running driver call has passed its limit."""
        return time.monotonic() > self._deadline

    def cancel(self) -> None:
        """Ask the driver to break off; in a thread, because that too may hang."""
        self.stopped.set()
        cursor = self._cursor

        def ask() -> None:
            if cursor is None:
                return
            with self._handles, contextlib.suppress(Exception):  # nothing more can be done here
                cursor.cancel()

        threading.Thread(target=ask, name="pims-cancel", daemon=True).start()

    def free(self, handle: pyodbc.Cursor | pyodbc.Connection) -> None:
        """Close a handle of the driver, but never while the driver is cancelling.

        A statement that ends by the cancel comes back before the cancel itself does, and a handle
        that is freed under it ends the process. Under a cancel that hangs nothing is freed at all.
        """
        if not self._handles.acquire(timeout=CANCEL_SECONDS):
            _KEPT.append(handle)
            return
        try:
            handle.close()
        finally:
            self._handles.release()


_KEPT: list[object] = []  # collecting them as garbage would free them, too


def run_watched(work: Callable[[Watch], T], *, seconds: float) -> T:
    """Run `work` in a thread and return its result.

    Raises:
        PimsUnavailable: a driver call passed its limit, or the whole took longer than `seconds`.
        KeyboardInterrupt, or whatever else stops the waiting: at once, after the driver was asked
            to break off.
    """
    watch = Watch()
    outcome: list[T] = []
    failure: list[BaseException] = []
    done = threading.Event()

    def body() -> None:
        try:
            outcome.append(work(watch))
        except BaseException as error:  # noqa: BLE001 - raised below, in the caller's thread
            failure.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=body, name="pims-read", daemon=True)
    end = time.monotonic() + seconds
    try:
        thread.start()  # in here: who is stopped just then leaves no read behind
        while not done.wait(POLL_SECONDS):
            if watch.overdue or time.monotonic() > end:
                raise PimsUnavailable(
                    f"the PIMS doesn't answer in time, {watch.doing}",
                    next_step="it is tried again; check the server's load and the network",
                )
    except BaseException:  # Ctrl-C, and Dagster's word for a run that is stopped, among them
        _give_up(watch, done)
        raise
    if failure:
        raise failure[0]
    return outcome[0]


def _give_up(watch: Watch, done: threading.Event) -> None:
    watch.cancel()
    done.wait(CANCEL_SECONDS)
