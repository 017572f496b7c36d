"""Ways in which programs and people write the same rows: sheets in, sheets or bytes out."""

from __future__ import annotations

from collections.abc import Callable

from tests.exports.truth import CLIENTS, PATIENTS, Sheet

DATES = ("DOB", "Weight Date", "Date of Death")


def written(sheet: Sheet, delimiter: str = ",", end: str = "\r\n", *, quoted: bool = False) -> str:
    """The sheet as text; cells that need quotation marks have them."""
    return "".join(delimiter.join(_cell(c, delimiter, quoted) for c in row) + end for row in sheet)


def _cell(cell: str, delimiter: str, quoted: bool) -> str:
    if quoted or any(sign in cell for sign in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def by_excel(sheet: Sheet) -> str:
    """As Excel saves it: each block of sixteen rows as wide as what stands in it."""
    rows: Sheet = []
    for begin in range(0, len(sheet), 16):
        block = sheet[begin : begin + 16]
        width = max(at + 1 for row in block for at, cell in enumerate(row) if cell)
        rows += [row[:width] for row in block]
    return written(rows)


def each(sheet: Sheet, header: str, change: Callable[[str], str]) -> Sheet:
    """With each filled cell of a column changed."""
    at = sheet[0].index(header)
    return [
        sheet[0],
        *([*row[:at], change(row[at]) if row[at] else "", *row[at + 1 :]] for row in sheet[1:]),
    ]


def dated(change: Callable[[str], str]) -> Sheet:
    """The patients with each date written otherwise."""
    sheet = PATIENTS
    for header in DATES:
        sheet = each(sheet, header, change)
    return sheet


def headed(sheet: Sheet, **headers: str) -> Sheet:
    """With other headers: `Patient_Name="Pet"`."""
    renamed = {old.replace("_", " "): new for old, new in headers.items()}
    return [[renamed.get(header, header) for header in sheet[0]], *sheet[1:]]


def reordered(sheet: Sheet, first: str) -> Sheet:
    """With a column moved to the front, and the rows the other way round."""
    at = sheet[0].index(first)
    return [[row[at], *row[:at], *row[at + 1 :]] for row in (sheet[0], *reversed(sheet[1:]))]


def padded(sheet: Sheet, *cells: str) -> list[str]:
    """A row that begins with these cells."""
    return [*cells, *[""] * (len(sheet[0]) - len(cells))]


def list_of_both() -> Sheet:
    """Each patient behind the columns of its client, whose rows repeat."""
    clients = {row[0]: row for row in CLIENTS}
    key = PATIENTS[0].index("Client ID")
    return [
        [*clients[row[key] if row is not PATIENTS[0] else "Client ID"], *row[:key], *row[key + 1 :]]
        for row in PATIENTS
    ]


def told_once(both: Sheet) -> Sheet:
    """A client's cells beside the first of its pets alone, but for the number."""
    width = both[0].index("Patient ID")
    numbers = [row[0] for row in both]
    return [
        row if row[0] not in numbers[:at] else [row[0], *[""] * (width - 1), *row[width:]]
        for at, row in enumerate(both)
    ]


def beside(sheet: Sheet, before: str, header: str, cells: Callable[[list[str]], str]) -> Sheet:
    """With one more column before another."""
    at = sheet[0].index(before)
    return [
        [*row[:at], header if number == 0 else cells(row), *row[at:]]
        for number, row in enumerate(sheet)
    ]


def us(iso: str) -> str:
    """3/25/2019."""
    return f"{int(iso[5:7])}/{int(iso[8:])}/{iso[:4]}"


def uk(iso: str) -> str:
    """25/03/2019."""
    return f"{iso[8:]}/{iso[5:7]}/{iso[:4]}"
