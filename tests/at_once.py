"""Calls that are made at the same moment, for what only one of them may do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Call all at the same moment, each in a thread; results or exceptions in order."""
    results: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def work(n: int) -> None:
        gate.wait()
        try:
            results[n] = calls[n]()
        except Exception as error:  # noqa: BLE001 - a result like any other
            results[n] = error

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
