"""The clients of both sides as coded columns: what all comparing works on. Pets: `animals.py`.

Rows of both sides stand in one table, home first, so that equal text has equal code and two
rows can be compared whatever side they are from. Code 0 always means *missing*.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from vet_pipeline.matching.addresses import (
    house_lines,
    houses_and_streets,
    unit_number,
    unit_of_line,
)
from vet_pipeline.matching.arrays import Bools, Codes, Wide
from vet_pipeline.matching.cells import before, both, casefolded, numbered
from vet_pipeline.matching.keys import (
    Column,
    Vocabulary,
    coded,
    different_holders,
    occurring,
    skeletons,
)
from vet_pipeline.matching.nicknames import known_nicknames
from vet_pipeline.matching.phones import read_phones
from vet_pipeline.matching.wording import (
    branch,
    further_names,
    generation,
    given_name,
    he_or_she,
    middle_initial,
    noted_generation,
    solid,
    surname_parts,
    typed_behind,
    undotted,
    without_generation,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from vet_pipeline.matching.contract import Side


@dataclass
class People:
    """Coded clients of both sides."""

    home_rows: int
    names: Vocabulary  # given names, surnames and their parts alike: names get swapped
    first: Codes
    whole: Codes  # all of the given name in one word
    further: Codes  # what follows its first word
    second: Codes  # the partner of a joint account
    second_whole: Codes
    second_further: Codes
    last: Codes
    last_head: Codes  # first and last part of a double surname
    last_tail: Codes
    second_last: Codes
    organisation: Codes  # in `names`
    branch: Codes  # the numbers, letters and quarters by which an organisation has several
    titled: Codes  # as who is called Mr, or Mrs, Ms, Miss
    middle: Codes
    suffix: Codes
    phone_row: Codes  # one entry per usable number
    phone: Codes
    numbers: pa.BinaryArray
    of_house: Bools  # per number: called a home's or a workplace's
    email: Codes
    emails: pa.StringArray
    mailboxes: pa.StringArray  # of each email the part before the @
    mailbox: Codes
    number: Codes  # house number, or "box 12"
    street: Codes
    streets: Vocabulary
    unit: Codes
    city: Codes
    postal: Codes

    def __len__(self) -> int:
        return len(self.first)

    def forms(self, rows: Codes) -> Codes:
        """A code that forms of one given name share; 0 for joint, unnamed and organisations.

        Used to see whether people of different given names hold one phone number.
        """
        if not len(rows):
            return np.zeros(0, dtype=np.int32)
        known, texts = known_nicknames(), self.names.texts
        first = self.first[rows]
        table = {"": 0}
        made = np.zeros(len(texts), dtype=np.int32)
        codes = occurring(len(made), first)
        named = ((texts[code], *known.get(texts[code], ())) for code in codes.tolist())
        shortest = [min((name for name in names if len(name) > 1), default="") for names in named]
        made[codes] = [table.setdefault(sound, len(table)) for sound in skeletons(shortest)]
        form = made[first]
        form[(self.second[rows] > 0) | (self.organisation[rows] > 0)] = 0
        return form

    @cached_property
    def phone_held(self) -> Wide:
        """How many rows hold each number."""
        return np.bincount(self.phone, minlength=len(self.numbers))

    @cached_property
    def email_held(self) -> Wide:
        """How many rows hold each email."""
        return np.bincount(self.email, minlength=len(self.emails))

    def phone_names(self, phones: Codes) -> Codes:
        """How many different given names the rows have that hold each of these numbers."""
        size = len(self.numbers)
        return different_holders(self.phone, self.phone_row, self.forms, phones, size)

    def email_names(self, emails: Codes) -> Codes:
        """How many different given names the rows have that hold each of these emails."""
        rows = np.arange(len(self), dtype=np.int32)
        return different_holders(self.email, rows, self.forms, emails, len(self.emails))

    @cached_property
    def called(self) -> Wide:
        """How many rows have each name as their given name."""
        return np.bincount(self.first, minlength=len(self.names.texts))

    @cached_property
    def surnamed(self) -> Wide:
        """How many rows have each name as their surname."""
        return np.bincount(self.last, minlength=len(self.names.texts))

    @cached_property
    def first_two(self) -> tuple[Codes, Codes]:
        """The first and second usable number of each row."""
        rows, codes = self.phone_row, self.phone
        first = np.zeros(len(self), dtype=np.int32)
        second = np.zeros(len(self), dtype=np.int32)
        if len(rows):
            again = np.r_[False, rows[1:] == rows[:-1]]
            first[rows[~again]] = codes[~again]
            at = np.flatnonzero(again & np.r_[False, ~again[:-1]])
            second[rows[at]] = codes[at]
        return first, second

    def mails(self, codes: Codes) -> list[str]:
        """The emails of these codes."""
        return list(self.emails.take(pa.array(codes)).to_pylist())

    @cached_property
    def house(self) -> Codes:
        """A code that rows of one house number and street share, whether known or not."""
        size = int(self.street.max(initial=0)) + 1
        _, code = coded(self.number.astype(np.int64) * size + self.street)
        return code.astype(np.int32)

    @cached_property
    def neighbours(self) -> Codes:
        """Rows with the house number and street of each row."""
        return np.bincount(self.house, minlength=1)[self.house].astype(np.int32)


def people(home: Side, pims: Side) -> People:
    """Code the clients of both sides."""
    frames = (home.clients, pims.clients)

    def column(name: str) -> Column:
        return Column.of(frames, name)

    given, named, suffix = _names(column)
    names, codes = Vocabulary.of(*named.values())
    phones = read_phones(both(frames, "phones"))
    email, emails = numbered(casefolded(both(frames, "email")))
    mailboxes = before(emails, "@")
    mailbox, _ = numbered(mailboxes)
    lines = (both(frames, name) for name in ("address_line1", "address_line2"))
    houses, others = house_lines(*lines)
    number, street, streets = houses_and_streets(houses)
    other, other_words = numbered(others)
    second_lines = Column(other, other_words.to_pylist()).folded()
    _, units = Vocabulary.of(
        column("unit").folded().map(unit_number), second_lines.map(unit_of_line)
    )
    return People(
        home_rows=len(home.clients),
        names=names,
        **dict(zip(named, codes, strict=True)),
        middle=given.map(middle_initial).distinct_codes(),
        suffix=suffix,
        branch=column("organisation").folded().map(branch).distinct_codes(),
        titled=column("title").folded().map(he_or_she).distinct_codes(),
        phone_row=phones.row,
        phone=phones.number,
        numbers=phones.numbers,
        of_house=phones.of_house,
        email=email,
        emails=emails,
        mailboxes=mailboxes,
        mailbox=mailbox[email],
        number=number,
        street=street,
        streets=streets,
        unit=np.where(units[0] == 0, units[1], units[0]),
        city=column("city").folded().map(solid).distinct_codes(),
        postal=column("postal_code").map(lambda text: text[:5]).distinct_codes(),
    )


def _names(column: Callable[[str], Column]) -> tuple[Column, dict[str, Column], Codes]:
    """Given names, each part of the names by its field of `People`, and which of a family it is."""
    # "Robert", "Bell Sr", as people type it where no field asks for it.
    # Of a given name, "J.R." are initials.
    typed = [
        column("first_name").folded(),
        column("last_name").folded().map(undotted),
        column("partner_first_name").folded(),
    ]
    given, surname, partner = (text.map(without_generation) for text in typed)
    generations = [
        column("suffix").folded().map(undotted),
        *(text.map(typed_behind) for text in typed),
        column("name_note").map(noted_generation),  # "(Jr)", or of "Ann & Robert Jr" the Jr
    ]
    named = {
        "first": given.map(given_name),
        "whole": given.map(solid),
        "further": given.map(further_names),
        "second": partner.map(given_name),
        "second_whole": partner.map(solid),
        "second_further": partner.map(further_names),
        "last": surname.map(solid),
        "last_head": surname.map(lambda text: surname_parts(text)[0]),
        "last_tail": surname.map(lambda text: surname_parts(text)[-1]),
        "second_last": column("partner_last_name").folded().map(solid),
        "organisation": column("organisation").folded().map(solid),
    }
    return given, named, _first_said([_generations(text) for text in generations])


def _generations(texts: Column) -> Codes:
    return np.array([generation(word) for word in texts.words], dtype=np.int32)[texts.codes]


def _first_said(columns: list[Codes]) -> Codes:
    """Of each row the first code that isn't 0."""
    found = columns[0]
    for column in columns[1:]:
        found = np.where(found > 0, found, column)
    return found
