"""One consistent read of a folder of exports into the raw snapshot's tables."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from vet_pipeline.counted import counted
from vet_pipeline.errors import (
    PimsAccessDenied,
    PimsUnavailable,
    SnapshotShapeChanged,
    SnapshotTorn,
)
from vet_pipeline.pims import csv_files
from vet_pipeline.pims.cells import key_array, text_array
from vet_pipeline.pims.connector import ConnectorFile, CsvFile, Headers, Limits
from vet_pipeline.pims.csv_before import Exports, kept, require_going_on
from vet_pipeline.pims.csv_export import Export, header_line, parse_export
from vet_pipeline.pims.csv_files import SAVED_AS_CSV, content_of
from vet_pipeline.pims.csv_headers import are_of_one_kind, header_told, state_header
from vet_pipeline.pims.csv_joined import joined, with_units
from vet_pipeline.pims.csv_rows import number_meant
from vet_pipeline.pims.csv_whose import names_pets, without_the_clients
from vet_pipeline.pims.pages import Tables
from vet_pipeline.pims.phones import FoldedPhones, column_pairs, extended, fold_phones, row_pairs
from vet_pipeline.pims.watchdog import Watch
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY, RAW_COLUMNS

if TYPE_CHECKING:
    from vet_pipeline.pims.reader import ReadOptions

_Found = dict[str, tuple[CsvFile, Path]]  # part -> what is wanted of it, and where it is
_DOING = "reading the exports"
_SHEETS = (1 << 14, 1 << 16, 1 << 20)  # lines that a sheet has had room for, with the headers
_States = dict[Path, tuple[int, int, int]]  # inode, size, time of the last change


@dataclass(frozen=True, slots=True)
class FolderRead:
    """Tables of one folder, and what was found out about its files."""

    tables: Tables
    source_schema: dict[str, str]  # "clients.first_name" -> "text"
    notes: tuple[str, ...]
    exports: Exports

    @property
    def fingerprint(self) -> str:
        """Digest of which columns the exports have."""
        return hashlib.sha256(json.dumps(self.source_schema, sort_keys=True).encode()).hexdigest()


def read_folder(
    file: ConnectorFile,
    odbc: str,
    limits: Limits,
    watch: Watch,
    options: ReadOptions,
) -> FolderRead:
    """Read clients, patients and phones of `FOLDER=...`, all files at rest.

    An exporter writes for minutes, a read takes milliseconds: so the files must have been as they
    are for `settle_seconds`, by what is seen here (a file server's clock may be another). Under a
    watch, because a share that went away lets no call return.

    Raises:
        PimsUnavailable: the folder or an export isn't there, or an export is too old, or older than
            the one that was applied.
        PimsAccessDenied: no right to read it.
        SnapshotShapeChanged: a header is missing, or several files could be one export.
        SnapshotTorn: the files kept changing, or one is cut.
    """
    folder = _folder(odbc)
    for _ in range(limits.attempts):
        try:
            watch.allow(limits.read_seconds, _DOING)
            found = _found(folder, file, limits)
            states = _states(found)
            _require_fresh(found, limits.exports_within_hours)
            watch.pause(limits.settle_seconds)
            watch.allow(limits.read_seconds, _DOING)
            contents = _contents(_found(folder, file, limits), states)
        except PermissionError:
            raise PimsAccessDenied(
                "no right to read the exports", next_step="give the right to read the folder"
            ) from None
        except OSError:
            raise PimsUnavailable(
                "the folder of exports can't be read",
                next_step="it is tried again; check FOLDER= and the share it lies on",
            ) from None
        if contents is not None:
            written = {part: states[path][2] / 1e9 for part, (_, path) in found.items()}
            return _taken_apart(contents, written, options)
    raise SnapshotTorn(
        "the exports were being written during each read",
        next_step="it is tried again; export before the practice's quiet hours",
    )


def _folder(odbc: str) -> Path:
    name, _, value = odbc.strip().rstrip(";").partition("=")
    if name.strip().casefold() != "folder" or not value.strip():
        raise PimsUnavailable(
            "the connection string names no folder", next_step="write FOLDER=/path/to/exports"
        )
    return Path(value.strip())


def _found(folder: Path, file: ConnectorFile, limits: Limits) -> _Found:
    found: _Found = {}
    for part, wanted in file.csv.items():
        path = csv_files.find_export(part, folder, wanted)
        if path is not None:
            found[part] = (wanted, path)
        elif part != "phones":
            others = csv_files.others_called(folder, wanted)
            names = (
                f"call it one of {', '.join(f'{name}.csv' for name in wanted.names)}, or with the day"
                f" behind, year first ({wanted.names[0]}_20260131.csv)"
            )
            raise PimsUnavailable(
                f"there is no export of {part} in the folder"
                + (f", but one that isn't text ({others})" if others else ""),
                next_step=f"{SAVED_AS_CSV}; {names}" if others else f"export it, and {names}",
            )
    for other, (_, path) in found.items():
        csv_files.require_one_job(found["clients"][1], other, path, limits.exports_apart_hours)
    return found


def _require_fresh(found: _Found, within_hours: float) -> None:
    """An export job that died leaves its last files behind: reading them would pass for a refresh.

    By this machine's clock; a file server's may differ, by less than matters here. By more, what
    was dated ahead would be new for as long.
    """
    now = time.time()
    hours = {part: (now - path.stat().st_mtime) / 3600 for part, (_, path) in found.items()}
    for part in hours:
        if -hours[part] > within_hours:
            raise PimsUnavailable(
                f"the export of {part} is dated {int(-hours[part])} hours ahead",
                next_step="have the clock of the machine that exports set right, then export again",
            )
    part = max(hours, key=lambda part: hours[part])
    if hours[part] > within_hours:
        raise PimsUnavailable(
            f"the export of {part} was written {int(hours[part])} hours ago",
            next_step="it is tried again; see that the practice's export job runs; where it runs more"
            " rarely: vet-pipeline practice set ID reader.limits.exports_within_hours=HOURS --by NAME",
        )


def _contents(found: _Found, before: _States) -> dict[str, tuple[CsvFile, bytes]] | None:
    """Each part's file content; None if a file has come, gone or changed since `before`."""
    contents = {part: (wanted, content_of(path)) for part, (wanted, path) in found.items()}
    return contents if before == _states(found) else None


def _states(found: _Found) -> _States:
    states = {path: path.stat() for _, path in found.values()}
    return {path: (it.st_ino, it.st_size, it.st_mtime_ns) for path, it in states.items()}


def _taken_apart(
    contents: dict[str, tuple[CsvFile, bytes]],
    written: dict[str, float],
    options: ReadOptions,
) -> FolderRead:
    headers, applied = options.headers, options.applied_exports
    of_both = header_line(contents["clients"][1]) == header_line(contents["patients"][1])
    wanted = {part: it.headed(headers.get(part, {})) for part, (it, _) in contents.items()}
    exports = {
        part: parse_export(part, content, wanted[part], of_both=of_both and part != "phones")
        for part, (_, content) in contents.items()
    }
    exports["patients"] = without_the_clients(
        exports["patients"],
        wanted["patients"],
        wanted["clients"],
        options.expected_schema,
    )
    noted = {
        part: kept(
            contents[part][1],
            written[part],
            whole=export.whole,
            rows=export.rows,
            told_by=header_told(export.headers[wanted[part].required[0]]),
            before=applied.get(part, {}),
        )
        for part, export in exports.items()
    }
    _require_one_key(exports, headers)
    if not options.accept_shape:
        require_going_on(noted, applied)
    patients = with_units(exports["patients"])
    read = {part: export.columns for part, export in exports.items()} | {"patients": patients}
    schema = {f"{part}.{name}": "text" for part, names in read.items() for name in names}
    clients, phones = exports["clients"], _phones(exports["clients"], exports.get("phones"))
    as_pets = names_pets(clients, wanted["patients"], of_both=of_both)
    columns = joined(clients, named_as_pets=as_pets) | {"phones": phones.phones.to_pylist()}
    tables = Tables(
        clients=_table(columns, clients.rows, "clients"),
        patients=_table(patients, exports["patients"].rows, "patients"),
        notes=(*phones.notes, *_told(exports, applied)),
    )
    return FolderRead(tables, schema, tuple(export.note for export in exports.values()), noted)


def _require_one_key(exports: Mapping[str, Export], headers: Headers) -> None:
    """By another number of the clients' a pet would be another client's, and so would a phone."""
    clients = exports["clients"]
    for part, export in exports.items():
        key, owner = clients.headers[CLIENT_KEY], export.headers[CLIENT_KEY]
        is_stated = CLIENT_KEY in headers.get(part, {})
        if part != "clients" and not are_of_one_kind(key, owner, clients.ignored, stated=is_stated):
            raise SnapshotShapeChanged(
                f"export of {part}: its clients are told by {owner}, those of the export of clients"
                f" by {key}",
                next_step="see which column of clients has the numbers of the other's, and state it:"
                f" {state_header('clients', CLIENT_KEY)}; if none has, export both with the same number",
            )


def _told(exports: Mapping[str, Export], applied: Exports) -> Iterator[str]:
    """What a person has to see before the first copy.

    Half an address, or a weight less, would be copied as if it were all there is.
    """
    for part, export in exports.items():
        lines = export.rows + export.deleted
        if lines and (lines % 1000 == 0 or lines + 1 in _SHEETS):
            yield (
                f"{part}: there are exactly {lines:,} rows, as where a program or an old spreadsheet ends a"
                " list. Next step: see before the first copy that the PIMS has no more of them"
            )
        if not export.whole and part not in applied:  # afterwards it is compared with that one
            yield (
                f"{part}: the last line doesn't end, as where a file was cut while it was sent. Next step:"
                f" see before the first copy that the PIMS has {export.rows:,} of them, and whether its"
                " last row is whole"
            )
        if export.deleted:
            yield f"{part}: {counted(export.deleted, 'row')} left out, marked as deleted"
        if export.unsure:
            yield f"{part}: {counted(export.unsure, 'row')} taken with a mark of deletion that is neither yes nor no"
        if export.unread:
            yield (
                f"{part}: columns headed with {', '.join(export.unread)} are never read. Next step: where"
                " they hold what is to be copied, head them before the first copy as"
                " vet_pipeline/pims/csv/connector.toml lists, or state which column one is:"
                f" {state_header(part, 'COLUMN')}"
            )
        for name in export.theirs:
            header = header_told(export.headers[name])
            yield (
                f"{part}: {header} stands among the clients' columns, as if it were theirs, and is never read."
                " Next step: where it is the pets', state that before the first copy:"
                f" {state_header(part, name, header)}"
            )


def _phones(export: Export, phones: Export | None) -> FoldedPhones:
    columns = dict(export.columns)
    for name in [name for name in columns if name.startswith("phone") and name[5:].isdigit()]:
        # Without a column for the label the header is the label: "Mobile", "Home Phone".
        columns.setdefault(f"{name}_label", [export.headers[name]] * export.rows)
        if (extensions := columns.get(f"{name}_extension")) is not None:
            columns[name] = extended(columns[name], list(map(number_meant, extensions)))
    rows = None
    if phones is not None:
        labels = phones.columns.get("label") or [None] * phones.rows
        rows = row_pairs(
            phones.columns[CLIENT_KEY],
            phones.columns["number"],
            labels,
            list(map(number_meant, phones.columns.get("extension") or [None] * phones.rows)),
        )
    return fold_phones(key_array(columns[CLIENT_KEY]), column_pairs(columns, export.rows), rows)


def _table(columns: dict[str, list[str | None]], rows: int, kind: str) -> pa.Table:
    arrays = []
    for column in RAW_COLUMNS[kind]:
        cells = columns.get(column) or [None] * rows
        is_key = column in (CLIENT_KEY, PATIENT_KEY)
        arrays.append(key_array(cells) if is_key else text_array(cells))
    return pa.table(arrays, names=list(RAW_COLUMNS[kind]))
