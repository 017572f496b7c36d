"""What one name field says: the grammar of names, shared by the first, last and full name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vet_pipeline.normalize.name_notes import split_notes, trimmed
from vet_pipeline.normalize.organisations import is_organisation
from vet_pipeline.normalize.text import is_filler, lazily

TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "rev",
        "reverend", "sgt", "capt", "cpt", "lt", "ltc", "mme", "sir",
    }
)  # fmt: skip
# Names and words when written without the dot (Gen, Maj, Fr).
_DOTTED_TITLES = frozenset(
    {
        "gen.", "col.", "maj.", "hon.", "fr.", "pres.", "gov.", "sen.",
    }
)  # fmt: skip
_SUFFIXES = frozenset(
    {
        "jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th", "esq", "esquire", "md", "dvm",
        "vmd", "phd", "dds", "rn",
    }
)  # fmt: skip
# Those that tell father from son; "Md" among given names is Mohammed's.
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th"})
_PARTICLES = frozenset(
    {
        "van", "von", "der", "den", "de", "la", "las", "los", "del", "della", "di", "da",
        "dos", "du", "le", "ten", "ter", "st", "st.", "san", "santa", "mc", "mac",
    }
)  # fmt: skip
_AND_OR_SLASH = lazily(r"\s+w/\s*|\s*[&+/]\s*|\s+and\s+", re.IGNORECASE)
_MR_AND_MRS = lazily(r"\Am\s*/\s*m(?:\s+|\Z)", re.IGNORECASE)  # M & M may be Mary and Mike
_NOT_AVAILABLE = lazily(r"(?<!\w)n/a(?!\w)", re.IGNORECASE)  # nobody, and no couple of N and A


# "zzSmith", "ZZ - Smith", "Smith xx": how desks mark a client who has gone, or sort them last.
# Zziwa is a name.
_DESKS_MARK = lazily(
    r"\A(?:(?!(?-i:Zz[aeiou]))(z{2,})(?!z)[\s:,./–—-]*|(x{2,})[\s:,./–—-]+)(?!and\b)(?=[^\W_])"
    r"|(?<=[^\W_])[\s:./–—-]+(z{2,}|x{2,})(?=\s*(?:,|\Z))",
    re.IGNORECASE,
)
# XX Ranch and ZZ Farm LLC are called so.
_BRAND = lazily(r"\A(?:Z{2,}|X{2,})\s+(?=[^\W_])|\s(?:Z{2,}|X{2,})\Z")
# "Smith wife Mary", "Smith, wife Mary"; not "Bob and wife", which is two, nor Rick Husband Jr. A pet
# may be the Farmer's Wife.
_SPOUSE = lazily(
    r"(?:(?<=\w[\s,/-])|(?<=\w,\s))(?<!\sand\s)"
    r"(?:(?:ex|late|his|her)[\s-]+|(?<!\bex[\s-])(?<!\blate\s)(?<!\b(?:his|her)\s))"
    r"(?:wife|husband|spouse)\b:?(?=\s+(?!(?:and|jr|sr|i{2,3}|iv)\b)\w).*",
    re.IGNORECASE,
)
# One word that is a name, if it isn't a title.
_PLAIN = lazily(r"(?![zZ]{2})[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(slots=True)
class Person:
    """One person as far as a text names them."""

    title: str | None = None
    first: str | None = None
    last: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one name field says; `is_joint` when it names two."""

    person: Person = field(default_factory=Person)
    partner: Person | None = None
    organisation: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_joint(self) -> bool:
        """Whether the field names a second person."""
        return self.partner is not None


def same_words(one: str | None, other: str | None) -> bool:
    """Whether two texts differ only in case, dots and commas."""
    return _bare(one) == _bare(other)


def read_given(text: str) -> Part:
    """The first-name column: "Dr. John", "John & Mary", "Donald/Patrick", "Mr & Mrs John"."""
    if _is_plain_word(text):
        return Part(person=Person(first=text))
    name, notes, organisation = _without_notes(text)
    if organisation:
        return Part(organisation=organisation, notes=notes)
    people, more = _people(name, _first_only)
    return _joined(people, notes + more)


