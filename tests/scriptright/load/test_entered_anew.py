"""Who was typed over in the PIMS, and comes again under another number: the same record goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet, rows
from tests.scriptright.handed import BOB, TOM, decide

CLIENTS = "SELECT client_id, first_name, email FROM scriptright.client ORDER BY client_id"
LINKS = "SELECT pims_id, record_id FROM scriptright.client_link ORDER BY pims_id"
PETS = "SELECT pet_id, name, weight_value::int, deceased FROM scriptright.pet ORDER BY pet_id"
ASKED = "SELECT pims_id, record_id FROM scriptright.match_candidate WHERE state = 'open'"


@pytest.mark.parametrize("answered", [False, True])
def test_a_client_whose_row_was_typed_over_goes_on_under_the_next_number(
    engine: Engine, answered: bool
) -> None:
    """A backup was put back: Bob got Ann's number, and Ann is entered again when she calls."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    bobs = client("1", **BOB)
    load(engine, "oak", 2, [bobs], [pet("10", "1", **TOM)])
    if answered:
        decide(engine, yes=False)
    tom = pet("10", "1", **TOM)
    load(engine, "oak", 3, [bobs, client("5")], [tom, pet("12", "5")])
    assert rows(engine, LINKS) == [("1", 1), ("5", 1)]
    dead = pet("12", "5", deceased_flag="1")
    load(engine, "oak", 4, [bobs, client("5", email="ann@new.example")], [tom, dead])
    assert rows(engine, CLIENTS) == [(1, "Ann", "ann@new.example")]
    assert rows(engine, PETS) == [(1, "Rex", 30, True)]


def test_so_does_who_is_entered_anew_before_the_next_refresh(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    tom = pet("10", "1", **TOM)
    load(engine, "oak", 2, [client("1", **BOB), client("5")], [tom, pet("12", "5")])
    assert rows(engine, LINKS) == [("1", 1), ("5", 1)]
    assert rows(engine, PETS) == [(1, "Rex", 30, False)]


def test_a_pet_whose_entry_was_typed_over_goes_on_under_the_next_number(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    tom = pet("10", "1", **TOM)
    load(engine, "oak", 2, [client("1")], [tom])
    load(engine, "oak", 3, [client("1")], [tom, pet("12", "1")])
    dead = pet("12", "1", deceased_flag="1")
    load(engine, "oak", 4, [client("1")], [tom, dead])
    assert rows(engine, PETS) == [(1, "Rex", 30, True)]


def test_the_owners_next_pet_of_that_name_is_a_question(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    tom = pet("10", "1", **TOM)
    load(engine, "oak", 2, [client("1")], [tom])
    load(engine, "oak", 3, [client("1")], [tom, pet("12", "1", birth_date=None)])
    assert rows(engine, ASKED) == [("12", 1)]


def test_a_namesake_who_shares_nothing_else_is_a_question(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    load(engine, "oak", 2, [client("1", **BOB)], [pet("10", "1")])
    namesake = client("5", address_line1="77 Far St", phones=None, email="al@example.org")
    load(engine, "oak", 3, [client("1", **BOB), namesake], [pet("10", "1")])
    assert rows(engine, ASKED) == [("5", 1)]


def test_a_double_of_a_client_whose_row_is_her_own_is_a_client_of_its_own(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")])
    load(engine, "oak", 2, [client("1", email="x@example.org")])
    load(engine, "oak", 3, [client("1"), client("5")])
    assert rows(engine, LINKS) == [("1", 1), ("5", 2)]


def test_so_is_hers_of_which_that_was_said_no_to_once_it_is_her_own_again(engine: Engine) -> None:
    """Bob was typed over her by mistake, and over Rex Tom: the next Rex is not the one."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    load(engine, "oak", 2, [client("1", **BOB)], [pet("10", "1", **TOM)])
    decide(engine, yes=False)
    hers, next_one = [client("1"), client("5")], pet("12", "1", birth_date=None)
    load(engine, "oak", 3, [client("1")], [pet("10", "1")])
    load(engine, "oak", 4, hers, [pet("10", "1"), next_one])
    assert rows(engine, LINKS) == [("1", 1), ("5", 2)]
    assert rows(engine, PETS) == [(1, "Rex", 30, False), (2, "Rex", 30, False)]
    assert rows(engine, ASKED) == []


def test_one_who_was_renamed_while_another_of_the_old_name_came_is_no_newcomers_record(
    engine: Engine,
) -> None:
    """Rex is Max by now, the same dog, and the owner's next one is Rex: it is no word about him."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    newcomer = pet("12", "1", weight="4", weight_date="2026-02-20")
    load(engine, "oak", 2, [client("1")], [pet("10", "1", name="Max"), newcomer])
    assert rows(engine, PETS) == [(1, "Rex", 30, False), (2, "Rex", 4, False)]
    assert rows(engine, "SELECT pims_id, record_id FROM scriptright.pet_link ORDER BY 1") == [
        ("10", 1),
        ("12", 2),
    ]
