"""The practice of the asset tests, with a mail server beside it."""

from tests.assets.conftest import instance, run_job, world
from tests.mail.conftest import mail_server, start_mail_server

__all__ = ["instance", "mail_server", "run_job", "start_mail_server", "world"]
