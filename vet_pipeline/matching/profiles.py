"""The clients and pets of both sides as coded columns: what all comparing works on.

Rows of both sides stand in one table, home first, so that equal text has equal code and two
rows can be compared whatever side they are from. Code 0 always means *missing*.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.keys import Column, arrow, fold, phone_numbers, skeleton
from vet_pipeline.matching.nicknames import known_nicknames
from vet_pipeline.matching.wording import (
    NUMBERED,
    SUFFIXES,
    address_parts,
    breed_words,
    given_name,
    middle_initial,
    solid,
    surname_parts,
    unit_number,
)

if TYPE_CHECKING:
    from vet_pipeline.matching.contract import Side
    from vet_pipeline.matching.keys import Codes


@dataclass
class Vocabulary:
    """Distinct texts; `texts[0]` is '' (missing)."""

    texts: list[str]

    @classmethod
    def of(cls, *columns: Column) -> tuple[Vocabulary, list[Codes]]:
        """One vocabulary for several columns, and each column's codes in it."""
        table = {"": 0}
        parts = []
        for column in columns:
            new = [table.setdefault(word, len(table)) for word in column.words]
            parts.append(np.array(new, dtype=np.int32)[column.codes])
        return cls(list(table)), parts

    @cached_property
    def sizes(self) -> Codes:
        """Length of each text."""
        return np.array([len(text) for text in self.texts], dtype=np.int32)

    @cached_property
    def letters(self) -> Codes:
        """First letter of each text as a number, 0 for ''."""
        return np.array([ord(text[0]) if text else 0 for text in self.texts], dtype=np.int32)

    @cached_property
    def sounds(self) -> Codes:
        """A code of each text's `skeleton`, 0 where it has none."""
        table = {"": 0}
        made = [table.setdefault(skeleton(text), len(table)) for text in self.texts]
        return np.array(made, dtype=np.int32)


@dataclass
class People:
    """Coded clients of both sides."""

    home_rows: int
    names: Vocabulary  # given names, surnames and their parts alike: names get swapped
    first: Codes
    second: Codes  # the partner of a joint account
    last: Codes
    last_head: Codes  # first and last part of a double surname
    last_tail: Codes
    second_last: Codes
    organisation: Codes  # in `names`
    middle: Codes
    suffix: Codes
    phone_row: Codes  # one entry per usable number
    phone: Codes
    numbers: Vocabulary
    email: Codes
    emails: Vocabulary
    mailbox: Codes  # the part before the @
    number: Codes  # house number, or "box 12"
    street: Codes
    streets: Vocabulary
    unit: Codes
    city: Codes
    postal: Codes

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def forms(self) -> Codes:
        """A code that forms of one given name share; 0 for joint, unnamed and organisations.

        Used to see whether people of different given names hold one phone number.
        """
        known = known_nicknames()
        table = {"": 0}
        made = []
        for text in self.names.texts:
            forms = (name for name in (text, *known.get(text, ())) if len(name) > 1)
            made.append(table.setdefault(skeleton(min(forms, default="")), len(table)))
        code = np.array(made, dtype=np.int32)[self.first]
        code[(self.second > 0) | (self.organisation > 0)] = 0
        return code


@dataclass
class Animals:
    """Coded pets of both sides; `owner` is a row of People, -1 where unknown."""

    home_rows: int
    names: Vocabulary
    owner: Codes
    name: Codes
    head: Codes  # first word of the name
    numbered: Codes  # "Rex II", "Rex (2)": 1, else 0
    species: Codes
    breed: Codes
    breeds: Vocabulary
    born: np.ndarray[Any, np.dtype[np.int32]]  # days since 1970, UNKNOWN_DAY where missing
    died: np.ndarray[Any, np.dtype[np.int32]]
    weighed: np.ndarray[Any, np.dtype[np.int32]]
    deceased: np.ndarray[Any, np.dtype[np.int8]]  # 1, 0, -1 unknown

    def __len__(self) -> int:
        return len(self.name)


UNKNOWN_DAY = -(2**30)


