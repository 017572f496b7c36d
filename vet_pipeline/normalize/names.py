"""Client names: title, first and last name, suffix, partner, organisation, note.

Letters are never re-cased and nothing is thrown away: what is no name goes to the note.
"""

from __future__ import annotations

from dataclasses import dataclass

from vet_pipeline.normalize.name_parts import (
    Part,
    Person,
    both_suffixes,
    read_full,
    read_given,
    read_surname,
    same_words,
)
from vet_pipeline.normalize.organisations import is_organisation_word
from vet_pipeline.normalize.text import NULLS, clean, is_filler, is_weak_filler, remembering

# What a column says, and whether that is nothing, or one name whatever stands beside it.
Alone = tuple[str | None, bool]


@dataclass(slots=True)
class Name:
    """A client's name, ready for columns.CLIENT_SCHEMA."""

    title: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    suffix: str | None = None
    partner_first_name: str | None = None
    partner_last_name: str | None = None
    organisation: str | None = None
    name_note: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nobody is named."""
        return not (self.first_name or self.last_name or self.organisation)


class NameReader:
    """Reads client names, remembering every distinct first and last name for its own life."""

    def __init__(self) -> None:
        self._said = remembering(_said)
        self._given = remembering(read_given)
        self._surname = remembering(read_surname)
        self._full = remembering(read_full)

    def read(
        self,
        title: str | None,
        first: str | None,
        last: str | None,
        full: str | None,
        organisation: str | None,
    ) -> Name:
        """The name that five raw columns say; `full` counts only without first and last."""
        first, last = self._said(first), self._said(last)
        if first is not None and is_weak_filler(first) and (last is None or _is_null(first)):
            first = None
        if last is not None and first is None and is_weak_filler(last):
            last = None
        if first is None and last is None:
            whole = self._said(full)
            part = Part() if whole is None or is_weak_filler(whole) else self._full(whole)
        elif first is None:
            part = self._alone(last or "")
        elif last is None:
            part = self._full(first) if "," in first else self._given(first)
        elif is_organisation_word(last) or is_organisation_word(first):
            part = Part(organisation=f"{first} {last}")
        else:
            part = _together(self._given(first), self._surname(last))
            if part.notes and part.partner is None:
                part = _organisation_behind_notes(part)
        return _name(part, self.beside(title), self.beside(organisation))

    def beside(self, raw: str | None) -> str | None:
        """What the column of titles or organisations says: no person or firm is called Null."""
        text = self._said(raw)
        return None if text is None or text.casefold() in NULLS else text

    def first_name(self, raw: str | None) -> Alone:
        """The column of first names by itself; `read` says the same where the last name's is so."""
        text = self._said(raw)
        return text, text is None or _is_all(text, self._given(text), Person(first=text))

    def last_name(self, raw: str | None) -> Alone:
        """The column of last names by itself."""
        text = self._said(raw)
        return text, text is None or _is_all(text, self._surname(text), Person(last=text))

    def _alone(self, last: str) -> Part:
        """A last name without a first: the field may hold the whole name."""
        part = self._surname(last)
        if part.organisation or not (part.is_joint or "," in last):
            return part
        whole = self._full(last)
        # "Smith & Jones", "Timmer/Keene": two surnames in the field for surnames.
        return whole if whole.person.last else part


def _said(raw: str | None) -> str | None:
    return _unless_filler(clean(raw))


def _unless_filler(word: str | None) -> str | None:
    return None if word is None or is_filler(word) else word  # "FNU, Jr."


def _is_all(text: str, part: Part, person: Person) -> bool:
    """Whether a column says a first or last name and no more, whatever stands in the other one."""
    if "," in text or is_weak_filler(text) or is_organisation_word(text):
        return False
    return part == Part(person)


def _is_null(text: str) -> bool:
    return text.casefold() == "null"  # a surname (Jennifer Null), but nobody's first name


def _together(given: Part, surname: Part) -> Part:
    """One name out of what the first and the last name column say."""
    notes = [*given.notes, *surname.notes]
    person, partner = given.person, given.partner
    if surname.person.first and not same_words(surname.person.first, person.first):
        notes.append(surname.person.first)  # "Smith, John" in the last name of a Mary
    if surname.organisation and not same_words(given.organisation, surname.organisation):
        notes += [given.organisation] if given.organisation else []
    if surname.partner is not None:
        named = partner or Person()
        partner = Person(
            title=named.title or surname.partner.title,
            first=named.first or surname.partner.first,
            last=surname.partner.last,
            suffix=named.suffix or surname.partner.suffix,
        )
    return Part(
        person=Person(
            title=person.title or surname.person.title,
            first=person.first,
            last=surname.person.last,
            suffix=both_suffixes(person.suffix, surname.person.suffix),
        ),
        partner=partner,
        organisation=surname.organisation or given.organisation,
        notes=tuple(notes),
    )


def _organisation_behind_notes(part: Part) -> Part:
    """An organisation by what is left of its words: "Humane (OLD)" and "AA"."""
    first, last = part.person.first, part.person.last
    if not first or not last or not (is_organisation_word(first) or is_organisation_word(last)):
        return part
    beside = tuple(word for word in (part.person.title, part.person.suffix) if word)
    whole = f"{first} {last}"
    if part.organisation:
        return Part(organisation=part.organisation, notes=(whole, *beside, *part.notes))
    return Part(organisation=whole, notes=(*beside, *part.notes))


def _name(part: Part, title: str | None, organisation: str | None) -> Name:
    notes = list(part.notes)
    person, partner = part.person, part.partner or Person()
    own_title = person.title
    if partner.title:
        if own_title and not title:
            own_title = f"{own_title} & {partner.title}"
        elif not same_words(partner.title, title):
            notes.append(partner.title)
    if title and own_title and not same_words(title, own_title):
        notes.append(own_title)
    if partner.suffix:
        notes.append(partner.suffix)
    if organisation and part.organisation and not same_words(organisation, part.organisation):
        notes.append(part.organisation)
    same_last = partner.last is not None and same_words(partner.last, person.last)
    return Name(
        title=title or own_title,
        first_name=_unless_filler(person.first),
        last_name=_unless_filler(person.last),
        suffix=person.suffix,
        partner_first_name=partner.first,
        partner_last_name=None if same_last else partner.last,
        organisation=organisation or part.organisation,
        name_note="; ".join(notes) or None,
    )
