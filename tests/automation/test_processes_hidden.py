"""Whether a process of a run is gone, asked by whoever looks on its machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from automation import processes
from automation.processes import is_gone, tag_of


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as started:
        yield started
        started.kill()


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """As /proc with hidepid=2 shows another account's processes: not at all."""
    monkeypatch.setattr(processes, "_started", lambda _number: None)


def test_a_killed_process_is_gone_whether_or_not_its_end_was_asked_for(
    process: subprocess.Popen[bytes],
) -> None:
    tag = tag_of(process.pid)
    assert not is_gone(tag)
    process.kill()
    while processes._started(process.pid):
        pass
    assert is_gone(tag), "a zombie"
    process.wait()
    assert is_gone(tag)


def test_another_accounts_process_that_may_not_be_looked_at_runs_as_long_as_it_is_there(
    process: subprocess.Popen[bytes], request: pytest.FixtureRequest
) -> None:
    tag = tag_of(process.pid)
    request.getfixturevalue("hidden")
    assert not is_gone(tag)
    assert not processes.interrupt(tag), "nor is it ours to stop"
    process.kill()
    process.wait()
    assert is_gone(tag)
