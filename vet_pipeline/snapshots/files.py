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

from vet_pipeline.errors import SnapshotMissing, SnapshotStoreFull, SnapshotStoreUnavailable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG}

_LOOKING = "looking for what is there"
_STORE = "the snapshot store"
# Of a mount whose other end is gone, and s3fs's for "slow down" (EBUSY) and "internal error"
# (EREMOTEIO).
_NO_ANSWER = {
    getattr(errno, name, errno.EIO)
    for name in (
        *("EIO", "EREMOTEIO", "EBUSY", "ESTALE", "ENODEV", "ENOTCONN"),
        *("EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH"),
    )
}
# Whose errors a place elsewhere raises: what the drivers of s3://, gs:// and abfs:// are made of.
_DRIVERS = {"aiobotocore", "botocore", "aiohttp", "gcsfs", "google", "azure", "adlfs", "requests"}
# They have no folders, and would make a bucket of whatever an address names first.
_BUCKETS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"}

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
            if not _BUCKETS.intersection(_protocols(self._fs)):
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
            try:
                self._file.close()
            except FileNotFoundError:  # what is written needs nothing but its bucket
                raise SnapshotStoreUnavailable(
                    "the snapshot store's bucket isn't there",
                    next_step="make it, or correct VET_PIPELINE_SNAPSHOTS or VET_PIPELINE_WITNESS",
                ) from None
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


def missing(practice_id: str | None, what: str) -> SnapshotMissing:
    """The error for what isn't there, or isn't whole."""
    next_step = f"read the practice again: vet-pipeline run {practice_id or 'PRACTICE'}"
    return SnapshotMissing(what, next_step=next_step, practice_id=practice_id)


@contextmanager
def translate_os_errors(
    practice_id: str | None, what: str, *, place: str = _STORE
) -> Iterator[None]:
    """Errors of a disk, or of a store elsewhere, as ours: no path, no address, no content.

    `place`: what people call where it lies, as room in another one helps nobody.
    SnapshotStoreFull: no room or no right; SnapshotMissing: not there; SnapshotStoreUnavailable:
    no answer, or no login. Others stay as they are: nobody expects them.
    """
    try:
        yield
    except FileNotFoundError:
        raise missing(practice_id, f"{what} isn't in {place}") from None
    except Exception as error:
        code = error.errno if isinstance(error, OSError) else None
        if isinstance(error, PermissionError) or code in _NO_ROOM:
            named = errno.errorcode.get(code or 0, "EACCES")
            raise SnapshotStoreFull(
                f"{place} refused a write or read ({named}): {what}",
                next_step=f"see why {place} may only be read: mostly a fault of its disk"
                if code == errno.EROFS
                else f"free space in {place}, or give the right to write there",
                practice_id=practice_id,
            ) from None
        if isinstance(error, NotADirectoryError | FileExistsError):
            raise SnapshotStoreUnavailable(
                f"a file stands where {place} has a folder: {what}",
                next_step="correct the name of the place, or move that file away",
                practice_id=practice_id,
            ) from None
        if (
            isinstance(error, ConnectionError | TimeoutError)
            or code in _NO_ANSWER
            or _is_remote(error)
        ):
            raise SnapshotStoreUnavailable(
                f"{place} didn't answer ({type(error).__name__}): {what}",
                next_step="see that it runs, that the network is up, and that this machine has its"
                " address and login; then try again",
                practice_id=practice_id,
            ) from None
        raise


def _is_remote(error: Exception) -> bool:
    """Whether a driver raised it, or an OSError in its place."""
    kinds = type(error).__mro__ + type(error.__cause__).__mro__
    return any(kind.__module__.split(".")[0] in _DRIVERS for kind in kinds)


def _protocols(fs: AbstractFileSystem) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _fsync_directory(directory: Path) -> None:
    if os.name == "nt":
        return  # Windows can't open a directory; its rename is journalled
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def names_in(
    fs: AbstractFileSystem, directory: str, practice_id: str | None, *, place: str = _STORE
) -> list[str]:
    """The last parts of what lies in a directory, as it is now; none when it isn't there.

    Raises as `translate_os_errors`.
    """
    fs.invalidate_cache()
    with translate_os_errors(practice_id, _LOOKING, place=place):
        try:
            entries = fs.ls(directory, detail=False)
        except FileNotFoundError:
            return []
    return [str(entry).rstrip("/").rsplit("/", 1)[-1] for entry in entries]


def is_there(
    fs: AbstractFileSystem, path: str, practice_id: str | None, *, place: str = _STORE
) -> bool:
    """Whether a file or folder is there; raises as `translate_os_errors`."""
    with translate_os_errors(practice_id, _LOOKING, place=place):
        return bool(fs.exists(path))
