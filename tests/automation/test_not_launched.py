"""Runs that the queue couldn't start: told as that, not as a process that was killed."""

import pytest

from automation.failures import read_failure
from tests.automation.test_coordinator import (  # noqa: F401 - fixtures
    IdleLauncher,
    Queue,
    queue,
    registry,
)
from vet_pipeline.oncall.causes import Failure, is_retryable


def failed(queue: Queue, run_id: str) -> Failure:  # noqa: F811
    record = queue.instance.get_run_record_by_id(run_id)
    assert record is not None
    return read_failure(queue.instance, record)


def test_a_run_that_nobody_could_launch_is_told_so_and_why(
    queue: Queue,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise ConnectionRefusedError("redis://:secret@db.internal/0 doesn't answer")

    monkeypatch.setattr(IdleLauncher, "launch_run", refuse)
    run_id = queue.put("p0")
    assert queue.look() == []
    failure = failed(queue, run_id)
    assert (failure.error, failure.what, failure.next_step) == (
        "RunNotStarted",
        "the run could not be launched (ConnectionRefusedError)",
        "see whether what starts runs is there: code server, broker, cluster"
        " (deploy/README.md); vet-pipeline retry p0",
    )
    assert is_retryable(failure.error)
