"""The machine an ODBC string leads to, as an opaque name: practices of one share a limit."""

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
    found = {name: value.lower() for name, value in attributes(odbc).items()}
    host, port = _first(found, _HOST), _first(found, _PORT)
    if host:
        host = host.removeprefix("tcp:")
        host, _, behind = host.partition(",")
        host = host.partition("\\")[0]
        where = f"host:{host}:{behind or port}" if _LOOPBACK.fullmatch(host) else f"host:{host}"
    elif source := found.get("dsn"):
        where = f"dsn:{source}"
    elif file := _first(found, _FILE):
        where = f"file:{file}"
    else:
        return None
    return f"srv-{hashlib.sha256(where.encode()).hexdigest()[:12]}"


def _first(found: dict[str, str], names: tuple[str, ...]) -> str:
    return next((found[name] for name in names if found.get(name)), "")
