"""Deceased: what flag, date and status word say together.

Dead if any of the three says so; alive only if something says alive and nothing stands there that
nobody can read, for that may be the word for dead; otherwise nothing is known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.dates import AHEAD, EARLIEST, MONTHS, WRITTEN
from vet_pipeline.normalize.text import clean, is_filler, is_too_narrow, lazily


def unknown_word_advice(practice_id: str) -> str:
    """What to do about words of which nobody knows whether they say dead, before the first copy."""
    return (
        "ask the practice, and before the first copy: vet-pipeline practice set"
        f' {practice_id} deceased_words="WORD, WORD" (or alive_words) --by NAME'
    )


# Words about the file, not about the animal: gone from the practice is not dead.
_SAYS_NOTHING = frozenset(
    {
        "inactive", "moved", "moved away", "sold", "transferred", "archived", "deleted", "disabled",
        "temporary", "lost", "stolen", "adopted", "rehomed", "given away", "boarding", "referral",
        "deactivated", "hidden",
    }
)  # fmt: skip
# Whom a death may be told of in the file of another ("sister deceased", "owner's wife died").
_OTHERS = frozenset(
    {
        "owner", "client", "husband", "wife", "spouse", "sibling", "littermate", "sister", "brother",
        "mother", "father", "mom", "mum", "dad", "dam", "sire", "parent", "son", "daughter",
        "offspring", "litter", "twin", "housemate", "roommate", "companion", "mate", "buddy",
        "friend", "partner", "other", "another", "grandmother", "grandfather", "grandma", "grandpa",
        "aunt", "uncle", "boyfriend", "girlfriend", "fiance", "fiancee", "neighbor", "neighbour",
        "breeder", "mr", "mrs", "ms", "puppies", "pups", "kittens", "babies", "foals", "previous",
        "prev", "former",
    }
)  # fmt: skip
# Beside a word for dead they may say that the animal isn't, isn't yet, or that it is about another.
_DOUBTS = frozenset(
    {
        "not", "non", "never", "isnt", "wasnt", "nearly", "almost", "alive", "living", "maybe", "un",
        "possibly", "probably", "presumed", "scheduled", "planned", "planning", "pending",
        "declined", "discuss", "discussed", "considering", "consult", "quote", "estimate", "appt",
        "appointment", "error", "mistake", "mistaken", "mistakenly", "incorrect", "incorrectly",
        "wrong", "wrongly", "reactivated", "reinstated", "revived", "resuscitated", "possible",
        "might", "if", "confirm", "unconfirmed", "verify", "unverified", "thought", "believed",
        "feared", *_OTHERS, *(f"{other}s" for other in _OTHERS),
    }
)  # fmt: skip
# The word for the act is of an appointment, a consent or a wish as well: it counts beside these and
# other words for dead alone.
_ACT = lazily(r"euth(?!.*ed$).*")  # with a practice's own "euth"; "euthanized" is what was done
_APPOINTED = lazily(r"\b(?:euth\w*(?<!ed)|p\.?t\.?s|put to sleep)\b")
_DONE = frozenset(
    {
        "at", "in", "home", "house", "clinic", "humane", "humanely", "elective", "on", "was", "done",
        "performed", "completed", "inactive", "cremation", "burial", "private", "communal",
    }
)  # fmt: skip
# Who did it, or told of it
_BY_WHOM = lazily(r"\bby (?:dr|doctor)\b\.? ?[^\W\d_]+|\bper (?:the )?(?:owner|client|o)\b")
# Of one list's entry nobody knows which of the two it was: Deceased/Transferred.
_FATE = r"(?:moved|sold|transferred|lost|stolen|adopted|rehomed|given away)"
_EITHER = lazily(rf"\b{_FATE}\s*(?:/|\bor\b)|(?:/|\bor\b)\s*{_FATE}\b")
# Before these they are a thing's or prey's, or a house is called so; and what is to be isn't yet. Before
# all else it is the animal that died: what of, how, when and where has too many words for a list.
_OF_ANOTHER = lazily(
    r"\bdead[ -](?:files?|accounts?|acct|charts?|records?|tooth|teeth|pulp|nails?|claws?|nerves?|tail|toes?|digits?|limb|leg"
    r"|skin|tissue|fetus(?:es)?|ticks?|fleas?|wasps?|bugs?|squirrels?|mice|rats|birds|lame|sea|lift\w*|weight|space|battery|chip)\b"
    r"|\brainbow bridge (?:(?:animal|pet) )?(?:vets?|veterinary|clinic|hospital|rescue|shelter|fund|foundation|program)\b"
    r"|\bto be (?:put to sleep|euthan(?:i[sz]|as)ed)\b"
)
# What is no longer to be sent denies nothing: "Deceased - no reminders".
_STOPPED = lazily(
    r"\b(?:no|do not|dont) (?:more )?(?:reminders?|recalls?|calls?|contact|mail|mailings?|cards?|emails?|texts?)\b"
)
# Beside a year in the column for the date of death they say when, and nothing else.
_WHEN = frozenset(
    {
        "about", "abt", "approx", "approximately", "around", "ca", "circa", "est", "estimated",
        "probably", "sometime", "early", "mid", "middle", "late", "beginning", "end", "before",
        "of", "in", "the", "or", "spring", "summer", "fall", "autumn", "winter",
        "am", "pm", "at", "home", "yes", "cremated", "cremation", *MONTHS,
    }
)  # fmt: skip
# What stands there where a program keeps no blank dates: the first days of spreadsheets and clocks,
# the last ones of databases. As a birth date the one or other may be meant.
_NO_DEATHS = frozenset(
    {"1900-01-01", "1904-01-01", "1969-12-31", "1970-01-01", "2079-06-06", "9999-12-31"}
)
# A shorter word of the conventions is a code ("D"): it counts alone, or beside words for what was done.
_SHORTEST_INSIDE = 4
# What people put beside the name of a dead animal, and ticks and crosses of a box: no fillers here, as
# other lone signs are.
_SIGNS = frozenset(
    "*+\u2020\u2021\u271d\u271e\u2620\u2611\u2612\u2705\u2713\u2714\u2715\u2716\u2717\u2718"
)
_AROUND = " .,;:!*-_/()[]\"'"
_WORDS = lazily(r"[^\W_]+")
_YEAR = lazily(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# 3/19 · 6/5 · 15/6, of which the year, or the day, isn't shown
_TWO_PARTS = lazily(
    r"(?:0?[1-9]|1[0-2])[-/](?:\d{2}|[1-9])|(?:0?[1-9]|[12]\d|3[01])[-/](?:0?[1-9]|1[0-2])"
)
_MONTH_OR_YEAR = lazily(r"(?<!\S)\(?(?:\d{1,2}[-/.]\d{2}|(?:19|20)\d\d)\)?\.?$")
# A day as spreadsheets and Delphi count it. Which one it is depends on the day they count from (old
# Macs' is four years later), so it says when no more than "about 2019" does.
_COUNTED = lazily(r"(\d{5})(?:\.\d+)?")
_COUNTED_FROM = date(1899, 12, 30).toordinal()
_EARLIEST_COUNTED = date(1985, 1, 1).toordinal()  # as long as there are spreadsheets


def of_deaths(conventions: Conventions) -> Conventions:
    """The conventions by which dates of death are read."""
    return replace(conventions, blank_dates=conventions.blank_dates | _NO_DEATHS)


def read_word(raw: str | None, conventions: Conventions, *, flag: bool) -> tuple[bool | None, bool]:
    """(dead, alive or nothing said; whether the word is one we know).

    With `flag`, the yes and no words of the conventions count too: the column asks "deceased?".
    """
    word = _word(raw)
    if word is None:
        return None, True
    for said in (word, word.strip(_AROUND)):  # whole first: -1 is a yes in Access
        if said in _SAYS_NOTHING:
            return None, True
        if flag and said in conventions.false_words:
            return False, True  # before the words for dead: N may be one of a status
        if said in conventions.deceased_words or (flag and said in conventions.true_words):
            return True, True
        if said in conventions.alive_words:
            return False, True
    undated = WRITTEN().sub("", word)  # PTS Mar 4, 2020
    undated = _MONTH_OR_YEAR().sub("", undated).strip(_AROUND)  # PTS 3/20, PTS 2020
    is_dead = undated in conventions.deceased_words - conventions.false_words or (
        "?" not in word and _holds_death(undated, conventions)
    )
    return (True, True) if is_dead else (None, False)


def says_nothing(word: str) -> bool:
    """Whether no word of the conventions changes what is read of this one: "inactive", "n/a"."""
    said = _word(word)
    return said is None or not _SAYS_NOTHING.isdisjoint((said, said.strip(_AROUND)))


def is_date_of_death(raw: str | None, conventions: Conventions, read_on: date) -> bool:
    """Whether a text in the column for the date of death says dead, though it is no date.

    "about 2019" does, and "deceased", "yes", and what a spreadsheet has in place of a day: 43500,
    ####, Apr-19; "moved 2019" doesn't.
    """
    word = _word(raw)
    if word is None:
        return False
    if read_word(raw, conventions, flag=True)[0]:
        return True
    if is_counted_day(word, read_on) or is_too_narrow(word):
        return True
    dateless = WRITTEN().sub(" ", word)
    words, years = set(_words(dateless)), _YEAR().findall(dateless)
    is_of_past = any(EARLIEST.year < int(year) <= read_on.year for year in years)
    # Apr-19, 3/19: a day whose year isn't shown, or a month.
    is_short = not years and not words.isdisjoint(MONTHS) and any(map(str.isdigit, words))
    is_when = is_of_past or is_short or dateless != word or _TWO_PARTS().fullmatch(word)
    return bool(is_when) and {w for w in words if not w.isdigit()} <= _WHEN


def may_be_an_appointment(raw: str | None) -> bool:
    """Whether it names the act, as what is done or is to be: "PTS 12/15", not "Deceased 12/15"."""
    return _APPOINTED().search(_word(raw) or "") is not None


def may_be_a_flag(raw: str | None) -> bool:
    """Whether a spreadsheet's column was too narrow for FALSE: it is ##### then, and no date."""
    word = _word(raw) or ""
    return is_too_narrow(word) and len(word) <= len("FALSE")


