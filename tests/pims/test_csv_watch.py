"""A share that hangs: the read of exports ends by its limit or Ctrl-C all the same."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pims.reading import ENDED_EARLY, HUNG, read, stopped_by_ctrl_c
from tests.pims.test_csv import folder
from vet_pipeline.errors import PimsUnavailable
from vet_pipeline.pims import csv_files, csv_reader
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions, read_snapshot


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files can be seen, and no call that reads one returns, as on a share that went away."""
    released, content_of = threading.Event(), csv_files.content_of

    def hang(path: Path) -> bytes:
        released.wait(HUNG)
        return content_of(path)

    monkeypatch.setattr(csv_reader, "content_of", hang)
    yield
    released.set()


@pytest.mark.usefixtures("hanging")
def test_a_share_that_hangs_is_given_up_when_the_reads_time_is_over(tmp_path: Path) -> None:
    start = time.monotonic()
    limits = {"settle_seconds": 0, "read_seconds": 1}
    with pytest.raises(PimsUnavailable, match="doesn't answer in time, reading the exports"):
        read_snapshot(load_connector("csv"), folder(tmp_path), options=ReadOptions(limits=limits))
    assert time.monotonic() - start < ENDED_EARLY


@pytest.mark.usefixtures("hanging")
def test_a_share_that_hangs_holds_up_no_ctrl_c(tmp_path: Path) -> None:
    with stopped_by_ctrl_c():
        read("csv", folder(tmp_path), settle_seconds=0)
