"""Which tests share a worker of pytest-xdist.

Each test goes to the next free worker, but those of a file that share something dear stay together.
(pytest-xdist 3.8 has a mark for that, xdist_group, which pytest 9 no longer heeds.)
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/deploy/test_celery.py",  # a plant: half a minute to start
    "tests/deploy/test_kubernetes.py",  # imports the client of Kubernetes
    "tests/scriptright/test_shop_statements.py",  # a login, which all databases of a server share
}


class ByTest(LoadScopeScheduling):
    """One test at a time, one whole file where its tests belong together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return file if file in TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)  # not there with `-p no:xdist`
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Used where the Makefile asks for groups."""
    return ByTest(config, log) if config.getvalue("dist") == "loadgroup" else None
