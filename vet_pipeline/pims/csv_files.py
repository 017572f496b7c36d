"""One export file taken apart: encoding, delimiter, header and cells, each found out and stated.

Nothing is repaired: a row with too few or too many cells has lost its columns, so it is delivered
empty (normalizing quarantines a row without key) instead of shifted.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.deceased import read_flag
from vet_pipeline.normalize.text import NULLS, clean, is_filler, remembering
from vet_pipeline.pims.connector import CsvFile
from vet_pipeline.pims.csv_headers import in_words, placed, places, shape, telling
from vet_pipeline.pims.csv_letters import are_of_windows, decoded
from vet_pipeline.pims.csv_rows import meant, rows_of_text
from vet_pipeline.snapshots.contract import CLIENT_KEY

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_HEADER = 60  # characters
_LONGEST_LINE = 1 << 16  # bytes of headers
_TITLES = 12  # lines above the headers that a report may have
_LARGEST = 512 << 20  # bytes; 100,000 patients with notes have a tenth of that
# Rows: a whole sheet of Excel's, most of them blank; cells take many times the memory of their bytes.
_MOST = 1 << 20
_ROUNDED = re.compile(r"\s*-?\d(?:[.,]\d+)?E\+\d{2,3}\s*")


@dataclass(frozen=True, slots=True)
class Export:
    """An export file's cells by canonical column; None for a cell that isn't there."""

    columns: dict[str, list[str | None]]
    headers: dict[str, str]  # canonical column -> header found; run together, as it is known
    rows: int
    broken: int  # rows with another number of cells than the header, or marks out of place
    whole: bool  # the last line ends
    note: str
    ignored: tuple[str, ...]  # the other headers; anything may stand there, so they aren't shown
    unread: tuple[str, ...]  # words of what is copied that head columns which aren't read
    deleted: int  # rows that were left out, for they are marked as deleted
    unsure: int  # rows whose mark of that is neither yes nor no


def find_export(part: str, folder: Path, wanted: CsvFile) -> Path | None:
    """The folder's one file with one of the wanted names (.csv, .txt, .tsv, any case), if any.

    Raises:
        SnapshotShapeChanged: there are several, and no telling which is the practice's of today;
            or it is a link that leads elsewhere.
    """
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.stem.casefold() in wanted.names
        and path.suffix.casefold() in {".csv", ".txt", ".tsv"}
        and path.is_file()
    ]
    if len(found) > 1:
        # Their names are the wanted ones, so nothing else of the folder is shown.
        raise SnapshotShapeChanged(
            f"{len(found)} files could be the export of {part}:"
            f" {', '.join(path.name for path in found)}",
            next_step="leave the current one in the folder and take the others away",
        )
    # Who may put files here may put links here, and this program may read other practices' files.
    if found and found[0].resolve().parent != folder.resolve():
        raise SnapshotShapeChanged(
            f"the export of {part} is a link to a file outside of the folder",
            next_step="put the file itself into the folder",
        )
    return found[0] if found else None


def content_of(path: Path) -> bytes:
    """The file's content. No link is followed that was put in its place since it was looked at.

    Raises SnapshotShapeChanged before a file takes the memory that other practices' runs need.
    """
    flags = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    real = path.parent.resolve() / path.resolve().name
    with os.fdopen(os.open(real, os.O_RDONLY | flags), "rb") as file:
        if os.fstat(file.fileno()).st_size > _LARGEST:
            raise SnapshotShapeChanged(
                f"{path.name} is larger than {_LARGEST >> 20} MB, and isn't read",
                next_step="look at what is in the folder: a practice's export is much smaller",
            )
        return file.read()


def header_line(content: bytes) -> bytes:
    """The line of the headers as it is written, whatever the encoding."""
    begin = content[:_LONGEST_LINE].replace(b"\0", b"")
    found = re.match(rb"(?:[^\r\n]*sep=.[\r\n]+)?[^\r\n]*", begin)
    return found[0] if found else b""


def parse_export(part: str, content: bytes, wanted: CsvFile, *, of_both: bool = False) -> Export:
    """Take a file apart. `of_both`: it is a list of clients with their pets.

    Raises:
        SnapshotShapeChanged: no header, a cell of it that can't be a column's name, a required
            column is missing or there twice, letters of another encoding than those that are read,
            no row that fits the header, rounded keys, or quotation marks that may hide rows.
    """
    text, encoding = decoded(content)
    text = text.rstrip("\x1a")  # the end of a file, to programs of DOS
    text, stated = _stated_delimiter(text)
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = stated or max(
        _DELIMITERS, key=lambda each: (_recognized(first, each, wanted), first.count(each))
    )
    if _recognized(first, delimiter, wanted) < 2 and (line := _below(text, wanted)):
        raise SnapshotShapeChanged(
            f"export of {part}: its headers seem to stand in line {line}, below a title",
            next_step="export without a title, or take off the lines above the headers",
        )
    found = rows_of_text(part, text, delimiter, lines_before=1 if stated else 0)
    header = next(found, None) or []
    if len(header) < 2 and not _recognized(first, delimiter, wanted):
        unparted = "no comma, semicolon, tab or bar parts its first line"
        raise shape(part, unparted if text.strip() else "is empty", wanted)
    if any(len(cell) > _LONGEST_HEADER or re.search(r"[\r\n]", cell) for cell in header):
        raise shape(
            part, "the header holds a line end or a name of more than 60 characters", wanted
        )
    positions = placed(part, header, wanted, of_both=of_both)
    columns: dict[str, list[str | None]] = {name: [] for name in positions}
    seen = Counter[str]()
    rows = broken = 0
    for whole in _records(part, found, header, positions, seen):
        rows += 1
        broken += whole is None
        for name, position in positions.items():
            cell = whole[position] if whole is not None else ""
            columns[name].append(meant(cell, is_key=name.endswith("_key")) or None)
    if rows and broken == rows:
        raise SnapshotShapeChanged(
            f"export of {part}: none of {rows} rows has as many cells as the header",
            next_step="export anew with one cell in each row for each header; a delimiter at the end"
            " of a line makes one more",
        )
    _require_whole_keys(part, columns)
    # By what is copied alone: notes are pasted from where people write any sign behind a letter.
    if encoding == "cp1252" and not are_of_windows(_read(columns)):
        raise SnapshotShapeChanged(
            f"export of {part}: letters with accents are in an encoding of DOS, an old Mac or"
            " Central Europe, and would become others",
            next_step="export as UTF-8, or in Windows's own encoding (ANSI) for Western Europe",
        )
    ignored = [cell for place, cell in enumerate(header) if place not in positions.values()]
    return Export(
        columns=columns,
        headers={
            name: in_words(header[position], name, wanted) for name, position in positions.items()
        },
        rows=rows,
        broken=broken,
        whole=text.endswith(("\n", "\r")),
        note=(
            f"{part}: {encoding}, delimiter {_DELIMITER_NAMES[delimiter]}, "
            f"{len(positions)} columns taken"
            + (f", {len(ignored)} never read" if ignored else "")
            + (f", {broken} rows with a wrong number of cells" if broken else "")
            + (f", the header {seen['header']} times more" if seen["header"] else "")
            + (f", {seen['alone']} rows of clients without a patient" if seen["alone"] else "")
        ),
        ignored=tuple(ignored),
        unread=telling(part, ignored),
        deleted=seen["deleted"],
        unsure=seen["unsure"],
    )


def _records(
    part: str,
    found: Iterable[list[str] | None],
    header: Sequence[str],
    positions: Mapping[str, int],
    seen: Counter[str],
) -> Iterator[list[str] | None]:
    """The rows that are records; None for one with another number of cells than the header.

    `seen` counts what is left out (header, alone, deleted), and marks that are unsure.
    """
    flag = positions.get("deleted")
    marked = remembering(_mark)
    of_record = [it for name, it in positions.items() if name not in (CLIENT_KEY, "deleted")]
    for number, cells in enumerate(found):
        if number >= _MOST:
            raise SnapshotShapeChanged(
                f"export of {part}: there are more than {_MOST:,} rows, and it isn't read",
                next_step="look at what is in the file: a practice's export has far fewer",
            )
        if cells is not None and not any(map(str.strip, cells)):
            continue  # an empty line is no row, nor is one of the blank cells below a sheet
        if cells == header:
            seen["header"] += 1  # of a report's next page
            continue
        whole = cells if cells is not None and len(cells) == len(header) else None
        if part == "patients" and whole and not any(_says(whole[place]) for place in of_record):
            seen["alone"] += 1  # in a list of clients with their pets, a client who has none
            continue
        if flag is not None and whole:
            is_deleted, is_known = marked(whole[flag])
            seen["unsure"] += not is_known
            if is_deleted:
                seen["deleted"] += 1  # a merge's loser, a slip: in the PIMS nobody sees it
                continue
        yield whole


def _require_whole_keys(part: str, columns: Mapping[str, Sequence[str | None]]) -> None:
    """A spreadsheet keeps six digits of a long number: all keys that begin alike are one."""
    keys = (cell for name in columns if name.endswith("_key") for cell in columns[name] if cell)
    if rounded := sum("E+" in key and _ROUNDED.fullmatch(key) is not None for key in keys):
        raise SnapshotShapeChanged(
            f"export of {part}: a spreadsheet has rounded {rounded} keys (9.85E+14)",
            next_step="export it anew from the PIMS, and put it there without opening it in a spreadsheet",
        )


def _read(columns: Mapping[str, Sequence[str | None]]) -> str:
    return "\n".join(cell for cells in columns.values() for cell in cells if cell)


def _mark(cell: str) -> tuple[bool | None, bool]:
    return read_flag(meant(cell, is_key=False), Conventions())


def _says(cell: str) -> bool:
    said = clean(cell)
    return not (said is None or is_filler(said) or said.casefold() in NULLS)


_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def _stated_delimiter(text: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;` taken off."""
    match = re.match(r"sep=([,;\t|])(?:\r\n|\r|\n)", text)
    return (text[match.end() :], match.group(1)) if match else (text, None)


def _recognized(line: str, delimiter: str, wanted: CsvFile) -> int:
    cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    return sum(len(places(cells, name, wanted)) for name in wanted.columns)


def _below(text: str, wanted: CsvFile) -> int | None:
    """The number of a line further down that has several headers, as reports have it."""
    for number, line in enumerate(
        re.split(r"\r\n|\r|\n", text[:_LONGEST_LINE])[1:_TITLES], start=2
    ):
        if any(_recognized(line, delimiter, wanted) > 2 for delimiter in _DELIMITERS):
            return number
    return None
