"""Which rows of an export are records: not a report's next page, its totals, or what is marked deleted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.deceased import read_flag
from vet_pipeline.normalize.text import NULLS, clean, is_filler, remembering
from vet_pipeline.pims.connector import require_not_too_many
from vet_pipeline.pims.csv_rows import meant
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY

_BLOCK = 16  # rows that Excel writes at a time, each block as wide as what stands in it
_OF_REPORT = re.compile(
    r"(?:.{1,60} )?(?:grand |sub-? ?)?(?:totals?|count)(?:\W.*)?|page:? \d+(?: of \d+)?"
    r"|(?:printed|generated|report|run|exported)(?: date)?(?: on| at| by|:).*|end of (?:report|file|list).*",
    re.IGNORECASE,
)
_LITTLE = 3  # cells that such a row fills, at most; where several, how many there are is one
_NUMBER = re.compile(r"\d[\d,.]*(?: \w+)?")

Row = list[str] | None  # None: its quotation marks don't pair up


def as_wide_as_header(found: Iterator[Row], width: int, *, is_whole: bool) -> Iterator[Row]:
    """The rows, with the blank cells at their ends that Excel leaves out where all of a block are blank.

    A row that is short by itself has lost a cell, and nobody knows which. `is_whole`: the last line
    ends, so the last block isn't what a cut has left.
    """
    first = list(islice(found, _BLOCK - 1))  # with the header
    yield from first
    is_excel = all(row is not None and len(row) == width for row in first)
    while block := list(islice(found, _BLOCK)):
        widths = {0 if row is None else len(row) for row in block}
        blank = [""] * (width - max(widths))
        is_block = is_excel and len(widths) == 1 and (len(block) == _BLOCK or is_whole)
        if is_block and blank and any(row and row[-1].strip() for row in block):
            yield from ([*(row or ()), *blank] for row in block)
        else:
            yield from block


def records(
    part: str,
    found: Iterable[Row],
    header: Sequence[str],
    positions: Mapping[str, int],
    seen: Counter[str],
    *,
    of_both: bool,
) -> Iterator[Row]:
    """The rows that are records; None for one with another number of cells than the header.

    `seen` counts what is left out (header, total, alone, deleted), and marks that are unsure.
    """
    flag = positions.get("deleted")
    marked = remembering(_mark)
    key = positions[PATIENT_KEY if part == "patients" else CLIENT_KEY]
    of_record = [it for name, it in positions.items() if name not in (CLIENT_KEY, "deleted")]
    may_be_alone = part == "patients" or (part == "clients" and of_both)
    names = list(map(_folded, header))
    for number, cells in enumerate(found, start=1):
        # Blank ones, too: cells take many times the memory of their bytes.
        require_not_too_many(number, f"export of {part}")
        if cells is not None and not any(map(str.strip, cells)):
            continue  # an empty line is no row, nor is one of the blank cells below a sheet
        whole = cells if cells is not None and len(cells) == len(header) else None
        if whole is None:
            yield None
            continue
        is_usual = whole[key].isdigit()  # as most keys are: told without a pattern
        if not is_usual and _folded(whole[key]) == names[key] and [*map(_folded, whole)] == names:
            seen["header"] += 1  # of a report's next page
        elif not is_usual and part != "phones" and _is_of_report(whole, whole[key]):
            seen["total"] += 1
        elif may_be_alone and not any(_says(whole[place]) for place in of_record):
            seen["alone"] += 1  # in a list of both: a client without a patient, or named above
        elif flag is not None and marked(whole[flag])[0]:
            seen["deleted"] += 1  # a merge's loser, a slip: in the PIMS nobody sees it
        else:
            seen["unsure"] += flag is not None and not marked(whole[flag])[1]
            yield whole


def _is_of_report(cells: Sequence[str], key: str) -> bool:
    """Whether a row says how many there are, or which page it is: a client may have the code COUNT."""
    if _OF_REPORT.fullmatch(key.strip()) is None:
        return False
    said = [cell for cell in map(str.strip, cells) if cell]
    return len(said) == 1 or (len(said) <= _LITTLE and any(map(_NUMBER.fullmatch, said)))


def _mark(cell: str) -> tuple[bool | None, bool]:
    return read_flag(meant(cell, is_key=False), Conventions())


def _says(cell: str) -> bool:
    said = clean(cell)
    return not (said is None or is_filler(said) or said.casefold() in NULLS)


def _folded(cell: str) -> str:
    return " ".join(cell.casefold().split())
