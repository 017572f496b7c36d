"""What two clients agree on, field by field: a small level per candidate pair and field.

Household evidence (address, surname, shared number or email) and evidence for the person
(given name, own number, own email, suffix, middle initial) are kept apart here: a number or
email that people of different given names hold is the household's, whatever it is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from vet_pipeline.matching.arrays import Bools, Bytes, Codes, Levels, Wide
from vet_pipeline.matching.keys import occurring
from vet_pipeline.matching.names import NameLevel, name_levels, two_names
from vet_pipeline.matching.phones import last_digits

if TYPE_CHECKING:
    from vet_pipeline.matching.profiles import People


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
    first, joint = _given_names(people, left, right)
    last = _surnames(people, left, right)
    to_last, to_first = np.zeros((2, len(left)), dtype=np.int32)
    # Crosswise only where that could be more alike than as they stand. Which of the rows is the
    # swapped one isn't known: what is less alike is taken for the given names.
    at = np.flatnonzero(np.minimum(first, last) < NameLevel.SAME)
    to_last[at] = name_levels(
        people.first[left[at]], people.last[right[at]], people.names, given=True
    )
    at = at[to_last[at] > NameLevel.FUZZY]
    to_first[at] = name_levels(
        people.last[left[at]], people.first[right[at]], people.names, given=True
    )
    less, more = np.minimum(to_last, to_first), np.maximum(to_last, to_first)
    swapped = (less > NameLevel.FUZZY) & (more >= NameLevel.NEAR)
    swapped &= np.minimum(first, last) < less
    first, last = np.where(swapped, less, first), np.where(swapped, more, last)
    organised = (people.organisation[left] > 0) | (people.organisation[right] > 0)
    if organised.any():
        last = np.where(organised, _organisations(people, left, right), last)
    return NameLevels(first, last, joint, swapped.astype(np.int32))


def two_given_names(people: People, left: Codes, right: Codes, level: Levels) -> Bools:
    """Whether names that only look alike (`level` of the given names) are two known names."""
    found = np.zeros(len(left), dtype=bool)
    at = np.flatnonzero(level == NameLevel.FUZZY)
    found[at] = two_names(people.first[left[at]], people.first[right[at]], people.names)
    return found


def only_organised(people: People, left: Codes, right: Codes) -> Bools:
    """Whether one row is an organisation's that names no surname, and the other a person's."""
    single = (people.organisation[left] > 0) ^ (people.organisation[right] > 0)
    of_it = np.where(people.organisation[left] > 0, left, right)
    return np.asarray(single & (people.last[of_it] == 0))


def other_person(people: People, left: Codes, right: Codes) -> Bools:
    """Whether whoever a row names first is somebody else than in the other row."""
    one, other = people.first[left], people.first[right]
    found = (people.second[left] > 0) | (people.second[right] > 0)
    at = np.flatnonzero(found)
    level = name_levels(one[at], other[at], people.names, given=True)
    found[at] = (level > NameLevel.MISSING) & (level < NameLevel.INITIAL)
    return np.asarray(found)


def _given_names(people: People, left: Codes, right: Codes) -> tuple[Codes, Codes]:
    """The best level of any two persons of the rows, and NameLevels.joint."""
    a, b = people.first[left], people.first[right]
    partner_a, partner_b = people.second[left], people.second[right]
    one_one = name_levels(a, b, people.names, given=True)
    # "Mary Ann" and "Maryann"
    whole = people.whole[left] == people.whole[right]
    one_one[whole & (a > 0) & (b > 0)] = NameLevel.SAME
    joint = ((partner_a > 0) | (partner_b > 0)).astype(np.int32)
    at = np.flatnonzero(joint)
    if not len(at):
        return one_one, joint
    one_two, two_one, two_two = name_levels(
        np.concatenate([a[at], partner_a[at], partner_a[at]]),
        np.concatenate([partner_b[at], b[at], partner_b[at]]),
        people.names,
        given=True,
    ).reshape(3, -1)
    first = one_one.copy()
    first[at] = np.maximum.reduce([one_one[at], one_two, two_one, two_two])
    straight, crossed = np.minimum(one_one[at], two_two), np.minimum(one_two, two_one)
    agree = np.maximum(straight, crossed) >= NameLevel.INITIAL
    both = (partner_a[at] > 0) & (partner_b[at] > 0)
    joint[at[both]] = np.where(agree[both], 2, 3)
    return first, joint


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


class ContactLevel:
    """Levels of phones and emails; bigger is better."""

    MISSING, DIFFERENT, NEAR, CROWDED, HOUSEHOLD, OWN = range(6)


def compare_phones(people: People, left: Codes, right: Codes, one_name: Bools) -> Levels:
    """The best of all number pairs; one_name: `written_twice` of the rows."""
    numbers = people.first_two
    says = _tells(people.phone_held)
    told = says[numbers[0]] | says[numbers[1]]
    level = np.where(told[left] & told[right], ContactLevel.DIFFERENT, ContactLevel.MISSING)
    if not ((numbers[0][left] > 0) & (numbers[0][right] > 0)).any():
        return level.astype(np.int8)
    place, digits = _digits_of(people, left, right)
    for one in numbers:
        for other in numbers:
            at = np.flatnonzero((one[left] > 0) & (other[right] > 0))
            a, b = one[left[at]], other[right[at]]
            same = np.flatnonzero(a == b)
            if len(same):
                names = people.phone_names(a[same]) - one_name[at[same]]
                held = _holder_level(people.phone_held[a[same]], names)
                level[at[same]] = np.maximum(level[at[same]], held)
            still = level[at] == ContactLevel.DIFFERENT
            wrong = digits[place[a[still]]] != digits[place[b[still]]]
            near = (wrong.sum(axis=1) == 1) | ~wrong[:, -7:].any(axis=1)
            level[at[still][near]] = ContactLevel.NEAR
    return level.astype(np.int8)


def _digits_of(people: People, left: Codes, right: Codes) -> tuple[Codes, Bytes]:
    """The last digits of the numbers of these rows, and the place of each number among them."""
    held = [numbers[rows] for numbers in people.first_two for rows in (left, right)]
    place = np.zeros(len(people.numbers), dtype=np.int32)
    codes = occurring(len(place), *held)
    place[codes] = np.arange(len(codes))
    return place, last_digits(people.numbers.take(pa.array(codes)))


def only_house_numbers(people: People, left: Codes, right: Codes) -> Bools:
    """Whether each number that both rows hold is called a home's or a workplace's by somebody.

    Father and son may share it. Not told by `compare_phones`: many programs call every number so.
    """
    shared, personal = np.zeros(len(left), dtype=bool), np.zeros(len(left), dtype=bool)
    for one in people.first_two:
        for other in people.first_two:
            same = (one[left] == other[right]) & (one[left] > 0)
            shared |= same
            personal |= same & ~people.of_house[one[left]]
    return shared & ~personal


def other_numbers(people: People, left: Codes, right: Codes) -> Bools:
    """Whether each row has a number that the other lacks: father's and son's beside the house's."""

    def lacks(rows: Codes, others: Codes) -> Bools:
        one, two = (numbers[others] for numbers in people.first_two)
        found = np.zeros(len(rows), dtype=bool)
        for own in people.first_two:
            found |= (own[rows] > 0) & (own[rows] != one) & (own[rows] != two)
        return found

    return np.asarray(lacks(left, right) & lacks(right, left))


