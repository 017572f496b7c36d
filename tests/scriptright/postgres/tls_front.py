"""TLS in front of the embedded PostgreSQL, whose wheel is built without it: libpq can't tell."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path
from typing import Self

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # PostgreSQL protocol: length 8, code 80877103


class TlsFront:
    """Listens on 127.0.0.1, speaks TLS with `pem`, and hands on to PostgreSQL's Unix socket.

    `pem` None: answers that it has no TLS, as a server without ssl=on does. `encrypted` and
    `plain` count the sessions of each kind that asked for a login.
    """

    def __init__(self, database: Path, pem: Path | None) -> None:
        self._database, self.encrypted, self.plain = database, 0, 0
        self._context: ssl.SSLContext | None = None
        if pem is not None:
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._context.load_cert_chain(pem)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            first = client.recv(8, socket.MSG_WAITALL)
            while first[4:6] == _SSL_REQUEST[4:6] and len(first) == 8:  # TLS, or Kerberos
                if first == _SSL_REQUEST and self._context is not None:
                    client.sendall(b"S")
                    client = self._context.wrap_socket(client, server_side=True)
                    first = b""
                    break
                client.sendall(b"N")
                first = client.recv(8, socket.MSG_WAITALL)
            if not first and not isinstance(client, ssl.SSLSocket):
                return
            self.encrypted += isinstance(client, ssl.SSLSocket)
            self.plain += not isinstance(client, ssl.SSLSocket)
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(str(self._database / ".s.PGSQL.5432"))
                server.sendall(first)
                back = threading.Thread(target=_pour, args=(server, client), daemon=True)
                back.start()
                _pour(client, server)
                back.join()
        except (OSError, ssl.SSLError):
            pass
        finally:
            client.close()


def _pour(source: socket.socket, target: socket.socket) -> None:
    try:
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except (OSError, ssl.SSLError):
        pass
