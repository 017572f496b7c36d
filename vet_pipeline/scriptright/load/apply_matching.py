"""Asking the matcher which of a load's new and waiting records ScriptRight already has.

Runs after the baseline has moved, so that missing records and decisions are judged by this
snapshot; in a first load, which has no baseline yet, while its rows are staged. Leaves its answer
in `LoadInHand.matches`.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pandas as pd
from sqlalchemy import text

from vet_pipeline.matching import Decision, MatchResult, Side
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand, Match
from vet_pipeline.scriptright.load.asked_instead import ask_about_all, holds_links_back
from vet_pipeline.scriptright.load.earlier_links import linked_before, of_newcomers
from vet_pipeline.scriptright.load.kept_apart import (
    ask_about_kept_apart,
    ask_about_told_apart,
    kept_apart,
)
from vet_pipeline.scriptright.load.match_watch import Watch
from vet_pipeline.scriptright.load.pets_in_doubt import ask_about_pets_in_doubt
from vet_pipeline.scriptright.load.possible_matches import leave_questions
from vet_pipeline.scriptright.load.taken import OwnerAndPet, others_now, taken_now
from vet_pipeline.scriptright.records.identity import decisions_for_match
from vet_pipeline.scriptright.records.sides import home_side, side_of


class Matcher(Protocol):
    """vet_pipeline.matching.match, or that with its settings bound."""

    def __call__(self, home: Side, pims: Side, *, decisions: Sequence[Decision]) -> MatchResult:
        """Decide for every record of `pims`; pure."""


@dataclass(frozen=True, slots=True)
class ToMatch:
    """New and waiting clients with their pets, the clients they may be, and what persons said."""

    home: Side
    pims: Side
    decisions: list[Decision]

    def put_to(self, match: Matcher) -> MatchResult:
        """What the matcher says of them."""
        return match(self.home, self.pims, decisions=self.decisions)


def match_while(stage: Callable[[], None], load: LoadInHand, match: Matcher, watch: Watch) -> None:
    """Fill a first load's `matches`, while `stage` keeps the database busy in a thread.

    Nothing is in the baseline yet, so nothing that is staged changes the question. The matches are
    watched; where the practice's scores look unlike what the model knows, then and later, the
    machine links nothing (see `holds_links_back`).
    """
    question = _newcomers(load, decisions_for_match(load.connection, load.practice_id))
    if question is None:
        stage()
        return
    with ThreadPoolExecutor(1, thread_name_prefix="staging") as beside:
        staged = beside.submit(stage)
        found = question.put_to(match)
        load.watched = watch(question.home, question.pims, found).counts()
        staged.result()
    _take(load, found, question.pims)


def find_matches(load: LoadInHand, match: Matcher) -> None:
    """Fill a refresh's `matches`. The matcher isn't asked where nothing could match."""
    words = decisions_for_match(load.connection, load.practice_id)
    question = _newcomers(load, words)
    if question is not None:
        found = _answer(load, question, match)
        there = set(question.home.clients["client_id"])
        told = {(d.pims_id, d.home_id) for d in words if d.record == "client"}
        found = leave_questions(
            load, "client", found, question.pims, lambda p: p[1] in there and p not in told
        )
        _take(load, found, question.pims)
    _match_pets_of_known_clients(load, match, words)


def _newcomers(load: LoadInHand, words: list[Decision]) -> ToMatch | None:
    clients = _candidates(load, "client")
    if clients.empty:
        return None
    home = home_side(load.connection, load.practice_id, others_now(load, "client"))
    if home.clients.empty:
        return None
    pets = _candidates(load, "pet")
    theirs = pets["client_id"].isin(clients["client_id"]).to_numpy(dtype=bool)
    pims = Side(clients, pets if theirs.all() else pets[theirs])
    return ToMatch(home, pims, words)


def _answer(load: LoadInHand, question: ToMatch, match: Matcher) -> MatchResult:
    """What the matcher says beside earlier links, and where a lost PIMS id's word is at stake."""
    connection, practice_id = load.connection, load.practice_id
    beside = question
    while True:
        found = _of_what_is_free(load, beside, match)
        pims, links = linked_before(connection, practice_id, found, beside.pims)
        if not links:
            break
        beside = replace(beside, pims=pims, decisions=beside.decisions + links)

    def ask(more: Sequence[Decision]) -> MatchResult:
        return _of_what_is_free(load, replace(beside, decisions=[*beside.decisions, *more]), match)

    ids = question.home.clients["client_id"]
    apart = kept_apart(connection, practice_id, question.decisions, ids)
    told = ask_about_kept_apart(found, apart, question.pims, ask)
    return of_newcomers(told, question.pims)


def _of_what_is_free(load: LoadInHand, question: ToMatch, match: Matcher) -> MatchResult:
    """What the matcher says when it may not take pets that are taken.

    Whose pets can be in question is known once the owners are matched, so it is asked again where
    it has taken one: seldom.
    """
    owners = dict(zip(question.pims.pets["pet_id"], question.pims.pets["client_id"], strict=True))
    while True:
        found = question.put_to(match)
        pairs = found.pets[found.pets["decision"] != "new"]
        wanted = {
            (owners[pims_id], int(home_id))
            for pims_id, home_id in zip(pairs["pims_id"], pairs["home_id"], strict=True)
        }
        known = question.pims.taken
        taken = known | {(owner, str(pet)) for owner, pet in taken_now(load, wanted)}
        if taken == known:  # what is proposed all the same, a person has said
            return found
        question = replace(question, pims=replace(question.pims, taken=taken))


@dataclass(frozen=True, slots=True)
class _NewPet:
    """A new or waiting PIMS pet whose owner is linked."""

    pims_id: str
    owner: str  # the PIMS client
    client_id: int  # whom the owner feeds
    free: AbstractSet[int]  # the client's pets that aren't taken; one set for all of an owner's