def read_surname(text: str) -> Part:
    """The last-name column: "Smith Jr.", "Timmer/Keene", "Horton, Courtney", "Smith (OLD)"."""
    if _is_plain_word(text):
        return Part(person=Person(last=text))
    name, notes, organisation = _without_notes(text)
    if organisation:
        return Part(organisation=organisation, notes=notes)
    last, given, suffix = _comma_parts(name)
    people, more = _people(last, _last_only)
    for partner in people[1:]:  # "Smith & Mary Jones", but "Smith & Van Dyke"
        words = (partner.last or "").split()
        if len(words) > 1 and words[0].casefold() not in _PARTICLES:
            partner.first, partner.last = (" ".join(side) for side in _first_and_last(words))
    part = _joined(people, notes + more)
    part.person.suffix = both_suffixes(part.person.suffix, suffix)
    if given:
        part.person.first = given
    return part


def read_full(text: str) -> Part:
    """A whole name in one field: "John & Mary Smith", "Smith, John & Mary", "Mr & Mrs J Smith"."""
    name, notes, organisation = _without_notes(text)
    if organisation:
        return Part(organisation=organisation, notes=notes)
    pieces = _AND_OR_SLASH().split(name)
    if len(pieces) == 2 and all(_comma_parts(piece)[1] for piece in pieces):
        one, other = (read_full(piece) for piece in pieces)  # "Smith, John & Jones, Mary"
        return Part(one.person, other.person, notes=notes + one.notes + other.notes)
    last, given, suffix = _comma_parts(name)
    if given:
        surname, first = read_surname(last), read_given(given)
        person = Person(
            title=first.person.title or surname.person.title,
            first=first.person.first,
            last=surname.person.last,
            suffix=both_suffixes(both_suffixes(surname.person.suffix, first.person.suffix), suffix),
        )
        partner = first.partner
        if surname.partner is not None:
            partner = partner or Person()
            partner.last = surname.partner.last
        return Part(person, partner, notes=notes + surname.notes + first.notes)
    people, more = _people(last, _first_and_last)
    if len(people) == 2:
        _share_surname(people[0], people[1])
    part = _joined(people, notes + more)
    part.person.suffix = both_suffixes(part.person.suffix, suffix)
    return part


def _is_plain_word(text: str) -> bool:
    return _PLAIN().fullmatch(text) is not None and text.casefold() not in TITLES


def _without_notes(text: str) -> tuple[str, tuple[str, ...], str | None]:
    """(name, notes, organisation): an organisation's name may hold digits, a person's not."""
    marks = [mark for found in _DESKS_MARK().findall(text) for mark in found if mark]
    if marks and _BRAND().search(text):
        marks = [] if is_organisation(split_notes(text, digits_are_notes=False)[0]) else marks
    text = _DESKS_MARK().sub("", text) if marks else text
    name, notes = split_notes(text, digits_are_notes=False)
    if is_organisation(name):
        return "", (*marks, *notes), name
    if any(map(str.isdigit, text)):  # else it would come to the same again
        name, notes = split_notes(text, digits_are_notes=True)
    if whose := _SPOUSE().search(name):
        name, notes = trimmed(name[: whose.start()]), [*notes, whose[0]]
    return "" if is_filler(name) else name, (*marks, *notes), None  # "FNU (OLD)" names nobody


def _comma_parts(name: str) -> tuple[str, str | None, str | None]:
    """(before the comma, given names after it, suffixes after it)."""
    head, *rest = [part.strip() for part in name.split(",")]
    suffixes = [part for part in rest if part and all(_is_suffix(w) for w in part.split())]
    given = [p for p in rest if p not in suffixes and any(c.isalnum() for c in p)]
    return head, ", ".join(given) or None, _once(" ".join(suffixes).split())


