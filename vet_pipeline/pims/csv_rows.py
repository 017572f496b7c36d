"""The rows of an export's text, strict about quotation marks.

A stray quotation mark makes one cell of all that follows up to the next one: rows vanish, and the
end of one animal's row is taken for the end of another's. So a row is taken only where its marks
pair up and no cell of it could hold the end of one row and the beginning of another.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from vet_pipeline.errors import SnapshotShapeChanged

csv.field_size_limit(64 * 1024 * 1024)
_LONGEST_ROW = 16 << 20  # characters; each delimiter of a row without end takes eight bytes
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# A line's end as workbooks keep it, where a program has written it once more.
_CODED_BREAK = re.compile(r"_x000[dDaA]_[\r\n]*")
_MARK = r"'[=+\-@\d]"
_MARKED = re.compile(rf"{_MARK}[^']*")
_NOT_PLAIN = re.compile(rf'="|_x000|{_MARK}')


def rows_of_text(
    part: str, text: str, delimiter: str, *, lines_before: int = 0
) -> Iterator[list[str] | None]:
    """Each row's cells, the header first; an empty list for an empty line.

    None: a row whose own marks don't pair up while nothing around it can be touched by that.
    `lines_before` is how many lines of the file stand before `text`, for messages.

    Raises:
        SnapshotShapeChanged: marks that may have swallowed rows; says the line, never its content.
    """
    lines = _Lines(text)
    # Some write a blank behind each delimiter: the mark behind it would be a letter of the cell.
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    width = None
    doubtful = None  # the line of a broken row right before
    while True:
        begun = reader.line_num
        line = lines_before + begun + 1
        lines.taken = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _EndlessError:
            if lines.taken > len(lines.last):
                raise _stray(part, line) from None
            raise SnapshotShapeChanged(
                f"export of {part}: line {line} has more than {_LONGEST_ROW >> 20} million letters",
                next_step="look at that line: an export of a practice has none so long",
            ) from None
        except csv.Error:
            # A cell that goes on in the next line leaves an odd number of marks in its first one.
            alone = reader.line_num == begun + 1 and lines.last.count('"') % 2 == 0
            if width is None or not alone:
                raise _stray(part, line) from None
            doubtful = line
            yield None
            continue
        several = reader.line_num > begun + 1
        if width is None:
            width = len(cells)
        elif doubtful is not None and cells and (several or len(cells) != width):
            raise _stray(part, doubtful)  # it may go on here after all
        elif several and _may_hold_rows(cells, width, delimiter):
            raise _stray(part, line)
        doubtful = None
        yield cells


class _EndlessError(Exception):
    """A row that no practice's export has: one line, or all that stands behind a stray mark."""


class _Lines:
    """The lines of a text with their ends, one by one; the last one that was asked for stays at hand.

    A list of them, or io.StringIO with four bytes a letter, would be several times the export.
    """

    def __init__(self, text: str) -> None:
        self._found = _LINE.finditer(text)
        self.last = ""
        self.taken = 0  # characters, by whoever sets it to 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last = next(self._found)[0]
        self.taken += len(self.last)
        if self.taken > _LONGEST_ROW:
            raise _EndlessError
        return self.last


def is_plain(text: str) -> bool:
    """Whether no cell of an export means another text than it is: most are so, and have millions."""
    return _NOT_PLAIN.search(text) is None


def meant(cell: str, *, is_key: bool) -> str:
    """The text of a cell that is written as one lest a spreadsheet take it for something else.

    As a formula (="01234"), or behind an apostrophe, as many programs write what begins like a formula
    or a number ('+1 603...). Keys keep it: what is copied goes by them.
    """
    if "_x000" in cell:
        cell = _CODED_BREAK.sub("\n", cell)
    if len(cell) > 2 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].replace('""', '"')
    return cell[1:] if cell[:1] == "'" and not is_key and _MARKED.fullmatch(cell) else cell


def number_meant(cell: str | None) -> str:
    """The text of a cell of a spreadsheet's column of numbers, which has 12.0, and 0 for none."""
    said = re.sub(r"\.0+$", "", (cell or "").strip())
    return said if said.strip("0") else ""


def _may_hold_rows(cells: list[str], width: int, delimiter: str) -> bool:
    """Whether a cell could be the end of a row, perhaps whole rows, and the beginning of a row.

    A line of it would hold at least the delimiters of the columns that are left, and its last line
    those up to the column where the second mark stands. An address of several lines holds fewer, a
    note hardly ever just as many.
    """
    for column, cell in enumerate(cells):
        counts = [line.count(delimiter) for line in _LINE_END.split(cell)]
        if len(counts) == 1:
            continue
        if len(cells) != width:  # the second mark stands in another column than the first
            if sum(counts) >= 2 * width - 1 - len(cells):
                return True
            continue
        if column == 0 and cell[0] in "\r\n":  # a mark alone in its line
            return True
        ends = [at for at, count in enumerate(counts) if count >= width - 1 - column]
        if not ends or ends[0] == len(counts) - 1:
            continue
        if '"' in cell:  # the other row may have had marks of its own, and lines within them
            if max(counts[ends[0] + 1 :]) >= column:
                return True
        elif counts[-1] == column:
            return True
    return False


def _stray(part: str, line: int) -> SnapshotShapeChanged:
    return SnapshotShapeChanged(
        f"export of {part}: the quotation marks of the row that begins in line {line} don't pair up",
        next_step="correct that record in the PIMS and export again, or export with tabs between"
        " the cells",
    )
