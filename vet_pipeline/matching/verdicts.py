"""Judged pairs, and how they become the frames of a `MatchResult` together with decisions.

Both engines hand over `Verdicts`; what a person decided goes before them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vet_pipeline.matching.contract import RESULT_COLUMNS

if TYPE_CHECKING:
    from vet_pipeline.matching.keys import Texts

Ints = np.ndarray[Any, np.dtype[np.int32]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

NONE, POSSIBLE, LINK = 0, 1, 2


@dataclass
class Verdicts:
    """One entry per candidate pair: row positions on both sides and what was found."""

    home: Ints
    pims: Ints
    verdict: np.ndarray[Any, np.dtype[np.int8]]  # NONE, POSSIBLE or LINK
    bits: np.ndarray[Any, np.dtype[np.float64]]
    reason: Texts
    evidence: Texts  # JSON text

    def take(self, which: np.ndarray[Any, Any]) -> Verdicts:
        """The entries at `which` (a mask or positions)."""
        return Verdicts(
            self.home[which],
            self.pims[which],
            self.verdict[which],
            self.bits[which],
            self.reason[which],
            self.evidence[which],
        )


def repeated(values: Ints) -> Bools:
    """Whether a value occurs more than once."""
    if not len(values):
        return np.zeros(0, dtype=bool)
    return np.asarray(np.bincount(values)[values] > 1)


def settle(
    verdicts: Verdicts,
    home_ids: Texts,
    pims_ids: Texts,
    *,
    same: set[tuple[str, str]],
    not_same: set[tuple[str, str]],
    max_candidates: int,
    once_within: Texts | None = None,
    otherwise: Texts | None = None,
) -> pd.DataFrame:
    """The result rows of all `pims_ids`: a person's word first, then links, possible ones, new.

    once_within: PIMS owner of each PIMS row (pets): within one, a home record is linked once
    only. Where two links, or a link and a person's word, claim it, nothing says which is
    right, so the machine's become possible ones (or go, against a person's word).
    otherwise: the reason of a PIMS row that is new.
    """
    decided = {pims_id: home_id for home_id, pims_id in sorted(same)}
    home_at, pims_at = home_ids[verdicts.home], pims_ids[verdicts.pims]
    taken: set[tuple[str, str]] = set()
    group_at = np.full(len(home_at), "", dtype=object)
    if once_within is not None:
        group_at = once_within[verdicts.pims]
        if same:
            group_of = dict(zip(pims_ids, once_within, strict=True))
            taken = {(h, group_of.get(p, "")) for h, p in same}
    open_pair = verdicts.verdict > NONE
    if same or not_same:
        open_pair &= np.array(
            [
                p not in decided and (h, p) not in not_same and (h, g) not in taken
                for h, p, g in zip(home_at, pims_at, group_at, strict=True)
            ],
            dtype=bool,
        )
    kept = verdicts.take(open_pair)
    linked = np.flatnonzero(kept.verdict == LINK)
    if once_within is not None:
        both = pd.MultiIndex.from_arrays([kept.home[linked], group_at[open_pair][linked]])
        claimed = repeated(kept.pims[linked]) | both.duplicated(keep=False)
        kept.verdict[linked[claimed]] = POSSIBLE
        kept.reason[linked[claimed]] = "rival"
    else:
        # Two home rows of one person: no rivals of each other, so the better one is taken.
        best = linked[_best(kept.take(linked), home_ids, 1)]
        others = np.setdiff1d(linked, best)
        kept.verdict[others] = POSSIBLE
    has_link = np.zeros(len(pims_ids), dtype=bool)
    has_link[kept.pims[kept.verdict == LINK]] = True
    shown = kept.take((kept.verdict == LINK) | ~has_link[kept.pims])
    shown = shown.take(_best(shown, home_ids, max_candidates))
    return _rows(shown, home_ids, pims_ids, decided, otherwise)


def _best(verdicts: Verdicts, home_ids: Texts, count: int) -> np.ndarray[Any, Any]:
    """Positions of the `count` best candidates of each PIMS row; equal bits go by home id."""
    order = np.lexsort((-verdicts.bits, verdicts.pims))
    pims, bits = verdicts.pims[order], verdicts.bits[order]
    if ((pims[1:] == pims[:-1]) & (bits[1:] == bits[:-1])).any():
        names = home_ids[verdicts.home].astype(str)
        order = np.lexsort((names, -verdicts.bits, verdicts.pims))
    start = np.r_[True, pims[1:] != pims[:-1]] if len(pims) else np.zeros(0, dtype=bool)
    group_start = np.maximum.accumulate(np.where(start, np.arange(len(pims)), 0))
    return np.asarray(order[np.arange(len(pims)) - group_start < count])


def _rows(
    shown: Verdicts,
    home_ids: Texts,
    pims_ids: Texts,
    decided: dict[str, str],
    otherwise: Texts | None,
) -> pd.DataFrame:
    found = pd.DataFrame(
        {
            "pims_id": pims_ids[shown.pims],
            "home_id": home_ids[shown.home],
            "decision": np.where(shown.verdict == LINK, "linked", "possible"),
            "score": np.round(shown.bits, 2),
            "reason": shown.reason,
            "evidence": shown.evidence,
        }
    )
    by_person = [p for p in pims_ids if p in decided]
    person = pd.DataFrame(
        {
            "pims_id": by_person,
            "home_id": [decided[p] for p in by_person],
            "decision": "linked",
            "score": np.nan,
            "reason": "decided_same",
            "evidence": "{}",
        }
    )
    is_new = np.array([p not in decided for p in pims_ids], dtype=bool)
    is_new[shown.pims] = False
    new = pd.DataFrame(
        {
            "pims_id": pims_ids[is_new],
            "home_id": None,
            "decision": "new",
            "score": np.nan,
            "reason": "nothing_alike" if otherwise is None else otherwise[is_new],
            "evidence": "{}",
        }
    )
    result = pd.concat([part for part in (found, person, new) if len(part)] or [found])
    result = result.sort_values(
        ["pims_id", "score", "home_id"], ascending=[True, False, True], ignore_index=True
    )
    for column in ("pims_id", "home_id", "decision", "reason", "evidence"):
        result[column] = result[column].astype("str")
    result["score"] = result["score"].astype("float64")
    return result[list(RESULT_COLUMNS)]
