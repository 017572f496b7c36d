"""Forms of given names: short forms, what they are short for, spellings, and slips in them."""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations

from vet_pipeline.matching.lists import (
    ABBREVIATIONS,
    GIVEN_NAMES,
    OFTEN_TWO,
    SELDOM_ONE,
    SHORT_FORMS,
    SPELLINGS,
    TWO_NAMES,
    Groups,
)

#: Endings of a man's name and of the woman's that is made of it.
HE_AND_SHE = (
    *(("", "a"), ("", "e"), ("o", "a"), ("os", "a"), ("is", "a"), ("u", "a"), ("e", "a")),
    *(("y", "ia"), ("i", "ia"), ("el", "elle"), ("i", "o")),
)


@cache
def slips_of_forms(name: str) -> frozenset[str]:
    """What a slip in a form of the name can leave: "hank" -> "enry", "hnry", "henry", ..."""
    return frozenset(
        variant for form in known_nicknames()[name] for variant in without_a_letter(form)
    )


@cache
def without_a_letter(text: str) -> frozenset[str]:
    """The text and all texts with one letter less: two texts that share one are a slip apart."""
    if len(text) < 4:
        return frozenset()
    return frozenset([text, *(text[:i] + text[i + 1 :] for i in range(len(text)))])


@cache
def known_nicknames() -> dict[str, frozenset[str]]:
    """The forms of `book_of_forms`, and those that people have beside them, without TWO_NAMES.

    An abbreviation has those of its name that are surely one person's.
    """
    known = {name: set(forms) for name, forms in book_of_forms().items()}
    for full, *shorts in SHORT_FORMS:
        for short in shorts:
            known.setdefault(full, set()).add(short)
            known.setdefault(short, set()).add(full)
    for one, other in two_listed():
        known.get(one, set()).discard(other)
    for full, short in ABBREVIATIONS:
        forms = {form for form in known.get(full, ()) if (full, form) not in often_two()}
        for form in forms - {short} | {full}:
            known.setdefault(short, set()).add(form)
            known.setdefault(form, set()).add(short)
    return {name: frozenset(forms) for name, forms in known.items()}


@cache
def book_of_forms() -> dict[str, frozenset[str]]:
    """Each given name with its short forms, what it is short for, and its sisters.

    Sisters are short forms of one name (Bob, Rob). Two full names that share a short form
    (Albert, Alfred) are not nicknames of each other. Spellings of one name (Sean, Shawn) are. Who
    is a form of another is so whichever is asked about.
    """
    from nicknames import name_triplets  # what asks for no nickname needn't load the package

    short: dict[str, set[str]] = {}
    for triplet in name_triplets():
        short.setdefault(triplet.name1, set()).add(triplet.name2)
    known: dict[str, set[str]] = {}
    for full, forms in short.items():
        for form in forms:
            known.setdefault(full, set()).add(form)
            known.setdefault(form, set()).add(full)
        for one, other in permutations(forms, 2):
            if one not in short or other not in short:
                known[one].add(other)
    for group in SPELLINGS:
        for one, other in permutations(group, 2):
            known.setdefault(one, set()).add(other)
    return {name: frozenset(others) for name, others in known.items()}


@cache
def given_names() -> frozenset[str]:
    """Names that people are known to have: a slip in one of them is most likely none."""
    return GIVEN_NAMES | known_nicknames().keys()


@cache
def often_two() -> frozenset[tuple[str, str]]:
    """Forms of one name by the book that may be two people of one house, either way round."""
    return _either_way_round(OFTEN_TWO) | seldom_one()


@cache
def seldom_one() -> frozenset[tuple[str, str]]:
    """Those of them that hardly anybody calls one person, either way round."""
    return _either_way_round(SELDOM_ONE)


@cache
def two_listed() -> frozenset[tuple[str, str]]:
    """Names that `spellings` or the book take for one and that are two, either way round."""
    return _either_way_round(TWO_NAMES)


def _either_way_round(pairs: Groups) -> frozenset[tuple[str, str]]:
    return frozenset(both for one, other in pairs for both in ((one, other), (other, one)))


def he_and_she(one: str, other: str) -> bool:
    """Whether two names differ in a last -o and -a alone: Mario, Maria; Blanquito, Blanquita."""
    return one[:-1] == other[:-1] and {one[-1:], other[-1:]} == {"o", "a"}


def perhaps_he_and_she(one: str, other: str) -> bool:
    """Whether names differ as a man's and a woman's do in some language: Karim and Karima.

    Georgios and Georgia, Panagiotis and Panagiota, Liviu and Livia, Evgeny and Evgenia, Haruki and
    Haruko. A slip may leave the same: Laur.
    """
    return any(
        len(he) - len(a) > 2 and he.endswith(a) and she == he[: len(he) - len(a)] + b
        for he, she in ((one, other), (other, one))
        for a, b in HE_AND_SHE
    )


def related(one: str, other: str) -> bool:
    """Whether two names of pets are forms or usual spellings of one, in either order."""
    known = book_of_forms()
    if other in known.get(one, ()) or one in known.get(other, ()):
        return True
    spelled = spellings([one, other])
    return spelled[0] == spelled[1] != ""


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(pattern, re.MULTILINE), letter)
        for pattern, letter in (
            ("ph", "f"),
            ("ck|q|c(?![eiy])", "k"),
            ("z|c", "s"),
            ("eau|ow$", "o"),
            ("oo", "u"),
            ("(?:ie|ey|ee|ea|i|e?igh)$", "y"),
            ("(?:a[iy]|e[iy])(?=.)", "a"),
            ("(?:ie|y|ee)(?=.)", "i"),
            ("(?<=.)h", ""),
            (r"(.)\1+", r"\1"),
        )
    )


def spellings(names: list[str]) -> list[str]:
    """What usual spellings of each name share: "molly" and "mollie", "luna" and "loona".

    '' for a name too short to have any. Names hold no line break: they are read in one go.
    """
    text = "\n".join(names)
    for pattern, letter in _spellings():
        text = pattern.sub(letter, text)
    made = text.split("\n") if names else []
    return [one if len(name) > 1 else "" for name, one in zip(names, made, strict=True)]
