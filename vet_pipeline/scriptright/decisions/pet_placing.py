"""Where pets go whose owner a person has spoken of: compared with the client's pets, or new.

Callers hold the practice's lock. A pet that is missing in the PIMS goes on waiting: the load that
brings it back decides. So does one that a person is asked about: joining its owner answers nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.matching import Decision, MatchResult, Side
from vet_pipeline.normalize.columns import CLIENT_SCHEMA, frame
from vet_pipeline.scriptright.decisions.linking import LinkBasis, link_as_new, link_record
from vet_pipeline.scriptright.load.apply_matching import Matcher, with_reason
from vet_pipeline.scriptright.load.asked_instead import ask_about_all, holds_links_back
from vet_pipeline.scriptright.load.kept_apart import ask_about_told_apart
from vet_pipeline.scriptright.load.pets_in_doubt import MISSING, ask_about_pets_in_doubt
from vet_pipeline.scriptright.load.taken import taken
from vet_pipeline.scriptright.records.identity import Pair, decisions_for_match, pair_digest
from vet_pipeline.scriptright.records.in_question import in_question, others_by_now
from vet_pipeline.scriptright.records.pims_values import (
    by_id,
    pims_rows,
    pims_values,
    unlinked_pets_of,
)
from vet_pipeline.scriptright.records.sides import side_of


def place_pets(
    connection: Connection, practice_id: str, owner: Pair, load_id: int, *, match: Matcher
) -> None:
    """Take in the pets that waited for their owner, now that the owner has a client.

    They are compared with the client's pets by the matcher, as a load would have done: linked by
    the machine, put before a person, or new.
    """
    waiting = unlinked_pets_of(connection, practice_id, owner.pims_id, to_place=True)
    for found in match_pets(connection, practice_id, owner, waiting, match):
        pims_id, said, basis = found.pims_id, found.said, found.basis(load_id)
        if found.decision == "new" or found.pair is None:
            link_as_new(
                connection, practice_id, "pet", pims_id, said, load_id, client_id=owner.record_id
            )
        elif found.decision == "linked":
            link_record(connection, practice_id, found.pair, said, basis)
        else:
            _open_candidate(connection, practice_id, found.pair, basis)


@dataclass(frozen=True, slots=True)
class MatchedPet:
    """What the matcher says of a PIMS pet beside a client's pets; `said`: what the PIMS says."""

    pims_id: str
    decision: str  # linked | possible | new
    pair: Pair | None  # with the client's pet that it is, or may be
    score: float | None
    evidence: Mapping[str, Any]
    model_version: str
    said: Mapping[str, Any]

    def basis(self, load_id: int) -> LinkBasis:
        """The evidence that a link by the machine rests on."""
        return LinkBasis(load_id, None, self.score, self.evidence, self.model_version)


def match_pets(
    connection: Connection, practice_id: str, owner: Pair, pims_ids: Iterable[str], match: Matcher
) -> list[MatchedPet]:
    """Compare PIMS pets of one owner with the client's pets, as a load would; a line a pair.

    Those that today's rules can't read are left out. While the practice's links are held back, none
    is made here either.
    """
    rows = pims_rows(connection, practice_id, "pet", pims_ids)
    if rows.empty:
        return []
    result = _compare(connection, practice_id, owner, rows, match)
    cells = by_id("pet", rows)
    found: list[MatchedPet] = []
    for row in result.pets.to_dict("records"):
        pims_id, home_id = row["pims_id"], row["home_id"]
        found.append(
            MatchedPet(
                pims_id,
                row["decision"],
                None if pd.isna(home_id) else Pair("pet", pims_id, int(home_id)),
                None if pd.isna(row["score"]) else float(row["score"]),
                json.loads(with_reason(row["evidence"], row["reason"])),
                result.model_version,
                cells[pims_id],
            )
        )
    return found


