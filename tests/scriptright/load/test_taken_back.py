"""A row that says another by now: what it had brought by itself shortly before is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import (
    Cells,
    add_practice,
    client,
    edit,
    load,
    one,
    pet,
    read_time,
    rows,
)
from tests.scriptright.handed import ANN, BOB, DEAD, OPEN, PET, TOM, decide
from tests.scriptright.joined import joined
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import undo_link

EMAIL = "SELECT email FROM scriptright.client"
CAUSES = "SELECT field, cause FROM scriptright.record_change ORDER BY change_id"
REX = pet("10", "1")
HIS: Cells = {"email": BOB["email"]}


def start(engine: Engine, *, rex: Cells = REX) -> None:
    """Ann Lee (1) with Rex (10), loaded as snapshot 1."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [rex])


def test_a_newcomers_email_that_was_typed_before_the_name_is_a_question_by_then(
    engine: Engine,
) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", **HIS)], [REX])
    assert one(engine, EMAIL) == BOB["email"]
    load(engine, "oak", 3, [client("1", **BOB)], [REX])
    assert one(engine, EMAIL) == ANN
    assert rows(engine, OPEN) == [
        ("name", "another_record"), ("address", "another_record"), ("phones", "another_record"),
        ("email", "another_record"),
    ]  # fmt: skip
    assert rows(engine, CAUSES) == [("email", "refresh"), ("email", "taken_back")]


@pytest.mark.parametrize("yes", [True, False])
def test_whatever_a_person_says_to_it_holds(engine: Engine, yes: bool) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", **HIS)], [REX])
    load(engine, "oak", 3, [client("1", **BOB)], [REX])
    decide(engine, yes=yes, field="email")
    load(engine, "oak", 4, [client("1", **BOB | {"address_line1": "3 Fir Ct"})], [REX])
    assert one(engine, EMAIL) == (BOB["email"] if yes else ANN)
    assert ("email", "another_record") not in rows(engine, OPEN)


@pytest.mark.parametrize("also", [{"last_name": "Moss"}, {"address_line1": "9 Oak Ave"}])
def test_the_email_of_who_marries_or_moves_later_stays(engine: Engine, also: Cells) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", email="ann@new.example")], [REX])
    load(engine, "oak", 3, [client("1", email="ann@new.example", **also)], [REX])
    assert one(engine, EMAIL) == "ann@new.example"


def test_her_own_last_email_stays_where_the_newcomers_comes_with_the_name(engine: Engine) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", email="ann@new.example")], [REX])
    load(engine, "oak", 3, [client("1", **BOB)], [REX])
    assert one(engine, EMAIL) == "ann@new.example"


def test_an_email_of_long_before_stays(engine: Engine) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", **HIS)], [REX])
    later = read_time(2) + timedelta(days=14)
    load(engine, "oak", 3, [client("1", **BOB)], [REX], read_at=later)
    assert one(engine, EMAIL) == BOB["email"]


def test_an_email_that_the_client_has_saved_since_stays(engine: Engine) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", **HIS)], [REX])
    edit(engine, "client", email="ann@shop.example")
    load(engine, "oak", 3, [client("1", **BOB)], [REX])
    assert one(engine, EMAIL) == "ann@shop.example"


def test_what_the_client_has_saved_between_two_refreshes_is_back(engine: Engine) -> None:
    """Not what was there before: nor does a city that was saved keep the newcomer's email there."""
    start(engine)
    pup: Cells = {"weight": "4", "weight_date": "2026-02-20"}
    grown: Cells = {"weight": "5", "weight_date": "2026-03-09"}
    load(engine, "oak", 2, [client("1", email="bbo@example.com")], [REX | pup])
    edit(engine, "client", email="ann@shop.example")
    edit(engine, "pet", weight_value="29", weight_kg="29", weighed_on="2026-03-01")
    load(engine, "oak", 3, [client("1", **HIS)], [REX | grown])
    edit(engine, "client", city="Peoria")
    edit(engine, "pet", breed="Boxer")
    load(engine, "oak", 4, [client("1", **BOB)], [pet("10", "1", **TOM | grown)])
    assert one(engine, EMAIL) == "ann@shop.example"
    assert rows(engine, PET) == [("Rex", "dog", 29, False)]


