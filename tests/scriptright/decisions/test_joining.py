"""Two records that the machine took for two: a person joins them, and it can be undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from expectations.accounts import standing_accounts
from tests.scriptright.asked import HOME, ask, candidates, confirmed, open_practice
from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.joined import LEE, PETS, PICTURE, REXY, joined, load_as_new
from tests.scriptright.prescribed import PRESCRIPTIONS
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import (
    DecisionRefused,
)
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import Joined, confirm_candidate, undo_link
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.records.consequences import Consequence
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.history import history_of


@pytest.fixture
def practice(engine: Engine) -> str:
    return open_practice(engine)


def test_joining_comes_to_what_confirming_a_possible_match_would_have(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    assert joined(engine, "client", "1", 1) == Joined("client", "1", 1, 3, (3,), (2,))

    add_practice(engine, "elm")
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "elm", HOME)
        web_shop.add_client(connection, "elm", HOME | {"email": "lee@web.example"})
        rexy = web_shop.add_pet(connection, "elm", home, {"name": "Rexy", "species": "dog"})
    possible = ToldMatcher({"1": ("possible", [home])}, {"p1": ("linked", [rexy])})
    load(engine, "elm", 1, LEE, PETS, matcher=possible)
    number = one(engine, "SELECT candidate_id FROM scriptright.match_candidate")
    confirm_candidate(engine, "elm", number, by="Pat Doe", match=possible)
    assert rows(engine, PICTURE, p="oak") == rows(engine, PICTURE, p="elm")


def test_a_confirmed_match_that_was_the_wrong_one_is_mended_by_undoing_and_joining(
    engine: Engine, practice: str
) -> None:
    before = rows(engine, PICTURE, p="oak")
    matcher = ask(engine, [1, 2])
    confirmed(engine, candidates(engine)[0], matcher)
    undo_link(engine, practice, "client", "1", by="Pat Doe")
    joined(engine, "client", "1", 2, matcher=ToldMatcher())
    after = rows(engine, PICTURE, p="oak")
    [wrong] = [row for row in before if row[0] == "client" and row[1]["email"] == "ann@web.example"]
    assert wrong in after
    assert rows(engine, "SELECT record_id, link_method FROM scriptright.pims_client") == [
        (2, "person")
    ]
    assert rows(engine, "SELECT client_id, name FROM scriptright.pet ORDER BY 1, 2") == [
        (1, "Rexy"),
        (2, "Rex"),
        (2, "Tom"),
    ]


def test_a_pet_that_the_pims_has_no_more_moves_along_and_is_joined_with_none(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    load(engine, practice, 2, LEE, PETS[1:], matcher=ToldMatcher())
    assert joined(engine, "client", "1", 1) == Joined("client", "1", 1, 3, (2, 3))


def test_a_pet_that_the_machine_is_not_certain_of_is_shown_and_joined_with_none(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    unsure = ToldMatcher(pets={"p1": ("possible", [1])})
    found = joined(engine, "client", "1", 1, matcher=unsure)
    assert found == Joined("client", "1", 1, 3, (2, 3), (), (("p1", 1),))
    assert one(engine, "SELECT record_id FROM scriptright.pims_pet WHERE pims_id = 'p1'") == 2


def test_undoing_it_gives_the_pims_record_a_record_of_its_own_again(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    before = rows(engine, PICTURE, p="oak")
    joined(engine, "client", "1", 1)
    undo_link(engine, practice, "client", "1", by="Pat Doe")
    assert rows(engine, PICTURE, p="oak") == before


def test_the_next_snapshot_changes_nothing_and_later_ones_reach_the_joined_records(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    joined(engine, "client", "1", 1)
    before = rows(engine, PICTURE, p="oak")
    load(engine, practice, 2, LEE, PETS, matcher=REXY)
    assert rows(engine, PICTURE, p="oak") == before
    heavier = [pet("p1", "1", weight="31", weight_date="2026-02-20"), PETS[1]]
    load(engine, practice, 3, LEE, heavier, matcher=REXY)
    assert one(engine, "SELECT weight_value::int FROM scriptright.pet WHERE pet_id = 1") == 31


def test_a_pet_is_joined_with_another_one_of_its_owner(engine: Engine, practice: str) -> None:
    load(engine, practice, 1, LEE, PETS, matcher=ToldMatcher({"1": ("linked", [1])}))
    assert joined(engine, "pet", "p1", 1) == Joined("pet", "p1", 1, 2)
    assert rows(engine, "SELECT pet_id, name, weight_kg::int FROM scriptright.pet ORDER BY 1") == [
        (1, "Rexy", 30),
        (3, "Tom", 30),
    ]
    with pytest.raises(DecisionRefused, match="another PIMS pet has it"):
        joined(engine, "pet", "p2", 1)


def test_a_pet_of_another_owner_is_not_joined(engine: Engine, practice: str) -> None:
    load_as_new(engine)
    with pytest.raises(DecisionRefused, match="owners aren't linked"):
        joined(engine, "pet", "p1", 1)


def test_a_waiting_record_can_be_led_to_one_that_nobody_proposed(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1])
    assert joined(engine, "client", "1", 2, matcher=matcher) == Joined("client", "1", 2, None)
    assert [(c.record_id, c.state) for c in candidates(engine, None)] == [(1, "superseded")]


def test_two_entries_of_one_client_in_the_pims_are_joined(engine: Engine, practice: str) -> None:
    load(engine, practice, 1, [client("1"), client("2")], [pet("p1", "1")], matcher=ToldMatcher())
    joined(engine, "client", "2", 3)
    assert rows(
        engine, "SELECT pims_id, record_id, link_method FROM scriptright.pims_client ORDER BY 1"
    ) == [("1", 3, "created"), ("2", 3, "person")]
    with pytest.raises(DecisionRefused, match="is fed by another PIMS record"):
        joined(engine, "client", "1", 1)


def test_open_questions_on_the_record_that_goes_are_asked_of_the_other_one(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    moved = [client("1", address_line1="9 New St")]
    load(engine, practice, 2, moved, PETS, matcher=ToldMatcher())
    joined(engine, "client", "1", 1)
    with engine.connect() as connection:
        asked = list_suggestions(connection, practice, record="client")
    assert [
        (s.record_id, s.field, s.new["address_line1"]) for s in asked if s.field == "address"
    ] == [(1, "address", "9 New St")]
    for question in asked:
        confirm(engine, practice, question.suggestion_id, by="Pat Doe")
    assert one(engine, "SELECT address_line1 FROM scriptright.client WHERE client_id = 1") == (
        "9 New St"
    )


def test_what_waits_for_a_person_is_not_applied_by_joining_and_waits_after_undoing(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    moved = [client("1", address_line1="9 New St")]
    load(engine, practice, 2, moved, [PETS[0], pet("p2", "1", name="Max")], matcher=ToldMatcher())
    before = rows(engine, PICTURE, p="oak")
    joined(engine, "client", "1", 1)
    assert rows(engine, "SELECT pet_id, client_id, name FROM scriptright.pet ORDER BY 1") == [
        (1, 1, "Rexy"),
        (3, 1, "Tom"),
    ]
    with engine.connect() as connection:
        [asked] = list_suggestions(connection, practice, record="pet", record_id=3)
    assert (asked.field, asked.new["name"]) == ("name", "Max")
    undo_link(engine, practice, "client", "1", by="Pat Doe")
    assert rows(engine, PICTURE, p="oak") == before


def test_a_pet_that_its_client_has_edited_moves_along_and_is_shown_to_a_person(
    engine: Engine, practice: str
) -> None:
    load_as_new(engine)
    with transaction(engine, "shop", practice) as connection:
        web_shop.edit_pet(connection, practice, 2, {"breed": "Boxer"}, actor="web")
    done = joined(engine, "client", "1", 1)
    assert done == Joined("client", "1", 1, 3, (2, 3), (), (("p1", 1),))
    with pytest.raises(DecisionRefused, match="edited in the web shop"):
        joined(engine, "pet", "p1", 1)


def test_a_pet_that_moves_along_takes_no_prescription_with_it(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1, 2])
    confirmed(engine, candidates(engine)[0], matcher)  # the wrong one
    tom = one(engine, "SELECT pet_id FROM scriptright.pet WHERE name = 'Tom'")
    with transaction(engine, "shop", practice) as connection:
        web_shop.add_prescription(connection, practice, tom, label_name="Tom", drug="carprofen")
    undo_link(engine, practice, "client", "1", by="Pat Doe")
    with transaction(engine, "shop", practice) as connection:  # a pharmacist has looked
        connection.execute(text("UPDATE scriptright.prescription SET state = 'active'"))
    done = joined(engine, "client", "1", 2, matcher=ToldMatcher())
    assert done.prescriptions == (
        Consequence(1, 1, tom, "Tom", "active", "owner_changed", None, owner_changed=True),
    )
    assert rows(engine, PRESCRIPTIONS) == [(1, 1, tom, "Tom", "owner_changed", None)]


def test_both_histories_and_the_audit_tell_of_it(engine: Engine, practice: str) -> None:
    load_as_new(engine)
    joined(engine, "client", "1", 1)
    with engine.connect() as connection:
        assert all(account.violations == 0 for account in standing_accounts(connection, practice))
        for record_id in (1, 3):
            history = history_of(connection, practice, "client", record_id)
            [event] = [e for e in history.events if e.kind == "joined"]
            assert (event.by, event.pims_id, event.new) == ("Pat Doe", "1", {"client_id": 1})
        assert audit.verify(connection, practice) is None
    assert one(engine, "SELECT detail FROM scriptright.audit WHERE act = 'record_joined'") == {
        "record": "client",
        "pims_id": "1",
        "record_id": 1,
        "gone": 3,
        "moved_pets": [3],
        "gone_pets": [2],
        "alike": [],
        "prescriptions": [],
    }
