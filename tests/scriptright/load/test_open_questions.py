"""What the machine has asked a person it doesn't answer itself while nothing has changed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates, confirmed, open_practice
from tests.scriptright.builders import add_practice, client, edit, load, pet, phones, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision, MatchResult, Side
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.web_shop import add_client, add_pet, edit_client

LINKS = """
    SELECT 'client', pims_id, record_id, method FROM scriptright.client_link UNION ALL
    SELECT 'pet', pims_id, record_id, method FROM scriptright.pet_link ORDER BY 1, 2
"""
ASKED = """
    SELECT record, pims_id, record_id, evidence->>'reason' FROM scriptright.match_candidate
    WHERE state = 'open' ORDER BY candidate_id
"""
AGREES = '{"email": {"level": "own", "bits": 5.0}}'
CLIENTS, PETS = [client("1")], [pet("10", "1"), pet("11", "1", name="Zoe")]


class Saying(ToldMatcher):
    """Gives its reason: a link has the word `evidence`, a doubt the one that it is told.

    What it links agrees by the email, and else by nothing; a doubt by `asked_by`.
    """

    def __init__(self, doubt: str, **told: tuple[str, list[int]]) -> None:
        of = {"client": {}, "pet": {}}
        for name, said in told.items():
            of["client" if name[0] == "c" else "pet"][name[1:]] = said
        super().__init__(of["client"], of["pet"])
        self.doubt = doubt
        self.asked_by = "{}"

    def __call__(
        self, home: Side, pims: Side, *, decisions: Sequence[Decision] = ()
    ) -> MatchResult:
        found = super().__call__(home, pims, decisions=decisions)
        for frame in (found.clients, found.pets):
            frame["reason"] = frame["decision"].map({"linked": "evidence"}).fillna(self.doubt)
            frame["evidence"] = frame["decision"].map({"linked": AGREES}).fillna(self.asked_by)
        return found


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Home Delivery clients 1 (with pet 1) and 2."""
    open_practice(engine)
    return engine


DOUBT = Saying("pets_differ", c1=("possible", [1]))
SURE = Saying("", c1=("linked", [1]), p10=("linked", [1]))
NOBODY = Saying("nothing_alike")


@pytest.mark.parametrize("now", [SURE, NOBODY])
def test_a_question_about_two_who_have_not_changed_stays_a_person_s(
    oak: Engine, now: Saying
) -> None:
    load(oak, "oak", 1, CLIENTS, PETS, matcher=DOUBT)
    for seq in (2, 3):
        done = load(oak, "oak", seq, CLIENTS, PETS, matcher=now)
        assert (done.counts["clients_possible"], done.counts["pets_waiting"]) == (1, 2)
        assert rows(oak, LINKS) == []
        assert rows(oak, ASKED) == [("client", "1", 1, "pets_differ")]


@pytest.mark.parametrize("side", ["pims", "home"])
def test_once_a_side_has_changed_it_is_judged_anew_and_left_again(oak: Engine, side: str) -> None:
    load(oak, "oak", 1, CLIENTS, PETS, matcher=DOUBT)
    moved = CLIENTS
    if side == "pims":
        moved = [client("1", phones=phones("(217) 555-0177"))]
    else:
        edit(oak, "client", first_name="Anna")
    load(oak, "oak", 2, moved, PETS, matcher=Saying("weak_evidence", c1=("possible", [1])))
    assert rows(oak, ASKED) == [("client", "1", 1, "weak_evidence")]
    load(oak, "oak", 3, moved, PETS, matcher=SURE)
    assert rows(oak, LINKS) == []
    load(oak, "oak", 4, [client("1", email="lee@new.example")], PETS, matcher=SURE)
    assert rows(oak, LINKS)[:2] == [("client", "1", 1, "machine"), ("pet", "10", 1, "machine")]
    assert rows(oak, ASKED) == []


def test_of_two_it_may_be_neither_is_taken_unless_a_third_is_surely_it(oak: Engine) -> None:
    load(oak, "oak", 1, CLIENTS, matcher=Saying("rival", c1=("possible", [1, 2])))
    load(oak, "oak", 2, CLIENTS, matcher=Saying("", c1=("linked", [2])))
    load(oak, "oak", 3, CLIENTS, matcher=Saying("rival", c1=("possible", [2])))
    both = [("client", "1", 1, "rival"), ("client", "1", 2, "rival")]
    assert (rows(oak, LINKS), rows(oak, ASKED)) == ([], both)
    with oak.begin() as connection:
        third = add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    load(oak, "oak", 4, CLIENTS, matcher=Saying("", c1=("linked", [third])))
    assert rows(oak, LINKS) == [("client", "1", third, "machine")]
    assert rows(oak, ASKED) == []


