"""A real SMTP server for the demo: takes mail on this machine and saves each as an .eml file."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vet_pipeline.errors import UsageError

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

_STARTS_WITHIN = 10  # seconds


class _Mailbox:
    """aiosmtpd's handler: one file per message, numbered in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content or b""
        number = len(list(self.folder.glob("*.eml"))) + 1
        path = self.folder / f"{number:04d}.eml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return "250 Message accepted for delivery"


@contextmanager
def local_mail_server(folder: Path) -> Iterator[dict[str, str]]:
    """Runs the server in a thread; yields the environment that makes the mailer use it.

    Listens on 127.0.0.1 at a free port. Raises UsageError when aiosmtpd isn't installed.
    """
    try:
        from aiosmtpd.smtp import SMTP
    except ImportError:
        raise UsageError(
            "the demo's mail server isn't installed",
            next_step="install the extra: uv pip install 'vet-pipeline[demo]'",
        ) from None
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="demo-mail", daemon=True)
    thread.start()

    async def start() -> asyncio.Server:
        mailbox = _Mailbox(folder)
        return await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(_STARTS_WITHIN)
    try:
        yield {
            "VET_PIPELINE_SMTP_HOST": "127.0.0.1",
            "VET_PIPELINE_SMTP_PORT": str(server.sockets[0].getsockname()[1]),
            "VET_PIPELINE_SMTP_SECURITY": "none",  # stays on this machine
            "VET_PIPELINE_SMTP_SENDER": "Home Delivery <homedelivery@example.com>",
        }
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_STARTS_WITHIN)
        loop.close()
