"""The export files of a folder: which is which, and their bytes.

What stands in one is read by csv_export.py.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from vet_pipeline.errors import PimsUnavailable, SnapshotShapeChanged
from vet_pipeline.pims.connector import CsvFile

_SUFFIXES = {".csv", ".txt", ".tsv"}
# A day, year first, and the time of it, as jobs put them into the names of what they export.
_DAY = re.compile(
    r"(?<!\d)20\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"
    r"(?:[ _t.-]*[0-2]\d[-_.]?[0-5]\d(?:[-_.]?[0-5]\d)?z?)?(?!\d)"
)
_BETWEEN = " _.-"
_LARGEST = 512 << 20  # bytes; 100,000 patients with notes have a tenth of that
# How files begin that reports and spreadsheets write and people rename.
_NO_TEXT = {
    b"PK\x03\x04": "an Excel workbook (.xlsx) or another archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook (.xls)",
    b"%PDF": "a PDF",
    b"{\\rtf": "a text of a word processor",
    **dict.fromkeys(
        (b"<!", b"<?", b"<html", b"<table"), "a web page or XML, as some reports write for Excel"
    ),
}
SAVED_AS_CSV = (
    "let the PIMS export CSV; or open it in the spreadsheet and save it as *CSV UTF-8 (comma delimited)*:"
    " ids formatted as text before, and no column too narrow for what it shows"
)


def find_export(part: str, folder: Path, wanted: CsvFile) -> Path | None:
    """The folder's one file with one of the wanted names (.csv, .txt, .tsv, any case), if any.

    Where none has such a name alone, the newest that has a day beside it (Clients_20261129.csv).

    Raises SnapshotShapeChanged: there are several, and no telling which is the practice's of today;
    or it is a link that leads elsewhere.
    """
    files = [path for path in sorted(folder.iterdir()) if path.suffix.casefold() in _SUFFIXES]
    days: dict[str, list[Path]] = {}
    for path in files:
        name, day = _name_and_day(path)
        if name in wanted.names and path.is_file():
            days.setdefault(day, []).append(path)
    day = "" if "" in days else max(days, default="")
    found = days.get(day, [])
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


def require_one_job(clients: Path, part: str, export: Path, apart_hours: float | None) -> None:
    """PimsUnavailable of exports that two runs of the practice's job wrote: one hasn't come yet.

    So are those of two days by their names; or, where a practice has stated how long its job takes, as
    of one that runs over midnight, what was written further apart than that.
    """
    if apart_hours is None:
        one, other = (_name_and_day(path)[1][:8] or "none" for path in (clients, export))
        if one == other:
            return
        what = f"are of two days by their names, {one} and {other}"
    else:
        hours = abs(clients.stat().st_mtime - export.stat().st_mtime) / 3600
        if hours <= apart_hours:
            return
        what = f"were written {hours:.1f} hours apart"
    raise PimsUnavailable(
        f"the newest exports of clients and {part} {what}",
        next_step="it is tried again; see that the practice's job exports both on one day, and that no"
        " older file without a day in its name is left in the folder; where the job runs over midnight:"
        " vet-pipeline practice set ID reader.limits.exports_apart_hours=HOURS --by NAME",
    )


def _name_and_day(path: Path) -> tuple[str, str]:
    """A file's name in small letters without the day in it, and that day's digits, if any."""
    stem = path.stem.casefold()
    found = _DAY.search(stem)
    if found is None:
        return stem, ""
    return (stem[: found.start()] + stem[found.end() :]).strip(_BETWEEN), re.sub(
        r"\D", "", found[0]
    )


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


def require_text(part: str, content: bytes) -> None:
    """SnapshotShapeChanged of a workbook, a page or a print, whatever the file's name says."""
    begin = content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"")
    kind = next(
        (kind for sign, kind in _NO_TEXT.items() if begin.lower().startswith(sign.lower())), None
    )
    if kind is not None:
        raise SnapshotShapeChanged(f"export of {part}: the file is {kind}", next_step=SAVED_AS_CSV)


def others_called(folder: Path, wanted: CsvFile) -> str:
    """The kinds of files (.xlsx) that have a wanted name and aren't text; nothing else of them."""
    kinds = {
        path.suffix.casefold()
        for path in folder.iterdir()
        if _name_and_day(path)[0] in wanted.names
    }
    known = {".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".pdf", ".xml", ".html", ".htm", ".zip"}
    return ", ".join(sorted(kinds & known))
