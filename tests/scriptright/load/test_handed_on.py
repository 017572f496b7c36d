"""A PIMS key that has come to stand for another client, or another animal, than it did."""

from __future__ import annotations

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
    phones,
    rows,
)
from tests.scriptright.handed import ANN, BOB, DEAD, MOVED, OPEN, PET, TOM, decide, living, oak
from vet_pipeline.errors import StaleDecision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions

__all__ = ["living", "oak"]


def test_another_clients_email_is_asked_about(oak: Engine) -> None:
    done = load(oak, "oak", 2, [client("1", **BOB)], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == ANN
    assert rows(oak, OPEN) == [
        ("name", "another_record"), ("address", "another_record"), ("phones", "another_record"),
        ("email", "another_record"),
    ]  # fmt: skip
    assert done.counts["changes_applied"] == 0


def test_another_clients_address_that_changes_later_says_so_too(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], [DEAD])
    load(oak, "oak", 3, [client("1", **BOB | {"address_line1": "3 Fir Ct"})], [DEAD])
    assert rows(oak, OPEN)[-1] == ("address", "another_record")


def test_another_animals_owner_says_so(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [pet("10", "2", **TOM)])
    assert ("owner", "another_record") in rows(oak, OPEN)


def test_a_confirmed_address_makes_another_clients_email_nobody_elses(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], [DEAD])
    decide(oak, yes=True, field="address")
    load(oak, "oak", 3, [client("1", **BOB | {"email": "bob@new.example"})], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == ANN
    decide(oak, yes=True, field="name")
    load(oak, "oak", 4, [client("1", **BOB | {"email": "bob@newer.example"})], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == "bob@newer.example"


def test_another_animals_weight_and_life_are_asked_about(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **TOM)])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]
    assert rows(oak, OPEN) == [
        ("name", "another_record"), ("age", "another_record"), ("breed", "another_record"),
        ("weight", "another_record"), ("deceased", "another_record"),
    ]  # fmt: skip


def test_another_animal_of_the_same_name_is_another(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **TOM | {"name": "Rex"})])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]


def test_so_it_is_beside_a_pet_that_its_client_has_not_named_yet(oak: Engine) -> None:
    with oak.begin() as connection:
        web_shop.add_pet(connection, "oak", 1, {"species": "cat"})
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **TOM)])
    assert rows(oak, f"{PET} WHERE pet_id = 1") == [("Rex", "dog", 30, True)]


def test_so_it_is_when_the_key_was_missing_meanwhile(oak: Engine) -> None:
    load(oak, "oak", 2, [client("2", **BOB)], [pet("11", "2")])
    load(oak, "oak", 3, [client("1", **BOB), client("2", **BOB)], [pet("10", "1", **TOM)])
    assert rows(oak, "SELECT email FROM scriptright.client ORDER BY 1") == [(ANN,), (BOB["email"],)]
    assert rows(oak, f"{PET} WHERE pet_id = 1") == [("Rex", "dog", 30, True)]


@pytest.mark.parametrize("answered", [False, True])
def test_what_another_animal_weighs_later_is_asked_until_it_is_that_animal(
    oak: Engine, answered: bool
) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **TOM)])
    if answered:
        decide(oak, yes=False)
    weighed = TOM | {"weight": "5", "weight_date": "2026-03-02"}
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **weighed)])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]
    assert rows(oak, OPEN)[-1] == ("weight", "another_record")


