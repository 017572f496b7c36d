"""Short runs for every day, long ones for `make soak`; the seed that replays one; the figures.

A pytest plugin, loaded by tests/conftest.py. `rounds(short, long)` says how often to try,
`seed` is the fixture all chance comes from, and `figures` takes the numbers that stand in the
table at the end of the run. `FAULT_SEED=n` replays; VET_PIPELINE_SOAK=1 chooses the long runs;
VET_PIPELINE_FIGURES=FILE also writes the table as JSON.
"""

from __future__ import annotations

import json
import os
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOAK = os.environ.get("VET_PIPELINE_SOAK", "") not in ("", "0")
_PROPERTY = "figures"
_SEED = pytest.StashKey[int]()
_collected: dict[str, dict[str, Any]] = {}


def rounds(short: int, long: int) -> int:
    """How often to try: `short` in `make test`, `long` in `make soak`."""
    return long if SOAK else short


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What all chance in a test comes from.

    The daily run takes the same one each time, so that a red test is somebody's change; the soak
    draws a new one. A failing test shows its own.
    """
    given = os.environ.get("FAULT_SEED")
    if given is not None:
        drawn = int(given)
    elif SOAK:
        drawn = secrets.randbelow(2**31)
    else:
        drawn = zlib.crc32(request.node.nodeid.encode())
    request.node.stash[_SEED] = drawn
    return drawn


class Figures:
    """Takes the numbers of a test: `figures("kill -9 of the load", runs=200, violations=0)`."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node

    def __call__(self, what: str, **numbers: int | float | str) -> None:
        """Whole numbers of the same name under the same title are added up over tests."""
        self._node.user_properties.append((_PROPERTY, [what, numbers]))


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a test leaves its numbers for the table at the end."""
    return Figures(request.node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show how to replay a failure."""
    report: Any = yield
    drawn = item.stash.get(_SEED, None)
    if report.failed and drawn is not None:
        soak = "VET_PIPELINE_SOAK=1 " if SOAK else ""
        command = f"{soak}FAULT_SEED={drawn} .venv/bin/python -m pytest -n 0 '{item.nodeid}'"
        report.sections.append(("replay this failure", command))
    return report  # type: ignore[return-value]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather figures, from the workers of pytest-xdist too."""
    if report.when != "call":
        return
    for name, value in report.user_properties:
        if name == _PROPERTY and isinstance(value, list | tuple):
            what, numbers = value
            _add(_collected.setdefault(what, {}), numbers)
            _add(_collected[what], {"seconds": round(report.duration)})


def _add(known: dict[str, Any], numbers: dict[str, Any]) -> None:
    for name, number in numbers.items():
        earlier = known.get(name)
        both = isinstance(number, int) and isinstance(earlier, int)
        known[name] = earlier + number if both else number


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table of figures: one line per kind of fault, seconds last."""
    if not _collected:
        return
    terminalreporter.section("figures of this run" + (" (soak)" if SOAK else " (short)"))
    width = max(len(what) for what in _collected)
    for what in sorted(_collected):
        numbers = dict(_collected[what])
        seconds = numbers.pop("seconds", 0)
        told = " · ".join(f"{name.replace('_', ' ')} {number}" for name, number in numbers.items())
        terminalreporter.write_line(f"{what:<{width}}  {told}  [{seconds} s]")
    target = os.environ.get("VET_PIPELINE_FIGURES")
    if target:
        Path(target).write_text(json.dumps(_collected, indent=1, sort_keys=True) + "\n")
