"""*Not the same*: a person's no to a possible match, and how long it holds."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.asked import (
    ask,
    candidates,
    confirmed,
    decisions,
    open_practice,
    pet_links,
    rejected,
)
from tests.scriptright.builders import client, load, one, pet, phones, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.records.identity import IDENTIFYING_RAW


@pytest.fixture
def practice(engine: Engine) -> str:
    return open_practice(engine)


def test_not_the_same_waits_while_another_candidate_is_open(engine: Engine, practice: str) -> None:
    ask(engine, [1, 2])
    first, _ = candidates(engine)
    assert rejected(engine, first).outcome == "waiting"
    assert rows(engine, "SELECT 1 FROM scriptright.client_link") == []


def test_a_record_without_candidates_left_is_new_at_once_with_its_pets(
    engine: Engine, practice: str
) -> None:
    ask(engine, [1])
    decided = rejected(engine, candidates(engine)[0])
    # Number 3, and 2 and 3 among pets, were for records that waited then; they stay unused.
    assert (decided.outcome, decided.record_id) == ("new", 4)
    assert rows(
        engine, "SELECT pims_id, record_id, method, standalone FROM scriptright.client_link"
    ) == [("1", 4, "created", None)]
    assert rows(
        engine,
        "SELECT origin, address_line1, email, created_load_id FROM scriptright.client "
        "WHERE client_id = 4",
    ) == [
        (
            "pims",
            "12 Elm St",
            "ann@example.com",
            one(engine, "SELECT load_id FROM scriptright.load"),
        )
    ]
    assert pet_links(engine) == [("p1", 4, 4, "created"), ("p2", 5, 4, "created")]


def test_not_the_same_is_never_proposed_again(engine: Engine, practice: str) -> None:
    matcher = ask(engine, [1, 2])
    first, second = candidates(engine)
    rejected(engine, first)
    load(
        engine,
        practice,
        2,
        [client("1")],
        [pet("p1", "1"), pet("p2", "1", name="Tom")],
        matcher=matcher,
    )
    assert decisions(engine) == [Decision("client", "1", "1", same=False)]
    assert [c.record_id for c in candidates(engine)] == [2]


@pytest.mark.parametrize("side", ["pims", "home"])
def test_not_the_same_is_asked_again_when_the_data_of_a_side_change(
    engine: Engine, practice: str, side: str
) -> None:
    matcher = ask(engine, [1, 2])
    rejected(engine, candidates(engine)[0])
    changed = {"phones": phones("(217) 555-0177")} if side == "pims" else {}
    if side == "home":
        with engine.begin() as connection:
            web_shop.edit_client(connection, practice, 1, {"last_name": "Lea"}, actor="web")
    assert side == "pims" or decisions(engine) == []
    load(
        engine,
        practice,
        2,
        [client("1", **changed)],
        [pet("p1", "1"), pet("p2", "1", name="Tom")],
        matcher=matcher,
    )
    assert decisions(engine) == []
    assert sorted(c.record_id for c in candidates(engine)) == [1, 2]


def test_what_a_person_has_told_apart_no_machine_links_once_the_data_of_a_side_change(
    engine: Engine, practice: str
) -> None:
    """Two Anns of one house: the desk gave the row the email of the one that a person had refused."""
    ask(engine, [1, 2])
    rejected(engine, candidates(engine)[0])
    sure = ToldMatcher({"1": ("linked", [1])})
    load(
        engine, practice, 2, [client("1", email="new@example.com")], [pet("p1", "1")], matcher=sure
    )
    assert rows(engine, "SELECT 1 FROM scriptright.client_link") == []
    [asked] = candidates(engine)
    assert (asked.record_id, asked.evidence["reason"]) == (1, "told_apart")


def test_so_it_is_with_a_pet(engine: Engine, practice: str) -> None:
    """It waits on, as it may be another one of the owner's."""
    with engine.begin() as connection:
        rex = web_shop.add_pet(connection, practice, 1, {"name": "Rex"})
        other = web_shop.add_pet(connection, practice, 1, {"name": "Rexy"})
    pets = {"p1": ("possible", [rex, other])}
    load(engine, practice, 1, [client("1")], [pet("p1", "1")],
         matcher=ToldMatcher({"1": ("linked", [1])}, pets))  # fmt: skip
    rejected(engine, candidates(engine)[0])
    told = ToldMatcher({}, {"p1": ("linked", [rex])})
    load(
        engine, practice, 2, [client("1")], [pet("p1", "1", birth_date="2021-05-01")], matcher=told
    )
    assert pet_links(engine) == []
    assert {c.evidence["reason"] for c in candidates(engine)} >= {"told_apart"}


def test_a_phone_number_typed_otherwise_does_not_open_the_question_again(
    engine: Engine, practice: str
) -> None:
    number = {"number": "+12175550142", "extension": None, "kind": "unknown"}

    def saved_as(typed: str) -> None:
        cells = {"phones": [number | {"recorded": typed}]}
        with engine.begin() as connection:
            web_shop.edit_client(connection, practice, 1, cells, actor="web")

    saved_as("(217) 555-0142")
    ask(engine, [1, 2])
    rejected(engine, candidates(engine)[0])
    saved_as("+12175550142")
    assert decisions(engine) == [Decision("client", "1", "1", same=False)]


def test_a_blank_more_or_a_dash_retyped_in_the_pims_does_not_open_the_question_again(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1, 2])
    rejected(engine, candidates(engine)[0])
    typed = {"address_line1": "12  Elm St ", "phones": phones("217-555-0142 ")}
    pets = [pet("p1", "1"), pet("p2", "1", name="Tom")]
    load(engine, practice, 2, [client("1", **typed)], pets, matcher=matcher)
    assert [c.record_id for c in candidates(engine)] == [2]
    load(engine, practice, 3, [client("1", phones=phones("(217) 555-0143"))], pets, matcher=matcher)
    assert sorted(c.record_id for c in candidates(engine)) == [1, 2]


def test_a_word_kept_with_the_text_as_it_was_written_still_holds(
    engine: Engine, practice: str
) -> None:
    ask(engine, [1, 2])
    rejected(engine, candidates(engine)[0])
    with engine.connect() as connection:
        [raw] = connection.execute(text("SELECT * FROM scriptright.pims_client")).mappings()
    written = [raw[column] or None for column in IDENTIFYING_RAW["client"]]
    kept = json.dumps(written, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE scriptright.match_decision DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE scriptright.match_decision SET pims_digest = :digest"),
            {"digest": hashlib.blake2b(kept.encode(), digest_size=16).digest()},
        )
        connection.execute(text("ALTER TABLE scriptright.match_decision ENABLE TRIGGER USER"))
    assert decisions(engine) == [Decision("client", "1", "1", same=False)]


def test_what_does_not_identify_a_pet_does_not_open_its_question_again(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1], p1=("possible", [1]))
    confirmed(engine, candidates(engine)[0], matcher)
    rejected(engine, candidates(engine)[0])
    with engine.begin() as connection:
        weight = {"weight_value": "9", "weight_unit": "kg", "weight_kg": "9"}
        web_shop.edit_pet(connection, practice, 1, weight, actor="web")
    assert Decision("pet", "p1", "1", same=False) in decisions(engine)
