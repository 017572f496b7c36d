"""Possible matches: a person says *the same* or *not the same*, and it holds at once.

Until then the PIMS record waits: it is in the baseline and feeds no ScriptRight record. Neither
it nor its pets wait for the next load once the word is given.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import StaleDecision
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.decisions.candidate_list import Candidate, get_candidate, how_to_look
from vet_pipeline.scriptright.decisions.joining import give_up_own
from vet_pipeline.scriptright.decisions.linking import LinkBasis
from vet_pipeline.scriptright.decisions.placing import (
    is_open,
    link_by_word,
    new_if_nothing_is_open,
    said_by_pims,
    why_not_that_pet,
)
from vet_pipeline.scriptright.load.apply_matching import Matcher
from vet_pipeline.scriptright.records.identity import remember
from vet_pipeline.scriptright.records.writes import records_fed
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import act, named


@dataclass(frozen=True, slots=True)
class CandidateDecided:
    """What a word on a possible match did; `record_id`: where the PIMS record leads now."""

    candidate_id: int
    record: Record
    pims_id: str
    outcome: str  # linked | new | missing (no record until the PIMS has it again) | waiting
    record_id: int | None


def confirm_candidate(
    engine: Engine,
    practice_id: str,
    candidate_id: int,
    *,
    by: str,
    match: Matcher,
    shown: str | None = None,
) -> CandidateDecided:
    """The same: link the two, with what a load's own link would do; then the client's pets.

    One transaction. A pet that has a record of its own (gone_beside.py) is joined, as by `join`.
    `shown`: the fingerprint from the list; without it the decision is about the pair as it was when
    it got its number. Raises StaleDecision when it is closed already, the identifying fields of a
    side differ from what was shown, or a pet's owners aren't linked any more.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as connection:
        found = _require_open(connection, practice_id, candidate_id, shown)
        _require_free(connection, practice_id, found)
        said = said_by_pims(connection, practice_id, found.record, found.pims_id)
        basis = LinkBasis(found.load_id, actor, found.score, found.evidence, found.model_version)
        _close(connection, practice_id, candidate_id, "confirmed", actor)
        stood = give_up_own(connection, practice_id, found.pair, actor)
        link_by_word(connection, practice_id, found.pair, said, basis, match=match, stood=stood)
        return _decided(connection, practice_id, found, actor, "linked", found.record_id)


def reject_candidate(
    engine: Engine,
    practice_id: str,
    candidate_id: int,
    *,
    by: str,
    shown: str | None = None,
) -> CandidateDecided:
    """Not the same: remembered until the data of a side change.

    When no other candidate is open, the PIMS record becomes a record of its own at once, and a
    client's pets with it; one that the PIMS has no more becomes none. One transaction; raises as
    confirm_candidate does.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as connection:
        found = _require_open(connection, practice_id, candidate_id, shown)
        remember(connection, practice_id, found.pair, same=False, by=actor)
        _close(connection, practice_id, candidate_id, "rejected", actor)
        record_id = new_if_nothing_is_open(
            connection, practice_id, found.record, found.pims_id, found.load_id
        )
        outcome = "waiting"
        if record_id is not None:
            outcome = "new"
        elif found.missing_since and not is_open(
            connection, practice_id, found.record, found.pims_id
        ):
            outcome = "missing"
        return _decided(connection, practice_id, found, actor, outcome, record_id)


def _require_open(
    connection: Connection, practice_id: str, candidate_id: int, shown: str | None
) -> Candidate:
    found = get_candidate(connection, practice_id, candidate_id, keep="values")
    if found.state != "open":
        raise _stale(practice_id, found, f"it is {found.state} already")
    if shown is None and found.changed:
        raise _stale(practice_id, found, "one of its sides has changed since it got this number")
    if shown is not None and shown != found.shown:
        raise _stale(practice_id, found, "one of its sides has changed since it was shown")
    return found


def _require_free(connection: Connection, practice_id: str, found: Candidate) -> None:
    if found.record == "pet":
        why = why_not_that_pet(connection, practice_id, found.pims_id, found.record_id)
        if why is not None:
            raise _stale(practice_id, found, why)
    elif records_fed(connection, practice_id, found.record, [found.pims_id]):
        raise _stale(practice_id, found, "the PIMS record is linked by now")


def _decided(
    connection: Connection,
    practice_id: str,
    found: Candidate,
    actor: str,
    outcome: str,
    record_id: int | None,
) -> CandidateDecided:
    same = outcome == "linked"
    audit.append(
        connection,
        practice_id,
        actor,
        "candidate_confirmed" if same else "candidate_rejected",
        {"candidate_id": found.candidate_id, **found.pair._asdict(), "outcome": outcome},
    )
    return CandidateDecided(found.candidate_id, found.record, found.pims_id, outcome, record_id)


def _close(
    connection: Connection, practice_id: str, candidate_id: int, state: str, by: str
) -> None:
    connection.execute(
        _CLOSE, {"practice_id": practice_id, "id": candidate_id, "state": state, "by": by}
    )


def _stale(practice_id: str, found: Candidate, why: str) -> StaleDecision:
    """The next step is to look: `link explain` shows what may be decided by now, as it is typed."""
    look = how_to_look(practice_id, found.pair)
    return StaleDecision(
        f"possible match {found.candidate_id}: {why}",
        next_step=f"look at both with `{look}`, and decide by the commands that it shows",
        practice_id=practice_id,
    )


_CLOSE = text("""
    UPDATE scriptright.match_candidate SET state = :state, decided_by = :by,
        decided_at = scriptright.moment()
    WHERE practice_id = :practice_id AND candidate_id = :id
""")
