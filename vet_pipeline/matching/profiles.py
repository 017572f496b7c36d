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

from vet_pipeline.matching.keys import (
    Column,
    Vocabulary,
    all_phone_numbers,
    arrow,
    coded,
    held,
    house_numbers,
    skeleton,
)
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

Bools = np.ndarray[Any, np.dtype[np.bool_]]
UNKNOWN_DAY = -(2**30)


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
    of_house: Bools  # per number: called a home's or a workplace's
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

    @cached_property
    def phone_held(self) -> tuple[Codes, Codes]:
        """How many rows hold each number, and how many given names they have."""
        return held(self.phone, self.phone_row, self.forms, len(self.numbers.texts))

    @cached_property
    def email_held(self) -> tuple[Codes, Codes]:
        """How many rows hold each email, and how many given names they have."""
        rows = np.arange(len(self), dtype=np.int32)
        return held(self.email, rows, self.forms, len(self.emails.texts))

    @cached_property
    def first_two(self) -> tuple[Codes, Codes]:
        """The first and second usable number of each row."""
        rows, codes = self.phone_row, self.phone
        first = np.zeros(len(self), dtype=np.int32)
        second = np.zeros(len(self), dtype=np.int32)
        if len(rows):
            new = np.r_[True, rows[1:] != rows[:-1]]
            start = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
            rank = np.arange(len(rows)) - start
            first[rows[rank == 0]] = codes[rank == 0]
            second[rows[rank == 1]] = codes[rank == 1]
        return first, second

    @cached_property
    def digits(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The last ten characters of each number as a matrix."""
        packed = "".join(number[-10:].rjust(10) for number in self.numbers.texts)
        encoded = packed.encode("ascii", "replace")
        return np.frombuffer(encoded, dtype=np.uint8).reshape(-1, 10)

    @cached_property
    def mailboxes(self) -> list[str]:
        """The part before the @ of each email."""
        return [mail.split("@")[0] for mail in self.emails.texts]

    @cached_property
    def neighbours(self) -> Codes:
        """Rows with the house number and street of each row."""
        size = int(self.street.max(initial=0)) + 1
        _, code = coded(self.number.astype(np.int64) * size + self.street)
        return np.bincount(code, minlength=1)[code].astype(np.int32)


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

    @cached_property
    def by_owner(self) -> tuple[Codes, Codes]:
        """Rows of pets in the order of their owners, and how many each owner up to the last has."""
        order = np.argsort(self.owner, kind="stable")
        order = order[self.owner[order] >= 0]
        return order.astype(np.int32), np.bincount(self.owner[order]).astype(np.int32)


def people(home: Side, pims: Side) -> People:
    """Code the clients of both sides."""

    def column(name: str) -> Column:
        return Column.of((home.clients, pims.clients), name)

    given = column("first_name").folded()
    surname = column("last_name").folded()
    parts = [surname_parts(word) if word else [""] for word in surname.words]
    names, name_codes = Vocabulary.of(
        given.map(given_name),
        column("partner_first_name").folded().map(given_name),
        surname.map(solid),
        surname.reworded([part[0] for part in parts]),
        surname.reworded([part[-1] for part in parts]),
        column("partner_last_name").folded().map(solid),
        column("organisation").folded().map(solid),
    )
    numbers, of_house, phone, phone_row = _phones(column("phones"))
    email = column("email").map(str.casefold)
    lines = column("address_line1").folded()
    houses = [address_parts(word) if word else ("", "") for word in lines.words]
    street = lines.reworded([house[1] for house in houses])
    unit, second_line = column("unit").map(unit_number), column("address_line2").map(unit_number)
    _, units = Vocabulary.of(unit, second_line)
    suffix = column("suffix").folded()
    suffixes = np.array([SUFFIXES.get(word, 0) for word in suffix.words], dtype=np.int32)
    first, second, last, head, tail, second_last, organisation = name_codes
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
        of_house,
        email.codes,
        Vocabulary(email.words),
        email.map(lambda text: text.split("@")[0]).codes,
        lines.reworded([house[0] for house in houses]).codes,
        street.codes,
        Vocabulary(street.words),
        np.where(units[0] == 0, units[1], units[0]),
        column("city").folded().map(solid).codes,
        column("postal_code").map(lambda text: text[:5]).codes,
    )


def _phones(column: Column) -> tuple[Vocabulary, Bools, Codes, Codes]:
    """Distinct numbers with People.of_house, and per usable number its code and the row's place."""
    table = {"": 0}
    lists = [
        [table.setdefault(number, len(table)) for number in numbers]
        for numbers in all_phone_numbers(column.words)
    ]
    counts = np.array([len(codes) for codes in lists], dtype=np.int32)
    flat = np.array([code for codes in lists for code in codes], dtype=np.int32)
    starts = np.cumsum(counts) - counts
    each = counts[column.codes]
    rows = np.repeat(np.arange(len(each), dtype=np.int32), each)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(each) - each, each)
    house = house_numbers(column.words)
    of_house = np.array([number in house for number in table], dtype=bool)
    return Vocabulary(list(table)), of_house, flat[starts[column.codes][rows] + within], rows


def animals(home: Side, pims: Side) -> Animals:
    """Code the pets of both sides."""

    def column(name: str) -> Column:
        return Column.of((home.pets, pims.pets), name)

    home_rows, split = len(home.pets), len(home.clients)
    owner = np.concatenate([_owners(home), _owners(pims)])
    owner[home_rows:] = np.where(owner[home_rows:] < 0, -1, owner[home_rows:] + split)
    name = column("name").folded()
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
        _numbered(name, column("name_note").folded()),
        column("species").folded().codes,
        breed.codes,
        Vocabulary(breed.words),
        _days(home, pims, "birth_date"),
        _days(home, pims, "deceased_on"),
        _days(home, pims, "weighed_on"),
        pc.fill_null(deceased, -1).to_numpy(),
    )


def _numbered(name: Column, note: Column) -> Codes:
    marks = [
        np.array([bool(NUMBERED.search(word)) for word in column.words], dtype=bool)
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
