"""What two pets agree on, field by field, and what shared pets say about their owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.animals import SHOWN, UNKNOWN_DAY
from vet_pipeline.matching.arrays import Bits, Bools, Codes, Levels, Wide
from vet_pipeline.matching.keys import coded
from vet_pipeline.matching.names import NameLevel, name_levels, nicknames, one_slip
from vet_pipeline.matching.nicknames import book_of_forms

if TYPE_CHECKING:
    from vet_pipeline.matching.animals import Animals


class Same:
    """Levels of fields that are missing, different, alike or the same."""

    MISSING, DIFFERENT, ALIKE, SAME = range(4)


class BornLevel:
    """Levels of birth dates."""

    MISSING, FAR, YEARS, WITHIN_YEAR, YEAR_SLIP, SAME_YEAR_ONLY, WEEKS, SWAPPED, SAME = range(9)


@dataclass
class PetLevels:
    """Levels of pairs of pets; `impossible` names a contradiction in life dates."""

    name: Codes
    species: Levels
    breed: Levels
    born: Levels
    deceased: Levels  # 0 both alive or unknown, 1 both dead, 2 one dead
    impossible: Bools


def compare_pets(animals: Animals, left: Codes, right: Codes) -> PetLevels:
    """Levels of each pair of pet rows."""
    return PetLevels(
        name=compare_pet_names(animals, left, right),
        species=_same(animals.species, left, right),
        breed=_breeds(animals, left, right),
        born=compare_births(animals.born[left], animals.born[right]),
        deceased=_deceased(animals.deceased[left], animals.deceased[right]),
        impossible=_impossible(animals, left, right) | _impossible(animals, right, left),
    )


def compare_pet_names(animals: Animals, left: Codes, right: Codes) -> Codes:
    """NameLevel; the same first word ("Rex", "Rex Miller", "Rex Bear") counts as PREFIX.

    Another spelling or a form of the name ("Molly", "Mollie"; "Bella", "Isabella") counts as
    NICKNAME, a first word alike but not the same as INITIAL.
    """
    level = _whole_names(animals, animals.name[left], animals.name[right])
    numbered = animals.numbered[left] != animals.numbered[right]
    head_l, head_r = animals.head[left], animals.head[right]
    open_at = np.flatnonzero(
        (level < NameLevel.NEAR)
        & (level > NameLevel.MISSING)
        & ((head_l != animals.name[left]) | (head_r != animals.name[right]))
    )
    if len(open_at):
        head = _whole_names(animals, head_l[open_at], head_r[open_at])
        best = np.where(head == NameLevel.SAME, NameLevel.PREFIX, NameLevel.DIFFERENT)
        best = np.where(
            (head == NameLevel.NEAR) | (head == NameLevel.NICKNAME), NameLevel.INITIAL, best
        )
        best = np.where(head == NameLevel.FUZZY, NameLevel.FUZZY, best)
        level[open_at] = np.maximum(level[open_at], best)
    # "Rex II" is named after Rex: another animal, or a second row of one.
    level[numbered] = np.minimum(level[numbered], NameLevel.FUZZY)
    return level


def _whole_names(animals: Animals, left: Codes, right: Codes) -> Codes:
    """NameLevel of names as they are: another spelling is a form, a slip in a short one FUZZY."""
    level = name_levels(left, right, animals.names, given=False)
    at = np.flatnonzero((level < NameLevel.NICKNAME) & (level > NameLevel.MISSING))
    alike = animals.names.spelled_alike(left[at], right[at])
    alike |= nicknames(left[at], right[at], animals.names, book_of_forms())
    level[at[alike]] = NameLevel.NICKNAME
    short = np.flatnonzero((level == NameLevel.DIFFERENT) & (animals.names.sizes[left] <= 4))
    slipped = one_slip(left[short], right[short], animals.names)
    level[short[slipped]] = NameLevel.FUZZY
    return level


def compare_births(left: Codes, right: Codes) -> Levels:
    """How far apart two birth dates are, and whether a usual slip explains it.

    Staff often know only the year or month and write the first of it; a wrong year keeps
    month and day; month and day get swapped.
    """
    known = (left != UNKNOWN_DAY) & (right != UNKNOWN_DAY)
    a, b = np.where(known, left, 0), np.where(known, right, 0)
    apart = np.abs(a.astype(np.int64) - b)
    level = np.full(len(a), BornLevel.FAR, dtype=np.int8)
    level[apart <= 800] = BornLevel.YEARS
    level[apart <= 366] = BornLevel.WITHIN_YEAR
    slip = (np.abs(apart - 365) <= 3) | (np.abs(apart - 730) <= 3)
    level[slip] = BornLevel.YEAR_SLIP
    year_a, month_a, day_a = _calendar(a)
    year_b, month_b, day_b = _calendar(b)
    same_year = year_a == year_b
    january = ((month_a == 1) & (day_a == 1)) | ((month_b == 1) & (day_b == 1))
    level[same_year & january] = BornLevel.SAME_YEAR_ONLY
    level[apart <= 31] = BornLevel.WEEKS
    level[same_year & (month_a == day_b) & (day_a == month_b)] = BornLevel.SWAPPED
    level[apart == 0] = BornLevel.SAME
    level[~known] = BornLevel.MISSING
    return level


def same_known_day(animals: Animals, left: Codes, right: Codes) -> Any:
    """Whether both birth dates are one, perhaps with day and month swapped, and no guess.

    The first of January is a year. The first of another month is a month, perhaps: of two breeds
    it says no more.
    """
    born = animals.born[left]
    level = compare_births(born, animals.born[right])
    _, month, day = _calendar(np.where(born == UNKNOWN_DAY, 0, born))
    other_breed = _breeds(animals, left, right) == Same.DIFFERENT
    guessed = (day == 1) & ((month == 1) | other_breed)
    return (level == BornLevel.SAME) & ~guessed | (level == BornLevel.SWAPPED)


def known_days_differ(animals: Animals, left: Codes, right: Codes) -> Any:
    """Whether two known birth dates are more than a year apart, and no slip explains it.

    The first of a month is what people write who guess an age; a wrong year leaves the season.
    """
    a, b = animals.born[left], animals.born[right]
    found = compare_births(a, b) == BornLevel.YEARS
    at = np.flatnonzero(found)
    over = np.abs(a[at].astype(np.int64) - b[at]) % 365
    found[at] = (over > 35) & (over < 365 - 35)
    found[at] &= (_calendar(a[at])[2] != 1) & (_calendar(b[at])[2] != 1)
    return found


def shared_pet_bits(
    animals: Animals, left: Codes, right: Codes, rows: int
) -> tuple[Bits, Codes, Codes]:
    """Bits that shared pets give each pair of owners, and the number of pets of each.

    A rare name says more than a common one; a birth date that agrees says more still. Each
    pet of the left owner counts once, by its best counterpart. The more pets there are, the more
    two look alike by chance: that is taken off, so a shelter isn't known by a Bella and a Max.
    """
    order, held = animals.by_owner
    count = np.zeros(rows, dtype=np.int64)
    count[: len(held)] = held
    start = np.cumsum(count) - count
    shown = np.minimum(count, SHOWN)
    sizes = shown[left] * shown[right]
    total = np.zeros(len(left))
    chunk_end = np.searchsorted(
        np.cumsum(sizes), np.arange(2_000_000, sizes.sum() + 2_000_000, 2_000_000)
    )
    begin = 0
    rarity = np.clip(np.log2(max(animals.all_rows, 1) / np.maximum(animals.common, 1)), 2.0, 9.0)
    breeds = _breed_bits(animals)
    for end in np.unique(np.minimum(chunk_end + 1, len(left))):
        part = slice(begin, int(end))
        begin = int(end)
        width = np.repeat(shown[right[part]], sizes[part])
        within = np.arange(sizes[part].sum()) - np.repeat(
            np.cumsum(sizes[part]) - sizes[part], sizes[part]
        )
        if not len(within):
            continue
        pair = np.repeat(np.arange(len(left[part])), sizes[part])
        one = order[np.repeat(start[left[part]], sizes[part]) + within // width]
        other = order[np.repeat(start[right[part]], sizes[part]) + within % width]
        bits = _pet_bits(animals, one.astype(np.int32), other.astype(np.int32), rarity, breeds)
        # The best counterpart of each left pet, then the sum per pair of owners.
        begins = within % width == 0
        best = np.maximum.reduceat(bits, np.flatnonzero(begins)) - np.log2(width[begins])
        best = np.maximum(best, 0.0)
        owner_pair = pair[begins]
        total[part] += np.bincount(owner_pair, weights=best, minlength=len(left[part]))
    total = np.maximum(total - np.log2(np.maximum(count[left], 1)), 0.0)
    return total, count[left].astype(np.int32), count[right].astype(np.int32)


#: What agreement of two pets is worth, in bits; about what it is in pairs of one owner's pets.
_BORN_BITS = np.array([0.0, -6.0, -3.5, -2.5, 1.5, 3.5, 4.0, 5.0, 7.0])
_BREED_BITS = np.array([0.0, -2.5, 1.5, 3.5])
#: The least that one is worth, the only breed of a kennel too: most cats are short-haired.
_COMMONEST_BREED = 0.5
#: A handful of pets doesn't tell what is common here: so many more are counted, a usual share of
#: them (2 to the -3.5, what the same breed is worth) of each breed.
_MORE_PETS, _OF_A_BREED = 100.0, 100.0 / 2.0**3.5
#: Of a name: bits by NameLevel, or how much less than its rarity (a slip can lead anywhere).
_NAME_BITS = np.array([0.0, -7.0, 1.5, 5.0, 0.0, 5.5, 6.0, 0.0])
_RARITY_LESS = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0])
_BY_RARITY = np.array([False, False, False, False, True, False, False, True])
#: A wrong species is a slip where the breed agrees and isn't just *mixed*, else another animal.
_OTHER_SPECIES, _SPECIES_SLIP = -6.0, -2.0


def _breed_bits(animals: Animals) -> Bits:
    """The most that agreement in each breed is worth: the more, the rarer it is here."""
    held = np.bincount(animals.breed, minlength=1)
    rarity = np.log2((held[1:].sum() + _MORE_PETS) / (held + _OF_A_BREED))
    return np.asarray(np.maximum(rarity, _COMMONEST_BREED))


def _pet_bits(animals: Animals, left: Codes, right: Codes, rarity: Bits, breeds: Bits) -> Bits:
    total = np.zeros(len(left))
    level = compare_pet_names(animals, left, right)
    born_l, born_r = animals.born[left], animals.born[right]
    # A renamed pet keeps its birthday; the first of a month is what people write who don't know.
    renamed = (level == NameLevel.DIFFERENT) & (born_l == born_r) & (born_l != UNKNOWN_DAY)
    if renamed.any():
        at = np.flatnonzero(renamed)
        renamed[at] = _calendar(born_l[at])[2] != 1
    at = np.flatnonzero((level >= NameLevel.FUZZY) | renamed)
    level, left, right = level[at], left[at], right[at]
    bits = np.where(
        _BY_RARITY[level], rarity[animals.head[left]] - _RARITY_LESS[level], _NAME_BITS[level]
    )
    bits += _BORN_BITS[compare_births(animals.born[left], animals.born[right])]
    breed, one, two = _breeds(animals, left, right), animals.breed[left], animals.breed[right]
    bits += np.minimum(_BREED_BITS[breed], np.minimum(breeds[one], breeds[two]))
    other = _same(animals.species, left, right) == Same.DIFFERENT
    slip = (breed >= Same.ALIKE) & ~animals.mixed[one]
    bits += np.where(other, np.where(slip, _SPECIES_SLIP, _OTHER_SPECIES), 0.0)
    total[at] = np.maximum(bits, 0.0)
    return total


def _same(code: Codes, left: Codes, right: Codes) -> Levels:
    a, b = code[left], code[right]
    level = np.where(a == b, Same.SAME, Same.DIFFERENT)
    return np.where((a > 0) & (b > 0), level, Same.MISSING).astype(np.int8)


def _breeds(animals: Animals, left: Codes, right: Codes) -> Levels:
    """Same; MISSING where one is of mixed breed: the Labrador of who typed the other, perhaps."""
    level = _same(animals.breed, left, right)
    open_at = np.flatnonzero(level == Same.DIFFERENT)
    texts, size = animals.breeds.texts, np.int64(len(animals.breeds.texts))
    key = animals.breed[left[open_at]] * size + animals.breed[right[open_at]]
    pairs, inverse = coded(key)
    words = [frozenset(text.split(" ")) for text in texts]
    alike = np.array([bool(words[k // size] & words[k % size]) for k in pairs], dtype=bool)
    if len(pairs):
        level[open_at[alike[inverse]]] = Same.ALIKE
        mixed = animals.mixed[pairs // size] | animals.mixed[pairs % size]
        level[open_at[mixed[inverse]]] = Same.MISSING
    return level


def _deceased(left: Any, right: Any) -> Levels:
    both, one = (left == 1) & (right == 1), (left == 1) ^ (right == 1)
    return np.where(both, 1, np.where(one, 2, 0)).astype(np.int8)


def _impossible(animals: Animals, left: Codes, right: Codes) -> Bools:
    """The left one died before the right one was born or was still weighed.

    Thirty days of grace: dates of death are often written down late or by guess.
    """
    died = animals.died[left].astype(np.int64)
    known = died != UNKNOWN_DAY
    later = np.maximum(animals.born[right], animals.weighed[right])
    return np.asarray(known & (later > died + 30))


def _calendar(days: Any) -> tuple[Wide, Wide, Wide]:
    """Year, month and day of the month; worked out once per day where that is less work."""
    first, last = int(days.min(initial=0)), int(days.max(initial=0))
    if last - first > min(len(days), 40_000):
        return _split(days)
    year, month, day = _split(np.arange(first, last + 1))
    at = days - first
    return year[at], month[at], day[at]


def _split(days: Any) -> tuple[Wide, Wide, Wide]:
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return (
        dates.astype("datetime64[Y]").astype(np.int64),
        months.astype(np.int64) % 12 + 1,
        (dates - months).astype(np.int64) + 1,
    )
