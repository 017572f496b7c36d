"""Rivals: other rows that could be the same record, on either side, as evidence against a pair.

A second row of the same person (a duplicate) is no rival: it wants the same link.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from vet_pipeline.matching.arrays import Bits, Bools, Codes, Wide
from vet_pipeline.matching.comparisons import compare_names
from vet_pipeline.matching.doubtful_names import branches_differ, titles_differ
from vet_pipeline.matching.keys import coded
from vet_pipeline.matching.names import NameLevel
from vet_pipeline.matching.nicknames import often_two
from vet_pipeline.matching.whole_names import further_names_differ

if TYPE_CHECKING:
    from collections.abc import Callable

    from vet_pipeline.matching.profiles import People


#: Below this a pair is no rival to anybody.
PLAUSIBLE = -6.0
#: From here on two rows of one side are taken for the same person.
SAME_PERSON = 6.0
#: At most so many of the best pairs of a row are set against each other.
SHOWN = 8

NO_RIVAL = -99.0


def best_rivals(
    left: Codes,
    right: Codes,
    bits: Bits,
    likeness: Callable[[Codes, Codes], Bits],
) -> tuple[Bits, Bits]:
    """Bits of the best rival of each pair at home and in the PIMS; NO_RIVAL if none.

    One in the PIMS wants the pair's home row, one at home is wanted by its PIMS row. `likeness`
    gives the bits of pairs of rows of one side being the same person.
    """
    at = np.flatnonzero(bits > PLAUSIBLE)
    at_home, in_pims = np.full(len(bits), NO_RIVAL), np.full(len(bits), NO_RIVAL)
    at_home[at] = _rivals_of(right[at], left[at], bits[at], likeness)
    in_pims[at] = _rivals_of(left[at], right[at], bits[at], likeness)
    for rivals, shared in ((at_home, right), (in_pims, left)):
        # Pairs too weak to be listed above meet the best pair of their row.
        weak = bits <= PLAUSIBLE
        if weak.any() and len(at):
            best = np.full(int(shared.max()) + 1, NO_RIVAL)
            np.maximum.at(best, shared[at], bits[at])
            rivals[weak] = best[shared[weak]]
    return at_home, in_pims


def of_several_people(
    people: People, left: Codes, right: Codes, link: Bools, linked: set[tuple[int, int]]
) -> Bools:
    """Which links (of pairs) go to a home row that PIMS rows of different people link to.

    "Chris" is short for Christopher and for Christine, "J" for whoever comes first, and a record
    without a suffix may be the father's or the son's: each alone is the best there is. `linked`
    pairs of rows count among them.
    """
    at = np.flatnonzero(link)
    before = np.array(sorted(linked), dtype=np.int32).reshape(-1, 2)
    home = np.concatenate([left[at], before[:, 0]])
    pims = np.concatenate([right[at], before[:, 1]])
    _, group, count = np.unique(home, return_inverse=True, return_counts=True)
    several = np.zeros(len(link), dtype=bool)
    shared = np.flatnonzero(count[group] > 1)
    if not len(shared):
        return several
    # One row of each name and email is enough: a shelter has hundreds.
    earlier = np.arange(len(home)) >= len(at)
    parts = (
        "first", "further", "second", "last", "suffix", "middle", "organisation", "email",
        "titled",
    )  # fmt: skip
    names = np.column_stack([home, earlier, *(getattr(people, part)[pims] for part in parts)])
    _, which = np.unique(names[shared], axis=0, return_index=True)
    by_home: dict[int, list[int]] = {}
    for place in shared[which].tolist():
        by_home.setdefault(int(home[place]), []).append(place)
    pairs = [pair for places in by_home.values() for pair in combinations(places, 2)]
    if not pairs:
        return several
    one, other = np.array(pairs).T
    apart = _apart(people, home[one], pims[one], pims[other])
    less, full = np.concatenate([one, other]), np.concatenate([other, one])
    doubtful = _beside_the_name(people, home[less], pims[less], pims[full])
    # Where the doubtful one was linked before, it is the newcomer who is asked about.
    asked = np.where(earlier[less], full, less)[doubtful]

    def named(homes: Codes, rows: Codes) -> Wide:
        name = homes * np.int64(len(people.names.texts)) + people.first[rows]
        return np.asarray(name << 8 | people.suffix[rows])

    several[at] = np.isin(left[at], home[one[apart]])
    several[at] |= np.isin(named(home, pims)[: len(at)], named(home[asked], pims[asked]))
    return several


def _apart(people: People, homes: Codes, one: Codes, other: Codes) -> Bools:
    """Whether two PIMS rows that link to one home row contradict each other."""
    names = compare_names(people, one, other)
    first = names.first
    contradict = further_names_differ(people, one, other) | titles_differ(people, one, other)
    contradict |= branches_differ(people, one, other)
    for part in (people.suffix, people.middle):
        contradict |= (part[one] != part[other]) & (part[one] > 0) & (part[other] > 0)
    organised = (people.organisation[one] > 0) & (people.organisation[other] > 0)
    contradict |= organised & (names.last <= NameLevel.FUZZY) & (names.last > NameLevel.MISSING)
    differ = (first == NameLevel.DIFFERENT) | (first == NameLevel.FUZZY)
    # An account of two persons has two; there the rival tells. But it has one Robert.
    two = people.second[homes] > 0
    return np.asarray(np.where(two, contradict & ~differ, contradict | differ))


def _beside_the_name(people: People, homes: Codes, less: Codes, full: Codes) -> Bools:
    """Whether `less` is doubtful beside a PIMS row, `full`, that has the home row's very name.

    "J" may be Joseph's second row or his wife's, Jean another Jane, and Joseph Jr the son whom the
    practice tells apart so, unless he has the home row's email; Joseph himself is in no doubt.
    """
    first, suffix, texts, email = people.first, people.suffix, people.names.texts, people.email
    very_name = (first[full] == first[homes]) & (first[less] > 0)
    # Of a couple another name may be the other one's; but it has one Robert.
    beside = very_name & (people.second[homes] == 0)
    doubtful = very_name & (beside | (first[less] == first[full]))
    doubtful &= (suffix[full] == suffix[homes]) & (suffix[less] != suffix[full])
    doubtful &= (email[less] != email[homes]) | (email[less] == 0)
    at = np.flatnonzero(beside & (first[less] != first[full]))
    said = [texts[code] for code in first[less[at]].tolist()]
    home = [texts[code] for code in first[homes[at]].tolist()]
    form = [len(a) == 1 or (a, b) in often_two() for a, b in zip(said, home, strict=True)]
    doubtful[at[np.array(form, dtype=bool)]] = True
    return np.asarray(doubtful)


def _rivals_of(
    shared: Codes, other: Codes, bits: Bits, likeness: Callable[[Codes, Codes], Bits]
) -> Bits:
    rivals = np.full(len(bits), NO_RIVAL)
    # Best first within a row; equal bits are all kept alike below, so order can't matter.
    order = np.lexsort((other, -bits, shared))
    group = shared[order]
    if not len(group):
        return rivals
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    counts = np.diff(np.r_[starts, len(group)])
    shown = np.minimum(counts, SHOWN)
    # Each pair of a row against each of the row's best pairs.
    sizes = counts * shown
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    width = np.repeat(shown, sizes)
    mine = order[np.repeat(starts, sizes) + within // width]
    theirs = order[np.repeat(starts, sizes) + within % width]
    differs = mine != theirs
    mine, theirs = mine[differs], theirs[differs]
    if not len(mine):
        return rivals
    low = np.minimum(other[mine], other[theirs]).astype(np.int64)
    high = np.maximum(other[mine], other[theirs]).astype(np.int64)
    pairs, inverse = coded(low << 32 | high)
    alike = likeness((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))
    other_person = (alike < SAME_PERSON)[inverse]
    np.maximum.at(rivals, mine[other_person], bits[theirs[other_person]])
    return rivals