def people(home: Side, pims: Side) -> People:
    """Code the clients of both sides."""

    def column(name: str) -> Column:
        return Column.of((home.clients, pims.clients), name)

    given = column("first_name").map(fold)
    surname = column("last_name").map(fold)
    names, coded = Vocabulary.of(
        given.map(given_name),
        column("partner_first_name").map(fold).map(given_name),
        surname.map(solid),
        surname.map(lambda text: surname_parts(text)[0]),
        surname.map(lambda text: surname_parts(text)[-1]),
        column("partner_last_name").map(fold).map(solid),
        column("organisation").map(fold).map(solid),
    )
    numbers, phone, phone_row = _phones(column("phones"))
    email = column("email").map(str.casefold)
    lines = column("address_line1").map(fold)
    street = lines.map(lambda text: address_parts(text)[1])
    unit, second_line = column("unit").map(unit_number), column("address_line2").map(unit_number)
    _, units = Vocabulary.of(unit, second_line)
    suffix = column("suffix").map(fold)
    suffixes = np.array([SUFFIXES.get(word, 0) for word in suffix.words], dtype=np.int32)
    first, second, last, head, tail, second_last, organisation = coded
    return People(
        len(home.clients),
        names,
        first,
        second,
        last,
        head,
        tail,
        second_last,
        organisation,
        given.map(middle_initial).codes,
        suffixes[suffix.codes],
        phone_row,
        phone,
        numbers,
        email.codes,
        Vocabulary(email.words),
        email.map(lambda text: text.split("@")[0]).codes,
        lines.map(lambda text: address_parts(text)[0]).codes,
        street.codes,
        Vocabulary(street.words),
        np.where(units[0] == 0, units[1], units[0]),
        column("city").map(lambda text: fold(text).replace(" ", "")).codes,
        column("postal_code").map(lambda text: text[:5]).codes,
    )


def _phones(column: Column) -> tuple[Vocabulary, Codes, Codes]:
    """Distinct numbers, and per usable number its code and the row that holds it."""
    table = {"": 0}
    lists = [
        [table.setdefault(number, len(table)) for number in phone_numbers(cell)]
        for cell in column.words
    ]
    counts = np.array([len(codes) for codes in lists], dtype=np.int32)
    flat = np.array([code for codes in lists for code in codes], dtype=np.int32)
    starts = np.cumsum(counts) - counts
    held = counts[column.codes]
    rows = np.repeat(np.arange(len(held), dtype=np.int32), held)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(held) - held, held)
    return Vocabulary(list(table)), flat[starts[column.codes][rows] + within], rows


def animals(home: Side, pims: Side) -> Animals:
    """Code the pets of both sides."""

    def column(name: str) -> Column:
        return Column.of((home.pets, pims.pets), name)

    home_rows, split = len(home.pets), len(home.clients)
    owner = np.concatenate([_owners(home), _owners(pims)])
    owner[home_rows:] = np.where(owner[home_rows:] < 0, -1, owner[home_rows:] + split)
    name = column("name").map(fold)
    names, (name_code, head) = Vocabulary.of(name, name.map(lambda text: text.split(" ")[0]))
    breed = column("breed").map(breed_words)
    deceased = pa.concat_arrays(
        [arrow(side.pets, "deceased").cast(pa.bool_()).cast(pa.int8()) for side in (home, pims)]
    )
    return Animals(
        home_rows,
        names,
        owner,
        name_code,
        head,
        _numbered(name, column("name_note")),
        column("species").map(fold).codes,
        breed.codes,
        Vocabulary(breed.words),
        _days(home, pims, "birth_date"),
        _days(home, pims, "deceased_on"),
        _days(home, pims, "weighed_on"),
        pc.fill_null(deceased, -1).to_numpy(),
    )


def _numbered(name: Column, note: Column) -> Codes:
    marks = [
        np.array([bool(NUMBERED.search(fold(word))) for word in column.words], dtype=bool)
        for column in (name, note)
    ]
    marked = marks[0][name.codes] | marks[1][note.codes]
    return np.asarray(marked, dtype=np.int32)


def _owners(side: Side) -> Codes:
    """Row of each pet's owner among the side's clients, -1 where it isn't there."""
    found = pc.index_in(
        arrow(side.pets, "client_id").cast(pa.string()),
        value_set=arrow(side.clients, "client_id").cast(pa.string()),
        skip_nulls=True,
    )
    return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int32).copy()


def _days(home: Side, pims: Side, field: str) -> Codes:
    """Days since 1970; UNKNOWN_DAY where missing."""
    parts = [arrow(side.pets, field).cast(pa.date32()) for side in (home, pims)]
    days = pc.fill_null(pa.concat_arrays(parts).cast(pa.int32()), UNKNOWN_DAY)
    return np.asarray(days.to_numpy(), dtype=np.int32)
