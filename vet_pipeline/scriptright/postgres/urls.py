"""PostgreSQL's URLs as people write them, and as SQLAlchemy needs them. Passwords may be there.

With TLS, on and verified, unless the server is on this machine or the URL says otherwise: libpq
alone would go on in the clear when a server offers none (sslmode=prefer).
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from vet_pipeline.errors import UsageError
from vet_pipeline.loopback import is_loopback

_STRONG = frozenset({"require", "verify-ca", "verify-full"})
_PLACES = frozenset({"host", "hostaddr"})  # of a query: each may stand there more than once
_logger = logging.getLogger(__name__)


def url_in(variable: str, driver: str) -> str | None:
    """The URL in the environment variable, as `with_driver` makes it; None: not set."""
    url = os.environ.get(variable)
    return with_driver(url, driver, variable) if url else None


def with_driver(url: str, driver: str, called: str = "the database URL") -> str:
    """The PostgreSQL URL with SQLAlchemy's driver named: `postgresql+psycopg://...`.

    SQLAlchemy 2.1 takes psycopg 3 when none is named and Dagster's storage needs psycopg2, so
    every URL names its own. Outside of this machine TLS is asked for. Raises UsageError
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


def with_tls(url: str) -> str:
    """The URL with `sslmode=verify-full` unless it, or PGSSLMODE, names another.

    Left alone when every host is this machine. The certificate is checked against `sslrootcert`
    (URL, PGSSLROOTCERT, ~/.postgresql/root.crt), else against the system's trusted roots. A weaker
    mode than `require` for a server elsewhere is the operator's choice: a warning names the host.
    """
    parts = urlsplit(url)
    words = parse_qsl(parts.query, keep_blank_values=True)
    given = dict(words)
    remote = [host for host in _hosts(parts.netloc, words) if not _is_here(host)]
    if not remote:
        return url
    mode = given.get("sslmode") or os.environ.get("PGSSLMODE")
    if mode is None:
        added = {"sslmode": "verify-full"}
        if "sslrootcert" not in given and not _has_root_certificate():
            added["sslrootcert"] = "system"
        return f"{url}{'&' if parts.query else '?'}{urlencode(added)}"
    if mode not in _STRONG:
        _logger.warning(
            "the connection to the database on %s isn't required to be encrypted: sslmode=%s",
            ", ".join(remote),
            mode,
        )
    return url


def _hosts(netloc: str, query: list[tuple[str, str]]) -> list[str]:
    """The hosts that libpq would try, by name and by address; none: the local socket."""
    places = [netloc.rpartition("@")[2], *(to for word, to in query if word in _PLACES)]
    if not any(places):
        places = [os.environ.get("PGHOST", ""), os.environ.get("PGHOSTADDR", "")]
    named = [_without_port(host) for place in places for host in place.split(",")]
    return [unquote(host) for host in named if host]


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host  # else an address of IPv6


def _is_here(host: str) -> bool:
    return host.startswith(("/", "@")) or is_loopback(host)


def _has_root_certificate() -> bool:
    named = os.environ.get("PGSSLROOTCERT")
    return bool(named) or (Path.home() / ".postgresql" / "root.crt").exists()