def _compare(
    connection: Connection, practice_id: str, owner: Pair, rows: pd.DataFrame, match: Matcher
) -> MatchResult:
    pims = _pets_alone(rows)
    side = side_of(connection, practice_id, [owner.record_id])
    theirs = [int(pet_id) for pet_id in side.pets["pet_id"]]
    others = others_by_now(connection, practice_id, "pet", record_ids=theirs)
    pairs = taken(connection, practice_id, [(owner.pims_id, pet_id) for pet_id in theirs], others)
    free = ~side.pets["pet_id"].isin([str(pet_id) for _, pet_id in pairs])
    result = match(
        replace(side, pets=side.pets[free].reset_index(drop=True)),
        pims,
        decisions=[*_decisions(connection, practice_id), _same_client(owner)],
    )
    # In the order of a load: what is asked about anyway would have lost the doubt's reason.
    result = ask_about_told_apart(connection, practice_id, result, pims)
    result = ask_about_pets_in_doubt(connection, practice_id, pims.pets, result, others)
    if holds_links_back(connection, practice_id):
        result, _ = ask_about_all(result, pims)
    return result


def place_pets_as_new(connection: Connection, practice_id: str, owner: Pair, load_id: int) -> None:
    """As `place_pets`, of a client who is new: none of the waiting pets can be known.

    Where undoing a link has made the client, the owner's row may be in question: then they wait on.
    """
    if in_question(connection, practice_id, "client", [owner.pims_id]):
        return
    waiting = unlinked_pets_of(connection, practice_id, owner.pims_id, to_place=True)
    for pims_id, said in pims_values(connection, practice_id, "pet", waiting).items():
        link_as_new(
            connection, practice_id, "pet", pims_id, said, load_id, client_id=owner.record_id
        )


def ask_whether_missing(
    connection: Connection, practice_id: str, missing: str, home_id: int, new_id: int
) -> None:
    """Ask of a missing PIMS pet's new record what was asked of the one that it fed.

    A waiting PIMS pet may be the missing one under a new number (pets_in_doubt.py). That was asked
    of `home_id`, and the missing one's own record is `new_id` since its link was undone.
    """
    which = {"practice_id": practice_id, "missing": missing, "home_id": home_id}
    for row in connection.execute(_MAY_BE_MISSING, which).all():
        basis = LinkBasis(row.load_id, None, row.score, {"reason": MISSING}, row.model_version)
        _open_candidate(connection, practice_id, Pair("pet", row.pims_id, new_id), basis)


def _same_client(owner: Pair) -> Decision:
    return Decision("client", owner.pims_id, str(owner.record_id), same=True)


def _decisions(connection: Connection, practice_id: str) -> list[Decision]:
    return [d for d in decisions_for_match(connection, practice_id) if d.record == "pet"]


def _pets_alone(rows: pd.DataFrame) -> Side:
    """The pets without their owner, who needs no matching: the pair of owners is decided."""
    no_clients = frame(CLIENT_SCHEMA.empty_table())
    return Side(
        no_clients.rename(columns={"pims_client_id": "client_id"}),
        rows.rename(columns={"pims_pet_id": "pet_id", "pims_client_id": "client_id"}),
    )


def _open_candidate(connection: Connection, practice_id: str, pair: Pair, basis: LinkBasis) -> None:
    connection.execute(
        _CANDIDATE,
        {
            "practice_id": practice_id,
            **pair._asdict(),
            "shown": pair_digest(connection, practice_id, pair),
            "score": basis.score,
            "evidence": json.dumps(basis.evidence or {}),
            "model_version": basis.model_version,
            "load_id": basis.load_id,
        },
    )


_CANDIDATE = text("""
    INSERT INTO scriptright.match_candidate (practice_id, record, pims_id, record_id, score,
        evidence, model_version, load_id, shown, judged)
    VALUES (:practice_id, :record, :pims_id, :record_id, :score, CAST(:evidence AS jsonb), :model_version,
        :load_id, :shown, :shown)
    ON CONFLICT DO NOTHING
""")
_MAY_BE_MISSING = text("""
    SELECT c.pims_id, c.load_id, c.score, c.model_version FROM scriptright.match_candidate c
    JOIN scriptright.pims_pet waiting USING (practice_id, pims_id)
    JOIN scriptright.pims_pet gone ON gone.practice_id = :practice_id AND gone.pims_id = :missing
      AND gone.missing_since IS NOT NULL AND btrim(gone.client_key) = btrim(waiting.client_key)
    WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.state = 'open' AND c.record_id = :home_id
    ORDER BY c.pims_id
""")
