"""Names of pets that only look alike: Lucy and Lucky, Rex and Rex II. A slip or another pet?

A name that pets are known to have is no slip in another one; Lcuy is. The lists know only some.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations

from rapidfuzz.distance import OSA

from vet_pipeline.matching.keys import fold
from vet_pipeline.matching.lists import PET_FORMS, PET_NAMES
from vet_pipeline.matching.nicknames import given_names, he_and_she, related, spellings
from vet_pipeline.matching.wording import number_of, solid, without_number

_DIGITS = re.compile(r"\d{1,40}")
_LETTER_BEHIND = re.compile(r" ([a-z])$")
#: Behind a name: the young of who is called so.
_YOUNG = re.compile(
    r"(?<=[a-z]) (?:pup|puppy|puppies|kit|kitten|kittens|baby|babies|foal|calf|lamb|litter)\b"
)


@cache
def _pet_forms() -> frozenset[tuple[str, str]]:
    return frozenset(pair for group in PET_FORMS for pair in permutations(group, 2))


@cache
def known_pet_names() -> frozenset[str]:
    """Names that pets are known to have."""
    return PET_NAMES | given_names()


def one_pet_name(one: str, other: str) -> bool:
    """Whether two folded words are one name: the same, spelled otherwise or a form of it.

    The book of people's nicknames has Molly and Polly for Mary; two pets of one owner may well be
    called so, and Molly and Minnie. A form begins alike (Sam, Sammy) or is a part (Bella,
    Isabella).
    """
    spelled = spellings([one, other])
    if one == other or one + "s" == other or one == other + "s" or spelled[0] == spelled[1] != "":
        return True
    alike = one[:3] == other[:3] or one in other or other in one
    return (alike and related(one, other)) or (one, other) in _pet_forms()


def without_surname(name: str, surname: str) -> str:
    """A pet's name without its owner's surname behind it."""
    head, _, rest = name.partition(" ")
    return head if surname and solid(rest) == surname else name


def same_pet_name(one: str | None, other: str | None) -> bool:
    """Whether two names are one: the first word is, a number behind too, and no other differs."""
    names = fold(one or ""), fold(other or "")
    heads = names[0].split(" ")[0], names[1].split(" ")[0]
    return (
        "" not in heads
        and one_pet_name(*heads)
        and number_of(names[0]) == number_of(names[1])
        and not _further_words_differ(*names)
    )


def are_two_names(one: str, other: str) -> bool:
    """Whether names that look alike are two: known ones, or alike in the first word alone."""
    if _numbers_differ(one, other):
        return True
    if solid(one) == solid(other):  # Kit Kat and Kitkat
        return False
    heads = one.split(" ")[0], other.split(" ")[0]
    if heads[0] == heads[1]:
        return _further_words_differ(one, other)
    known = known_pet_names()
    if heads[0] in known and heads[1] in known and not one_pet_name(*heads):
        return True
    return _other_last_vowel(*heads) or _further_words_differ(one, other)


def _numbers_differ(one: str, other: str) -> bool:
    """Cow 1248 and 1249, Puppy 5 and Puppy 6: a herd's and a litter's names are their numbers."""
    a, b = ([int(digits) for digits in _DIGITS.findall(text)] for text in (one, other))
    return bool(a and b) and a != b


def _other_last_vowel(one: str, other: str) -> bool:
    """Tika and Tiki: littermates are called so, and a slip seldom leaves another vowel."""
    if (
        one[:-1] != other[:-1]
        or one[-1:] == other[-1:]
        or not {one[-1:], other[-1:]} <= set("aeiou")
    ):
        return False
    return he_and_she(one, other) or not one_pet_name(one, other)


def _further_words_differ(one: str, other: str) -> bool:
    """Baby Girl and Baby Boy, Bella's Puppy and Bella; not Rex Miller and Rex Miler or Rex."""
    if bool(_YOUNG.search(one)) != bool(_YOUNG.search(other)):
        return True
    a, b = (solid(without_number(text).partition(" ")[2]) for text in (one, other))
    if not (a and b) or one_pet_name(a, b) or a.startswith(b) or b.startswith(a):
        return False
    known = known_pet_names()
    letters = _LETTER_BEHIND.findall(one), _LETTER_BEHIND.findall(other)
    if all(letters) and letters[0] != letters[1]:  # Foster Kitten A and Foster Kitten B
        return True
    return (a in known and b in known) or min(len(a), len(b)) < 4 or OSA.distance(a, b) > 1