@pytest.mark.parametrize("at_once", [False, True])
def test_another_living_animal_of_which_name_and_weight_are_typed_first_is_another(
    engine: Engine, at_once: bool
) -> None:
    """Species, breed and birth date are typed in the next save; before, 4 kg went in as Rex's."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    weighed = {"weight": "4", "weight_date": "2026-02-20"}
    if not at_once:
        load(engine, "oak", 2, [client("1")], [pet("10", "1", name="Tom")])
    load(engine, "oak", 3, [client("1")], [pet("10", "1", name="Tom", **weighed)])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]
    assert ("weight", "another_record") in rows(engine, OPEN)
    load(engine, "oak", 4, [client("1")], [pet("10", "1", **TOM)])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]


@pytest.mark.parametrize("answered", [False, True])
def test_another_animal_that_comes_in_two_loads_is_another(oak: Engine, answered: bool) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", name="Tom", deceased_flag="1")])
    if answered:  # Rex isn't Tom
        decide(oak, yes=False)
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **TOM | {"birth_date": "2020-05-01"})])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]
    assert ("weight", "another_record") in rows(oak, OPEN)


def test_another_client_who_comes_in_three_loads_is_another(oak: Engine) -> None:
    said = {"first_name": "Bob", "last_name": "Moss"}
    load(oak, "oak", 2, [client("1", **said)], [DEAD])
    said["address_line1"] = str(BOB["address_line1"])
    load(oak, "oak", 3, [client("1", **said)], [DEAD])
    load(oak, "oak", 4, [client("1", **BOB)], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == ANN


def test_what_was_asked_before_the_names_came_says_so_too_and_is_no_more_by_its_number(
    oak: Engine,
) -> None:
    """Bob's street was typed over Ann's in one load, his name in the next."""
    moved = {key: BOB[key] for key in ("address_line1", "phones")}
    load(oak, "oak", 2, [client("1", **moved)], [DEAD])
    with oak.connect() as connection:
        before = list_suggestions(connection, "oak", field="address")
    load(oak, "oak", 3, [client("1", **BOB)], [DEAD])
    with oak.connect() as connection:
        asked = list_suggestions(connection, "oak")
    assert {(s.field, s.reason) for s in asked} == {
        (field, "another_record") for field in ("name", "address", "phones", "email")
    }
    [address] = before
    with pytest.raises(StaleDecision, match="its PIMS record isn't what it was"):
        confirm(oak, "oak", address.suggestion_id, by="Pat Doe")
    for s in asked:  # he is Ann's partner after all: who has looked again can say so
        if s.field == "phones":
            confirm(oak, "oak", s.suggestion_id, by="Pat Doe", shown=s.shown)
    decide(oak, yes=True, field="address")
    assert one(oak, "SELECT address_line1 FROM scriptright.client") == "9 Oak Ave"


def test_who_saw_a_move_has_not_seen_another_clients_street(oak: Engine) -> None:
    """Whose fingerprint is of the list before Bob's name came confirms no parcel of Ann's to him."""
    load(oak, "oak", 2, [client("1", address_line1=BOB["address_line1"])], [DEAD])
    with oak.connect() as connection:
        [move] = list_suggestions(connection, "oak")
    load(oak, "oak", 3, [client("1", **BOB)], [DEAD])
    with pytest.raises(StaleDecision):
        confirm(oak, "oak", move.suggestion_id, by="Pat Doe", shown=move.shown)
    assert one(oak, "SELECT address_line1 FROM scriptright.client") == "12 Elm St"


def test_a_street_asked_before_is_anothers_when_all_else_was_rejected(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", address_line1=BOB["address_line1"])], [DEAD])
    load(oak, "oak", 3, [client("1", **BOB)], [DEAD])
    for field in ("name", "phones", "email"):  # Ann isn't Bob
        decide(oak, yes=False, field=field)
    with oak.connect() as connection:
        [street] = list_suggestions(connection, "oak", field="address")
    assert (street.reason, street.means_another) == ("another_record", True)
    with pytest.raises(StaleDecision, match="its PIMS record isn't what it was"):
        confirm(oak, "oak", street.suggestion_id, by="Pat Doe")


def test_a_move_after_the_key_was_given_back_is_a_move(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], [DEAD])
    decide(oak, yes=False)
    load(oak, "oak", 3, [client("1")], [DEAD])
    load(oak, "oak", 4, [client("1", address_line1="3 Fir Ct")], [DEAD])
    with oak.connect() as connection:
        [street] = list_suggestions(connection, "oak")
    assert (street.field, street.reason, street.means_another) == ("address", "changed", False)


def test_once_a_person_has_confirmed_what_tells_it_all_is_as_usual(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **TOM)])
    for field in ("name", "breed", "age", "deceased"):
        decide(oak, yes=True, field=field)
    weighed = TOM | {"weight": "5", "weight_date": "2026-03-02"}
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **weighed)])
    assert one(oak, "SELECT weight_value::int FROM scriptright.pet") == 5


def test_a_key_that_is_given_back_closes_what_was_asked(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], [pet("10", "1", **TOM)])
    again = pet("10", "1", deceased_flag="1", weight="31", weight_date="2026-03-02")
    load(oak, "oak", 3, [client("1", email="new@example.com")], [again])
    assert rows(oak, OPEN) == []
    assert one(oak, "SELECT email FROM scriptright.client") == "new@example.com"
    assert rows(oak, PET) == [("Rex", "dog", 31, True)]


@pytest.mark.parametrize(
    "said",
    [
        {"last_name": "Moss", "address_line1": "9 Oak Ave"},
        {"last_name": "Moss", "phones": phones("(217) 555-0188")},
        {"last_name": "Lee-Moss"} | MOVED,
        {"first_name": "Lee", "last_name": "Ann"} | MOVED,  # in each other's columns
        {"first_name": None, "last_name": None, "address_line1": "9 Oak Ave"},
    ],
)
def test_who_marries_or_moves_is_no_other_client(oak: Engine, said: Cells) -> None:
    load(oak, "oak", 2, [client("1", email="new@example.com", **said)], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == "new@example.com"


@pytest.mark.parametrize(
    "said",
    [
        {"phones": phones("(217) 555-0188"), "address_line1": None},
        {"address_line1": "9 Oak Ave", "phones": None},
    ],
)
def test_of_another_surname_and_nothing_in_common_the_login_is_not_hers_by_itself(
    oak: Engine, said: Cells
) -> None:
    """Who marries keeps house or number; whether the one that isn't said any more, nobody knows."""
    moss = client("1", last_name="Moss", email="new@example.com", **said)
    load(oak, "oak", 2, [moss], [DEAD])
    assert one(oak, "SELECT email FROM scriptright.client") == "ann@example.com"


@pytest.mark.parametrize(
    "said", [{"name": "Tom"}, {"species": "goat"}, {"birth_date": "2025-01-01"}]
)
def test_a_rename_or_a_correction_alone_is_no_other_animal(living: Engine, said: Cells) -> None:
    load(living, "oak", 3, [client("1")], [pet("10", "1", weight="31", **said)])
    assert one(living, "SELECT weight_value::int FROM scriptright.pet") == 31


def test_a_pet_renamed_in_the_web_shop_is_weighed_as_before(living: Engine) -> None:
    edit(living, "pet", name="Tom")
    load(living, "oak", 3, [client("1")], [pet("10", "1", weight="31", species="goat")])
    assert one(living, "SELECT weight_value::int FROM scriptright.pet") == 31


def test_one_that_was_renamed_in_the_web_shop_too_is_weighed_as_before(living: Engine) -> None:
    edit(living, "pet", name="Tom")
    load(living, "oak", 3, [client("1")], [pet("10", "1", species="goat")])
    weighed = pet("10", "1", species="goat", weight="31", weight_date="2026-03-02")
    load(living, "oak", 4, [client("1")], [weighed])
    assert one(living, "SELECT weight_value::int FROM scriptright.pet") == 31