def _match_pets_of_known_clients(load: LoadInHand, match: Matcher, words: list[Decision]) -> None:
    """New and waiting pets whose owner is linked: to pets the owner has in ScriptRight already."""
    said = [word for word in words if word.record == "pet"]
    asked, theirs = _pets_of_known_clients(load, said)
    if not asked:
        return
    pets = _candidates(load, "pet")
    home = side_of(load.connection, load.practice_id, sorted({pet.client_id for pet in asked}))
    linked = sorted({(pet.owner, pet.client_id) for pet in asked})
    known = [Decision("client", owner, str(client), same=True) for owner, client in linked]
    no_clients = Side(
        _candidates(load, "client").iloc[:0],
        pets[pets["pet_id"].isin({pet.pims_id for pet in asked})],
        taken=frozenset((owner, str(pet)) for owner, pet in theirs),
    )
    found = match(home, no_clients, decisions=known + said)
    told = {(word.pims_id, word.home_id) for word in said}
    may_be = {pet.pims_id: pet.free for pet in asked}
    links = found.pets[found.pets["decision"] == "linked"]
    has = dict(zip(links["home_id"], links["pims_id"], strict=True))  # pets go one to one

    def still_may_be(pair: tuple[str, str]) -> bool:
        pims_id, home_id = pair
        is_free = int(home_id) in may_be.get(pims_id, ()) and pair not in told
        return is_free and has.get(home_id, pims_id) == pims_id

    _take(load, leave_questions(load, "pet", found, no_clients, still_may_be), no_clients)


def _pets_of_known_clients(
    load: LoadInHand, words: Iterable[Decision]
) -> tuple[list[_NewPet], set[OwnerAndPet]]:
    """Those that may be any of their client's pets; and which pets are taken, for whom.

    A pet that is taken is no candidate. Nothing here is made for each two pets: an account of
    20,000 walk-ins has hundreds of new ones in every load.
    """
    newcomers = load.fetch(_NEWCOMERS_OF_KNOWN_CLIENTS)
    owners = {row.pims_client_id: row.client_id for row in newcomers}
    if not owners:
        return [], set()
    there: dict[int, set[int]] = defaultdict(set)
    for row in load.fetch(_PETS_OF, clients=sorted(set(owners.values()))):
        there[row.client_id].add(row.pet_id)
    theirs = taken_now(
        load, {(owner, pet) for owner, client in owners.items() for pet in there[client]}
    )
    free = {
        owner: {pet for pet in there[client] if (owner, pet) not in theirs}
        for owner, client in owners.items()
    }
    said: dict[str, dict[int, bool]] = defaultdict(dict)
    for word in words:
        said[word.pims_id][int(word.home_id)] = word.same
    pets = [
        _NewPet(row.pims_id, row.pims_client_id, row.client_id, free[row.pims_client_id])
        for row in newcomers
    ]
    asked = [
        pet
        for pet in pets
        if _may_be_one(said.get(pet.pims_id, {}), pet.free, there[pet.client_id])
    ]
    return asked, theirs


def _may_be_one(said: Mapping[int, bool], free: AbstractSet[int], there: AbstractSet[int]) -> bool:
    """Whether any of the owner's pets is left for a newcomer, by what persons have said of it."""
    if not said:
        return bool(free)
    same = {pet for pet, is_same in said.items() if is_same}
    return bool(same & there or free - said.keys())


def _candidates(load: LoadInHand, record: Record) -> pd.DataFrame:
    names = {"pims_pet_id": "pet_id", "pims_client_id": "client_id"}
    return load.newcomers(record).rename(columns=names).reset_index(drop=True)


def _take(load: LoadInHand, result: MatchResult, pims: Side) -> None:
    load.model_version = result.model_version
    result = ask_about_told_apart(load.connection, load.practice_id, result, pims)
    result = ask_about_pets_in_doubt(
        load.connection, load.practice_id, pims.pets, result, others_now(load, "pet")
    )
    unlike = bool(load.watched.get("scores_unlike"))
    if holds_links_back(load.connection, load.practice_id, unlike=unlike):
        result, held = ask_about_all(result, pims)
        load.watched["links_held_back"] = load.watched.get("links_held_back", 0) + held
    load.matches += [*_matches("client", result.clients), *_matches("pet", result.pets)]


def _matches(record: Record, found: pd.DataFrame) -> Iterable[Match]:
    rows: Iterable[Any] = found[found["decision"] != "new"].itertuples(index=False)
    for row in rows:
        score = None if pd.isna(row.score) or math.isinf(row.score) else float(row.score)
        evidence = with_reason(row.evidence, row.reason)
        yield Match(record, row.pims_id, int(row.home_id), row.decision, score, evidence)


def with_reason(evidence: object, reason: str) -> str:
    """The evidence (JSON text) with the matcher's word that says why: a veto, a rival, ..."""
    fields = evidence if isinstance(evidence, str) else "{}"
    told = f'"reason": {json.dumps(reason)}'
    return f"{{{told}}}" if fields == "{}" else f"{{{told}, {fields[1:]}"


_NEWCOMERS_OF_KNOWN_CLIENTS = text("""
    SELECT s.pims_id, s.pims_client_id, l.record_id AS client_id
    FROM pg_temp.stage_pet s
    JOIN scriptright.client_link l ON l.practice_id = :practice_id AND l.pims_id = s.pims_client_id
    WHERE s.kind IN ('new', 'waiting')
""")
_PETS_OF = text("""
    SELECT client_id, pet_id FROM scriptright.pet
    WHERE practice_id = :practice_id AND client_id = ANY(:clients)
""")
