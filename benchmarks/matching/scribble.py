"""How people write things wrongly or differently: typos, address spellings, phone formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.matching import words

if TYPE_CHECKING:
    import random

    from benchmarks.matching.world import Address

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = (("ph", "f"), ("ck", "k"), ("ie", "y"), ("y", "ie"), ("c", "k"), ("ee", "ea"), ("s", "z"))


def typo(rng: random.Random, text: str) -> str:
    """One slip of the hand or the ear; very short texts stay."""
    if len(text) < 3:
        return text
    at = rng.randrange(1, len(text))
    draw = rng.random()
    if draw < 0.22:
        return text[:at] + text[at + 1 :]
    if draw < 0.44:
        return text[:at] + _beside(rng, text[at]) + text[at + 1 :]
    if draw < 0.6:
        return text[:at] + _beside(rng, text[at]) + text[at:]
    if draw < 0.8 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if draw < 0.88:
        return _beside(rng, text[0]).upper() + text[1:]
    for one, other in rng.sample(_SOUNDS, len(_SOUNDS)):
        if one in text[1:]:
            return text[0] + text[1:].replace(one, other, 1)
    return text[:at] + text[at] + text[at:]


_SPELLED = (
    ("ie", "y"), ("y", "ie"), ("ey", "ie"), ("y", "ey"), ("i", "y"), ("oo", "u"), ("u", "oo"),
    ("ll", "l"), ("l", "ll"), ("tt", "t"), ("ss", "s"), ("n", "nn"), ("c", "k"), ("k", "c"),
    ("ck", "k"), ("ph", "f"), ("s", "z"), ("z", "s"), ("ai", "ay"), ("ee", "ea"), ("o", "oe"),
)  # fmt: skip


def respelled(rng: random.Random, text: str) -> str:
    """The name as somebody writes it who has only heard it."""
    for one, other in rng.sample(_SPELLED, len(_SPELLED)):
        if one in text[1:]:
            return text[0] + text[1:].replace(one, other, 1)
    return text


def _beside(rng: random.Random, letter: str) -> str:
    for row in _ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            return row[max(0, min(len(row) - 1, at + rng.choice((-1, 1))))]
    return str(rng.randint(0, 9)) if letter.isdigit() else letter


def write_address(
    rng: random.Random, address: Address, *, style: str, keep_unit: bool
) -> tuple[str, str]:
    """The two address lines in one of the usual spellings."""
    number, direction, street, kind = address.line
    short = dict(words.STREET_TYPES)
    if style == "pims" or rng.random() < 0.4:
        kind = short[kind]
        direction = direction[:1]
    if rng.random() < 0.04:
        kind = rng.choice(("", rng.choice(words.STREET_TYPES)[1]))
    if rng.random() < 0.1:
        direction = ""
    line = " ".join(part for part in (number, direction, street, kind) if part).title()
    if not address.unit or not keep_unit:
        return line, ""
    unit = rng.choice(("Apt ", "Unit ", "#", "Apt. ", "apt #")) + address.unit
    if rng.random() < 0.4:
        return line, unit
    return line + rng.choice((" ", ", ")) + unit, ""


def write_phone(rng: random.Random, number: str, style: int, slip: float) -> str:
    """The number as one of five formats, rarely with a slip, a note or without area code."""
    if not number:
        return ""
    if rng.random() < slip:
        at = rng.randrange(4, 10)
        number = number[:at] + str(rng.randint(0, 9)) + number[at + 1 :]
    if rng.random() < 0.01:
        return number[3:]
    if rng.random() < 0.15:
        style = rng.randrange(5)
    area, prefix, line = number[:3], number[3:6], number[6:]
    text = (
        f"{area}-{prefix}-{line}",
        f"({area}) {prefix}-{line}",
        number,
        f"{area}.{prefix}.{line}",
        f"+1{number}",
    )[style]
    if rng.random() < 0.012:
        text += rng.choice((" cell", " (home)", " work", " husband"))
    return text
