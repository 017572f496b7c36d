"""A TCP proxy that spoils a link: the eight toxics of Shopify's Toxiproxy, in asyncio.

latency     each piece arrives late            down        nothing listens, what runs is cut
bandwidth   a trickle                          slow_close  the end arrives late
timeout     all stops, then the end            reset_peer  a TCP reset
slicer      many small pieces                  limit_data  the end after so many bytes
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Name = Literal[
    "latency", "down", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data"
]
TOXICS: tuple[Name, ...] = (
    "latency", "down", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data",
)  # fmt: skip
_PIECE = 16_384


@dataclass(frozen=True)
class Toxic:
    """What is wrong with the link from now on, in both directions."""

    name: Name
    seconds: float = 0.05  # latency, slow_close, timeout: how late; reset_peer: after how long
    bytes: int = 2_000  # bandwidth: a second; slicer: a piece; limit_data: in all, per connection


@dataclass
class Proxy:
    """Listens on 127.0.0.1 and passes on to `host` and `port`, or to a Unix socket."""

    host: str | None = None
    target: int = 0
    path: str | None = None
    port: int = 0
    toxic: Toxic | None = None
    connections: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def poison(self, toxic: Toxic | None) -> None:
        """Spoil the link, or heal it (None)."""
        asyncio.run_coroutine_threadsafe(self._poison(toxic), self._loop).result(10)

    async def _poison(self, toxic: Toxic | None) -> None:
        self.toxic = toxic
        down = toxic is not None and toxic.name == "down"
        if down and self._server is not None:
            self._server.close()
            self._server = None
            for writer in list(self._open):
                writer.transport.abort()
        elif not down and self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if self.path:
                there = await asyncio.open_unix_connection(self.path)
            else:
                there = await asyncio.open_connection(self.host, self.target)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(self, (writer, there[1]))
        self._open |= {writer, there[1]}
        await asyncio.gather(
            link.pass_on(reader, there[1]), link.pass_on(there[0], writer), return_exceptions=True
        )
        for end in (writer, there[1]):
            self._open.discard(end)
            end.close()

    def start(self) -> None:
        """Run in a thread of its own."""
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        """Cut everything and end the thread."""
        self.poison(Toxic("down"))
        self._loop.call_soon_threadsafe(self._loop.stop)


@dataclass
class _Link:
    """One connection through the proxy."""

    proxy: Proxy
    ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    passed: int = 0

    async def pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """From one side to the other until the end of either."""
        while piece := await source.read(_PIECE):
            toxic = self.proxy.toxic
            if toxic is None:
                sink.write(piece)
                await sink.drain()
            elif not await self._spoil(toxic, piece, sink):
                return
        if (toxic := self.proxy.toxic) and toxic.name == "slow_close":
            await asyncio.sleep(toxic.seconds)
        with contextlib.suppress(OSError, RuntimeError):
            sink.write_eof()

    async def _spoil(self, toxic: Toxic, piece: bytes, sink: asyncio.StreamWriter) -> bool:
        """Pass the piece on as the toxic lets it; False: the link is dead."""
        size = len(piece)
        if toxic.name == "latency":
            await asyncio.sleep(toxic.seconds)
        elif toxic.name == "bandwidth":
            await asyncio.sleep(size / toxic.bytes)
        elif toxic.name == "timeout":
            await asyncio.sleep(toxic.seconds)
            return self._cut()
        elif toxic.name == "reset_peer":
            await asyncio.sleep(toxic.seconds)
            for end in self.ends:
                _reset_on_close(end.get_extra_info("socket"))
            return self._cut()
        elif toxic.name == "limit_data":
            room = max(0, toxic.bytes - self.passed)
            sink.write(piece[:room])
            self.passed += size
            if size >= room:
                await sink.drain()
                return self._cut()
            return True
        elif toxic.name == "slicer":
            for start in range(0, size, toxic.bytes):
                sink.write(piece[start : start + toxic.bytes])
                await sink.drain()
                await asyncio.sleep(0)
            return True
        sink.write(piece)
        await sink.drain()
        return True

    def _cut(self) -> bool:
        for end in self.ends:
            end.transport.abort()
        return False


def _reset_on_close(sock: Any) -> None:
    """Closing it sends a reset instead of an end."""
    if sock is not None and sock.family != socket.AF_UNIX:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextlib.contextmanager
def proxy_to(*, host: str = "127.0.0.1", port: int = 0, path: str | None = None) -> Iterator[Proxy]:
    """A proxy to a TCP port or to a Unix socket, healthy at first."""
    proxy = Proxy(host, port, path)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
