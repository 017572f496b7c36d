"""What two clients agree on, field by field: a small level per candidate pair and field.

Household evidence (address, surname, shared number or email) and evidence for the person
(given name, own number, own email, suffix, middle initial) are kept apart here: a number or
email that people of different given names hold is the household's, whatever it is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from vet_pipeline.matching.names import NameLevel, name_levels

if TYPE_CHECKING:
    from vet_pipeline.matching.keys import Codes
    from vet_pipeline.matching.profiles import People

Levels = np.ndarray[Any, np.dtype[np.int8]]

#: A value held by this many rows of both sides says nothing about a person (a placeholder,
#: the clinic's own number); one slip more or less doesn't matter.
CROWD = 10


@dataclass
class NameLevels:
    """Levels of the persons of two rows."""

    first: Codes  # the best pair of persons
    last: Codes
    joint: Codes  # 0 no, 1 one row joint, 2 both and both agree, 3 both, one differs
    swapped: Codes  # given name and surname stand in each other's place


def compare_names(people: People, left: Codes, right: Codes) -> NameLevels:
    """Given names and surnames, across partners and across swapped fields."""

    def given(one: Codes, other: Codes) -> Codes:
        return name_levels(one[left], other[right], people.names, given=True)

    one_one = given(people.first, people.first)
    one_two = given(people.first, people.second)
    two_one = given(people.second, people.first)
    two_two = given(people.second, people.second)
    first = np.maximum.reduce([one_one, one_two, two_one, two_two])
    joint_left, joint_right = people.second[left] > 0, people.second[right] > 0
    straight, crossed = np.minimum(one_one, two_two), np.minimum(one_two, two_one)
    worse = np.maximum(straight, crossed)
    joint = (joint_left | joint_right).astype(np.int32)
    both = joint_left & joint_right
    joint[both] = np.where(worse[both] >= NameLevel.INITIAL, 2, 3)
    last = _surnames(people, left, right)
    to_last = name_levels(people.first[left], people.last[right], people.names, given=False)
    to_first = name_levels(people.last[left], people.first[right], people.names, given=False)
    cross = np.minimum(to_last, to_first)
    swapped = (cross >= NameLevel.FUZZY) & (np.maximum(to_last, to_first) >= NameLevel.NEAR)
    swapped &= np.minimum(first, last) < cross
    first = np.where(swapped, to_last, first)
    last = np.where(swapped, to_first, last)
    organised = (people.organisation[left] > 0) | (people.organisation[right] > 0)
    last = np.where(organised, _organisations(people, left, right), last)
    return NameLevels(first, last, joint, swapped.astype(np.int32))


def _surnames(people: People, left: Codes, right: Codes) -> Codes:
    level = name_levels(people.last[left], people.last[right], people.names, given=False)
    for one, other in (
        (people.second_last, people.last),
        (people.last, people.second_last),
        (people.second_last, people.second_last),
    ):
        a, b = one[left], other[right]
        if (a > 0).any() and (b > 0).any():
            level = np.maximum(level, name_levels(a, b, people.names, given=False))
    parts_left = (people.last_head[left], people.last_tail[left], people.last[left])
    parts_right = (people.last_head[right], people.last_tail[right], people.last[right])
    part = np.zeros(len(left), dtype=bool)
    for a in parts_left:
        for b in parts_right:
            part |= (a == b) & (a > 0)
    return np.where(part & (level < NameLevel.PREFIX), NameLevel.PREFIX, level).astype(np.int32)


def _organisations(people: People, left: Codes, right: Codes) -> Codes:
    """An organisation against a person says nothing of surnames: the person may be its contact.

    Unless the surname is the organisation's name, not seen as one because of a slip.
    """
    one, other = people.organisation[left], people.organisation[right]
    single = (one == 0) | (other == 0)
    one = np.where(one == 0, people.last[left], one)
    other = np.where(other == 0, people.last[right], other)
    level = name_levels(one, other, people.names, given=False)
    alike = np.where(level >= NameLevel.NEAR, level, NameLevel.MISSING)
    return np.where(single, alike, level).astype(np.int32)


def holders(code: Codes, rows: Codes, who: Codes, size: int) -> tuple[Codes, Codes]:
    """How many rows hold each value, and how many different `who` (given names) they have."""
    count = np.bincount(code, minlength=size)
    pairs = np.unique(code.astype(np.int64) << 32 | who[rows])
    different = np.bincount((pairs >> 32)[(pairs & 0xFFFFFFFF) > 0], minlength=size)
    return count.astype(np.int32), different.astype(np.int32)


class ContactLevel:
    """Levels of phones and emails; bigger is better."""

    MISSING, DIFFERENT, NEAR, CROWDED, HOUSEHOLD, OWN = range(6)


def compare_phones(people: People, left: Codes, right: Codes) -> Levels:
    """The best of all number pairs."""
    first, second = _first_two(people)
    count, different = holders(
        people.phone, people.phone_row, people.forms, len(people.numbers.texts)
    )
    digits = _digits(people.numbers.texts)
    any_left = first[left] > 0
    any_right = first[right] > 0
    level = np.where(any_left & any_right, ContactLevel.DIFFERENT, ContactLevel.MISSING)
    for one in (first, second):
        for other in (first, second):
            a, b = one[left], other[right]
            same = (a == b) & (a > 0)
            best = np.where(different[a] > 2, ContactLevel.HOUSEHOLD, ContactLevel.OWN)
            best = np.where(different[a] == 2, ContactLevel.HOUSEHOLD, best)
            best = np.where(count[a] > CROWD, ContactLevel.CROWDED, best)
            level = np.where(same, np.maximum(level, best), level)
            open_at = np.flatnonzero((a > 0) & (b > 0) & (level == ContactLevel.DIFFERENT))
            wrong = (digits[a[open_at]] != digits[b[open_at]]).sum(axis=1)
            local = (digits[a[open_at], -7:] == digits[b[open_at], -7:]).all(axis=1)
            level[open_at[(wrong == 1) | local]] = ContactLevel.NEAR
    return level.astype(np.int8)


def _first_two(people: People) -> tuple[Codes, Codes]:
    rows, codes = people.phone_row, people.phone
    first = np.zeros(len(people), dtype=np.int32)
    second = np.zeros(len(people), dtype=np.int32)
    if len(rows):
        new = np.r_[True, rows[1:] != rows[:-1]]
        rank = np.arange(len(rows)) - np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
        first[rows[rank == 0]] = codes[rank == 0]
        second[rows[rank == 1]] = codes[rank == 1]
    return first, second


def _digits(numbers: list[str]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The last ten characters of each number as a matrix."""
    packed = "".join(number[-10:].rjust(10) for number in numbers)
    encoded = packed.encode("ascii", "replace")
    return np.frombuffer(encoded, dtype=np.uint8).reshape(len(numbers), 10)