def test_nor_is_an_email_taken_back_that_was_written_past_the_notes(engine: Engine) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", **HIS)], [REX])
    with engine.begin() as connection:  # a superuser's statement: no trigger notes it
        connection.exec_driver_sql("UPDATE scriptright.client SET email = 'ann@desk.example'")
    load(engine, "oak", 3, [client("1", **BOB)], [REX])
    assert one(engine, EMAIL) == "ann@desk.example"


def test_an_email_stays_while_the_row_says_nobody(engine: Engine) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1", **HIS)], [REX])
    nobody: Cells = dict.fromkeys(("first_name", "last_name", "address_line1", "phones"))
    load(engine, "oak", 3, [client("1", **HIS | nobody)], [REX])
    assert one(engine, EMAIL) == BOB["email"]


def test_a_dead_pet_that_lived_for_one_refresh_is_dead_once_its_row_is_the_next_ones(
    engine: Engine,
) -> None:
    start(engine, rex=DEAD)
    load(engine, "oak", 2, [client("1")], [REX])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]
    load(engine, "oak", 3, [client("1")], [pet("10", "1", **TOM)])
    assert rows(engine, PET) == [("Rex", "dog", 30, True)]
    assert ("deceased", "another_record") in rows(engine, OPEN)


def test_who_died_before_the_row_was_the_next_ones_stays_dead(engine: Engine) -> None:
    start(engine)
    weighed: Cells = {"weight": "28", "weight_date": "2026-02-10"}
    load(engine, "oak", 2, [client("1")], [pet("10", "1", **weighed)])
    load(engine, "oak", 3, [client("1")], [DEAD | weighed])
    load(engine, "oak", 4, [client("1")], [pet("10", "1", **TOM)])
    assert rows(engine, PET) == [("Rex", "dog", 28, True)]


@pytest.mark.parametrize("weight", ["4", "70"])
def test_the_next_pets_weight_that_was_typed_first_is_a_question_by_then(
    engine: Engine, weight: str
) -> None:
    start(engine)
    load(engine, "oak", 2, [client("1")], [REX | {"weight": "31", "weight_date": "2026-02-10"}])
    his = {"weight": weight, "weight_date": "2026-02-20"}
    load(engine, "oak", 3, [client("1")], [REX | his])
    assert rows(engine, PET) == [("Rex", "dog", int(weight), False)]
    tom = TOM | {"species": "dog", "breed": "Mastiff"} | his
    load(engine, "oak", 4, [client("1")], [pet("10", "1", **tom)])
    assert rows(engine, PET) == [("Rex", "dog", 31, False)]
    assert ("weight", "another_record") in rows(engine, OPEN)


def test_what_was_typed_of_the_next_ones_in_two_refreshes_is_all_taken_back(engine: Engine) -> None:
    """Of client 1 and pet 1 (a PIMS counts each from one), while others have new values, too."""
    add_practice(engine)
    rex, kit = pet("1", "1"), pet("2", "2", name="Kit")
    zoe = client("2", first_name="Zoe", last_name="Kern", address_line1="4 Ash Rd", phones=None)
    zoe |= {"email": "zoe@example.com"}
    load(engine, "oak", 1, [client("1"), zoe], [rex, kit])
    pup: Cells = {"weight": "4", "weight_date": "2026-02-20"}
    grown: Cells = {"weight": "5", "weight_date": "2026-03-02"}
    slip = client("1", email="bbo@example.com")
    load(engine, "oak", 2, [slip, zoe], [rex | pup, kit])
    kit, zoe = kit | {"weight": "31", "weight_date": "2026-03-02"}, zoe | {"email": "z@new.example"}
    load(engine, "oak", 3, [client("1", **HIS), zoe], [rex | grown, kit])
    assert {email for (email,) in rows(engine, EMAIL)} == {BOB["email"], "z@new.example"}
    assert {weight for _, _, weight, _ in rows(engine, PET)} == {5, 31}
    load(engine, "oak", 4, [client("1", **BOB), zoe], [rex | TOM | grown, kit])
    assert rows(engine, f"{EMAIL} ORDER BY 1") == [(ANN,), ("z@new.example",)]
    assert rows(engine, f"{PET} ORDER BY 1") == [
        ("Kit", "dog", 31, False),
        ("Rex", "dog", 30, False),
    ]
    assert {("email", "another_record"), ("weight", "another_record")} <= {*rows(engine, OPEN)}


