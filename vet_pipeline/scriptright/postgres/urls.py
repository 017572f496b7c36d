"""PostgreSQL's URLs as people write them, and as SQLAlchemy needs them. Passwords may be there."""

from __future__ import annotations

import os
import re

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from vet_pipeline.errors import UsageError
from vet_pipeline.scriptright.postgres.tls import with_tls


def url_in(variable: str, driver: str) -> str | None:
    """The URL in the environment variable, as `with_driver` makes it; None: not set."""
    url = os.environ.get(variable)
    return with_driver(url, driver, variable) if url else None


def with_driver(url: str, driver: str, called: str = "the database URL") -> str:
    """The PostgreSQL URL with SQLAlchemy's driver named: `postgresql+psycopg://...`.

    SQLAlchemy 2.1 takes psycopg 3 when none is named and Dagster's storage needs psycopg2, so
    every URL names its own. Outside of this machine TLS is asked for (tls.py). Raises UsageError
    for another database's URL, and for one that can't be read; `called` stands for it there.
    """
    changed, found = re.subn(r"^postgres(ql)?(\+\w+)?://", f"postgresql+{driver}://", url.strip())
    if not found:
        raise UsageError(f"{called} isn't a PostgreSQL one", next_step=_WRITE)
    changed = _SEVERAL.sub(_each_in_the_query, changed)
    try:
        make_url(changed)
        return with_tls(changed)
    except (ValueError, ArgumentError):  # either may quote the password
        raise unreadable_url(called) from None


def unreadable_url(called: str = "the database URL") -> UsageError:
    """What is raised for a URL that can't be read, `from None`."""
    return UsageError(f"{called} can't be read", next_step=_WRITE)


def _each_in_the_query(found: re.Match[str]) -> str:
    hosts = "&".join(f"host={host}" for host in found["hosts"].split(","))
    return f"{found['login']}/{found['database'] or ''}?{hosts}{'&' if found['query'] else ''}"


# A standby beside the server, as libpq writes it and SQLAlchemy doesn't read it:
# //user@one:5432,two:5432/database?target_session_attrs=read-write. What is before an @ is the
# login, whatever a password has in it: a part of it named as a host would be looked up, and logged.
_SEVERAL = re.compile(
    r"(?P<login>//(?:[^:/?@]*(?::[^@]*)?@|(?!.*@)))(?P<hosts>[^/?@,]+,[^/?@]+)(?=[/?]|$)(?:/(?P<database>[^?]*))?(?P<query>\?)?"
)
_WRITE = "write it as postgresql://user:password@host:5432/database; signs as in %40 for @"
