"""One export file taken apart: encoding, delimiter, header and cells, each found out and stated.

Nothing is repaired: a row with too few or too many cells has lost its columns, so it is delivered
empty (normalizing quarantines a row without key) instead of shifted. Which rows are records is told by
csv_records.py.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vet_pipeline.counted import counted
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.connector import CsvFile
from vet_pipeline.pims.csv_files import require_text
from vet_pipeline.pims.csv_headers import MOST_COLUMNS, in_words, placed, places, shape, telling
from vet_pipeline.pims.csv_letters import decoded, without_strange_letters
from vet_pipeline.pims.csv_records import as_wide_as_header, records
from vet_pipeline.pims.csv_rows import is_plain, meant, rows_of_text
from vet_pipeline.pims.csv_spoiled import require_unspoiled

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LONGEST_HEADER = 60  # characters
_LONGEST_LINE = 1 << 16  # bytes of headers
_TITLES = 12  # lines above the headers that a report may have
# A line, or what goes on behind its end within a pair of quotation marks.
_HEADERS = r'(?:[^"\r\n]|"[^"]{0,200}")*[^\r\n]*'


@dataclass(frozen=True, slots=True)
class Export:
    """An export file's cells by canonical column; None for a cell that isn't there."""

    columns: dict[str, list[str | None]]
    headers: dict[str, str]  # canonical column -> header found; run together, as it is known
    header: tuple[str, ...]  # of the whole file; anything may stand there, so it isn't shown
    places: dict[str, int]  # canonical column -> where it stands in it
    rows: int
    whole: bool  # the last line ends
    note: str
    ignored: tuple[str, ...]  # the other headers; anything may stand there, so they aren't shown
    unread: tuple[str, ...]  # words of what is copied that head columns which aren't read
    deleted: int  # rows that were left out, for they are marked as deleted
    unsure: int  # rows whose mark of that is neither yes nor no
    theirs: tuple[str, ...] = ()  # columns that aren't read, for they seem to be the clients'


def header_line(content: bytes) -> bytes:
    """The line of the headers as it is written, whatever the encoding."""
    begin = content[:_LONGEST_LINE].replace(b"\0", b"")
    found = re.match(rb"(?:[^\r\n]*sep=.[\r\n]+)?" + _HEADERS.encode(), begin)
    return found[0] if found else b""


def parse_export(part: str, content: bytes, wanted: CsvFile, *, of_both: bool) -> Export:
    """Take a file apart. `of_both`: it is a list of clients with their pets.

    Raises:
        SnapshotShapeChanged: no text, no header, a cell of it that can't be a column's name, a
            required column is missing or there twice, letters of another encoding than those that
            are read, no row that fits the header, what a spreadsheet has spoiled, or quotation
            marks that may hide rows.
    """
    require_text(part, content)
    text, encoding = decoded(content)
    text = text.rstrip("\x1a")  # the end of a file, to programs of DOS
    whole = text.endswith(("\n", "\r"))
    text, stated = _stated_delimiter(text)
    delimiter = stated or _delimiter(part, text, wanted)
    found = rows_of_text(part, text, delimiter, lines_before=1 if stated else 0)
    header = next(found, None) or []
    _require_header(part, header, text, delimiter, wanted)
    positions = placed(part, header, wanted, of_both=of_both)
    seen = Counter[str]()
    rows = as_wide_as_header(found, len(header), is_whole=whole)
    taken = [  # as tuples, which the garbage collector doesn't go through
        None if cells is None else tuple([cells[place] for place in positions.values()])
        for cells in records(part, rows, header, positions, seen, of_both=of_both)
    ]
    seen.update(rows=len(taken), broken=taken.count(None))
    columns = {name: _column(taken, at) for at, name in enumerate(positions)}
    if not is_plain(text):
        for name, cells in columns.items():
            is_key = name.endswith("_key")
            columns[name] = [cell and (meant(cell, is_key=is_key) or None) for cell in cells]
    _require_fitting(part, seen)
    require_unspoiled(part, columns)
    if encoding == "cp1252":
        columns = without_strange_letters(part, columns)
    ignored = [cell for place, cell in enumerate(header) if place not in positions.values()]
    return Export(
        columns=columns,
        headers={
            name: in_words(header[position], name, wanted) for name, position in positions.items()
        },
        header=tuple(header),
        places=positions,
        rows=seen["rows"],
        whole=whole,
        note=_note(part, encoding, delimiter, positions, ignored, seen),
        ignored=tuple(ignored),
        unread=telling(part, ignored),
        deleted=seen["deleted"],
        unsure=seen["unsure"],
    )


def _column(taken: Sequence[Sequence[str] | None], at: int) -> list[str | None]:
    return [None if cells is None else cells[at] or None for cells in taken]


def _delimiter(part: str, text: str, wanted: CsvFile) -> str:
    """The sign that parts most headers that are known, else the most frequent one."""
    first = _first(text)
    likely = max(
        _DELIMITERS, key=lambda each: (_recognized(first, each, wanted), first.count(each))
    )
    if _recognized(first, likely, wanted) < 2 and (line := _below(text, wanted)):
        raise SnapshotShapeChanged(
            f"export of {part}: its headers seem to stand in line {line}, below a title",
            next_step="export without a title, or take off the lines above the headers",
        )
    return likely


def _require_header(
    part: str, header: Sequence[str], text: str, delimiter: str, wanted: CsvFile
) -> None:
    if len(header) < 2 and not _recognized(_first(text), delimiter, wanted):
        unparted = "no comma, semicolon, tab or bar parts its first line"
        raise shape(part, unparted if text.strip() else "is empty", wanted)
    if len(header) > MOST_COLUMNS:
        raise shape(part, f"the header has more than {MOST_COLUMNS:,} columns", wanted)
    if any(len(cell) > _LONGEST_HEADER or _holds_rows(cell, delimiter) for cell in header):
        raise shape(part, "the header holds rows, or a name of more than 60 characters", wanted)


def _holds_rows(cell: str, delimiter: str) -> bool:
    return delimiter in cell and re.search(r"[\r\n]", cell) is not None


def _require_fitting(part: str, seen: Mapping[str, int]) -> None:
    if seen["rows"] and seen["broken"] == seen["rows"]:
        raise SnapshotShapeChanged(
            f"export of {part}: none of {seen['rows']} rows has as many cells as the header",
            next_step="export anew with one cell in each row for each header; a delimiter at the end"
            " of a line makes one more",
        )


def _note(
    part: str,
    encoding: str,
    delimiter: str,
    positions: Mapping[str, int],
    ignored: Sequence[str],
    seen: Mapping[str, int],
) -> str:
    alone = "clients without a patient" if part == "patients" else "a patient alone"
    told = (
        (len(ignored), f"{len(ignored)} never read"),
        (seen["broken"], f"{counted(seen['broken'], 'row')} with a wrong number of cells"),
        (seen["header"], f"the header {counted(seen['header'], 'time')} more"),
        (seen["total"], f"{counted(seen['total'], 'row')} of a report's totals or pages"),
        (seen["alone"], f"{counted(seen['alone'], 'row')} of {alone}"),
    )
    return ", ".join(
        [
            f"{part}: {encoding}",
            f"delimiter {_DELIMITERS[delimiter]}",
            f"{len(positions)} columns taken",
            *(words for count, words in told if count),
        ]
    )


def _first(text: str) -> str:
    """The line of the headers; within quotation marks one may go on in the next line."""
    found = re.match(_HEADERS, text[:_LONGEST_LINE])
    return found[0] if found else ""


def _stated_delimiter(text: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;` taken off."""
    match = re.match(r"sep=([,;\t|])(?:\r\n|\r|\n)", text)
    return (text[match.end() :], match.group(1)) if match else (text, None)


def _recognized(line: str, delimiter: str, wanted: CsvFile) -> int:
    lines = line.splitlines(keepends=True)
    cells = next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), [])
    return sum(len(places(cells, name, wanted)) for name in wanted.columns)


def _below(text: str, wanted: CsvFile) -> int | None:
    """The number of a line further down that has several headers, as reports have it."""
    for number, line in enumerate(
        re.split(r"\r\n|\r|\n", text[:_LONGEST_LINE])[1:_TITLES], start=2
    ):
        if any(_recognized(line, delimiter, wanted) > 2 for delimiter in _DELIMITERS):
            return number
    return None
