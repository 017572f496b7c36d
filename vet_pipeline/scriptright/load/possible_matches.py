"""Possible matches that wait for a person: which a load leaves, asks, or closes as past.

A refresh judges waiting records again, since either side may have changed. But it sees less than
the load that asked: whom that one linked, and their pets, it isn't shown any more. Without them a
doubt may look like certainty, and one record in thirty would be linked, or made a record of its
own, at the next refresh, though nobody has said a word and nothing has changed. So a possible match
is left to the person until either side changes, and something agrees that did not: where what spoke
against it is merely gone from a side (a birth date, the Jr behind a name), nothing is answered.
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
from vet_pipeline.scriptright.load.taken import taken_now
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.identity import pair_digests

# What is no value of a record's: where the count starts, and what other records say.
_BESIDE = {"start", "rivals", "coincidence", "joint", "rarity", "namesakes", "building"}
_UNSAID: Mapping[str, Any] = {"level": None, "bits": 0.0}

MayBe = Callable[[tuple[str, str]], bool]  # of PIMS id and ScriptRight id, as the matcher has them


@dataclass(frozen=True, slots=True)
class _Asked:
    """An open question, as the matcher put it."""

    score: float | None
    evidence: Mapping[str, Any]
    is_unchanged: bool  # both sides are as they were

    @property
    def reason(self) -> str:
        return str(self.evidence.get("reason"))

    def is_answered(self, evidence: Mapping[str, Any]) -> bool:
        """Whether a value agrees that didn't so far, and none that spoke against it is gone."""
        before, now = _values(self.evidence), _values(evidence)
        is_heard = any(
            one["level"] != before.get(name, _UNSAID)["level"]
            and one["bits"] > max(before.get(name, _UNSAID)["bits"], 0)
            for name, one in now.items()
        )
        return is_heard and all(one["bits"] >= 0 or name in now for name, one in before.items())


def leave_questions(
    load: LoadInHand, record: Record, found: MatchResult, pims: Side, may_be: MayBe
) -> MatchResult:
    """The result, where a waiting PIMS record keeps the questions that nothing has answered.

    `may_be`: whether a pair is still one that could be the same: both are there and no person has
    spoken. Another model asks anew; a link that was only held back (`ask_about_all`) has the reason
    it had, and is made.
    """
    rows = found.clients if record == "client" else found.pets
    asked = _asked(load, record, found, may_be)
    kept: list[tuple[object, ...]] = []
    closed: set[str] = set()
    for pims_id, theirs in rows[rows["pims_id"].isin(asked)].groupby("pims_id"):
        questions = asked[str(pims_id)]
        proposed = set(theirs["home_id"].dropna())
        first = theirs.iloc[0]
        if first["decision"] == "linked":
            question = questions.get(first["home_id"])
            if question is None or not _stays(question, first["reason"], first["evidence"]):
                continue
            proposed, closed = set(), closed | {str(pims_id)}
            questions = {h: q for h, q in questions.items() if q.is_unchanged or q is question}
        else:
            questions = {h: q for h, q in questions.items() if q.is_unchanged}
            if first["decision"] == "new" and questions:
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


def _stays(question: _Asked, reason: str, evidence: str) -> bool:
    """Whether it is a person's question still, though the matcher would link the two by now."""
    return question.reason != reason and (
        question.is_unchanged or not question.is_answered(json.loads(evidence))
    )


