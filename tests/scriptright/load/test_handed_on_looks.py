"""By what look a PIMS row is another client or animal than it was, and by what it isn't."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, edit, load, one, pet, rows
from tests.scriptright.handed import ANN, BOB, DEAD, OPEN, PET, RESCUE, decide, living, oak
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions

__all__ = ["living", "oak"]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (RESCUE, BOB),
        (BOB, RESCUE),
        (RESCUE, BOB | {"first_name": None, "last_name": None, "organisation": "Elm Rescue"}),
        ({"first_name": None}, BOB),
        ({}, BOB | {"first_name": None}),
    ],
)
def test_so_is_that_of_another_who_has_no_first_name_or_none_at_all(
    engine: Engine, was: Cells, now: Cells
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", **was)], [DEAD])
    done = load(engine, "oak", 2, [client("1", **now)], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == was.get("email", ANN)
    assert rows(engine, OPEN) == [
        ("name", "another_record"), ("address", "another_record"), ("phones", "another_record"),
        ("email", "another_record"),
    ]  # fmt: skip
    assert done.counts["changes_applied"] == 0
    decide(engine, yes=True, field="address")
    load(engine, "oak", 3, [client("1", **now | {"email": "new@example.com"})], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == was.get("email", ANN)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ({"first_name": "Ann B"}, BOB),  # not the Bob that B might be by itself
        (BOB | {"email": ANN}, {"first_name": "Ann B", "last_name": "Lee M"}),
        ({"first_name": "Mary"}, BOB | {"first_name": "Mark"}),  # no slip of the hand
        ({"last_name": "Carroll"}, BOB | {"last_name": "Carter"}),
    ],
)
def test_so_is_that_of_another_whose_name_looks_like_the_ones_from_afar(
    engine: Engine, was: Cells, now: Cells
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", **was)], [DEAD])
    load(engine, "oak", 2, [client("1", **now | {"email": "new@example.com"})], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == ANN


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (RESCUE, BOB | {"last_name": "Paws"}),
        ({"first_name": None}, BOB | {"last_name": "Lee"}),  # a first name that was learned
        ({"first_name": "Robret"}, BOB | {"first_name": "Robert", "last_name": "Lee"}),
        ({"first_name": "J Robert"}, BOB | {"last_name": "Lee"}),
        ({"first_name": "A B"}, BOB | {"last_name": "Lee"}),
    ],
)
def test_one_who_is_named_otherwise_is_nobody_else_if_anything_is_alike(
    engine: Engine, was: Cells, now: Cells
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", **was)], [DEAD])
    load(engine, "oak", 2, [client("1", **now | {"email": "new@example.com"})], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == "new@example.com"


def test_whose_name_a_person_has_said_no_to_brings_no_email_whatever_is_in_common(
    oak: Engine,
) -> None:
    said = {"first_name": "Bob", "last_name": "Moss"}
    load(oak, "oak", 2, [client("1", **said)], [DEAD])
    decide(oak, yes=False)
    said |= {"address_line1": "9 Oak Ave", "email": "bob@example.com"}
    load(oak, "oak", 3, [client("1", **said)], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == ANN
    assert rows(oak, OPEN) == [("address", "another_record"), ("email", "another_record")]


def test_a_name_that_was_said_no_to_and_is_gone_brings_emails_as_before(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", first_name="Bob", last_name="Moss")], [DEAD])
    decide(oak, yes=False)
    load(oak, "oak", 3, [client("1")], [DEAD])
    load(oak, "oak", 4, [client("1", email="new@example.com")], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == "new@example.com"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ({}, {"first_name": "Bob", "last_name": "Moss"}),  # Ann's house and number
        (RESCUE, RESCUE | {"organisation": "Oak Farm"}),
        (RESCUE, BOB | {"phones": RESCUE["phones"]}),  # who may be the rescue's contact
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_beside_a_name_that_nobody_has_confirmed_an_email_waits_whatever_is_in_common(
    engine: Engine, was: Cells, now: Cells, later: bool
) -> None:
    """The name is asked anyway; a newcomer's number may be typed last, and the email is a login."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1", **was)], [DEAD])
    before = one(engine, "SELECT email FROM scriptright.client")
    if later:
        load(engine, "oak", 2, [client("1", **now | {"email": before})], [DEAD])
        assert ("name", "another_record") in rows(engine, OPEN)
    load(engine, "oak", 3, [client("1", **now | {"email": "new@example.com"})], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == before
    with engine.connect() as connection:
        asked = list_suggestions(connection, "oak")
    assert {"name", "email"} <= {s.field for s in asked}
    assert {s.reason for s in asked} == {"another_record"}
    [name] = [s for s in asked if s.field == "name"]
    confirm(engine, "oak", name.suggestion_id, by="Pat Doe", shown=name.shown)
    load(engine, "oak", 4, [client("1", **now | {"email": "newer@example.com"})], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == "newer@example.com"


def test_a_name_changed_in_the_web_shop_alone_holds_up_no_email(oak: Engine) -> None:
    edit(oak, "client", first_name="Bob", last_name="Moss")
    load(oak, "oak", 2, [client("1", first_name="Anne", email="new@example.com")], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == "new@example.com"


def test_an_email_that_came_before_the_number_is_nothing_in_common(oak: Engine) -> None:
    """Bob is typed over Ann in three loads: his email had been taken in before his name came."""
    said = {"email": "bob@example.com"}
    load(oak, "oak", 2, [client("1", **said)], [DEAD])
    said |= {"first_name": "Bob", "last_name": "Moss", "address_line1": "9 Oak Ave"}
    load(oak, "oak", 3, [client("1", **said)], [DEAD])
    load(oak, "oak", 4, [client("1", **BOB)], [DEAD])
    with oak.connect() as connection:
        asked = list_suggestions(connection, "oak")
    assert {(s.field, s.reason) for s in asked} == {
        ("name", "another_record"), ("address", "another_record"), ("phones", "another_record"),
        ("email", "another_record"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "said", [{"name": "Tom"}, {"name": "Rex", "birth_date": "2025-01-01"}, {"species": "cat"}]
)
def test_a_dead_pet_that_is_alive_and_another_in_one_more_thing_is_another(
    oak: Engine, said: Cells
) -> None:
    """The next pup is typed over the dead dog's entry: it is a dog, too, and may be called Rex."""
    weighed: Cells = {"deceased_flag": "0", "weight": "4", "weight_date": "2026-02-20"}
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **weighed | said)])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]
    assert {reason for _, reason in rows(oak, OPEN)} == {"another_record"}
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **weighed | said | {"weight": "5"})])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]