def test_who_was_dead_by_a_slip_and_has_a_name_that_was_said_no_to_lives(engine: Engine) -> None:
    start(engine, rex=DEAD)
    load(engine, "oak", 2, [client("1")], [REX])
    load(engine, "oak", 3, [client("1")], [REX | {"name": "Max"}])
    decide(engine, yes=False)
    load(engine, "oak", 4, [client("1")], [REX | {"name": "Max", "weight": "4"}])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]


@pytest.mark.parametrize("said_no", [False, True])
def test_once_the_link_is_undone_the_record_of_its_own_has_no_newcomers_login(
    engine: Engine, said_no: bool
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    load(engine, "oak", 1, [client("1")], matcher=ToldMatcher({"1": ("linked", [1])}))
    load(engine, "oak", 2, [client("1", **HIS)])
    load(engine, "oak", 3, [client("1", **BOB)])
    if said_no:
        decide(engine, yes=False)
    own = undo_link(engine, "oak", "client", "1", by="Pat Doe").new_id
    assert one(engine, f"{EMAIL} WHERE client_id = :own", own=own) == ANN
    asked = [] if said_no else ["address", "email", "name", "phones"]
    assert [field for field, _ in sorted(rows(engine, OPEN))] == asked


@pytest.mark.parametrize("row", ["1", "2"])
@pytest.mark.parametrize("email", [ANN, None])
def test_so_it_is_where_another_row_feeds_the_record_and_once_that_is_undone(
    engine: Engine, row: str, email: str | None
) -> None:
    """`email`: what row 1 had, before row 2 that is joined had ANN's."""
    add_practice(engine)
    said = {"1": client("1", email=email), "2": client("2")}
    load(engine, "oak", 1, [*said.values()], matcher=ToldMatcher())
    joined(engine, "client", "2", 1, matcher=ToldMatcher())
    load(engine, "oak", 2, [*(said | {row: said[row] | HIS}).values()])
    assert one(engine, EMAIL) == BOB["email"]
    load(engine, "oak", 3, [*(said | {row: said[row] | BOB}).values()])
    assert one(engine, EMAIL) == ANN
    assert ("email", "another_record") in rows(engine, OPEN)
    own = undo_link(engine, "oak", "client", "2", by="Pat Doe").new_id
    assert one(engine, f"{EMAIL} WHERE client_id = :own", own=own) == ANN
    assert one(engine, f"{EMAIL} WHERE client_id = 1") == email
    assert ("email", "another_record") in rows(engine, OPEN)


def test_what_the_other_row_has_told_since_stays(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2")], matcher=ToldMatcher())
    joined(engine, "client", "2", 1, matcher=ToldMatcher())
    theirs: Cells = {"email": "lees@example.com"}
    load(engine, "oak", 2, [client("1", **theirs), client("2")])
    load(engine, "oak", 3, [client("1", **theirs), client("2", **theirs)])
    load(engine, "oak", 4, [client("1", **BOB | theirs), client("2", **theirs)])
    assert one(engine, EMAIL) == theirs["email"]


def test_a_pet_that_another_row_says_lives_is_not_dead_again(engine: Engine) -> None:
    add_practice(engine)
    two = [client("1"), client("2")]
    rex = pet("20", "2")
    load(engine, "oak", 1, two, [REX, rex], matcher=ToldMatcher())
    joined(engine, "client", "2", 1, matcher=ToldMatcher(pets={"20": ("linked", [1])}))
    load(engine, "oak", 2, two, [DEAD, rex])
    assert rows(engine, PET) == [("Rex", "dog", 30, True)]
    load(engine, "oak", 3, two, [REX, rex])
    pup: Cells = {"weight": "4", "weight_date": "2026-03-05"}
    load(engine, "oak", 4, two, [REX | pup, rex])
    assert rows(engine, PET) == [("Rex", "dog", 4, False)]
    load(engine, "oak", 5, two, [pet("10", "1", **TOM | pup), rex])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]
