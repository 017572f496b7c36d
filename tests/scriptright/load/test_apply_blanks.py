"""What the PIMS leaves blank, or writes so that nobody can read it: docs/rules.md, 1 and 4."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, edit, load, one, pet, rows
from tests.scriptright.suggested import the_suggestions
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm, reject

OPEN = """
    SELECT record, field, reason FROM scriptright.suggestion
    WHERE state = 'open' ORDER BY suggestion_id
"""
STATES = "SELECT state FROM scriptright.suggestion ORDER BY suggestion_id"
EMAIL = "SELECT email FROM scriptright.client"
WEIGHT = "SELECT weight_value::int, weighed_on::text FROM scriptright.pet"


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (10), loaded as snapshot 1."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    return engine


def test_alive_where_nothing_was_known_is_a_question_if_scriptright_has_the_pet_dead(
    oak: Engine,
) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", deceased_flag=None)])
    load(oak, "oak", 3, [client("1")], [pet("10", "1", deceased_flag="0")])
    assert rows(oak, OPEN) == []
    load(oak, "oak", 4, [client("1")], [pet("10", "1", deceased_flag="1")])
    load(oak, "oak", 5, [client("1")], [pet("10", "1", deceased_flag=None)])
    load(oak, "oak", 6, [client("1")], [pet("10", "1", deceased_flag="0")])
    assert one(oak, "SELECT deceased FROM scriptright.pet") is True
    assert rows(oak, OPEN) == [("pet", "deceased", "not_deceased")]


@pytest.mark.parametrize(
    "changes",
    [
        [{"deceased_flag": "1", "deceased_date": "2026-01-05"}, {"deceased_flag": None},
         {"deceased_flag": "1"}],
        [{"weight": None, "weight_date": None}, {"weight_date": None}],
        [{"client_key": "2"}, {"client_key": None}],
    ],
    ids=["dead", "weight", "owner"],
)  # fmt: skip
def test_a_question_about_what_the_pims_does_not_say_any_more_is_past(
    oak: Engine, changes: list[dict[str, str | None]]
) -> None:
    clients = [client("1"), client("2", first_name="Bob", email=None)]
    before = "SELECT weight_value, weighed_on, client_id FROM scriptright.pet"
    was = rows(oak, before)
    for seq, cells in enumerate(changes, start=2):
        load(oak, "oak", seq, clients, [pet("10", "1") | cells])
    assert rows(oak, STATES) == [("superseded",)]
    assert rows(oak, before) == was


def test_an_owner_that_went_blank_is_no_question_beside_one_that_changed(oak: Engine) -> None:
    clients = [client("1"), client("2", first_name="Bob", email=None)]
    load(oak, "oak", 2, clients, [pet("10", "1"), pet("11", "1", name="Max")])
    load(oak, "oak", 3, clients, [pet("10", None), pet("11", "2", name="Max")])
    asked = "SELECT pims_id, field, new_value FROM scriptright.suggestion"
    assert rows(oak, asked) == [("11", "owner", {"pims_client_id": "2"})]
    assert rows(oak, "SELECT client_id FROM scriptright.pet") == [(1,), (1,)]


def test_what_can_not_be_read_is_no_question_and_erases_nothing(oak: Engine) -> None:
    unreadable = pet("10", "1", weight="1,250", birth_date="about 2015")
    load(oak, "oak", 2, [client("1", email="ann@@example.com")], [unreadable])
    assert (one(oak, EMAIL), rows(oak, WEIGHT)) == ("ann@example.com", [(30, "2026-02-01")])
    assert rows(oak, OPEN) == []
    told = "SELECT field, reason FROM scriptright.quarantine_count ORDER BY field"
    assert rows(oak, told) == [
        ("birth_date", "not_a_date"),
        ("email", "not_an_email"),
        ("weight", "ambiguous_weight"),
    ]


def test_a_known_record_without_a_name_goes_on_living_and_dying(oak: Engine) -> None:
    nameless = pet("10", "1", name="(DECEASED)", deceased_flag="1")
    blank = dict.fromkeys(("first_name", "last_name"))
    load(oak, "oak", 2, [client("1", email="new@example.com", **blank)], [nameless])
    assert rows(oak, "SELECT name, deceased FROM scriptright.pet") == [("Rex", True)]
    assert rows(oak, "SELECT last_name, email FROM scriptright.client") == [
        ("Lee", "new@example.com")
    ]
    told = "SELECT record, scope, field, reason, rows FROM scriptright.quarantine_count ORDER BY 1"
    assert rows(oak, told) == [
        ("client", "value", "last_name", "no_name", 1),
        ("pet", "value", "name", "no_name", 1),
    ]
    load(oak, "oak", 3, [client("1", email="new@example.com")], [pet("10", "1", deceased_flag="1")])
    assert rows(oak, OPEN) == []


def test_a_dead_pet_does_not_come_to_life_beside_a_word_that_nobody_can_read(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", deceased_flag="Yes", status="Active")])
    slip = pet("10", "1", deceased_flag="gone 3/4/2026", status="Active")
    load(oak, "oak", 3, [client("1")], [slip])
    assert one(oak, "SELECT deceased FROM scriptright.pet") is True
    assert rows(oak, OPEN) == [("pet", "deceased", "unreadable")]


def test_what_can_not_be_read_closes_no_question(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", email=None)], [pet("10", "1", birth_date="2019-05-01")])
    asked = [("client", "email", "became_blank"), ("pet", "age", "changed")]
    assert rows(oak, OPEN) == asked
    unreadable = pet("10", "1", birth_date="about 2015")
    load(oak, "oak", 3, [client("1", email="ann@@example.com")], [unreadable])
    assert rows(oak, OPEN) == asked


def test_a_slip_that_is_taken_out_is_the_blank_that_it_hid(oak: Engine) -> None:
    slip = client("1", email="ann@@example.com"), pet("10", "1", weight="10-12")
    blank = client("1", email=None), pet("10", "1", weight=None)
    for seq, (owner, animal) in enumerate((slip, blank, slip, blank), start=2):
        load(oak, "oak", seq, [owner], [animal])
        asked = [("client", "email", "became_blank"), ("pet", "weight", "became_blank")]
        assert rows(oak, OPEN) == (asked if seq > 2 else [])
    assert one(oak, "SELECT count(*) FROM scriptright.suggestion") == 2
    load(oak, "oak", 6, [client("1")], [pet("10", "1")])
    assert rows(oak, OPEN) == []


def test_a_slip_that_hid_nothing_is_no_question_when_it_is_taken_out(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", email="ann@@example.com")], [pet("10", "1")])
    edit(engine, "client", email="shop@example.com")
    load(engine, "oak", 2, [client("1", email=None)], [pet("10", "1")])
    assert (one(engine, EMAIL), rows(engine, OPEN)) == ("shop@example.com", [])


def test_an_email_that_could_not_be_read_when_it_was_linked_replaces_no_login(
    engine: Engine,
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee", "email": "ann@web.example"})
    told = ToldMatcher({"1": ("linked", [1])})
    load(engine, "oak", 1, [client("1", email="ann@@example.com")], [], matcher=told)
    load(engine, "oak", 2, [client("1", email="ann@example.com")], [])
    assert one(engine, EMAIL) == "ann@web.example"
    assert ("client", "email", "was_unreadable") in rows(engine, OPEN)
    load(engine, "oak", 3, [client("1", email="lee@example.com")], [])
    assert one(engine, EMAIL) == "lee@example.com"


def test_an_email_in_other_capitals_undoes_no_edit(oak: Engine) -> None:
    edit(oak, "client", email="shop@example.com")
    load(oak, "oak", 2, [client("1", email="ANN@example.com")], [pet("10", "1")])
    assert one(oak, EMAIL) == "shop@example.com"


@pytest.mark.parametrize("gap", [None, "declined", "ann@@example.com"])
def test_an_email_that_comes_back_undoes_no_edit(oak: Engine, gap: str | None) -> None:
    edit(oak, "client", email="shop@example.com")
    load(oak, "oak", 2, [client("1", email=gap)], [pet("10", "1")])
    load(oak, "oak", 3, [client("1", email="Ann@Example.com")], [pet("10", "1")])
    assert one(oak, EMAIL) == "shop@example.com"
    assert rows(oak, OPEN) == [("client", "email", "came_back")]
    load(oak, "oak", 4, [client("1", email="new@example.com")], [pet("10", "1")])
    assert one(oak, EMAIL) == "new@example.com"
    assert rows(oak, OPEN) == []


def test_a_value_that_comes_back_to_where_it_is_held_answers_the_question(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", email=None)], [pet("10", "1", weight="0")])
    load(oak, "oak", 3, [client("1")], [pet("10", "1")])
    assert (one(oak, EMAIL), rows(oak, WEIGHT)) == ("ann@example.com", [(30, "2026-02-01")])
    assert rows(oak, STATES) == [("superseded",), ("superseded",)]


@pytest.mark.parametrize("on", ["2026-02-01", None])
def test_a_weight_that_comes_back_undoes_no_edit(oak: Engine, on: str | None) -> None:
    edit(oak, "pet", weight_value="34", weight_kg="34")
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight="0")])
    load(oak, "oak", 3, [client("1")], [pet("10", "1", weight_date=on)])
    assert rows(oak, WEIGHT) == [(34, "2026-02-01")]
    assert rows(oak, OPEN) == [("pet", "weight", "came_back")]


@pytest.mark.parametrize("gap", [None, "Q7"])
def test_a_death_that_comes_back_is_one_whatever_was_edited(oak: Engine, gap: str | None) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", deceased_flag="1")])
    load(oak, "oak", 3, [client("1")], [pet("10", "1", deceased_flag=gap)])
    edit(oak, "pet", deceased=False)
    load(oak, "oak", 4, [client("1")], [pet("10", "1", deceased_flag="1")])
    assert one(oak, "SELECT deceased FROM scriptright.pet") is True
    assert rows(oak, OPEN) == []


def test_another_value_after_a_blank_is_a_change(oak: Engine) -> None:
    edit(oak, "client", email="shop@example.com")
    load(oak, "oak", 2, [client("1", email=None)], [pet("10", "1")])
    load(oak, "oak", 3, [client("1", email="new@example.com")], [pet("10", "1")])
    assert one(oak, EMAIL) == "new@example.com"


def test_it_is_the_last_value_before_a_blank_that_comes_back(oak: Engine) -> None:
    for seq, email in enumerate([None, "new@example.com", None], start=2):
        load(oak, "oak", seq, [client("1", email=email)], [pet("10", "1")])
    edit(oak, "client", email="shop@example.com")
    load(oak, "oak", 5, [client("1", email="new@example.com")], [pet("10", "1")])
    assert one(oak, EMAIL) == "shop@example.com"


def test_what_a_person_has_let_go_is_there_again_when_it_comes_back(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", email=None)], [pet("10", "1")])
    [suggestion] = the_suggestions(oak)
    confirm(oak, "oak", suggestion.suggestion_id, by="Pat Doe")
    assert one(oak, EMAIL) is None
    load(oak, "oak", 3, [client("1")], [pet("10", "1")])
    assert one(oak, EMAIL) == "ann@example.com"


SLIPS = {
    "age": ({"birth_date": "2020-06-01"}, {"birth_date": "about 2015"}),
    "name": ({"name": "Max"}, {"name": None}),
}


@pytest.mark.parametrize("field", SLIPS)
def test_what_was_rejected_is_not_asked_again_after_a_slip(oak: Engine, field: str) -> None:
    said, slip = SLIPS[field]
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **said)])
    [asked] = the_suggestions(oak)
    reject(oak, "oak", asked.suggestion_id, by="Kim Roe")
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **slip)])
    load(oak, "oak", 4, [client("1")], [pet("10", "1", **said)])
    assert rows(oak, STATES) == [("rejected",)]
    load(oak, "oak", 5, [client("1")], [pet("10", "1", **slip)])
    load(oak, "oak", 6, [client("1")], [pet("10", "1")])  # back to what ScriptRight holds
    load(oak, "oak", 7, [client("1")], [pet("10", "1", **said)])  # the PIMS has changed
    assert rows(oak, STATES) == [("rejected",), ("open",)]


@pytest.mark.parametrize("field", SLIPS)
def test_a_question_stays_open_while_the_pims_has_a_slip(oak: Engine, field: str) -> None:
    said, slip = SLIPS[field]
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **said)])
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **slip)])
    load(oak, "oak", 4, [client("1")], [pet("10", "1", **said)])
    assert rows(oak, STATES) == [("open",)]


def test_a_blank_that_was_meant_is_a_change_and_so_is_its_end(oak: Engine) -> None:
    said = pet("10", "1", birth_date="2020-06-01")
    load(oak, "oak", 2, [client("1")], [said])
    [asked] = the_suggestions(oak)
    reject(oak, "oak", asked.suggestion_id, by="Kim Roe")
    load(oak, "oak", 3, [client("1")], [pet("10", "1", birth_date=None)])
    load(oak, "oak", 4, [client("1")], [said])
    assert rows(oak, STATES) == [("rejected",), ("superseded",), ("open",)]


def test_another_value_than_before_a_slip_is_asked(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", birth_date="about 2015")])
    load(oak, "oak", 3, [client("1")], [pet("10", "1", birth_date="2020-06-01")])
    assert rows(oak, OPEN) == [("pet", "age", "changed")]


def test_an_address_that_the_practice_has_come_to_call_bad_is_a_question(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", address_line2="BAD ADDRESS")], [pet("10", "1")])
    assert rows(oak, OPEN) == [("client", "address", "changed")]
