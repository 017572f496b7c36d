"""A possible match that waits is the person's: while nothing has changed the machine leaves it so.

A refresh judges waiting records again, since either side may have changed. But it sees less than
the load that asked: whom that one linked, and their pets, it isn't shown any more. Without them a
doubt may look like certainty, and one record in thirty would be linked, or made a record of its
own, at the next refresh, though nobody has said a word and nothing has changed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import text

from vet_pipeline.matching import MatchResult, Side
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.asked_instead import pets_without_owners
from vet_pipeline.scriptright.records.identity import pair_digests

Pair = tuple[str, str]  # PIMS id, ScriptRight id, as the matcher knows them
MayBe = Callable[[Pair], bool]


@dataclass(frozen=True, slots=True)
class _Asked:
    """An open question, as the matcher put it."""

    score: float | None
    evidence: Mapping[str, Any]

    @property
    def reason(self) -> str:
        return str(self.evidence.get("reason"))


def leave_questions(
    load: LoadInHand, record: Record, found: MatchResult, pims: Side, may_be: MayBe
) -> MatchResult:
    """The result, where a waiting PIMS record keeps the questions that nothing has changed about.

    `may_be`: whether a pair is still one that could be the same: both are there and no person has
    spoken. Another model asks anew; a link that was only held back (`match_watch`) has the reason
    it had, and is made.
    """
    rows = found.clients if record == "client" else found.pets
    asked = _unchanged(load, record, found, may_be)
    kept: list[tuple[object, ...]] = []
    closed: set[str] = set()
    for pims_id, theirs in rows[rows["pims_id"].isin(asked)].groupby("pims_id"):
        questions = asked[str(pims_id)]
        proposed = set(theirs["home_id"].dropna())
        first = theirs.iloc[0]
        if first["decision"] == "linked":
            question = questions.get(first["home_id"])
            if question is None or question.reason == first["reason"]:
                continue
            proposed, closed = set(), closed | {str(pims_id)}
        elif first["decision"] == "new":
            closed |= {str(pims_id)}
        kept += [
            (pims_id, home_id, "possible", one.score, one.reason, _without_reason(one.evidence))
            for home_id, one in questions.items()
            if home_id not in proposed
        ]
    if not kept:
        return found
    stay = rows[~rows["pims_id"].isin(closed)].astype(object)
    questions_kept = pd.DataFrame(kept, columns=list(rows.columns), dtype=object)
    both = pd.concat([stay, questions_kept], ignore_index=True)
    if record == "pet":
        return replace(found, pets=both)
    return replace(found, clients=both, pets=pets_without_owners(found, pims, closed))


def _unchanged(
    load: LoadInHand, record: Record, found: MatchResult, may_be: MayBe
) -> dict[str, dict[str, _Asked]]:
    """By PIMS id and ScriptRight id, the open questions of which both sides are as they were.

    When they were judged last, or when they were asked about: a link that is undone has changed a
    side and changed it back.
    """
    rows = found.clients if record == "client" else found.pets
    ids = sorted(set(rows.loc[rows["reason"] != "decided_same", "pims_id"]))
    lines = load.fetch(_OPEN, record=record, ids=ids, model_version=found.model_version)
    lines = [line for line in lines if may_be((line.pims_id, str(line.record_id)))]
    pairs = [(line.pims_id, line.record_id) for line in lines]
    now = pair_digests(load.connection, load.practice_id, record, pairs) if pairs else {}
    asked: dict[str, dict[str, _Asked]] = defaultdict(dict)
    for line in lines:
        if now[line.pims_id, line.record_id] in (line.judged, line.shown):
            asked[line.pims_id][str(line.record_id)] = _Asked(line.score, line.evidence)
    return asked


def _without_reason(evidence: Mapping[str, Any]) -> str:
    return json.dumps({name: said for name, said in evidence.items() if name != "reason"})


_OPEN = text("""
    SELECT pims_id, record_id, score, evidence, judged, shown
    FROM scriptright.match_candidate
    WHERE practice_id = :practice_id AND record = :record AND state = 'open'
      AND pims_id = ANY(:ids) AND model_version = :model_version
    ORDER BY candidate_id
""")
