"""The practice of the asset tests, with a mail server beside it."""

from collections.abc import Callable

import pytest

from tests.assets.conftest import instance, run_job, world
from tests.mail.conftest import MailServer, mail_server, start_mail_server

__all__ = ["instance", "mail_server", "run_job", "server", "start_mail_server", "world"]


@pytest.fixture
def server(
    start_mail_server: Callable[..., MailServer], monkeypatch: pytest.MonkeyPatch
) -> MailServer:
    """A mail server, with on call's address set."""
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "oncall@scriptright.example")
    monkeypatch.setenv("VET_PIPELINE_DAGSTER_URL", "https://dagster.example/")
    return start_mail_server()