def test_of_two_who_wait_each_keeps_its_question_though_both_are_surely_it_by_now(
    oak: Engine,
) -> None:
    """The second one's had the first one linked."""
    both = [client("1"), client("2")]
    doubt = Saying("rival", c1=("possible", [1]), c2=("possible", [2]))
    load(oak, "oak", 1, both, matcher=doubt)
    load(oak, "oak", 2, both, matcher=Saying("", c1=("linked", [1]), c2=("linked", [2])))
    assert rows(oak, LINKS) == []
    assert rows(oak, ASKED) == [("client", "1", 1, "rival"), ("client", "2", 2, "rival")]


def test_of_two_it_may_be_the_one_who_has_changed_is_asked_about_no_more_unless_still_alike(
    oak: Engine,
) -> None:
    load(oak, "oak", 1, CLIENTS, matcher=Saying("rival", c1=("possible", [1, 2])))
    for seq, last_name in ((2, "Poe"), (3, "Lee")):  # the other's question is past by then
        with oak.begin() as connection:
            edit_client(connection, "oak", 2, {"last_name": last_name}, actor="client 2")
        load(oak, "oak", seq, CLIENTS, matcher=SURE)
        assert (rows(oak, LINKS), rows(oak, ASKED)) == ([], [("client", "1", 1, "rival")])


def test_a_client_s_question_is_its_own_though_its_pims_s_pet_of_one_number_is_asked_about(
    oak: Engine,
) -> None:
    both, theirs = [client("1"), client("2")], [pet("1", "2")]
    doubt = Saying("rival", c1=("possible", [1]), c2=("linked", [1]), p1=("possible", [1]))
    sure = Saying("weak_evidence", c1=("linked", [1]), p1=("possible", [1]))
    for seq, now in ((1, doubt), (2, sure)):
        load(oak, "oak", seq, both, theirs, matcher=now)
        assert [(record, pims_id) for record, pims_id, *_ in rows(oak, LINKS)] == [("client", "2")]
        assert [row[:3] for row in rows(oak, ASKED)] == [("client", "1", 1), ("pet", "1", 1)]


def test_what_agreed_already_answers_nothing_by_weighing_more(oak: Engine) -> None:
    """Where fewer clients share a value by now, it says more of two who have it."""
    less = Saying("pets_differ", c1=("possible", [1]))
    less.asked_by = '{"email": {"level": "own", "bits": 4.0}}'
    load(oak, "oak", 1, CLIENTS, matcher=less)
    edit(oak, "client", first_name="Anna")
    load(oak, "oak", 2, CLIENTS, matcher=SURE)
    assert (rows(oak, LINKS), rows(oak, ASKED)) == ([], [("client", "1", 1, "pets_differ")])


def test_a_pet_s_question_stays_too_until_another_animal_has_it(oak: Engine) -> None:
    doubt = Saying("weak_evidence", c1=("linked", [1]), p10=("possible", [1]))
    load(oak, "oak", 1, CLIENTS, PETS[:1], matcher=doubt)
    asked = [("pet", "10", 1, "weak_evidence")]
    for seq, now in ((2, SURE), (3, NOBODY)):
        load(oak, "oak", seq, CLIENTS, PETS[:1], matcher=now)
        assert rows(oak, ASKED) == asked
    load(oak, "oak", 4, CLIENTS, PETS, matcher=Saying("", p11=("linked", [1])))
    assert [row[1:] for row in rows(oak, LINKS)[1:]] == [
        ("10", 4, "created"),
        ("11", 1, "machine"),
    ]
    assert rows(oak, ASKED) == []


def test_another_model_asks_anew(oak: Engine) -> None:
    load(oak, "oak", 1, CLIENTS, PETS, matcher=DOUBT)

    def better(home: Side, pims: Side, *, decisions: Sequence[Decision]) -> MatchResult:
        found = SURE(home, pims, decisions=decisions)
        return MatchResult(found.clients, found.pets, "told-2")

    load(oak, "oak", 2, CLIENTS, PETS, matcher=better)
    assert rows(oak, LINKS)[0] == ("client", "1", 1, "machine")


def test_what_the_load_that_asks_has_filled_in_is_no_change_since(oak: Engine) -> None:
    both = [client("1"), client("2")]
    filled = Saying("rival", c1=("possible", [1]), c2=("linked", [1]))
    load(oak, "oak", 1, both, matcher=filled)
    assert rows(oak, "SELECT phones <> '[]' FROM scriptright.client WHERE client_id = 1") == [
        (True,)
    ]
    assert [pair.changed for pair in candidates(oak)] == [False]
    load(oak, "oak", 2, both, matcher=SURE)
    assert rows(oak, ASKED) == [("client", "1", 1, "rival")]


