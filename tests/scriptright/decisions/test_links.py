"""Links and possible matches: a person's word, and what it does at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import (
    HOME,
    ask,
    candidates,
    confirmed,
    open_practice,
    pet_links,
    rejected,
)
from tests.scriptright.builders import (
    add_practice,
    client,
    load,
    one,
    pet,
    phones,
    rows,
    whole_database,
)
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused, StaleDecision, UnknownItem, UsageError
from vet_pipeline.matching import match
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import (
    CandidateDecided,
    confirm_candidate,
    list_candidates,
    reject_candidate,
    undo_link,
)


@pytest.fixture
def practice(engine: Engine) -> str:
    return open_practice(engine)


def test_possible_matches_wait_best_first_known_and_with_their_pets(
    engine: Engine, practice: str
) -> None:
    ask(engine, [1, 2])
    assert [(c.record, c.pims_id, c.record_id, c.score, c.state) for c in candidates(engine)] == [
        ("client", "1", 1, 10.0, "open"),
        ("client", "1", 2, 9.0, "open"),
    ]
    assert rows(engine, "SELECT 1 FROM scriptright.client_link") == []
    assert pet_links(engine) == []


def test_the_same_links_at_once_by_the_rules_of_a_merge(engine: Engine, practice: str) -> None:
    matcher = ask(engine, [1, 2])
    first, _ = candidates(engine)
    assert confirmed(engine, first, matcher) == CandidateDecided(
        first.candidate_id, "client", "1", "linked", 1
    )
    assert rows(
        engine,
        "SELECT pims_id, record_id, method, decided_by, score, model_version "
        "FROM scriptright.client_link",
    ) == [("1", 1, "person", "Pat Doe", 10.0, "told-1")]
    # blank phones are filled; the address and the login email stay, and differences are asked
    assert rows(
        engine,
        "SELECT address_line1, email, phones->0->>'number' FROM scriptright.client "
        "WHERE client_id = 1",
    ) == [("5 Web St", "ann@web.example", "+12175550142")]
    assert rows(
        engine,
        "SELECT record_id, field, reason FROM scriptright.suggestion WHERE record = 'client' "
        "ORDER BY field",
    ) == [(1, "address", "differs_at_merge"), (1, "email", "differs_at_merge")]
    assert [(c.record_id, c.state) for c in candidates(engine, None)] == [
        (1, "confirmed"),
        (2, "superseded"),
    ]


def test_a_person_s_link_does_what_the_machine_s_would_have_done(
    engine: Engine, practice: str
) -> None:
    add_practice(engine, "elm")
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "elm", HOME)
        home_pet = web_shop.add_pet(connection, "elm", home, {"name": "Rexy", "species": "dog"})
    matcher = ask(engine, [1], p1=("linked", [1]))
    confirmed(engine, candidates(engine)[0], matcher)
    load(
        engine,
        "elm",
        1,
        [client("1")],
        [pet("p1", "1"), pet("p2", "1", name="Tom")],
        matcher=ToldMatcher({"1": ("linked", [home])}, {"p1": ("linked", [home_pet])}),
    )
    for query in (
        "SELECT to_jsonb(c) - 'practice_id' - 'client_id' - 'created_at' - 'version' FROM scriptright.client c "
        "WHERE practice_id = :p AND (practice_id, client_id) <> ('oak', 2)",
        "SELECT to_jsonb(t) - 'practice_id' - 'client_id' - 'created_at' - 'pet_id' - 'version' "
        "- 'created_load_id' FROM scriptright.pet t WHERE practice_id = :p ORDER BY origin",
        "SELECT standalone FROM scriptright.client_link WHERE practice_id = :p",
        "SELECT pims_id, method, standalone FROM scriptright.pet_link WHERE practice_id = :p "
        "ORDER BY 1",
        "SELECT record, pims_id, field, reason, old_value, new_value FROM scriptright.suggestion "
        "WHERE practice_id = :p ORDER BY 1, 2, 3",
        "SELECT record, field, old_value, new_value, cause, via_pims_id "
        "FROM scriptright.record_change WHERE practice_id = :p ORDER BY 1, 2",
    ):
        assert rows(engine, query, p="oak") == rows(engine, query, p="elm")


def test_a_value_that_comes_with_a_person_s_link_answers_the_same_question_of_another_record(
    engine: Engine, practice: str
) -> None:
    matcher = ToldMatcher({"1": ("linked", [1]), "2": ("possible", [1])})
    load(engine, "oak", 1, [client("1"), client("2")], matcher=matcher)
    with engine.begin() as connection:
        web_shop.edit_client(connection, "oak", 1, {"email": None}, actor="client 1")
    emails = """
        SELECT state, old_value->>'email' FROM scriptright.suggestion
        WHERE pims_id = '1' AND field = 'email' ORDER BY suggestion_id
    """
    assert rows(engine, emails) == [("superseded", "ann@web.example"), ("open", None)]
    with engine.connect() as connection:
        [pair] = list_candidates(connection, "oak")
    confirmed(engine, pair, matcher)
    assert one(engine, "SELECT email FROM scriptright.client WHERE client_id = 1") == (
        "ann@example.com"
    )
    assert rows(engine, emails) == [("superseded", "ann@web.example"), ("superseded", None)]


def test_the_pets_of_a_client_who_was_just_linked_do_not_wait(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1], p1=("linked", [1]))
    confirmed(engine, candidates(engine)[0], matcher)
    assert pet_links(engine) == [("p1", 1, 1, "machine"), ("p2", 4, 1, "created")]
    assert one(engine, "SELECT weight_kg::int FROM scriptright.pet WHERE pet_id = 1") == 30


def test_the_real_matcher_places_the_pets_of_a_client_who_was_just_linked(
    engine: Engine, practice: str
) -> None:
    with engine.begin() as connection:
        rex = {"name": "Rex", "species": "dog", "breed": "Labrador Retriever"}
        known = rex | {"birth_date": "2020-05-01", "birth_date_estimated": False}
        twin = web_shop.add_pet(connection, practice, 1, known)
    ask(engine, [1])
    confirm_candidate(
        engine,
        practice,
        candidates(engine)[0].candidate_id,
        by="Pat Doe",
        match=match,
    )
    assert [(pims_id, method) for pims_id, _, _, method in pet_links(engine)] == [
        ("p1", "machine"),
        ("p2", "created"),
    ]
    assert pet_links(engine)[0][1] == twin


def test_a_pet_that_may_be_one_of_the_client_s_waits_for_a_word_of_its_own(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1], p1=("possible", [1]), p2=("possible", [1]))
    confirmed(engine, candidates(engine)[0], matcher)
    first, second = candidates(engine)
    assert [(c.record, c.pims_id, c.record_id) for c in (first, second)] == [
        ("pet", "p1", 1),
        ("pet", "p2", 1),
    ]
    assert confirmed(engine, first, matcher).outcome == "linked"
    # pets go one to one within their owners: the other one is a new pet
    assert pet_links(engine) == [("p1", 1, 1, "person"), ("p2", 4, 1, "created")]
    assert [c.state for c in candidates(engine, None) if c.record == "pet"] == [
        "confirmed",
        "superseded",
    ]


@pytest.mark.parametrize("decide", ["confirm", "reject"])
def test_a_possible_match_is_decided_once_by_a_named_person_on_what_was_shown(
    engine: Engine, practice: str, decide: str
) -> None:
    matcher = ask(engine, [1, 2])
    first, second = candidates(engine)

    def word(candidate: int, by: str, shown: str | None) -> CandidateDecided:
        if decide == "reject":
            return reject_candidate(engine, practice, candidate, by=by, shown=shown)
        return confirm_candidate(engine, practice, candidate, by=by, match=matcher, shown=shown)

    assert_refused(engine, UsageError, lambda: word(first.candidate_id, " ", first.shown))
    assert_refused(engine, StaleDecision, lambda: word(first.candidate_id, "Pat", second.shown))
    assert_refused(engine, UnknownItem, lambda: word(99, "Pat", None))
    word(first.candidate_id, "Pat Doe", first.shown)
    assert_refused(engine, StaleDecision, lambda: word(first.candidate_id, "Kim Roe", None))


def assert_refused(engine: Engine, error: type[Exception], word: Callable[[], object]) -> None:
    before = whole_database(engine)
    with pytest.raises(error):
        word()
    assert whole_database(engine) == before


def test_a_person_s_link_is_never_undone_by_the_machine(engine: Engine, practice: str) -> None:
    matcher = ask(engine, [1])
    confirmed(engine, candidates(engine)[0], matcher)
    links = rows(engine, "SELECT pims_id, record_id, method FROM scriptright.client_link")
    other = client("1", first_name="Zoe", last_name="Quinn", email="z@q.example", phones=phones())
    nothing = ToldMatcher()
    load(
        engine, practice, 2, [other], [pet("p1", "1"), pet("p2", "1", name="Tom")], matcher=nothing
    )
    load(engine, practice, 3, [client("2")], [pet("p3", "2")], matcher=nothing)
    load(engine, practice, 4, [other], [pet("p1", "1")], matcher=nothing)
    still = rows(
        engine,
        "SELECT pims_id, record_id, method FROM scriptright.client_link WHERE pims_id = '1'",
    )
    assert still == links == [("1", 1, "person")]


def test_a_record_that_was_created_has_no_merge_to_undo(engine: Engine, practice: str) -> None:
    load(engine, practice, 1, [client("1")], [pet("p1", "1")], matcher=ToldMatcher())
    assert_refused(
        engine,
        DecisionRefused,
        lambda: undo_link(engine, practice, "client", "1", by="Pat"),
    )
    assert_refused(
        engine,
        UnknownItem,
        lambda: undo_link(engine, practice, "pet", "p7", by="Pat"),
    )


def test_every_word_on_a_match_is_in_the_audit_and_carries_no_value(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1, 2])
    first, second = candidates(engine)
    rejected(engine, first)
    confirmed(engine, second, matcher)
    undo_link(engine, practice, "client", "1", by="Kim Roe")
    acts = rows(
        engine,
        "SELECT actor, act, detail::text FROM scriptright.audit "
        "WHERE act LIKE 'candidate%' OR act LIKE 'link%' ORDER BY n",
    )
    assert [(actor, act) for actor, act, _ in acts] == [
        ("Pat Doe", "candidate_rejected"),
        ("Pat Doe", "candidate_confirmed"),
        ("Kim Roe", "link_undone"),
    ]
    written = " ".join(detail for _, _, detail in acts)
    assert not any(word in written for word in ("Ann", "Lee", "Elm", "Rex", "example", "555"))
