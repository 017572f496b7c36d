"""The machine an ODBC string leads to; as an opaque name, for practices of one share a limit."""

from __future__ import annotations

import hashlib
import re

from vet_pipeline.pims.odbc_string import attributes

_HOST = ("server", "servername", "host", "hostname", "address", "addr")
_PORT = ("port", "portnumber")
_FILE = ("database", "dbq", "defaultdir", "path", "folder")
_LOOPBACK = re.compile(r"localhost|127\.[\d.]+|::1")


def server_name(odbc: str) -> str | None:
    """`srv-` and 12 hex digits, the same for every string that leads to the same machine.

    The host's name without port and instance, since what is spared is the machine; on this
    machine with its port, since tunnels to many servers end here. A driver that names no host has
    the data source's name or, for a file, its path. Neither login nor password goes into it.
    None when the string names nothing.
    """
    found = _attributes(odbc)
    host, port = host_of(odbc)
    if host:
        where = f"host:{host}:{port}" if _LOOPBACK.fullmatch(host) else f"host:{host}"
    elif source := found.get("dsn"):
        where = f"dsn:{source}"
    elif file := _first(found, _FILE):
        where = f"file:{file}"
    else:
        return None
    return f"srv-{hashlib.sha256(where.encode()).hexdigest()[:12]}"


def host_of(odbc: str) -> tuple[str, str]:
    """The host that the string names, in small letters, and its port; blank where it names none."""
    found = _attributes(odbc)
    host, _, port = _first(found, _HOST).removeprefix("tcp:").partition(",")
    return host.partition("\\")[0], port or _first(found, _PORT)


def _attributes(odbc: str) -> dict[str, str]:
    return {name: value.lower() for name, value in attributes(odbc).items()}


def _first(found: dict[str, str], names: tuple[str, ...]) -> str:
    return next((found[name] for name in names if found.get(name)), "")
