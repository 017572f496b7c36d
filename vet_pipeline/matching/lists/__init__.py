"""Lists of names, one text each, for `nicknames` and `pet_names`. README.md tells what is in them.

Read as this module is: a release that is put in place while a run goes on changes none of them.
"""

from __future__ import annotations

from pathlib import Path

Groups = tuple[tuple[str, ...], ...]


def _lines(name: str) -> Groups:
    """The words of each line; a line that begins with # is a remark."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(tuple(line.split()) for line in text.splitlines() if not line.startswith("#"))


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line)


ABBREVIATIONS = _lines("abbreviations")
OFTEN_TWO = _lines("often_two")
PET_FORMS = _lines("pet_forms")
SELDOM_ONE = _lines("seldom_one")
SHORT_FORMS = _lines("short_forms")
SPELLINGS = _lines("spellings")
TWO_NAMES = _lines("two_names")

BEFORE_NAMES = _words("before_names")
FAMILY_NAMES = _words("family_names")
GIVEN_NAMES = _words("given_names")
PET_NAMES = _words("pet_names")
