"""Commands under a login of on-call's, with the rights of its roles and no more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from vet_pipeline.scriptright.postgres.server import PROGRAM

# The server is shared by the workers of pytest-xdist, and so are its logins.
LOGIN = f"on_call_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@contextmanager
def as_on_call(engine: Engine, *roles: str) -> Iterator[None]:
    """The login is made with these roles, and gone afterwards."""
    with engine.begin() as connection:
        connection.execute(text(f"DROP ROLE IF EXISTS {LOGIN}"))
        connection.execute(text(f"CREATE ROLE {LOGIN} LOGIN NOINHERIT IN ROLE {', '.join(roles)}"))
    ours = os.environ["SCRIPTRIGHT_URL"]
    os.environ["SCRIPTRIGHT_URL"] = ours.replace(f"//{PROGRAM}@", f"//{LOGIN}@")
    try:
        yield
    finally:
        os.environ["SCRIPTRIGHT_URL"] = ours
        with engine.begin() as connection:
            connection.execute(text(f"DROP ROLE {LOGIN}"))
