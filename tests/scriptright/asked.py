"""A practice whose first load leaves PIMS client 1 waiting for a person, and a person's words."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import (
    Candidate,
    CandidateDecided,
    confirm_candidate,
    list_candidates,
    reject_candidate,
)
from vet_pipeline.scriptright.load.apply import Matcher
from vet_pipeline.scriptright.records.identity import decisions_for_match

HOME = {
    "first_name": "Ann",
    "last_name": "Lee",
    "address_line1": "5 Web St",
    "city": "Springfield",
    "state": "IL",
    "postal_code": "62704",
    "email": "ann@web.example",
}


def open_practice(engine: Engine) -> str:
    """Home-delivery client 1 with pet 1 (Rexy, no weight) and client 2 without pets."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", HOME)
        web_shop.add_client(connection, "oak", HOME | {"email": "lee@web.example"})
        web_shop.add_pet(connection, "oak", 1, {"name": "Rexy", "species": "dog"})
    return "oak"


def ask(engine: Engine, homes: list[int], **pets: tuple[str, list[int]]) -> ToldMatcher:
    """The first load leaves PIMS client 1 with pets p1 and p2 waiting for a person."""
    matcher = ToldMatcher({"1": ("possible", homes)}, pets)
    load(
        engine,
        "oak",
        1,
        [client("1")],
        [pet("p1", "1"), pet("p2", "1", name="Tom")],
        matcher=matcher,
    )
    return matcher


def candidates(engine: Engine, state: str | None = "open") -> list[Candidate]:
    with engine.connect() as connection:
        return list_candidates(connection, "oak", state=state)


def confirmed(engine: Engine, candidate: Candidate, matcher: Matcher) -> CandidateDecided:
    return confirm_candidate(
        engine,
        "oak",
        candidate.candidate_id,
        by="Pat Doe",
        match=matcher,
        shown=candidate.shown,
    )


def rejected(engine: Engine, candidate: Candidate) -> CandidateDecided:
    return reject_candidate(
        engine,
        "oak",
        candidate.candidate_id,
        by="Pat Doe",
        shown=candidate.shown,
    )


def pet_links(engine: Engine) -> list[tuple[object, ...]]:
    return rows(
        engine,
        "SELECT l.pims_id, l.record_id, p.client_id, l.method FROM scriptright.pet_link l "
        "JOIN scriptright.pet p ON p.practice_id = l.practice_id AND p.pet_id = l.record_id "
        "ORDER BY l.pims_id",
    )


def decisions(engine: Engine) -> list[Decision]:
    with engine.connect() as connection:
        return decisions_for_match(connection, "oak")
