"""Writing a file whole or not at all, and reading it back verified. Nothing about snapshots."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from vet_pipeline.errors import SnapshotMissing, SnapshotStoreFull

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG}

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class AtomicFile:
    """A writable file that counts and hashes its bytes and appears under its name only when whole.

    On a local disk: written under a name of its own that ends in `.tmp`, fsynced, renamed, and the
    directory fsynced, so a power cut leaves the old state or the new one, and of two that write at
    once one wins. Only the user who runs the pipeline may read it: it holds personal data. Object
    stores commit on close by themselves.
    """

    def __init__(self, fs: AbstractFileSystem, path: str) -> None:
        self._fs = fs
        self._path = path
        self._local = isinstance(fs, LocalFileSystem)
        self._target = f"{path}.{secrets.token_hex(4)}.tmp" if self._local else path
        self._hash = hashlib.sha256()
        self._file: IO[bytes] | Any = None
        self.size = 0
        self.closed = False

    @property
    def sha256(self) -> str:
        """Digest of what has been written."""
        return self._hash.hexdigest()

    def __enter__(self) -> AtomicFile:
        directory = self._path.rsplit("/", 1)[0]
        if self._local:
            _make_private(Path(directory))
            self._file = os.fdopen(os.open(self._target, _NEW_FILE, 0o600), "wb")
        else:
            self._fs.makedirs(directory, exist_ok=True)
            self._file = self._fs.open(self._target, "wb")
        return self

    def write(self, data: bytes) -> int:
        """Write and digest; returns the number of bytes."""
        view = memoryview(data)
        self._file.write(view)
        self._hash.update(view)
        self.size += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        """Bytes so far."""
        return self.size

    def flush(self) -> None:
        """Hand what is buffered to the system."""
        self._file.flush()

    def close(self) -> None:
        """Nothing: the file is closed and published on leaving the `with` block."""

    def writable(self) -> bool:
        """Always."""
        return True

    def readable(self) -> bool:
        """Never."""
        return False

    def seekable(self) -> bool:
        """Never: what is written has been digested."""
        return False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._abandon()
            return
        if not self._local:
            self._file.close()
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            Path(self._target).replace(self._path)
            _fsync_directory(Path(self._path).parent)
        except OSError:
            self._abandon()
            raise

    def _abandon(self) -> None:
        if self._local:
            with contextlib.suppress(OSError):  # the flush of a full disk fails again
                self._file.close()
            Path(self._target).unlink(missing_ok=True)
        elif hasattr(self._file, "discard"):
            self._file.discard()


def _make_private(directory: Path) -> None:
    """The folder and those above it that aren't there yet, for this user alone."""
    if not directory.is_dir():
        _make_private(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)


def missing(practice_id: str, what: str) -> SnapshotMissing:
    """The error for what isn't there, or isn't whole."""
    return SnapshotMissing(
        what, next_step="read the practice again (vet-pipeline run)", practice_id=practice_id
    )


@contextmanager
def translate_os_errors(practice_id: str, what: str) -> Iterator[None]:
    """Turn errors of the disk into SnapshotStoreFull or SnapshotMissing (no path, no content)."""
    try:
        yield
    except FileNotFoundError:
        raise missing(practice_id, f"{what} isn't in the snapshot store") from None
    except OSError as error:
        if isinstance(error, PermissionError) or error.errno in _NO_ROOM:
            code = errno.errorcode.get(error.errno or 0, "EACCES")
            raise SnapshotStoreFull(
                f"the snapshot store refused a write or read ({code}): {what}",
                next_step="free space in the snapshot store, or give the right to write there",
                practice_id=practice_id,
            ) from None
        raise


def _fsync_directory(directory: Path) -> None:
    if os.name == "nt":
        return  # Windows can't open a directory; its rename is journalled
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def names_in(fs: AbstractFileSystem, directory: str) -> list[str]:
    """The last parts of what lies in a directory, as it is now; none when it isn't there."""
    fs.invalidate_cache()
    try:
        entries = fs.ls(directory, detail=False)
    except FileNotFoundError:
        return []
    return [str(entry).rstrip("/").rsplit("/", 1)[-1] for entry in entries]