def _people(name: str, split: _Split) -> tuple[list[Person], tuple[str, ...]]:
    """The one or two people in a text, and as notes what is said beyond two."""
    told = _AND_OR_SLASH().split(_NOT_AVAILABLE().sub("", _MR_AND_MRS().sub("Mr & Mrs ", name)))
    pieces = [p for p in (piece.strip(" ,;") for piece in told) if p]
    if len(pieces) > 1:
        pieces = [piece for piece in pieces if not is_filler(piece)] or pieces[:1]
    people = [_person(piece.split(), split) for piece in pieces]
    if len(people) > 1 and not (people[0].first or people[0].last):
        # "Mr & Mrs John": the first piece is a title only, both belong to what follows.
        first, second = people[0], people[1]
        second.title = " & ".join(t for t in (first.title, second.title) if t) or None
        people, pieces = people[1:], pieces[1:]
    return people[:2], tuple(f"& {piece}" for piece in pieces[2:])


def _joined(people: list[Person], notes: tuple[str, ...]) -> Part:
    person = people[0] if people else Person()
    return Part(person, people[1] if len(people) > 1 else None, notes=notes)


def _person(words: list[str], split: _Split) -> Person:
    titles: list[str] = []
    while words and _is_title(words[0]):
        titles.append(words[0])
        words = words[1:]
    suffixes: list[str] = []
    while len(words) > 1 and _is_suffix(words[-1]):
        suffixes.insert(0, words[-1])
        words = words[:-1]
    if split is _first_only:  # "Robert Jr Alan": a middle name from a column of its own behind it
        inner = [word for word in words[1:] if _folded(word) in _GENERATIONS]
        if inner:
            suffixes = inner + suffixes
            words = [word.rstrip(",;") for word in words if word not in inner]
    first, last = split(words)
    return Person(
        title=" ".join(titles) or None,
        first=_name_of(first),
        last=_name_of(last),
        suffix=_once([word.strip(",;") for word in suffixes]),
    )


def _name_of(words: list[str]) -> str | None:
    name = trimmed(" ".join(words))
    return name if any(c.isalnum() for c in name) else None


class _Split:
    """How the words of one person fall into first and last name."""

    def __init__(self, *, first: bool, last: bool) -> None:
        self._first, self._last = first, last

    def __call__(self, words: list[str]) -> tuple[list[str], list[str]]:
        if not self._last:
            return words, []
        if not self._first or len(words) < 2:
            return [], words
        start = len(words) - 1
        while start > 1 and words[start - 1].casefold() in _PARTICLES:
            start -= 1
        return words[:start], words[start:]


_first_only = _Split(first=True, last=False)
_last_only = _Split(first=False, last=True)
_first_and_last = _Split(first=True, last=True)


def _share_surname(one: Person, other: Person) -> None:
    """Settle who is called what in "John & Mary Smith", "John A & Mary Smith", "John & Mary"."""
    if one.first and one.last and len(one.last.rstrip(".")) == 1 and other.first:
        one.first, one.last = f"{one.first} {one.last}", None
    if one.first is None and other.first is not None:
        one.first, one.last = one.last, None
    if one.last is None and other.first is not None:
        one.last = other.last
        other.last = None
    elif other.first is None:
        other.first, other.last = other.last, None
        if (
            one.first is None
        ):  # one word each: first names, for a field for surnames has its own rule
            one.first, one.last = one.last, None


def _is_title(word: str) -> bool:
    folded = word.casefold()
    return folded.rstrip(".,") in TITLES or folded in _DOTTED_TITLES


def _is_suffix(word: str) -> bool:
    return _folded(word) in _SUFFIXES


def _folded(word: str) -> str:
    return word.casefold().strip(".,").replace(".", "")


def both_suffixes(one: str | None, other: str | None) -> str | None:
    """What two texts say behind the name, as one: Jr and MD, and what both say once."""
    return _once([word for said in (one, other) if said for word in said.split()])


def _once(suffixes: list[str]) -> str | None:
    """Suffixes as one text; what the name and a column of its own both say is said once."""
    said: dict[str, str] = {}
    for word in suffixes:
        said.setdefault(_folded(word), word)
    return " ".join(said.values()) or None


def _bare(text: str | None) -> str:
    return (text or "").casefold().replace(".", "").replace(",", "")
