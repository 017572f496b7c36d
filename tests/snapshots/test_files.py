"""Files of the store on a disk: no room, no right, two writers, and whose they are."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import aiohttp
import pyarrow as pa
import pytest
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from tests.snapshots.test_store import write
from vet_pipeline.errors import SnapshotMissing, SnapshotStoreFull, SnapshotStoreUnavailable
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness
from vet_pipeline.snapshots import files
from vet_pipeline.snapshots.files import AtomicFile, names_in, translate_os_errors
from vet_pipeline.snapshots.store import SnapshotStore


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def test_a_full_disk_is_told_and_leaves_no_snapshot(store: SnapshotStore, tmp_path: Path) -> None:
    # A limit on file size stands in for a full disk: the write fails in the same place.
    code = f"""
import resource, signal, sys
sys.path.insert(0, {str(Path.cwd())!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from tests.snapshots.test_store import SnapshotStore, write
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
try:
    write(SnapshotStore({str(tmp_path)!r}), 1)
except Exception as error:
    sys.exit(0 if "the snapshot store refused" in str(error) and error.retryable else repr(error))
sys.exit("no error")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert store.latest("p1") is None
    assert not list(tmp_path.rglob("*.tmp"))
    write(store, 1)
    assert store.latest("p1") == 1


def test_every_kind_of_no_room_is_the_same_error() -> None:
    for code in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
        with (
            pytest.raises(SnapshotStoreFull, match=errno.errorcode[code]) as told,
            files.translate_os_errors("p1", "writing clients"),
        ):
            raise OSError(code, "x")
        # Room and rights mend nothing where the system has made a disk read-only.
        assert ("free space in" in told.value.next_step) is (code != errno.EROFS)


def test_where_nobody_may_look_isnt_taken_for_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, witness = SnapshotStore(tmp_path), Witness(tmp_path, lambda: b"key")
    assert (store.numbers("p1"), witness.has("p1", OFFBOARDED)) == ([], False)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "x")

    monkeypatch.setattr(store.fs, "ls", refused)
    assert witness.fs is store.fs
    for looking in (lambda: store.numbers("p1"), lambda: witness.has("p1", OFFBOARDED)):
        with pytest.raises(SnapshotStoreFull, match="EACCES"):
            looking()


def refused_by_s3() -> OSError:
    """As s3fs tells a code of the service's that has no better number."""
    error = OSError(errno.EINVAL, "s3.clinic.example")
    error.__cause__ = aiohttp.ClientError("s3.clinic.example")
    return error


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ServerDisconnectedError("s3.clinic.example"),  # as the drivers of s3 and gs raise
        TimeoutError("s3.clinic.example"),
        OSError(errno.EIO, "s3.clinic.example"),
        OSError(errno.EBUSY, "s3.clinic.example"),  # S3: SlowDown, ServiceUnavailable
        OSError(errno.EREMOTEIO, "s3.clinic.example"),  # S3: InternalError
        OSError(errno.ENOTCONN, "/mnt/s3.clinic.example"),  # a mount by FUSE whose process died
        OSError(errno.EHOSTDOWN, "/mnt/s3.clinic.example"),  # a mounted share of Windows
        refused_by_s3(),
    ],
    ids=repr,
)
def test_a_store_elsewhere_that_does_not_answer_is_tried_again_and_its_address_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    store, witness = SnapshotStore(tmp_path), Witness(tmp_path, lambda: b"key")
    write(store, 1)
    witness.put("p1", OFFBOARDED, {})

    def away(*_: object, **__: object) -> None:
        raise error

    for call in ("exists", "ls", "cat_file", "modified"):
        monkeypatch.setattr(store.fs, call, away)
    for look in (
        lambda: write(store, 2),
        lambda: store.read_raw("p1", 1, "clients"),
        lambda: store.latest("p1"),
        lambda: store.practices(),
        lambda: store.has_frame("p1", 1, "pets"),
        lambda: store.remove("p1", 1),
        lambda: witness.put("p1", "head-1", {}),
        lambda: witness.get("p1", OFFBOARDED),
        lambda: witness.practices(),
    ):
        with pytest.raises(SnapshotStoreUnavailable, match=type(error).__name__) as told:
            look()
        assert told.value.retryable
        assert "example" not in f"{told.value} {told.value.next_step}"


def test_a_bucket_that_an_address_misspells_is_told_and_never_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Bucket(MemoryFileSystem):
        protocol = ("s3", "s3a")
        made: list[str] = []

        def makedirs(self, path: str, exist_ok: bool = False) -> None:
            self.made.append(path)

    def gone(_: object) -> None:
        raise FileNotFoundError("The specified bucket does not exist")

    fs = Bucket()
    with AtomicFile(fs, "/there/p1/a") as file:
        file.write(b"x")
    monkeypatch.setattr("fsspec.implementations.memory.MemoryFile.close", gone)
    with (
        pytest.raises(SnapshotStoreUnavailable, match="bucket isn't there"),
        AtomicFile(fs, "/missing/p1/a") as file,
    ):
        file.write(b"x")
    assert (fs.made, fs.cat_file("/there/p1/a")) == ([], b"x")


@pytest.mark.skipif(os.geteuid() == 0, reason="ROOT MAY WRITE EVERYWHERE: run as another user")
def test_a_store_without_the_right_to_write_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(SnapshotStoreFull):
        write(SnapshotStore(tmp_path), 1)


def test_only_the_user_who_runs_the_pipeline_may_read_what_is_kept(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        write(SnapshotStore(tmp_path / "new" / "store"), 1)
    finally:
        os.umask(old)
    kept = list((tmp_path / "new").rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o700}


def test_of_two_who_write_a_table_at_once_one_wins_and_the_others_document_says_so(
    store: SnapshotStore, tmp_path: Path
) -> None:
    write(store, 1)
    path = str(tmp_path / "p1" / "00000001" / "pets.parquet")
    with AtomicFile(store.fs, path) as first, AtomicFile(store.fs, path) as second:
        first.write(b"the one")
        second.write(b"the other")
    assert Path(path).read_bytes() == b"the one"
    assert [p.name for p in Path(path).parent.glob("*.tmp")] == []
    entries = [
        store.write_frame("p1", 1, "pets", pa.table({"name": pa.array([name])}))
        for name in ("Rex", "Tom")
    ]
    assert store.read_frame("p1", 1, "pets", sha256=entries[1].sha256).to_pydict() == {
        "name": ["Tom"]
    }
    with pytest.raises(SnapshotMissing):
        store.read_frame("p1", 1, "pets", sha256=entries[0].sha256)


def test_a_file_in_the_place_of_a_folder_is_told_as_that(tmp_path: Path) -> None:
    """A witness or store that is named below a file was an unexpected error."""
    (tmp_path / "notes").write_text("")
    fs = LocalFileSystem()
    with pytest.raises(SnapshotStoreUnavailable, match="a file stands where"):
        names_in(fs, str(tmp_path / "notes" / "oak"), "oak")
    with (
        pytest.raises(SnapshotStoreUnavailable, match="a file stands where"),
        translate_os_errors("oak", "writing"),
        AtomicFile(fs, str(tmp_path / "notes" / "oak" / "head.json")),
    ):
        pass
