"""Whether text read as Windows's (cp1252) is that: those of DOS and old Macs can be read so, too.

There José is Jos‚ (DOS) or JosŽ (Mac), on the label as well, and nothing else would tell. Of
Central Europe's (cp1250) Polish and Slovak show themselves, as Micha³ for Michał; in Czech,
Hungarian and Romanian each letter becomes one that other names have (Dvoøák), so nobody can say.
"""

from __future__ import annotations

import re

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


def are_of_windows(text: str) -> bool:
    """False where a quarter of the letters beyond ASCII come to what nobody writes in cp1252.

    Lines with bytes that are no letter there don't count: they are quarantined as they are.
    """
    readable = "\n".join(line for line in text.splitlines() if "\ufffd" not in line)
    odd = len(_ODD.findall(readable))
    if odd <= _SLIPS:
        return True
    return 4 * odd <= sum(map(str.isalpha, re.findall(r"[^\x00-\x7f]", readable)))
