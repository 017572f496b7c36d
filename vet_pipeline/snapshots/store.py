"""Snapshots on disk (or any fsspec place): Parquet files beside a manifest that comes last.

Layout: `<practice_id>/<seq, eight digits>/{raw_clients,raw_patients}.parquet` + `manifest.json`.
Later stages put their frames beside these, each with a small `.json` that holds its digest.
A file is written under a `.tmp` name and renamed, so a killed write is never taken for a whole
one; a snapshot exists when its manifest does. This module knows no PIMS and no database.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from vet_pipeline.errors import SnapshotMissing, UsageError
from vet_pipeline.snapshots.files import (
    AtomicFile,
    is_there,
    missing,
    names_in,
    translate_os_errors,
)
from vet_pipeline.snapshots.manifest import FileEntry, Manifest
from vet_pipeline.snapshots.names import PRACTICE_ID, SEQ_DIRECTORY, checked_name, checked_practice
from vet_pipeline.snapshots.tables import raw_table, write_parquet

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"


class SnapshotStore:
    """Where snapshots are kept. `url` is a path or an fsspec address such as `s3://bucket/x`."""

    def __init__(self, url: str | os.PathLike[str], **storage_options: Any) -> None:
        try:
            self.fs, root = fsspec.core.url_to_fs(os.fspath(url), **storage_options)
        except (ValueError, ImportError):
            raise UsageError(
                "the address of the snapshot store can't be used",
                next_step="set VET_PIPELINE_SNAPSHOTS to a folder or an fsspec address whose"
                " protocol is installed",
            ) from None
        self.root = str(root).rstrip("/")

    def write_snapshot(
        self,
        about: Manifest,
        clients: pd.DataFrame | pa.Table,
        patients: pd.DataFrame | pa.Table,
        *,
        beside: Mapping[str, Any] = MappingProxyType({}),
    ) -> Manifest:
        """Store one raw read; it exists from the moment its manifest is in place, or not at all.

        `beside`: documents by name, which are there as soon as it is.

        `about` has no files yet; what is returned does. Leftovers of a killed write under the same
        number are replaced; a complete snapshot is never overwritten.

        Raises:
            UsageError: that number is already a complete snapshot, or a column is missing.
            SnapshotStoreFull: no space, or no right to write.
        """
        practice_id, seq = about.practice_id, about.seq
        directory = self._directory(practice_id, seq)
        if self._is_complete(practice_id, seq):
            raise UsageError(
                f"snapshot {seq} is already complete",
                next_step="take the next number from ScriptRight's database",
                practice_id=practice_id,
            )
        self._remove(directory, practice_id)
        raw = {"raw_clients": (clients, "clients"), "raw_patients": (patients, "patients")}
        with ThreadPoolExecutor(len(raw)) as writers:  # most of it is compressing: no lock
            written = {
                name: writers.submit(
                    self._write_parquet, practice_id, seq, name, raw_table(given, kind)
                )
                for name, (given, kind) in raw.items()
            }
            files = {name: entry.result() for name, entry in written.items()}
        for name, kept in beside.items():
            self.write_document(practice_id, seq, name, kept)
        manifest = about.model_copy(update={"files": files})
        document = manifest.model_dump_json(indent=1) + "\n"
        self._write_text(f"{directory}/{MANIFEST}", document, practice_id)
        return manifest

    def write_frame(self, practice_id: str, seq: int, name: str, table: pa.Table) -> FileEntry:
        """Put a later stage's table beside the snapshot, replacing an earlier one of that name.

        Raises:
            UsageError: the name is one of the raw files, which nothing may replace.
            SnapshotStoreFull: no space, or no right to write.
        """
        if name.startswith("raw_"):
            raise UsageError(f"{name} is never rewritten", next_step="choose another name")
        entry = self._write_parquet(practice_id, seq, name, table)
        self._write_text(
            f"{self._directory(practice_id, seq)}/{name}.json",
            entry.model_dump_json(),
            practice_id,
        )
        return entry

    def remove_frame(self, practice_id: str, seq: int, name: str) -> None:
        """Forget a later stage's table, if it is there."""
        path = f"{self._directory(practice_id, seq)}/{checked_name(name)}"
        with translate_os_errors(practice_id, "removing old files"):
            for file in (f"{path}.json", f"{path}.parquet"):
                if self.fs.exists(file):
                    self.fs.rm_file(file)

    def write_document(self, practice_id: str, seq: int, name: str, document: Any) -> None:
        """Put a JSON document beside the snapshot as `<name>.doc.json`, whole or not at all."""
        path = f"{self._directory(practice_id, seq)}/{checked_name(name)}.doc.json"
        self._write_text(path, json.dumps(document, ensure_ascii=False), practice_id)

    def read_manifest(self, practice_id: str, seq: int) -> Manifest:
        """The manifest of a complete snapshot; SnapshotMissing if there is none, or it is cut.

        So it is where the manifest says another practice or number: the folder was put there, and
        who goes on by the manifest works for another practice than he was asked to.
        """
        path = f"{self._directory(practice_id, seq)}/{MANIFEST}"
        content = self._read(path, practice_id, f"snapshot {seq}")
        try:
            manifest = Manifest.model_validate_json(content)
        except ValidationError:
            raise missing(practice_id, f"the manifest of snapshot {seq} is damaged") from None
        if (manifest.practice_id, manifest.seq) != (practice_id, seq):
            raise missing(practice_id, f"the manifest of snapshot {seq} is another's")
        return manifest

    def read_frame(
        self, practice_id: str, seq: int, name: str, *, sha256: str | None = None
    ) -> pa.Table:
        """A table of the snapshot; raises as `open_frame`."""
        return self.open_frame(practice_id, seq, name, sha256=sha256).read()

    def open_frame(
        self, practice_id: str, seq: int, name: str, *, sha256: str | None = None
    ) -> pq.ParquetFile:
        """A table of the snapshot, in memory and verified against its recorded SHA-256.

        Raises:
            SnapshotMissing: the snapshot isn't complete, has no such table, the file differs, or
                it isn't the one of `sha256`, since somebody has written it again.
        """
        manifest = self.read_manifest(practice_id, seq)
        directory = self._directory(practice_id, seq)
        entry = manifest.files.get(checked_name(name))
        if entry is None:
            content = self._read(f"{directory}/{name}.json", practice_id, f"{name} of {seq}")
            try:
                entry = FileEntry.model_validate_json(content)
            except ValidationError:
                raise missing(
                    practice_id, f"the digest of {name} in snapshot {seq} is damaged"
                ) from None
        what = f"{name} of snapshot {seq}"
        content = self._read(f"{directory}/{name}.parquet", practice_id, what)
        if hashlib.sha256(content).hexdigest() != entry.sha256 or sha256 not in (
            None,
            entry.sha256,
        ):
            raise missing(practice_id, f"{what} differs from its manifest")
        return pq.ParquetFile(pa.BufferReader(content))

    def read_raw(
        self, practice_id: str, seq: int, kind: str, *, rows: np.ndarray | None = None
    ) -> pd.DataFrame:
        """The raw `clients` or `patients`: dtype `str`.

        Of the places `rows` only, if given, in their order and indexed by them.
        """
        table = self.read_frame(practice_id, seq, f"raw_{kind}")
        if rows is not None and rows.tolist() != list(range(table.num_rows)):
            table = table.take(rows)
        frame: pd.DataFrame = table.to_pandas().astype("str")
        return frame if rows is None else frame.set_axis(rows, axis="index")

    def read_document(self, practice_id: str, seq: int, name: str) -> Any:
        """What `write_document` stored under that name; SnapshotMissing if nothing is there."""
        path = f"{self._directory(practice_id, seq)}/{checked_name(name)}.doc.json"
        return json.loads(self._read(path, practice_id, f"{name} of snapshot {seq}"))

    def has_frame(self, practice_id: str, seq: int, name: str) -> bool:
        """Whether a later stage has already finished writing that table."""
        digest = f"{self._directory(practice_id, seq)}/{checked_name(name)}.json"
        return is_there(self.fs, digest, practice_id)

    def snapshots(self, practice_id: str) -> list[int]:
        """Numbers of the practice's complete snapshots, oldest first."""
        return [seq for seq in self.numbers(practice_id) if self._is_complete(practice_id, seq)]

    def latest(self, practice_id: str) -> int | None:
        """The highest number among complete snapshots; leftovers of killed writes don't count."""
        for seq in reversed(self.numbers(practice_id)):
            if self._is_complete(practice_id, seq):
                return seq
        return None

    def numbers(self, practice_id: str) -> list[int]:
        """Numbers of whatever is kept of the practice, leftovers included, lowest first."""
        names = names_in(self.fs, f"{self.root}/{checked_practice(practice_id)}", practice_id)
        return sorted(int(name) for name in names if SEQ_DIRECTORY.fullmatch(name))

    def practices(self) -> list[str]:
        """Ids of all practices with anything in the store."""
        names = names_in(self.fs, self.root, None)
        return sorted(name for name in names if PRACTICE_ID.fullmatch(name))

    def remove(self, practice_id: str, seq: int) -> None:
        """Remove a snapshot, or what is left of one. The manifest goes first; safe to repeat."""
        self._remove(self._directory(practice_id, seq), practice_id)

    def read_at(self, practice_id: str, seq: int) -> datetime:
        """When the snapshot was read; of leftovers, when their newest file was written."""
        directory = self._directory(practice_id, seq)
        try:
            return self.read_manifest(practice_id, seq).read_finished_at
        except SnapshotMissing:
            files = names_in(self.fs, directory, practice_id)
            with translate_os_errors(practice_id, "looking for when it was written"):
                times = [self.fs.modified(f"{directory}/{name}") for name in files]
            return max(times, default=datetime.min.replace(tzinfo=UTC))

    def erase(self, practice_id: str) -> None:
        """Remove everything of a practice (offboarding)."""
        for seq in self.numbers(practice_id):
            self.remove(practice_id, seq)
        self._remove(f"{self.root}/{checked_practice(practice_id)}", practice_id)

    def _is_complete(self, practice_id: str, seq: int) -> bool:
        manifest = f"{self._directory(practice_id, seq)}/{MANIFEST}"
        return is_there(self.fs, manifest, practice_id)

    def _directory(self, practice_id: str, seq: int) -> str:
        return f"{self.root}/{checked_practice(practice_id)}/{seq:08d}"

    def _write_parquet(self, practice_id: str, seq: int, name: str, table: pa.Table) -> FileEntry:
        path = f"{self._directory(practice_id, seq)}/{checked_name(name)}.parquet"
        with (
            translate_os_errors(practice_id, f"writing {name}"),
            AtomicFile(self.fs, path) as sink,
        ):
            write_parquet(table, sink, small=name.startswith("raw_"))
        return FileEntry(rows=table.num_rows, sha256=sink.sha256, bytes=sink.size)

    def _write_text(self, path: str, text: str, practice_id: str) -> None:
        with (
            translate_os_errors(practice_id, "writing the manifest"),
            AtomicFile(self.fs, path) as sink,
        ):
            sink.write(text.encode())

    def _read(self, path: str, practice_id: str, what: str) -> bytes:
        with translate_os_errors(practice_id, what):
            content: bytes = self.fs.cat_file(path)
        return content

    def _remove(self, directory: str, practice_id: str) -> None:
        with translate_os_errors(practice_id, "removing old files"):
            if self.fs.exists(f"{directory}/{MANIFEST}"):
                self.fs.rm_file(f"{directory}/{MANIFEST}")
            if self.fs.exists(directory):
                self.fs.rm(directory, recursive=True)
