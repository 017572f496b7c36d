"""Judged pairs, and how they become the frames of a `MatchResult` together with decisions.

The engine hands over `Verdicts`; what a person decided goes before them. Records are row
numbers here; their ids are looked up for the rows of the result, in Arrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.arrays import Bits, Bools, Codes, Kinds, Places, Rows, Texts
from vet_pipeline.matching.contract import RESULT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable


NONE, POSSIBLE, LINK = 0, 1, 2
#: Possible matches of one PIMS record that a person is shown.
SHOWN = 5
_WORDS = pa.array(["new", "possible", "linked"], pa.string())


@dataclass
class Verdicts:
    """One entry per candidate pair: row positions on both sides and what was found.

    evidence: JSON texts of the entries at some positions, and which is whose; made when asked for,
    since most are never shown.
    """

    home: Rows
    pims: Rows
    verdict: Kinds
    bits: Bits
    reason: Texts
    evidence: Callable[[Places], tuple[list[str], Places]]

    @classmethod
    def none(cls) -> Verdicts:
        """Nothing was compared."""
        rows, words = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=object)
        return cls(rows, rows, np.zeros(0, np.int8), np.zeros(0), words, lambda at: ([], at))


@dataclass
class Settled:
    """What has become of each PIMS row: pairs that are shown, a person's word, or new."""

    verdicts: Verdicts
    shown: Places  # of the verdicts
    verdict: Kinds  # of each shown one; a link may have been lowered
    reason: Texts
    decided: dict[int, str]  # PIMS row: home id, by a person
    new: Bools  # per PIMS row

    def links(self) -> tuple[Rows, Rows]:
        """PIMS and home row of each link by the machine."""
        at = self.shown[self.verdict == LINK]
        return self.verdicts.pims[at], self.verdicts.home[at]


def judge(
    bits: Bits, vetoes: dict[str, Bools], rival: Bools, link: float, possible: float
) -> tuple[Kinds, Texts]:
    """LINK, POSSIBLE or NONE per pair, and the reason; a veto forbids the link, not the asking."""
    verdict = np.where(bits >= link, LINK, np.where(bits >= possible, POSSIBLE, NONE))
    reason = np.where(verdict == LINK, "evidence", "weak_evidence").astype(object)
    reason[rival & (verdict == POSSIBLE)] = "rival"
    for name, forbidden in vetoes.items():
        reason[forbidden] = name
        verdict[forbidden & (verdict == LINK)] = POSSIBLE
    return verdict.astype(np.int8), reason


def repeated(values: Rows | Places) -> Bools:
    """Whether a value occurs more than once."""
    if not len(values):
        return np.zeros(0, dtype=bool)
    return np.asarray(np.bincount(values)[values] > 1)


def rows_of(ids: pa.StringArray, wanted: set[str]) -> dict[str, int]:
    """The row of each wanted id that is there."""
    if not wanted:
        return {}
    found = pc.is_in(ids, value_set=pa.array(sorted(wanted), pa.string()))
    rows = np.flatnonzero(found.to_numpy(zero_copy_only=False))
    return dict(zip(ids.take(pa.array(rows)).to_pylist(), rows.tolist(), strict=True))


def settle(
    verdicts: Verdicts,
    home_ids: pa.StringArray,
    pims_ids: pa.StringArray,
    same: set[tuple[str, str]],
    once_within: pa.StringArray | None = None,
) -> Settled:
    """What becomes of all `pims_ids`: a person's word first, then links, possible ones, new.

    same: (home id, PIMS id) by a person. once_within: PIMS owner of each PIMS row (pets): within
    one, a home record is linked once only.
    """
    by_person = dict(sorted((pims_id, home_id) for home_id, pims_id in same))
    decided = {row: by_person[pims_id] for pims_id, row in rows_of(pims_ids, {*by_person}).items()}
    at = np.flatnonzero(verdicts.verdict > NONE)
    if decided:
        at = at[~np.isin(verdicts.pims[at], list(decided))]
    if once_within is None:
        verdict, reason = _best_linked(verdicts, at, home_ids, len(pims_ids))
    else:
        owner = once_within.dictionary_encode().indices.to_numpy()
        at = at[~_linked_by_person(verdicts, at, home_ids, decided, owner)]
        verdict, reason = _linked_once(verdicts, at, owner)
    pims = verdicts.pims[at]
    has_link = np.zeros(len(pims_ids), dtype=bool)
    has_link[pims[verdict == LINK]] = True
    kept = np.flatnonzero((verdict == LINK) | ~has_link[pims])
    kept = kept[_best(verdicts, at[kept], home_ids, SHOWN)]
    new = np.ones(len(pims_ids), dtype=bool)
    new[pims[kept]] = False
    new[list(decided)] = False
    return Settled(verdicts, at[kept], verdict[kept], reason[kept], decided, new)