@pytest.mark.parametrize("now", [("linked", [1]), ("new", [])])
def test_a_question_is_a_person_s_though_a_link_had_filled_its_record_in_the_meantime(
    oak: Engine, now: tuple[str, list[int]]
) -> None:
    """PIMS clients 1 and 2 may both be home client 1, who gets a number with 1, and loses it again."""
    both = [client("1"), client("2", email=None)]
    doubt = Saying("rival", c1=("possible", [1]), c2=("possible", [1]))
    load(oak, "oak", 1, both, matcher=doubt)
    of_1, _ = candidates(oak)
    confirmed(oak, of_1, doubt)
    load(oak, "oak", 2, both, matcher=doubt)
    undo_link(oak, "oak", "client", "1", by="Kim Roe")
    load(oak, "oak", 3, both, matcher=Saying("nothing_alike", c2=now))
    assert rows(oak, ASKED) == [("client", "2", 1, "rival")]
    assert [pims_id for _, pims_id, *_ in rows(oak, LINKS)] == ["1"]


def test_a_birth_date_that_told_two_animals_apart_and_is_taken_out_leaves_the_question(
    engine: Engine,
) -> None:
    """Rex of 2012 became the young Rex of the web shop, with his prescriptions, by a blank.

    Nor is it answered by a breed that agrees since.
    """
    add_practice(engine)
    place = {"address_line1": "12 Elm St", "city": "Springfield", "state": "IL"}
    number = {"number": "+12175550142", "kind": "unknown"}
    ann = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com", "phones": [number]}
    young = {"name": "Rex", "species": "dog", "breed": "Labrador Retriever"}
    with engine.begin() as connection:
        add_client(connection, "oak", ann | place | {"postal_code": "62704"})
        add_pet(connection, "oak", 1, young | {"birth_date": "2024-05-01"})
    old = pet("p1", "1", birth_date="2012-03-01", breed=None)
    breed = {"breed": "Labrador Retriever"}
    for seq, cells in enumerate(
        (old, old | {"birth_date": None}, old | {"birth_date": None} | breed)
    ):
        load(engine, "oak", seq + 1, [client("1")], [cells])
        assert rows(engine, "SELECT pims_id FROM scriptright.client_link") == [("1",)]
        assert rows(engine, "SELECT pims_id FROM scriptright.pet_link") == []
    load(engine, "oak", 4, [client("1")], [old | breed | {"birth_date": "2024-05-01"}])
    assert rows(engine, "SELECT pims_id, record_id FROM scriptright.pet_link") == [("p1", 1)]


@pytest.mark.parametrize(
    ("ours", "asked", "gone", "said"),
    [
        (
            {"title": "Mr", "first_name": "J"},
            {"title": "Mrs", "first_name": "J", "email": None},
            {"title": None},
            {"first_name": "J", "email": "ann@example.com"},
        ),
        (
            {"first_name": "Robert", "suffix": "Sr"},
            {"first_name": "Robert", "last_name": "Lee Jr"},
            {"last_name": "Lee"},
            {"last_name": "Lee Sr"},
        ),
        (
            {"first_name": "Maria Elena"},
            {"first_name": "Maria Isabel", "email": None},
            {"first_name": "Maria"},
            {"email": "ann@example.com"},
        ),
    ],
)
def test_a_name_that_told_two_people_apart_and_is_cut_short_leaves_the_question(
    engine: Engine,
    ours: dict[str, str],
    asked: dict[str, str | None],
    gone: dict[str, str | None],
    said: dict[str, str | None],
) -> None:
    """Robert Lee Jr, asked about beside his father, was his father once the Jr was left out."""
    add_practice(engine)
    number = {"number": "+12175550142", "kind": "unknown"}
    place = {"address_line1": "12 Elm St", "city": "Springfield", "state": "IL"}
    lee = {
        "last_name": "Lee",
        "email": "ann@example.com",
        "phones": [number],
        "postal_code": "62704",
    }
    with engine.begin() as connection:
        add_client(connection, "oak", lee | place | ours)
    for seq, cells in enumerate((asked, asked | gone, asked | gone), start=1):
        load(engine, "oak", seq, [client("1", **cells)])
        assert rows(engine, "SELECT pims_id FROM scriptright.client_link") == []
    load(engine, "oak", 4, [client("1", **asked | gone | said)])
    assert rows(engine, "SELECT record_id FROM scriptright.client_link") == [(1,)]