def compare_emails(people: People, left: Codes, right: Codes) -> Levels:
    """Same address, one slip, same mailbox at another host, or different."""
    rows = np.arange(len(people), dtype=np.int32)
    count, different = holders(people.email, rows, people.forms, len(people.emails.texts))
    a, b = people.email[left], people.email[right]
    level = np.where((a > 0) & (b > 0), ContactLevel.DIFFERENT, ContactLevel.MISSING)
    best = np.where(different[a] >= 2, ContactLevel.HOUSEHOLD, ContactLevel.OWN)
    best = np.where(count[a] > CROWD, ContactLevel.CROWDED, best)
    level = np.where((a == b) & (a > 0), best, level)
    open_at = np.flatnonzero(level == ContactLevel.DIFFERENT)
    texts = people.emails.texts
    if len(open_at):
        one = [texts[i] for i in a[open_at]]
        other = [texts[i] for i in b[open_at]]
        slips = cpdist(one, other, scorer=OSA.distance, score_cutoff=2, dtype=np.int32)
        mailbox = people.mailbox[left[open_at]] == people.mailbox[right[open_at]]
        long_enough = np.array([text.find("@") >= 5 for text in one], dtype=bool)
        level[open_at[(slips <= 2) & long_enough | mailbox]] = ContactLevel.NEAR
    return level.astype(np.int8)


class AddressLevel:
    """Levels of addresses; bigger is better."""

    MISSING, DIFFERENT, STREET, NEAR, OTHER_UNIT, UNIT_UNKNOWN, SAME = range(7)


def compare_addresses(people: People, left: Codes, right: Codes) -> Levels:
    """House number and street, then the unit; towns are compared apart."""
    number_l, number_r = people.number[left], people.number[right]
    street_l, street_r = people.street[left], people.street[right]
    there = ((number_l > 0) | (street_l > 0)) & ((number_r > 0) | (street_r > 0))
    level = np.where(there, AddressLevel.DIFFERENT, AddressLevel.MISSING)
    same_number = (number_l == number_r) & (number_l > 0)
    same_street = street_l == street_r
    level = np.where(there & same_street & (street_l > 0), AddressLevel.STREET, level)
    open_at = np.flatnonzero(there & same_number & ~same_street & (street_l > 0) & (street_r > 0))
    if len(open_at):
        texts = people.streets.texts
        one = [texts[i] for i in street_l[open_at]]
        other = [texts[i] for i in street_r[open_at]]
        alike = cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float32)
        level[open_at[alike >= 0.85]] = AddressLevel.NEAR
    unit_l, unit_r = people.unit[left], people.unit[right]
    unit = np.where(
        unit_l == unit_r,
        AddressLevel.SAME,
        np.where((unit_l > 0) & (unit_r > 0), AddressLevel.OTHER_UNIT, AddressLevel.UNIT_UNKNOWN),
    )
    return np.where(there & same_number & same_street, unit, level).astype(np.int8)


def compare_places(people: People, left: Codes, right: Codes) -> Levels:
    """0 unknown, 1 neither postal code nor town, 2 town only, 3 postal code."""
    same_postal = (people.postal[left] == people.postal[right]) & (people.postal[left] > 0)
    same_city = (people.city[left] == people.city[right]) & (people.city[left] > 0)
    known = (people.postal[left] > 0) & (people.postal[right] > 0)
    known |= (people.city[left] > 0) & (people.city[right] > 0)
    return np.where(same_postal, 3, np.where(same_city, 2, known.astype(int))).astype(np.int8)
