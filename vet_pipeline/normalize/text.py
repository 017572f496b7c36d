"""Cleaning of any text a PIMS may hold, before its meaning is looked at.

What can't be read back for certain (U+FFFD, undefined control bytes, half surrogates) makes the
row undecodable; everything else is tidied without losing a letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable
from functools import cache
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def lazily(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """The pattern, compiled when it is first asked for.

    Most patterns are for odd texts, and compiling them all costs more than a quiet refresh does.
    """
    return cache(lambda: re.compile(pattern, flags))


# Longest field any PIMS of the contract holds is far below; longer text is a broken export.
MAX_TEXT = 10_000

# Windows-1252 bytes 0x80-0x9F that came through as control characters: the HTML standard's table
# (https://html.spec.whatwg.org/#numeric-character-reference-end-state) reads them as meant.
_CP1252 = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# What nobody can see: zero width and direction marks, soft hyphen, byte order mark, fillers,
# variation selectors, tags. Unicode calls them default ignorable (DerivedCoreProperties.txt); and
# the marks of annotations. Never part of a name: two that differ by them alone look the same to
# everybody.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE_MARKS = lazily(f"[{INVISIBLE}]")
_UNDECODABLE = lazily("[\ufffd\ufffe\uffff\x81\x8d\x8f\x90\x9d\ud800-\udfff]")
_CONTROL = lazily(r"[\x00-\x08\x0e-\x1f\x7f\u2800]")  # U+2800: braille without a dot, a blank
_BROKEN_KEY = lazily(f"[\x00-\x08\x0e-\x1f\x7f-\x9f\u2800{INVISIBLE}]")
_KEY_BREAK = lazily(r"[\t-\r]")
# A character as the source of a web page writes it, which PIMS and exports made for browsers keep:
# once, or again for each of them that it went through (&amp;#39;).
_REFERENCE = lazily(
    "&(?:(?:amp|#38);)*(#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z][a-zA-Z0-9]{1,7});"
)
_WRITTEN_BREAK = lazily(r"<br\s*/?>", re.IGNORECASE)  # in such a source, too
# What programs in PHP and MySQL's exports put before a mark or line end lest it end a text
# (O\'Neil).
_ESCAPE = lazily(r"(?<!\\)\\+(?=['\"\r\n])")  # each run of them is looked at once
_LINE_BREAK = lazily("\r\n|[\n\r\v\f\x85\u2028\u2029]")

# What people type into a field that must not be empty. Only the whole field counts.
FILLERS = frozenset(
    {
        "n/a", "n.a.", "none", "none given", "not given", "not provided", "unknown", "unk", "unkn",
        "no name", "noname", "no data", "tbd", "fnu", "lnu",
        "undefined",  # what JavaScript makes of nothing
        "0",  # what a sheet's formulas give for an empty cell
    }
)  # fmt: skip
# What programs write where there is no value: the exports of MySQL and PostgreSQL, tools for
# databases; Excel, in English or Spanish, and Google's sheets for what a formula didn't find.
_NO_VALUES = frozenset(
    {
        "\\n", "(null)", "[null]", "<null>", "<na>",
        "#n/a", "#ref!", "#value!", "#name?", "#null!", "#div/0!", "#num!",
        "#spill!", "#calc!", "#field!", "#busy!", "#blocked!", "#connect!", "#error!",
        "#n/d", "#¡ref!", "#¡valor!", "#¿nombre?", "#¡nulo!", "#¡div/0!", "#¡num!",
    }
)  # fmt: skip
# What pandas, as many exports are made by, writes for no number, no date and either as a text. So
# written alone: Nan and Nat are names.
_OF_PANDAS = frozenset({"nan", "NaN", "NaT"})
_LONGEST_FILLER = max(map(len, FILLERS))
# Fillers that are also names (Jennifer Null, Na, X): they count only where nothing else is said.
WEAK_FILLERS = frozenset({"null", "na", "nil", "x", "xx", "xxx"})
# Those that no pet and no organisation is called.
NULLS = frozenset({"null", "na"})


def is_undecodable(text: str) -> bool:
    """Whether characters were lost before the text reached us."""
    return not text.isascii() and _UNDECODABLE().search(text) is not None


def is_broken_key(key: str) -> bool:
    """Whether a record's key holds characters that can't be typed, shown or stored safely.

    Blanks of any kind around it don't count; tabs and line ends inside do.
    """
    inside = _KEY_BREAK().search(key.strip()) is not None
    return inside or _BROKEN_KEY().search(key) is not None or is_undecodable(key)


def clean(text: str | None) -> str | None:
    """The text in NFC, on one line, without control and invisible characters; None when blank."""
    if text is None:
        return None
    if _is_tidy(text):
        return text or None
    text = as_meant(text)
    if not text.isascii():
        text = _INVISIBLE_MARKS().sub("", text).translate(_CP1252)
        text = unicodedata.normalize("NFC", text)
    return " ".join(_CONTROL().sub(" ", text).split()) or None


def _is_tidy(text: str) -> bool:
    """Whether nothing needs doing: told without a pattern, for nearly all text is like that."""
    return (
        text.isascii()
        and text.isprintable()
        and "  " not in text
        and ";" not in text
        and "<" not in text
        and "\\" not in text
        and text[:1] != " "
        and text[-1:] != " "
    )


def clean_lines(text: str | None) -> list[str]:
    """The text's lines, each clean; blank ones are left out."""
    if text is None:
        return []
    if _is_tidy(text):
        return [text] if text else []
    return [line for part in _LINE_BREAK().split(as_meant(text)) if (line := clean(part))]


