"""Whether what is read of a PIMS on another machine is encrypted on its way, as its server says.

Drivers don't encrypt by themselves, some not even where the server offers it. Whether the server's
certificate is checked no server knows: docs/connectors.md says what to write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyodbc

from vet_pipeline.loopback import is_loopback
from vet_pipeline.pims.odbc_string import attributes
from vet_pipeline.pims.server_name import host_of

if TYPE_CHECKING:
    from vet_pipeline.pims.session import Session

# The last cell: the cipher, or a yes.
_CIPHER = "SHOW SESSION STATUS LIKE 'Ssl_cipher'"
_QUERIES = {
    "mariadb": _CIPHER,
    "mysql": _CIPHER,
    "postgresql": "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    "sqlserver": "SELECT encrypt_option FROM sys.dm_exec_connections WHERE session_id = @@SPID",
}
_NO = {"", "0", "f", "false"}


def told_in_the_clear(session: Session, odbc: str) -> tuple[str, ...]:
    """A line for people where it isn't; none where the server doesn't say."""
    query = _QUERIES.get(session.engine.name)
    if query is None or not is_elsewhere(odbc):
        return ()
    try:
        rows = session.rows(query, (), "asking for encryption")
    except pyodbc.Error:  # an old server, or one that tells its administrator alone
        return ()
    if not rows or str(rows[0][-1]).casefold() not in _NO:
        return ()
    return (
        "the connection to the PIMS isn't encrypted: whoever listens on the way reads all clients. Next step:"
        " unless it goes through a VPN, ask for TLS in its string (docs/connectors.md, *On the way*)",
    )


def is_elsewhere(odbc: str) -> bool:
    """Whether the server may be another machine: a data source's isn't known here."""
    host = host_of(odbc)[0].strip("[]")
    if not host:
        return not attributes(odbc).keys().isdisjoint(["dsn", "filedsn"])
    return not (host in {"(local)", "."} or host.startswith(("/", "@")) or is_loopback(host))