def _best_linked(
    verdicts: Verdicts, at: Places, home_ids: pa.StringArray, rows: int
) -> tuple[Kinds, Texts]:
    """Verdicts and reasons of clients where only the best link of a PIMS row stays one.

    Two home rows of one person are no rivals of each other, so the better one is taken. Where
    neither is, nothing says which of them the person goes on using.
    """
    pims, verdict, reason = verdicts.pims[at], verdicts.verdict[at], verdicts.reason[at]
    linked = np.flatnonzero(verdict == LINK)
    best = linked[_best(verdicts, at[linked], home_ids, 1)]
    verdict[np.setdiff1d(linked, best)] = POSSIBLE
    top = np.full(rows, -np.inf)
    top[pims[best]] = verdicts.bits[at[best]]
    equal = linked[verdicts.bits[at[linked]] == top[pims[linked]]]
    equal = equal[repeated(pims[equal])]
    verdict[equal], reason[equal] = POSSIBLE, "rival"
    return verdict, reason


def _linked_by_person(
    verdicts: Verdicts,
    at: Places,
    home_ids: pa.StringArray,
    decided: dict[int, str],
    owner: Codes,
) -> Bools:
    """Whether a person has linked another pet of the PIMS owner to each pair's home row."""
    home_at = rows_of(home_ids, set(decided.values()))
    taken = [
        int(owner[row]) << 32 | home_at[home] for row, home in decided.items() if home in home_at
    ]
    return np.isin(_within_owner(verdicts, at, owner), np.array(taken, dtype=np.int64))


def _linked_once(verdicts: Verdicts, at: Places, owner: Codes) -> tuple[Kinds, Texts]:
    """Verdicts and reasons of pets where links that claim one pet are questions.

    Of two links nothing says which is right.
    """
    verdict, reason = verdicts.verdict[at], verdicts.reason[at]
    linked = np.flatnonzero(verdict == LINK)
    both, _ = pd.factorize(_within_owner(verdicts, at[linked], owner))
    claimed = linked[repeated(verdicts.pims[at[linked]]) | repeated(both)]
    verdict[claimed], reason[claimed] = POSSIBLE, "rival"
    return verdict, reason


def _within_owner(verdicts: Verdicts, at: Places, owner: Codes) -> Places:
    """PIMS owner and home row of each pair in one number."""
    of_pair = owner[verdicts.pims[at]].astype(np.int64)
    return np.asarray(of_pair << 32 | verdicts.home[at])


def _best(verdicts: Verdicts, at: Places, home_ids: pa.StringArray, count: int) -> Places:
    """Positions in `at` of each PIMS row's `count` best candidates; equal bits go by home id."""
    pims, bits = verdicts.pims[at], verdicts.bits[at]
    order = np.lexsort((-bits, pims))
    row, points = pims[order], bits[order]
    if ((row[1:] == row[:-1]) & (points[1:] == points[:-1])).any():
        order = np.lexsort((_ranks(home_ids.take(pa.array(verdicts.home[at]))), -bits, pims))
    start = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    group_start = np.maximum.accumulate(np.where(start, np.arange(len(row)), 0))
    return np.asarray(order[np.arange(len(row)) - group_start < count])


def _ranks(ids: pa.StringArray) -> Places:
    """The place of each text in the order of the alphabet."""
    return np.asarray(pc.rank(ids, tiebreaker="dense").to_numpy(), dtype=np.int64)


def result_frame(
    settled: Settled,
    home_ids: pa.StringArray,
    pims_ids: pa.StringArray,
    otherwise: pa.StringArray,
    answered: Bools | None = None,
) -> pd.DataFrame:
    """The result's rows in order of their ids, the better candidate first.

    otherwise: the reason of each PIMS row that is new. Rows that aren't `answered` have none.
    """
    verdicts, shown, person = settled.verdicts, settled.shown, list(settled.decided)
    new = np.flatnonzero(settled.new)
    rows = np.concatenate([verdicts.pims[shown], np.array(person, np.int64), new])
    # Each column's parts: the pairs that are shown, a person's word, new ones.
    home = [
        home_ids.take(pa.array(verdicts.home[shown])),
        pa.array(list(settled.decided.values()), pa.string()),
        pa.nulls(len(new), pa.string()),
    ]
    reason = [
        pa.array(settled.reason, pa.string()),
        pa.repeat("decided_same", len(person)),
        otherwise.take(pa.array(new)),
    ]
    unscored = len(person) + len(new)
    verdict = np.r_[settled.verdict, np.repeat([LINK, NONE], [len(person), len(new)])]
    score = np.r_[np.round(verdicts.bits[shown], 2), np.full(unscored, np.nan)]
    texts, which = verdicts.evidence(shown)
    which = np.r_[which, np.full(unscored, len(texts))]
    best_first = (_ranks(pa.concat_arrays(home)), -score, _ranks(pims_ids)[rows])
    place = np.lexsort(best_first)
    if answered is not None:
        place = place[answered[rows[place]]]
    at = pa.array(place)
    table = {
        "pims_id": pims_ids.take(pa.array(rows[place])),
        "home_id": pa.concat_arrays(home).take(at),
        "decision": _WORDS.take(pa.array(verdict[place])),
        "reason": pa.concat_arrays(reason).take(at),
        # May be gigabytes: it is copied but once.
        "evidence": pa.array([*texts, "{}"], pa.large_string()).take(pa.array(which[place])),
    }
    made: dict[str, Any] = {name: pd.array(cells, dtype="str") for name, cells in table.items()}
    return pd.DataFrame(made | {"score": score[place]}, columns=list(RESULT_COLUMNS))