def as_meant(text: str) -> str:
    """The text with its references (O&#39;Neil) and <br> read, and without marks' backslashes.

    References of no character stay.
    """
    text = _REFERENCE().sub(_character, text) if ";" in text else text
    text = _WRITTEN_BREAK().sub("\n", text) if "<" in text else text
    return _ESCAPE().sub("", text) if "\\" in text else text


def _character(reference: re.Match[str]) -> str:
    from html import unescape  # rarely, and its table of names is long
    from html.entities import html5

    name = reference[1]
    text = f"&{name};"
    if name[0] != "#" and f"{name};" not in html5:
        return text  # unescape would take the beginning of it for one
    meant = unescape(text)
    return text if not meant or is_undecodable(meant) else meant


def is_filler(text: str) -> bool:
    """Whether a clean text says only that there is nothing to say ('.', '-', 'UNKNOWN')."""
    if text[:1].isalnum():
        short = len(text) <= _LONGEST_FILLER
        return short and (text.casefold() in FILLERS or text in _OF_PANDAS)
    return text.casefold() in _NO_VALUES or not any(c.isalnum() for c in text)


def is_too_narrow(text: str) -> bool:
    """Whether a clean text is a spreadsheet's for a date or number wider than its column (####).

    Something stood there, and saving as CSV has written the marks in its place.
    """
    return len(text) > 1 and not text.strip("#")


def is_weak_filler(text: str) -> bool:
    """Whether a clean text may be a filler but may be a name as well."""
    return len(text) <= _LONGEST_FILLER and text.casefold() in WEAK_FILLERS


def is_any_filler(text: str) -> bool:
    """Whether a clean text is either kind: in a column that holds no names."""
    return is_filler(text) or is_weak_filler(text)


class _Memory(dict[K, V]):
    """Works out a missing value and keeps it."""

    def __init__(self, work: Callable[[K], V]) -> None:
        self._work = work

    def __missing__(self, key: K) -> V:
        value = self[key] = self._work(key)
        return value


def remembering(work: Callable[[K], V]) -> Callable[[K], V]:
    """`work`, done once per distinct value; the memory lives as long as the returned function.

    One per frame, so a practice's values are not kept after its run.
    """
    return _Memory(work).__getitem__
