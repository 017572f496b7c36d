"""Deceased: what flag, date and status word say together.

Dead if any of the three says so; alive only if something says alive; otherwise nothing is known.
"""

from __future__ import annotations

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.text import clean, is_filler

# Words about the file, not about the animal: gone from the practice is not dead.
_SAYS_NOTHING = frozenset(
    {
        "inactive", "moved", "moved away", "sold", "transferred", "archived", "deleted", "disabled",
        "temporary", "lost", "stolen", "adopted", "rehomed", "given away", "boarding", "referral",
        "deactivated", "hidden",
    }
)  # fmt: skip


def read_word(raw: str | None, conventions: Conventions, *, flag: bool) -> tuple[bool | None, bool]:
    """(dead, alive or nothing said; whether the word is one we know).

    With `flag`, the yes and no words of the conventions count too: the column asks "deceased?".
    """
    word = _word(raw)
    if word is None or word in _SAYS_NOTHING:
        return None, True
    if word in conventions.deceased_words or (flag and word in conventions.true_words):
        return True, True
    if word in conventions.alive_words or (flag and word in conventions.false_words):
        return False, True
    return None, False


def read_flag(raw: str | None, conventions: Conventions) -> tuple[bool | None, bool]:
    """(yes, no or nothing said; whether the word is one we know) of a plain yes/no column."""
    word = _word(raw)
    if word is None:
        return None, True
    if word in conventions.true_words:
        return True, True
    if word in conventions.false_words:
        return False, True
    return None, False


def is_deceased(flag: bool | None, status: bool | None, has_date: bool) -> bool | None:
    """Dead wins over alive, alive over silence."""
    if flag or status or has_date:
        return True
    return False if flag is False or status is False else None


def _word(raw: str | None) -> str | None:
    text = clean(raw)
    # '-1' is a yes in Access, not a filler.
    return None if text is None or is_filler(text) else text.casefold()
