"""Notes that people write into name fields, told apart from the name; nothing is thrown away.

"(DECEASED)", "** DO NOT MAIL **", "SMITH - CASH ONLY", "see acct 123", a phone number: each is cut
out as recorded and becomes the name's note.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vet_pipeline.normalize.text import clean, lazily

# A text longer than this is no name; it is kept whole rather than taken apart.
_LONGEST = 500

# What is put beside the name of the dead, or for a sex or a favour: no letter of any name.
_SIGNS = "†‡✝✞☠★☆♀♂✓✔✗✘"
_MAY_HOLD_NOTE = lazily(
    rf"[()\[\]{{}}<>*\"“”#\d~!;{_SIGNS}]|(?:^|\s)['‘]| -|- |--|–|—|\b(?:c/o|w/o|[afn]/k/a)\b",
    re.IGNORECASE,
)
# Whose telephone it is stands before or behind the number; before all else it is a name, as Home is.
# "h 334-...", "C: 334-...": a capital without a colon is a middle initial.
_KIND = (
    r"\b(?:home|cell(?:ular|phone)?|mobile|work|office|ph|phone|tel|hm|wk|mob"
    r"|[hcwm](?=\s*:)|(?-i:[hcwm]))\b"
)
_PHONE = lazily(
    rf"""(?:(?<=\S)\s+{_KIND}[.:\s]*)?
    (?:(?:\+?1[-. ]?)?(?:\(\d{{3}}\)|\b\d{{3}})[-. ]*\d{{3}}[-. ]?\d{{4}}\b|\b\d{{3}}[-.]\d{{4}}\b)
    (?:\s*{_KIND}(?!\s*:|\s+[(\d]))?""",
    re.IGNORECASE | re.VERBOSE,
)
_BRACKETS = lazily(r"\([^()]*\)?|\[[^\[\]]*\]?|\{[^{}]*\}?|<[^<>]*>?")
_STARS = lazily(r"[*~!]+[^*~!]+[*~!]+")
_OPEN_STARS = lazily(r"(?<=\w)\s*[*~!]+.*$|[*~!]+")
_INNER_MARK = lazily(r"(?<=[^\W\d_])[*!~](?=[^\W\d_])")
_HIDDEN = str.maketrans("*!~", "\ufdd0\ufdd1\ufdd2")  # characters that no text is to hold
_SHOWN = {hidden: chr(mark) for mark, hidden in _HIDDEN.items()}
_QUOTED = lazily(r"\"[^\"]*\"?|“[^”]*”?|(?<!\w)['‘][^'’]+['’](?!\w)")
_CARE_OF = lazily(r"(?:^|\s)(?:c/o|w/o|[afn]/k/a)\s.*$", re.IGNORECASE)
_SEMICOLON = lazily(r"(?<=\w)\s*;.*$")
_DASHED = lazily(r"(?:\s+[-–—]+\s*|[-–—]+\s+|--+)(?=\S)")
_SIGN = lazily(rf"[{_SIGNS}]+")
_NUMBER_SIGN = lazily(r"#\s*\w+")
# A pet's is its name, as Puppy #3 of a litter and the cow #1248; longer ones are of a chart or tag.
_LONG_NUMBER_SIGN = lazily(r"#(?!\s*\d{1,4}(?!\w))\s*\w+")
# Not 2nd, and not a name with one 0 or 1 typed for a letter: J0SH, M1CHAEL; T1DM is an illness.
_WITH_DIGIT = lazily(
    r"""(?<!\S)(?![1-9](?:st|nd|rd|th)\b)
    (?!(?=\S{5}|[^1\s]{4})[^\W\d_](?:[^\W\d_]|['’-])*[01][^\W\d_]+(?!\S)) \S*\d\S*""",
    re.IGNORECASE | re.VERBOSE,
)

# Phrases that are never part of a name, even without marks around them.
_PHRASE = lazily(
    r"""(?:^|[\s,/-]+)(?P<note>(?:
        (?:do\s*not|don'?t)\s+(?:mail|call|text|email|contact|use|see|schedule|send|ship|book|charge|refill)\b
        | dn[cm]\b | cash\s+only\b | no\s+(?:checks?|credit|charge|mail|contact|calls?|texts?|emails?)\b
        | bad\s+(?:debt|checks?|address)\b | (?:in\s+)?collections?$
        | deceased\b | euthani[sz]ed\b | put\s+to\s+sleep\b | passed\s+away\b
        | (?:see|use)\s+(?:also\s+)?(?:acct|account|client|file|chart|other|new)\b
        | (?:acct|account)\.?\s*(?:[#\d]|no\b) | old\s+(?:acct|account|client|record)\b
        | inactive$ | dnu$ | duplicate$ | merged?\s+(?:with|to|into)\b | moved\s+(?:to|away|out)\b
        | (?:call|ask)\s+(?:before|first|for)\b | (?:wife|husband)\s+is\b
    ).*)""",
    re.IGNORECASE | re.VERBOSE,
)
# "DECEASED SMITH", "Moved - Smith": before a name the word is a note by itself, not with all that
# follows. Those of the second kind are no mark without one of their own behind them.
_MARK_FIRST = lazily(
    r"""[\s,/-]*(?:
        (?P<word>deceased|inactive|dnu)[\s:,/–—-]+
        | (?P<marked>moved|transferred|merged|dup(?:licate)?|do\s+not\s+use|archived|deleted)
          (?:\s*:|\s+[-–—]|[-–—]+(?=\s))[\s:–—-]*
    )(?=[^\W_]|\#)""",
    re.IGNORECASE | re.VERBOSE,
)
_GOES_ON = lazily(
    r"\s*(?:client|patient|pet|account|per|on|in|at|as|to|from|with|into|away|out)\b", re.IGNORECASE
)
# Words that make a text behind a dash, or within marks, a note.
_NOTE_WORDS = lazily(
    r"""\d|\b(?:do\ not|don'?t|only|acct|account|deceased|dead|rip|euthani[sz]ed|cash|checks?
    |collections?|debt|owes?|balance|see|call|mail|inactive|old|new|moved|gone|lost|sold
    |transfer(?:red)?|duplicate|dup|merged?|use|wife|husband|spouse|son|daughter|mother|father
    |mom|dad|owner|foster|adopted|rescue|boarding|breeder|bites?|biter|caution|alert|warning|note
    |aggressive|muzzle|fractious|fearful|hospice|diabetic|allergic|seizures?|vip|employee|staff
    |discount|bad|no)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DIGITS = lazily(r"\d")
_PARTICLES = frozenset(
    {"van", "von", "de", "del", "della", "la", "le", "di", "da", "du", "mc", "st"}
)


def split_notes(text: str, *, digits_are_notes: bool) -> tuple[str, list[str]]:
    """(name, notes in the order they stood) of a clean text.

    With `digits_are_notes` a bare word with a digit is a note too: no person's name holds one.
    When nothing but marks stands around the whole text ("**SMITH**"), the text is the name.
    """
    first = _MARK_FIRST().match(text)
    if len(text) > _LONGEST or not (
        first or _MAY_HOLD_NOTE().search(text) or _PHRASE().search(text)
    ):
        return text, []
    notes: list[tuple[int, str]] = []
    rest = text if digits_are_notes else _with_marks_kept(text)
    for pattern in (_PHONE, _BRACKETS, _STARS, _QUOTED, _CARE_OF, _SEMICOLON):
        rest = _cut(pattern, rest, notes)
    rest = _cut_dashed(_cut_first(rest, notes, digits_are_notes=digits_are_notes), notes)
    if found := _PHRASE().search(rest):
        rest = _blanked(rest, found.start("note"), found.end("note"), notes)
    rest = _cut(_OPEN_STARS, rest, notes)
    rest = _cut(_SIGN, rest, notes)
    rest = _cut(_NUMBER_SIGN if digits_are_notes else _LONG_NUMBER_SIGN, rest, notes)
    if digits_are_notes:
        rest = _cut(_WITH_DIGIT, rest, notes)
    name = trimmed(rest).translate(_SHOWN)
    kept = [note for _, note in sorted(notes)]
    if not name and len(kept) == 1 and not _NOTE_WORDS().search(kept[0]):
        inner = trimmed(kept[0].translate(_SHOWN).strip("()[]{}<>*~!\"“”'‘’#; "))
        if inner and not (_PHRASE().search(inner) or _CARE_OF().match(inner)):
            return inner, []
    return name, kept


def trimmed(text: str) -> str:
    """The text without the punctuation that is left at its ends when notes are cut out."""
    return (clean(text) or "").strip(" ,;:-–—/&").strip()


def _with_marks_kept(text: str) -> str:
    """A pet's name with the marks between its letters hidden ("M*A*S*H"); not a note's."""
    if _NOTE_WORDS().search(_INNER_MARK().sub(" ", text)):
        return text
    return _INNER_MARK().sub(lambda mark: mark[0].translate(_HIDDEN), text)


def _cut(pattern: Callable[[], re.Pattern[str]], text: str, notes: list[tuple[int, str]]) -> str:
    for found in list(pattern().finditer(text)):
        if found[0].strip():
            text = _blanked(text, found.start(), found.end(), notes)
    return text


def _blanked(text: str, start: int, end: int, notes: list[tuple[int, str]]) -> str:
    """The text with a note blanked out in place, so that the others keep their positions."""
    note = (clean(text[start:end]) or "").strip(" ,;/")
    if note:
        notes.append((start, note))
    return text[:start] + " " * (end - start) + text[end:]


def _cut_first(text: str, notes: list[tuple[int, str]], *, digits_are_notes: bool) -> str:
    """Cut the marks before a name, or all of it where no name follows: "Moved - new address"."""
    marks, end = [], 0
    while first := _MARK_FIRST().match(text, end):
        marks.append(first.span(first.lastgroup or 0))
        end = first.end()
    [whose, *_] = _DASHED().split(text[end:], maxsplit=1)
    if not digits_are_notes:
        whose = _DIGITS().sub("", whose)
    is_name = any(map(str.isalpha, whose)) and not (
        _GOES_ON().match(whose) or _NOTE_WORDS().search(whose)
    )
    if marks and not is_name:
        return _blanked(text, 0, len(text), notes)
    for start, stop in marks:
        text = _blanked(text, start, stop, notes)
    return text


def _cut_dashed(text: str, notes: list[tuple[int, str]]) -> str:
    """Cut what stands behind a spaced dash, unless it can be the second half of a surname."""
    for found in _DASHED().finditer(text):
        behind = text[found.end() :]
        words = behind.split()
        is_name = words and (len(words) == 1 or words[0].casefold() in _PARTICLES)
        if (
            text[: found.start()].strip()
            and words
            and (not is_name or _NOTE_WORDS().search(behind))
        ):
            return _blanked(text, found.start(), len(text), notes)
    return text