def _tells(held: Wide) -> Bools:
    """Whether one that differs from each number or email says anything: the desk's doesn't."""
    told = held <= CROWD
    told[:1] = False
    return np.asarray(told)


def _holder_level(count: Wide, different: Codes) -> Codes:
    """The level of a shared value by how many rows hold it, and with how many given names."""
    level = np.where(different >= 2, ContactLevel.HOUSEHOLD, ContactLevel.OWN)
    return np.where(count > CROWD, ContactLevel.CROWDED, level).astype(np.int32)


def compare_emails(people: People, left: Codes, right: Codes, one_name: Bools) -> Levels:
    """Same address, one slip, same mailbox at another host, or different; one_name as above."""
    a, b = people.email[left], people.email[right]
    told = _tells(people.email_held)
    level = np.where(told[a] & told[b], ContactLevel.DIFFERENT, ContactLevel.MISSING)
    same = np.flatnonzero((a == b) & (a > 0))
    if len(same):
        names = people.email_names(a[same]) - one_name[same]
        level[same] = _holder_level(people.email_held[a[same]], names)
    open_at = np.flatnonzero(level == ContactLevel.DIFFERENT)
    if len(open_at):
        one, other = people.mails(a[open_at]), people.mails(b[open_at])
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
        # 15th and 16th Street, RR 2 and RR 3: a number is no slip of another.
        numbered = [["".join(filter(str.isdigit, text)) for text in side] for side in (one, other)]
        same_numbers = np.array(numbered[0]) == np.array(numbered[1])
        level[open_at[(alike >= 0.85) & same_numbers]] = AddressLevel.NEAR
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
