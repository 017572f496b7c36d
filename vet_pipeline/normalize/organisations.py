"""Whether a name is an organisation's: rescues, kennels, farms and firms have accounts too."""

from __future__ import annotations

import re

from vet_pipeline.normalize.text import lazily

_WORD = lazily(r"[^\W_]+")

# Nobody is called that.
_STRONG = frozenset(
    {
        "llc", "inc", "incorporated", "corp", "corporation", "ltd", "llp", "plc",
        "rescue", "rescues", "kennel", "kennels", "shelter", "farm", "farms", "ranch",
        "ranches", "stables", "cattery", "sanctuary", "humane", "spca", "aspca",
        "boarding", "grooming", "groomers", "veterinary", "hospital", "clinic", "zoo",
        "aquarium", "dairy", "equestrian", "university", "academy", "foundation",
        "association", "assn", "society", "department", "k9", "daycare", "enterprises",
        "services", "ministries", "adoptions", "wildlife",
    }
)  # fmt: skip
# These are surnames or plain words too: they count only in a text of three words or more.
_WEAK = frozenset(
    {
        "animal", "animals", "vet", "vets", "pet", "pets", "dept", "acres", "school",
        "college", "church", "county", "city", "police", "sheriff", "club", "co",
        "company", "stable", "training", "trainers", "center", "centre", "group", "trust",
        "control", "dog", "cat", "horse",
    }
)  # fmt: skip
_DBA = lazily(r"\bd/?b/?a\b", re.IGNORECASE)


def is_organisation(text: str) -> bool:
    """Whether a clean name field that stands alone names an organisation."""
    words = _words(text)
    if len(words) > 1 and (any(w in _STRONG for w in words) or _DBA().search(text)):
        return True
    return len(words) > 2 and any(w in _WEAK for w in words)


def is_organisation_word(text: str) -> bool:
    """Whether a clean text is one single word that only an organisation has in its name."""
    if text.isalpha():
        return text.casefold() in _STRONG
    words = _words(text)
    return len(words) == 1 and words[0] in _STRONG


def _words(text: str) -> list[str]:
    return [w.casefold() for w in _WORD().findall(text.replace("L.L.C", "LLC").replace(".", " "))]