def test_a_death_taken_back_alone_is_no_other_animals_life(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", name="Rexy", breed="Boxer")])
    assert one(oak, "SELECT deceased FROM scriptright.pet") is False


def test_a_dead_pet_that_is_alive_and_of_another_breed_is_another_unless_its_birth_date_is_the_same(
    engine: Engine,
) -> None:
    """The next dog is called Rex, too, and weighs as much; nobody types when it was born."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD | {"birth_date": None}])
    new = pet("10", "1", breed="Boxer", birth_date=None, weight="28", weight_date="2026-02-20")
    load(engine, "oak", 2, [client("1")], [new])
    assert rows(engine, PET) == [("Rex", "dog", 30, True)]
    assert {reason for _, reason in rows(engine, OPEN)} == {"another_record"}


@pytest.mark.parametrize(
    ("weight", "goes_in"), [("4", False), ("15", False), ("16", True), ("59", True), ("60", False)]
)
def test_a_dead_pet_that_is_alive_at_half_or_twice_its_weight_is_another(
    oak: Engine, weight: str, goes_in: bool
) -> None:
    """The next pup is typed over the dead dog's entry: of one breed, called the same, born nobody knows when."""
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight=weight, weight_date="2026-02-20")])
    assert rows(oak, PET) == [("Rex", "dog", int(weight) if goes_in else 30, not goes_in)]
    asked = [] if goes_in else [("weight", "another_record"), ("deceased", "another_record")]
    assert rows(oak, OPEN) == asked


