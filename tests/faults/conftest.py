"""The servers of other rooms, for their links to be cut and their processes to be killed."""

from tests.assets.conftest import instance, world
from tests.deploy.conftest import works
from tests.mail.conftest import start_mail_server
from tests.pims.conftest import mariadb, postgresql

__all__ = ["instance", "mariadb", "postgresql", "start_mail_server", "works", "world"]
