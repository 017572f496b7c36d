"""Phone numbers: JSON text of [number, label] pairs in, E.164 numbers with kind and extension out.

A number is taken only when the numbering plan knows it; the text as recorded stays beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from vet_pipeline.normalize.text import (
    clean,
    clean_lines,
    is_any_filler,
    is_undecodable,
    lazily,
    remembering,
)

_KIND_WORDS = {
    "mobile": "mobile", "mob": "mobile", "cell": "mobile", "cellular": "mobile", "cel": "mobile",
    "cellphone": "mobile", "sms": "mobile", "text": "mobile", "m": "mobile", "c": "mobile",
    "home": "home", "house": "home", "hm": "home", "h": "home", "residence": "home", "res": "home",
    "work": "work", "wk": "work", "w": "work", "office": "work", "business": "work", "bus": "work",
    "job": "work", "fax": "fax", "facsimile": "fax", "f": "fax",
}  # fmt: skip

PUNCTUATION = " ()-./\u2010\u2011\u2012\u2013\u00a0"
_WITHOUT_PUNCTUATION = str.maketrans("", "", PUNCTUATION)
_BETWEEN = r"[/;,|&]|\bor\b|\band\b|(?<=\d{4})\s+(?=[+(]?\d{3}\)?[-.\s]*\d{3}[-.\s]*\d{4}(?!\d))"
_SEVERAL = lazily(rf"{_BETWEEN}|(?:(?<=[a-z])|(?<=[a-z]\)))\s+(?=[+(]?\d{{3}})", re.IGNORECASE)
# Where the first word stands before its number the others do, too: "H 770-555-0101 C 678-555-0102".
_LABEL_FIRST = lazily(
    rf"{_BETWEEN}|(?<=\d)\s+(?=(?!x\s*\d|ext)[a-z][a-z .:#]*[+(]?\d{{3}})", re.IGNORECASE
)
_PARTS = lazily(
    r"^\s*(?P<before>[A-Za-z][A-Za-z ]*)?[\s:.#-]*"
    r"(?P<number>\+?[\d(][\d\s().\-/]*)"
    r"(?:[\s,;]*(?:x|ext|extn|extension|#)[\s.:#]*(?P<extension>\d{1,7}))?"
    r"(?P<after>[\s,;:(\[*-]*[A-Za-z*].*|[\s,;)\]]*)$",
    re.IGNORECASE,
)
encode = json.JSONEncoder(ensure_ascii=False).encode
_WORD = lazily(r"[a-z]{2,}|(?<![a-z]-)\b[a-z](?!-[a-z]|/o\b)")  # M-F and c/o are no letters alone

_SHORTEST = 7  # digits of a local number
_LONGEST = 200  # characters; longer text in a phone field is no phone number

# Typed to get past a form: whole numbers, and what stands after any area code.
PLACEHOLDERS = frozenset({"1234567890", "0123456789", "9876543210", "1234567", "2345678"})
PLACEHOLDER_ENDS = ("0000000", "1111111", "5555555", "1234567")

Taken = tuple[str, str | None, str]  # E.164, extension, words written beside it
Phone = dict[str, str | None]  # number, extension, kind, recorded
Found = tuple[list[Phone], list[str]]  # phones, reasons


@dataclass(slots=True)
class Phones:
    """What one client's phone field came to; `text` is the JSON of columns.CLIENT_SCHEMA."""

    text: str = "[]"
    reasons: list[str] = field(default_factory=list)
    undecodable: bool = False


class PhoneReader:
    """Reads phone fields of one region."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.kind = remembering(_kind_of_label)

    def read(self, raw: str | None) -> Phones:
        """Every number of one client's field, in order, with a reason for each one not taken."""
        result = Phones()
        if raw is None or not raw.strip():
            return result
        pairs = _pairs(raw)
        if pairs is None:
            result.reasons.append("unreadable")
            return result
        # JSON can spell out what the raw text itself doesn't show.
        if "\\u" in raw and any(is_undecodable(text) for pair in pairs for text in pair if text):
            result.undecodable = True
            return result
        phones: dict[tuple[str | None, str | None], Phone] = {}
        for number, label in pairs:
            lines = "; ".join(clean_lines(number)) or None
            found, reasons = _phones_in(lines, self.kind(label), self.region)
            result.reasons += reasons
            for phone in found:
                first = phones.setdefault((phone["number"], phone["extension"]), phone)
                if first["kind"] == "unknown":
                    first["kind"] = phone["kind"]
        if phones:
            result.text = encode(list(phones.values()))
        return result