def _values(evidence: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The level and bits of each value of the two."""
    return {
        name: one
        for name, one in evidence.items()
        if isinstance(one, Mapping) and name not in _BESIDE
    }


def _asked(
    load: LoadInHand, record: Record, found: MatchResult, may_be: MayBe
) -> dict[str, dict[str, _Asked]]:
    """The open questions, by PIMS id and ScriptRight id, and whether both sides are as they were.

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
        is_unchanged = now[line.pims_id, line.record_id] in (line.judged, line.shown)
        question = _Asked(line.score, line.evidence, is_unchanged)
        asked[line.pims_id][str(line.record_id)] = question
    return asked


def _without_reason(evidence: Mapping[str, Any]) -> str:
    return json.dumps({name: said for name, said in evidence.items() if name != "reason"})


def keep_possible_matches(load: LoadInHand, record: Record) -> None:
    """Keep what the load has found possible; what isn't proposed again is past.

    Once all that the load writes is written: a record that it has filled in is what a person sees
    and decides on, not one that has changed since.
    """
    possible = load.matched(record, "possible")
    pairs = {"ids": [m.pims_id for m in possible], "records": [m.home_id for m in possible]}
    load.run(_SUPERSEDE[record], **pairs)
    if possible:
        two = [(m.pims_id, m.home_id) for m in possible]
        shown = pair_digests(load.connection, load.practice_id, record, two)
        load.run(
            _KEEP,
            record=record,
            model_version=load.model_version or "",
            scores=[m.score for m in possible],
            evidence=[m.evidence for m in possible],
            shown=[shown[pair] for pair in two],
            **pairs,
        )
    load.counts[f"{record}s_possible"] += len({m.pims_id for m in possible})
    if record == "pet":
        if not load.delta.is_first_load:
            _close_past(load)
        # The rest of the newcomers wait with their owners.
        load.counts["pets_waiting"] += int(load.are_newcomers("pet").sum()) - sum(
            load.counts[f"pets_{outcome}"] for outcome in ("new", "linked", "possible")
        )


def _close_past(load: LoadInHand) -> None:
    """Supersede those of missing PIMS pets that can't be any more.

    The matcher judges those in the snapshot. A missing one isn't judged, but its pet may have been
    taken by another since, or have gone to another client: *the same* is refused then, and *not the
    same* may be untrue. Should it come back, that load decides.
    """
    waiting = load.fetch(_OF_MISSING_PETS)
    pairs = {(pair.owner_key, pair.pet_id) for pair in waiting if pair.owners_are_one}
    gone = taken_now(load, pairs)
    past = [
        pair.candidate_id
        for pair in waiting
        if not pair.owners_are_one or (pair.owner_key, pair.pet_id) in gone
    ]
    if past:
        load.run(_CLOSE, past=past)


_OPEN = text("""
    SELECT pims_id, record_id, score, evidence, judged, shown
    FROM scriptright.match_candidate
    WHERE practice_id = :practice_id AND record = :record AND state = 'open'
      AND pims_id = ANY(:ids) AND model_version = :model_version
    ORDER BY candidate_id
""")
# Every record that was judged in this load: what isn't proposed again is settled or no longer so.
_SUPERSEDE = of_each("""
    UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = :now
    WHERE c.practice_id = :practice_id AND c.record = '{record}' AND c.state = 'open'
      AND c.pims_id IN (SELECT pims_id FROM pg_temp.stage_{record}
                        WHERE kind IN ('new', 'waiting'))
      AND NOT EXISTS (
          SELECT FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]))
              AS m (pims_id, home_id)
          WHERE m.pims_id = c.pims_id AND m.home_id = c.record_id)
""")
_KEEP = text("""
    INSERT INTO scriptright.match_candidate AS c
        (practice_id, record, pims_id, record_id, score, evidence, model_version, load_id, shown,
         judged)
    SELECT :practice_id, :record, pims_id, home_id, score, evidence, :model_version, :load_id,
        shown, shown
    FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]),
        CAST(:scores AS double precision[]), CAST(:evidence AS jsonb[]), CAST(:shown AS text[]))
        AS m (pims_id, home_id, score, evidence, shown)
    ON CONFLICT (practice_id, record, pims_id, record_id) WHERE state = 'open'
    DO UPDATE SET score = excluded.score, evidence = excluded.evidence,
        model_version = excluded.model_version, judged = excluded.judged
    WHERE (c.score, c.evidence, c.model_version, c.judged) IS DISTINCT FROM
        (excluded.score, excluded.evidence, excluded.model_version, excluded.judged)
""")
# The owner's key is made beforehand: joined by a trimmed key, row level security would have every
# pet read all clients.
_OF_MISSING_PETS = text("""
    WITH waiting AS MATERIALIZED (
        SELECT c.candidate_id, c.record_id AS pet_id, btrim(b.client_key) AS owner_key
        FROM scriptright.match_candidate c
        JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.pims_id = c.pims_id
        WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.state = 'open'
          AND b.missing_since IS NOT NULL)
    SELECT w.candidate_id, w.pet_id, w.owner_key,
        coalesce(o.record_id = p.client_id, false) AS owners_are_one
    FROM waiting w
    JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = w.pet_id
    LEFT JOIN scriptright.client_link o
      ON o.practice_id = :practice_id AND o.pims_id = w.owner_key
    ORDER BY w.candidate_id
""")
_CLOSE = text("""
    UPDATE scriptright.match_candidate SET state = 'superseded', decided_at = :now
    WHERE practice_id = :practice_id AND candidate_id = ANY(:past)
""")