def test_a_pup_that_a_person_said_no_to_outgrows_the_dead_dogs_weight(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight="4", weight_date="2026-02-20")])
    decide(oak, yes=False)
    grown = pet("10", "1", weight="18", weight_date="2026-03-05")
    load(oak, "oak", 3, [client("1")], [grown])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]
    assert rows(oak, OPEN) == [("weight", "another_record")]


def test_a_given_name_that_was_said_no_to_is_another_clients_beside_another_house_and_number(
    oak: Engine,
) -> None:
    load(oak, "oak", 2, [client("1", first_name="Bob")], [DEAD])
    decide(oak, yes=False)
    load(oak, "oak", 3, [client("1", **BOB | {"last_name": "Lee"})], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == ANN
    assert rows(oak, OPEN) == [
        ("address", "another_record"), ("phones", "another_record"), ("email", "another_record"),
    ]  # fmt: skip


def test_nor_does_that_no_let_another_clients_login_in_beside_the_ones_number(oak: Engine) -> None:
    with oak.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Bob", "email": "bob@example.com"})
    load(oak, "oak", 2, [client("1", first_name="Bob")], [DEAD])
    decide(oak, yes=False)
    load(oak, "oak", 3, [client("1", first_name="Bob", email="bob@example.com")], [DEAD])
    assert rows(oak, OPEN) == [("email", "another_record")]


def test_a_namesake_of_another_surname_house_and_number_is_another_until_that_is_confirmed(
    oak: Engine,
) -> None:
    said = BOB | {"first_name": "Ann"}
    load(oak, "oak", 2, [client("1", **said)], [DEAD])
    assert rows(oak, OPEN) == [
        ("name", "another_record"), ("address", "another_record"), ("phones", "another_record"),
        ("email", "another_record"),
    ]  # fmt: skip
    decide(oak, yes=True, field="phones")
    load(
        oak, "oak", 3, [client("1", **said | {"email": "moss@example.com"})], [DEAD, pet("11", "1")]
    )
    assert one(oak, "SELECT email FROM scriptright.client") == ANN
    assert one(oak, "SELECT count(*) FROM scriptright.pet") == 1  # it waits
    decide(oak, yes=True, field="name")
    load(
        oak, "oak", 4, [client("1", **said | {"email": "new@example.com"})], [DEAD, pet("11", "1")]
    )
    assert one(oak, "SELECT email FROM scriptright.client") == "new@example.com"
    assert one(oak, "SELECT count(*) FROM scriptright.pet") == 2


def test_so_is_one_whose_surname_came_first_and_was_said_no_to(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", last_name="Moss")], [DEAD])
    decide(oak, yes=False)
    load(oak, "oak", 3, [client("1", **BOB | {"first_name": "Ann"})], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == ANN


def test_a_name_that_was_said_no_to_brings_no_email_of_one_of_the_same_surname_either(
    oak: Engine,
) -> None:
    """Bob Lee is typed over Ann Lee, his street and email two days after his name and number."""
    said = BOB | {"last_name": "Lee", "address_line1": "12 Elm St", "email": ANN}
    load(oak, "oak", 2, [client("1", **said)], [DEAD])
    assert {reason for _, reason in rows(oak, OPEN)} == {"changed"}  # he may be of her house
    decide(oak, yes=False)
    load(oak, "oak", 3, [client("1", **BOB | {"last_name": "Lee"})], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == ANN
    assert rows(oak, OPEN) == [("address", "another_record"), ("email", "another_record")]


def test_a_pets_name_that_was_said_no_to_brings_no_weight(living: Engine) -> None:
    """Rex isn't Max: what Max weighs two days later is another dog's."""
    load(living, "oak", 3, [client("1")], [pet("10", "1", name="Max")])
    decide(living, yes=False)
    weighed = pet("10", "1", weight="4", weight_date="2026-03-05")
    load(living, "oak", 4, [client("1")], [weighed | {"name": "Max"}])
    assert rows(living, PET) == [("Rex", "dog", 30, False)]
    assert rows(living, OPEN) == [("weight", "another_record")]
    load(living, "oak", 5, [client("1")], [weighed | {"weight": "31", "weight_date": "2026-03-09"}])
    assert rows(living, PET) == [("Rex", "dog", 31, False)]
    assert rows(living, OPEN) == []
