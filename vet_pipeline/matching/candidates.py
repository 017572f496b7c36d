"""Candidate pairs: rows that share at least one key. What is alike in nothing is not compared.

A key that is missing brings no pairs (it narrows, it never widens), and a value held by too
many rows, such as the clinic's own phone, brings none either and is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.arrays import Bools, Codes, Wide
from vet_pipeline.matching.keys import coded, distinct

if TYPE_CHECKING:
    from vet_pipeline.matching.animals import Animals
    from vet_pipeline.matching.profiles import People

#: Rows of one side with one value up to which all are compared: more have the clinic's own phone.
CROWDED = 60
#: Rows of one house on one side up to which all its people are compared.
HOUSE = 6
#: The same for names of one sound: common ones are found by other keys.
SOUND = 12
#: The same for keys of a pet: Bella of the Smiths is nobody in particular.
PETS = 6


@dataclass
class Blocks:
    """Pairs found so far and how many values were too common to bring any."""

    home_rows: int
    max_block: int
    pairs: list[Wide] = field(default_factory=list)
    too_common: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, key: Wide, rows: Codes | None = None, most: int | None = None) -> None:
        """All home x PIMS pairs of rows with the same `key`; keys below 0 are missing.

        `most`: as `max_block`, for keys that others narrow down, so it isn't counted.
        """
        at = np.arange(len(key)) if rows is None else rows.astype(np.int64)
        home = at < self.home_rows
        ours, theirs = np.flatnonzero((key >= 0) & home), np.flatnonzero((key >= 0) & ~home)
        # Most keys are on one side only: only what may be on both is sorted.
        on_ours, on_theirs = _maybe_on_both(key[ours], key[theirs])
        ours, theirs = ours[on_ours], theirs[on_theirs]
        if not len(theirs):
            return
        left, right = _unique(key[ours], at[ours]), _unique(key[theirs], at[theirs])
        start_l, start_r, count_l, count_r = _shared(left[0], right[0])
        limit = self.max_block if most is None else min(most, self.max_block)
        crowded = (count_l > limit) | (count_r > limit)
        if most is None:
            self.too_common[name] = self.too_common.get(name, 0) + int(crowded.sum())
        keep = ~crowded
        start_l, start_r = start_l[keep], start_r[keep]
        count_l, count_r = count_l[keep], count_r[keep]
        if not len(start_l):
            return
        sizes = count_l * count_r
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        width = np.repeat(count_r, sizes)
        home_at = left[1][np.repeat(start_l, sizes) + within // width]
        pims_at = right[1][np.repeat(start_r, sizes) + within % width]
        self.pairs.append((home_at << 32) | pims_at)

    def on_both_sides(self, code: Codes) -> Codes:
        """Rows whose code, unless it is 0, rows of the other side have as well."""
        size, split = int(code.max(initial=0)) + 1, self.home_rows
        there = np.zeros((2, size), dtype=bool)
        there[0, code[:split]] = True
        there[1, code[split:]] = True
        there[:, 0] = False
        return np.flatnonzero((there[0] & there[1])[code]).astype(np.int32)

    def distinct(self) -> tuple[Codes, Codes]:
        """Row numbers of the pairs, each once, in order."""
        if not self.pairs:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
        merged = distinct(np.concatenate(self.pairs))
        return (merged >> 32).astype(np.int32), (merged & 0xFFFFFFFF).astype(np.int32)


def client_pairs(people: People, animals: Animals) -> tuple[Codes, Codes, dict[str, int]]:
    """Pairs of clients that share a contact, a full name, an address or a pet."""
    blocks = Blocks(people.home_rows, CROWDED)
    initial, sound = people.names.letters, people.names.sounds
    blocks.add("phone", _key(people.phone), people.phone_row)
    blocks.add("email", _key(people.email))
    blocks.add("mailbox", _key(people.mailbox))
    rows, given, last = _full_names(people)
    swapped = np.minimum(given, last), np.maximum(given, last)
    blocks.add("name", _key(*swapped), rows)
    blocks.add("sound of name", _key(sound[last], sound[given]), rows, most=SOUND)
    postal = people.postal[rows]
    blocks.add("sound and postal code", _key(sound[last], initial[given], postal), rows)
    blocks.add("organisation", _key(people.organisation, people.postal))
    _add_houses(blocks, people)
    blocks.add("number and name", _key(people.number, initial[people.last], initial[people.first]))
    blocks.add("number and surname", _key(people.number, sound[people.last]))
    known = animals.owner >= 0
    owner = animals.owner[known]
    day = animals.born[known].astype(np.int64)
    name, last = animals.head[known], people.last[owner]
    blocks.add(
        "pet and birth date", np.where(day > 0, _key(name, day.clip(1)), -1), owner, most=PETS
    )
    blocks.add("pet and surname", _key(name, last), owner, most=PETS)
    blocks.add(
        "pet and sound", _key(name, sound[last], initial[people.first[owner]]), owner, most=PETS
    )
    home, pims = blocks.distinct()
    return home, pims, blocks.too_common


def _full_names(people: People) -> tuple[Codes, Codes, Codes]:
    """Row, given name and surname of each person of a row; partners may have either surname."""
    found = []
    for last in (people.last, people.second_last):
        for given in (people.first, people.second):
            at = np.flatnonzero((given > 0) & (last > 0))
            found.append((at.astype(np.int32), given[at], last[at]))
    rows, given, last = (np.concatenate(column) for column in zip(*found, strict=True))
    return rows, given, last


def _add_houses(blocks: Blocks, people: People) -> None:
    """People of one house are compared with one another.

    Of a big building only those who also share a unit, an initial or the sound of a surname.
    """
    initial, sound = people.names.letters, people.names.sounds
    house = np.where((people.number > 0) & (people.street > 0), people.house + 1, 0)
    rows = blocks.on_both_sides(house)
    for place in (people.postal, people.city):
        key = _narrow(_key(house[rows], place[rows]))
        blocks.add("house", _key(key), rows, most=HOUSE)
        blocks.add("house and unit", _key(key, people.unit[rows]), rows)
        blocks.add("house and initial", _key(key, initial[people.first[rows]]), rows)
        blocks.add("house and surname", _key(key, sound[people.last[rows]]), rows)


def _narrow(key: Wide) -> Codes:
    """A key as codes from 1, 0 where missing."""
    _, codes = coded(key)
    return np.where(key < 0, 0, codes + 1).astype(np.int32)


def _key(*codes: Any) -> Wide:
    """One number for the codes of a row; -1 where any code is 0 (missing)."""
    result = codes[0].astype(np.int64)
    missing = codes[0] == 0
    most = int(codes[0].max(initial=0))
    for code in codes[1:]:
        missing = missing | (code == 0)
        size = int(code.max(initial=0)) + 1
        if most >= 2**62 // size:
            _, result = coded(result)
            most = len(result)
        result = result * size + code
        most = most * size + size
    return np.where(missing, -1, result)


def _maybe_on_both(left: Wide, right: Wide) -> tuple[Bools, Bools]:
    """Per key of either side False where the other surely hasn't it: nobody has its hash."""
    bits = max(10, len(left).bit_length() + 3)
    # The upper bits of a product that all bits of the key go into (Fibonacci hashing).
    of_left, of_right = (
        (key.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)
        for key in (left, right)
    )
    there = np.zeros((2, 1 << bits), dtype=bool)
    there[0, of_left] = True
    in_right = there[0, of_right]
    there[1, of_right[in_right]] = True
    return there[1, of_left], in_right


def _unique(key: Wide, rows: Wide) -> tuple[Wide, Wide]:
    if not len(key):
        return key, rows
    order = np.lexsort((rows, key))
    key, rows = key[order], rows[order]
    first = np.ones(len(key), dtype=bool)
    first[1:] = (key[1:] != key[:-1]) | (rows[1:] != rows[:-1])
    return key[first], rows[first]


def _shared(left: Wide, right: Wide) -> tuple[Wide, Wide, Wide, Wide]:
    """Of the values that both sorted arrays hold: where each starts, and how often."""
    start_l, start_r = _starts(left), _starts(right)
    count_l, count_r = np.diff(start_l, append=len(left)), np.diff(start_r, append=len(right))
    values_l, values_r = left[start_l], right[start_r]
    at = np.searchsorted(values_r, values_l)
    at_l = np.flatnonzero(values_r[np.minimum(at, len(values_r) - 1)] == values_l)
    at_r = at[at_l]
    return start_l[at_l], start_r[at_r], count_l[at_l], count_r[at_r]


def _starts(values: Wide) -> Wide:
    """Where each value of a sorted array starts."""
    first = np.ones(len(values), dtype=bool)
    first[1:] = values[1:] != values[:-1]
    return np.flatnonzero(first)
