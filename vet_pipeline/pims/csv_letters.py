"""The encoding of an export; and whether text read as Windows's (cp1252) is that.

What DOS or an old Mac wrote can be read so, too: there José is Jos‚ (DOS) or JosŽ (Mac), on the
label as well, and nothing else would tell. Of Central Europe's (cp1250) Polish and Slovak show
themselves, as Micha³ for Michał; in Czech, Hungarian and Romanian each letter becomes one that
other names have (Dvoøák), so nobody can say.
"""

from __future__ import annotations

import codecs
import re

from vet_pipeline.errors import SnapshotShapeChanged

Columns = dict[str, list[str | None]]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What such letters become: a sign behind a letter (or a pound before one), where no one writes it,
# or a capital of Czech or French behind a small letter. An apostrophe, a dash, a trade mark or a
# dagger behind a name is none; nor is an upside-down question mark, which a database that lost a
# letter keeps, nor what stands behind Ã where a PIMS has kept UTF-8 as something else (PeÃ±a,
# SÃ¡nchez).
_ODD = re.compile(
    r"(?<=[^\W\d_\u00c2\u00c3])(?:[\u201a\u0192\u201e\u00a4\u00a2\u00a3\u00a5\u00a1\u02c6\u2030]"
    r"|[\u00b3\u00b9\u00be\u00b1]|[\u2026\u2020\u2021\u2122\u201c\u201d](?=[^\W\d_]))"
    r"|(?<!\w)\u00a3(?=[^\W\d_])|(?<=[a-z])[\u0160\u017d\u0178\u0152]"
)
_SLIPS = 2  # so many may be typed
_NO_SLIP = re.compile(r"(?<=[a-z])[\u0160\u017d\u0178\u0152](?![A-Z])")  # JosŽ


def without_strange_letters(part: str, columns: Columns) -> Columns:
    """The columns, with what nobody types within a word marked as lost: its row is quarantined.

    Where no other accent shows that the file is Windows's, that is each sign such a letter may become.
    By what is copied alone: notes are pasted from where people write any sign behind a letter.

    Raises:
        SnapshotShapeChanged: so many show that the file isn't in the encoding of Windows.
    """
    text = "\n".join(
        cell for cells in columns.values() for cell in cells if cell and not cell.isascii()
    )
    if not _are_of_windows(text):
        raise SnapshotShapeChanged(
            f"export of {part}: letters with accents are in an encoding of DOS, an old Mac or"
            " Central Europe, and would become others",
            next_step="export as UTF-8, or in Windows's own encoding (ANSI) for Western Europe",
        )
    strange = _NO_SLIP if any(map(str.isalpha, _beyond_ascii(_ODD.sub("", text)))) else _ODD
    return {
        name: [
            cell if cell is None or cell.isascii() else strange.sub("\ufffd", cell)
            for cell in cells
        ]
        for name, cells in columns.items()
    }


def _are_of_windows(text: str) -> bool:
    """False where a quarter of the letters beyond ASCII come to what nobody writes in cp1252.

    Lines with bytes that are no letter there don't count: they are quarantined as they are.
    """
    readable = "\n".join(line for line in text.splitlines() if "\ufffd" not in line)
    odd = len(_ODD.findall(readable))
    if odd <= _SLIPS:
        return True
    return 4 * odd <= sum(map(str.isalpha, _beyond_ascii(readable)))


def _beyond_ascii(text: str) -> list[str]:
    return re.findall(r"[^\x00-\x7f]", text)


def decoded(original: bytes) -> tuple[str, str]:
    """(text, encoding) of an export, without NULs."""
    content = original.replace(b"\0", b"") if b"\0" in original else original
    for bom, encoding in _BOMS:
        if original.startswith(bom):
            source = original if encoding == "utf-16" else content
            return source.decode(encoding, "replace"), encoding
    if unmarked := _unmarked_utf_16(original):
        return original.decode(unmarked, "replace"), unmarked
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        right, wrong = _utf_8_lines(content)
    if right >= wrong:
        return content.decode("utf-8", "replace"), f"utf-8 (lines that aren't: {wrong})"
    # What Windows programs write; bytes it doesn't define become U+FFFD for normalizing.
    return content.decode("cp1252", "replace"), "cp1252"


def _unmarked_utf_16(content: bytes) -> str | None:
    """UTF-16 that doesn't say so: a header begins with ASCII, so every other byte is NUL.

    Without its NULs such a file reads well up to its first letter beyond Latin-1, which becomes
    two others: "Ő" is P and a control character.
    """
    low, high = content[:8:2], content[1:8:2]
    if len(high) == 4:
        if all(low) and not any(high):
            return "utf-16-le"
        if all(high) and not any(low):
            return "utf-16-be"
    return None


def _utf_8_lines(content: bytes) -> tuple[int, int]:
    """How many lines beyond ASCII are UTF-8, and how many aren't.

    Hardly a line is UTF-8 by chance. So where some are, others hold a byte from elsewhere: those
    are quarantined for their U+FFFD, while as cp1252 every name of the rest would be garbled.
    """
    right = wrong = 0
    for line in content.splitlines():
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                wrong += 1
            else:
                right += 1
    return right, wrong
