"""TLS to PostgreSQL: on and verified, unless it is on this machine or the URL says otherwise.

libpq alone would go on in the clear when a server offers no TLS (sslmode=prefer).
"""

from __future__ import annotations

import ipaddress
import logging
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_STRONG = frozenset({"require", "verify-ca", "verify-full"})
_PLACES = frozenset({"host", "hostaddr"})  # of a query: each may stand there more than once
_logger = logging.getLogger(__name__)


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
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _has_root_certificate() -> bool:
    named = os.environ.get("PGSSLROOTCERT")
    return bool(named) or (Path.home() / ".postgresql" / "root.crt").exists()
