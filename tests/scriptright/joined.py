"""PIMS client 1 with a client of its own beside the home-delivery clients of asked.py, and joining."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import client, load, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.decisions.links import Joined, explain, join

LEE = [client("1")]
PETS = [pet("p1", "1"), pet("p2", "1", name="Tom")]
REXY = ToldMatcher(pets={"p1": ("linked", [1])})
# As a person finds it: without numbers and times.
PICTURE = """
    SELECT 'client', to_jsonb(c) - '{practice_id,client_id,created_at,version,created_load_id}'::text[],
        (SELECT jsonb_agg(jsonb_build_array(b.pims_id, link_method, link_decided_by, link_standalone))
         FROM scriptright.pims_client b WHERE b.practice_id = :p AND b.record_id = c.client_id)
    FROM scriptright.client c WHERE practice_id = :p
    UNION ALL
    SELECT 'pet of ' || coalesce(o.email, ''),
        to_jsonb(t) - '{practice_id,client_id,pet_id,created_at,version,created_load_id}'::text[],
        (SELECT jsonb_agg(jsonb_build_array(b.pims_id, link_method, link_decided_by, link_standalone))
         FROM scriptright.pims_pet b WHERE b.practice_id = :p AND b.record_id = t.pet_id)
    FROM scriptright.pet t JOIN scriptright.client o USING (practice_id, client_id)
    WHERE practice_id = :p
    UNION ALL
    SELECT 'asked ' || record || field || reason || pims_id, old_value, new_value
    FROM scriptright.suggestion WHERE practice_id = :p AND state = 'open'
    ORDER BY 1, 2
"""


def load_as_new(engine: Engine, practice_id: str = "oak") -> None:
    """PIMS client 1 gets a client of its own (3 in `oak`) with its pets (2 and 3)."""
    load(engine, practice_id, 1, LEE, PETS, matcher=ToldMatcher())


def mark(
    engine: Engine, record: Record, pims_id: str, record_id: int, practice_id: str = "oak"
) -> str:
    with engine.connect() as connection:
        told = explain(connection, practice_id, record, pims_id, record_id=record_id)
    return told.shown or ""


def joined(
    engine: Engine,
    record: Record,
    pims_id: str,
    record_id: int,
    *,
    practice_id: str = "oak",
    matcher: ToldMatcher = REXY,
) -> Joined:
    return join(
        engine,
        practice_id,
        record,
        pims_id,
        record_id,
        by="Pat Doe",
        shown=mark(engine, record, pims_id, record_id, practice_id),
        match=matcher,
    )