def _pairs(raw: str) -> list[tuple[str | None, str | None]] | None:
    """The recorded [number, label] pairs, or None when the text isn't what the contract says."""
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if given is None:
        return []
    if not isinstance(given, list):
        return None
    for pair in given:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        if not all(part is None or isinstance(part, str) for part in pair):
            return None
    return [(number, label) for number, label in given]


def _phones_in(number: str | None, kind: str, region: str) -> Found:
    """The phones in one recorded number, with a reason for each one not taken."""
    if number is None:
        return [], []
    plain = _national_digits(number) if region == "US" else None
    if plain and (e164 := _take_us(plain)):
        return [{"number": e164, "extension": None, "kind": kind, "recorded": number}], []
    if is_any_filler(number):
        return [], []
    if number.endswith(".0") and number[:-2].isdigit():  # it came through a column of numbers
        return _phones_in(number[:-2], kind, region)
    if len(number) > _LONGEST:
        return [], ["not_a_number"]
    taken = _take(number, region)
    if not isinstance(taken, str):
        return [_phone(taken, number, kind)], []
    ways = (_LABEL_FIRST, _SEVERAL) if number[0].isalpha() else (_SEVERAL,)
    for way in ways:
        phones, reasons = _phones_among(way().split(number), kind, region)
        if phones:
            return phones, reasons
    return [], [taken]


def _phones_among(parts: list[str], kind: str, region: str) -> Found:
    phones: list[Phone] = []
    reasons: list[str] = []
    for part in parts:
        one = _take(part.strip(), region)
        if not isinstance(one, str):
            phones.append(_phone(one, part.strip(), kind))
        elif any(c.isdigit() for c in part):
            reasons.append(one)
    return phones, reasons


def _phone(taken: Taken, recorded: str, kind: str) -> Phone:
    e164, extension, words = taken
    if kind in ("unknown", "other") and words:
        kind = _kind(words)
    return {"number": e164, "extension": extension, "kind": kind, "recorded": recorded}


def _kind_of_label(label: str | None) -> str:
    said = clean(label)
    return _kind(said) if said else "unknown"


def _kind(words: str) -> str:
    """The first word that names a kind. In "Home Fax" and "work cell" that is the second.

    "Home/fax" is a telephone that takes faxes as well.
    """
    said = words.casefold()
    found = _WORD().findall(said)
    for word, after in zip(found, [*found[1:], ""], strict=False):
        if word in _KIND_WORDS:
            device = (
                _KIND_WORDS.get(after) if len(after) > 1 and f"{word} {after}" in said else None
            )
            return device if device in ("fax", "mobile") else _KIND_WORDS[word]
    return "other"


def _take(text: str, region: str) -> Taken | str:
    """What a text that holds one number comes to, or the reason why it was not taken."""
    parts = _PARTS().match(text)
    if parts is None:
        return "not_a_number"
    digits = re.sub(r"\D", "", parts["number"])
    after = parts["after"].strip()
    if not digits or sum(c.isdigit() for c in after) >= _SHORTEST:
        return "not_a_number"  # or two: `_phones_in` looks
    if len(digits) < _SHORTEST and after[:1].isalpha():
        return "letters"
    words = " ".join(filter(None, (parts["before"], after)))
    taken = _take_digits(parts["number"].strip(), digits, region)
    if not taken.startswith("+"):
        return taken
    return taken, parts["extension"], words


def _national_digits(text: str) -> str | None:
    """Ten digits of a number written in the North American way, or None."""
    digits = text.translate(_WITHOUT_PUNCTUATION)
    if digits.startswith("+"):
        digits = digits[1:]
        if len(digits) != 11:
            return None
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return digits if len(digits) == 10 and digits.isascii() and digits.isdigit() else None


@cache
def _us_plan() -> Callable[[str], bool]:
    # Here and only once: the library takes longer to load than a quiet refresh.
    from vet_pipeline.normalize.phone_plan import exists_in_us

    return exists_in_us


def _take_us(digits: str) -> str | None:
    if _is_placeholder(digits) or not _us_plan()(digits):
        return None
    return f"+1{digits}"


def _is_placeholder(digits: str) -> bool:
    return (
        len(set(digits)) == 1
        or digits in PLACEHOLDERS
        or (len(digits) == 10 and digits.endswith(PLACEHOLDER_ENDS))
    )


def _take_digits(number: str, digits: str, region: str) -> str:
    """E.164, or the reason why not (a reason never starts with '+')."""
    national = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if len(digits) >= 7 and _is_placeholder(national):
        return "placeholder"
    if region in ("US", "CA") and len(digits) == 7 and not number.startswith("+"):
        return "no_area_code"
    if len(set(digits)) == 1:
        return "placeholder"
    from vet_pipeline.normalize.phone_plan import e164

    return e164(number, region)
