"""How names and breeds are taken apart: text in, text out. Streets: `addresses.py`."""

from __future__ import annotations

import re

from vet_pipeline.matching.keys import fold

_GENERATIONS = {
    "jr": 1, "junior": 1, "hijo": 1, "filho": 1, "sr": 2, "senior": 2,
    "ii": 3, "2nd": 3, "iii": 4, "3rd": 4, "iv": 5, "4th": 5,
}  # fmt: skip
_OF_KIN = {
    **dict.fromkeys(("son", "daughter"), "jr"),
    **dict.fromkeys(("father", "mother", "dad", "mom"), "sr"),
}
_HIS = frozenset(["mr", "mister", "sir", "herr", "senor", "monsieur", "dhr"])
_HERS = frozenset(["mrs", "ms", "miss", "madam", "frau", "senora", "senorita", "mme", "mevr"])
_QUARTERS = frozenset(["north", "south", "east", "west"])
_DOTTED = re.compile(r"\b(?:[js] r|i i(?: i)?|i v)\b")
#: Parts of surnames that are no surname by themselves.
_PARTICLES = frozenset(
    {
        "mc", "mac", "de", "la", "le", "da", "di", "del", "van", "von", "der", "den", "o", "st",
        "san", "al", "el", "bin",
    }
)  # fmt: skip
_NUMBERS = {
    "ii": 2, "2": 2, "two": 2, "2nd": 2, "second": 2, "jr": 2, "junior": 2,
    "iii": 3, "3": 3, "three": 3, "3rd": 3, "third": 3,
    "iv": 4, "4": 4, "four": 4, "4th": 4,
}  # fmt: skip
_NUMBERED = re.compile(rf"(?: ({'|'.join(_NUMBERS)})|(?<=[a-z]{{3}})([2-4]))$")


def number_of(text: str) -> int:
    """Which pet of the name: "rex ii", "rex2" and "rex jr" are 2; 0 for "rex" and "junior"."""
    found = _NUMBERED.search(text)
    return _NUMBERS[found[1] or found[2]] if found else 0


def without_number(text: str) -> str:
    """The name without what `number_of` reads."""
    return _NUMBERED.sub("", text)


def undotted(text: str) -> str:
    """A suffix or surname whose generation was typed with dots between: "bell j r" is "bell jr"."""
    return _DOTTED.sub(lambda found: found[0].replace(" ", ""), text)


def generation(text: str) -> int:
    """Which of a family what stands behind a name means, degrees aside; 0: nothing says it."""
    return next((_GENERATIONS[word] for word in text.split(" ") if word in _GENERATIONS), 0)


def noted_generation(note: str) -> str:
    """What a note says of the generation, in a part by itself: "(Jr); CASH ONLY", "(son)".

    A longer part may be about anybody ("see Sr account"), and 2nd of an account.
    """
    parts = [undotted(fold(part)) for part in note.split(";")]
    said = [_OF_KIN.get(part, part) for part in parts if part.isalpha()]
    return " ".join([word for word in said if word in _GENERATIONS])


def typed_behind(text: str) -> str:
    """What follows the first word of a given name or surname: a generation may be among it."""
    return text.partition(" ")[2]


def without_generation(text: str) -> str:
    """A given name or surname without the generation typed behind it: "bell sr" is bell."""
    head, *rest = text.split(" ")
    return " ".join([head, *(word for word in rest if word not in _GENERATIONS)])


def given_name(text: str) -> str:
    """The given name without a middle one; "j robert" is robert, and "thi lan" lan.

    Nearly every Vietnamese woman has *Thi* before it, and nobody is called so.
    """
    words = text.split(" ")
    if len(words) == 1 or len(words[1]) == 1:
        return words[0]
    return words[1] if len(words[0]) == 1 or words[0] == "thi" else words[0]


def further_names(text: str) -> str:
    """What follows the given name, in a word: "maria del carmen" has carmen, "j robert" none."""
    words = text.split(" ")
    rest = words[2 if given_name(text) != words[0] else 1 :]
    return "".join([word for word in rest if word not in _PARTICLES] or rest)


def middle_initial(text: str) -> str:
    """The middle initial, '' where there is none."""
    words = text.split(" ")
    return words[-1] if len(words) > 1 and len(words[-1]) == 1 else ""


def he_or_she(title: str) -> str:
    """Whether a title is a man's or a woman's; '' for a doctor, and for Mr & Mrs."""
    words = {*title.split(" ")}
    said = [who for who, titles in (("he", _HIS), ("she", _HERS)) if words & titles]
    return said[0] if len(said) == 1 else ""


def branch(organisation: str) -> str:
    """Which of several the organisation is: barn 2, lab b, rescue east; '' if unsaid."""
    words = [
        word
        for word in organisation.split(" ")
        if len(word) == 1 or word in _QUARTERS or not word.isalpha()
    ]
    return words[-1] if words else ""


def solid(text: str) -> str:
    """Without blanks: "mc auley" and "mcauley" are one."""
    return text.replace(" ", "")


def surname_parts(text: str) -> list[str]:
    """Parts of a double surname; a single one as it is."""
    if " " not in text:
        return [text]
    parts = [part for part in text.split(" ") if part not in _PARTICLES and len(part) > 2]
    return parts if len(parts) > 1 else [text.replace(" ", "")]


_BREEDS = {
    "dsh": "domestic shorthair", "dlh": "domestic longhair", "dmh": "domestic mediumhair",
    "dom": "domestic", "gsd": "german shepherd", "jrt": "jack russell", "lab": "labrador",
    "yorkie": "yorkshire", "frenchie": "french bulldog", "doxie": "dachshund",
    "aussie": "australian shepherd", "rottie": "rottweiler", "golden": "golden retriever",
    "chi": "chihuahua", "pom": "pomeranian", "bunny": "rabbit", "apbt": "american pit bull",
    "pitbull": "pit bull", "shihtzu": "shih tzu",
}  # fmt: skip
#: Words that say of a breed no more than that it is none.
_OF_NO_BREED = frozenset(
    {"mix", "mixed", "mutt", "cross", "x", "crossbreed", "crossbred", "mongrel"}
)
_NO_BREED_WORDS = _OF_NO_BREED | {"dog", "terrier", "breed", "canine", "feline", "miniature", "toy"}
_UNKNOWN = frozenset({"unknown", "unspecified", "other", "none", "na", "n a"})
#: What `breed_words` makes of all that say so.
MIXED = "mixed"


def breed_words(text: str) -> str:
    """The words of a breed in order of the alphabet, usual short forms written out.

    "Canine Mix" and "Mutt" are MIXED; who writes that a breed is unknown says nothing.
    """
    folded = fold(text).replace("short hair", "shorthair")
    if folded in _UNKNOWN:
        return ""
    folded = folded.replace("long hair", "longhair").replace("medium hair", "mediumhair")
    said = " ".join(_BREEDS.get(word, word) for word in folded.split(" ")).split(" ")
    words = set(said) - _NO_BREED_WORDS
    if not words and not _OF_NO_BREED.isdisjoint(said) and "terrier" not in said:
        return MIXED
    return " ".join(sorted(words) or sorted(said))