def is_counted_day(text: str, read_on: date) -> bool:
    """Whether a text is a number of days as spreadsheets count them (43500), up to tomorrow."""
    counted = _COUNTED().fullmatch(text.strip())
    day = _COUNTED_FROM + int(counted[1]) if counted else 0
    return _EARLIEST_COUNTED <= day <= (read_on + AHEAD).toordinal()


def _holds_death(word: str, conventions: Conventions) -> bool:
    """Whether a word for dead stands among others, and none that may say the contrary."""
    said = _BY_WHOM().sub("", _OF_ANOTHER().sub("", word))
    words = _STOPPED().sub("", " ".join(_words(said)))
    if _EITHER().search(word) or _is_in_doubt(words, conventions):
        return False
    beside = {w for w in words.split() if not (_ACT().fullmatch(w) or _YEAR().fullmatch(w))}
    is_done = beside <= _DONE | conventions.deceased_words
    return any(
        f" {dead} " in f" {words} "
        for dead in conventions.deceased_words
        if is_done or (len(dead) >= _SHORTEST_INSIDE and not _ACT().fullmatch(dead))
    )


def _is_in_doubt(word: str, conventions: Conventions) -> bool:
    return not (_DOUBTS | conventions.false_words).isdisjoint(_words(word))


def _words(text: str) -> list[str]:
    return _WORDS().findall(text.replace("'", "").replace("\u2019", ""))


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


def is_deceased(
    flag: bool | None, status: bool | None, has_date: bool, has_unread: bool = False
) -> bool | None:
    """Dead wins over alive, alive over silence, and no text that nobody can read is silence."""
    if flag or status or has_date:
        return True
    return False if (flag is False or status is False) and not has_unread else None


def _word(raw: str | None) -> str | None:
    text = clean(raw)
    # '-1' is a yes in Access and '0' a no, not fillers; '1.0' and '1.00' are the 1 of a column of numbers.
    word = (text or "null").casefold()
    number, point, decimals = word.partition(".")
    word = number if point and set(decimals) == {"0"} else word
    nothing = (
        is_filler(word) and word != "0" and _SIGNS.isdisjoint(word) and not is_too_narrow(word)
    )
    return None if nothing or word == "null" else word
