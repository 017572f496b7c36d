"""How values are shown: a person decides by them, and two that differ never look the same."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import add_practice, client, load
from vet_pipeline.cli.values import both_in_words, in_words
from vet_pipeline.scriptright import web_shop

PARTED = {"first_name": "Ann", "last_name": "Marie Lee"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"last_name": "Wilwell", "title": "Mr.", "first_name": "Samuel"}, "Mr. Samuel Wilwell"),
        ({"first_name": "Bob", "last_name": "Bell", "suffix": "Jr"}, "Bob Bell Jr"),
        (
            {"first_name": "Ann", "last_name": "Lee", "partner_first_name": "Bob"},
            "Ann Lee & Bob",
        ),
        ({"last_name": "Lee", "organisation": "Lee Farm"}, "Lee, Lee Farm"),
        ({"full_name": "Kim Roe", "address_line1": "12 Elm St"}, "Kim Roe, 12 Elm St"),
        ({"address_line1": "12 Elm St", "unit": "Apt 3", "city": "Troy"}, "12 Elm St, Apt 3, Troy"),
        (
            {
                "weighed_on": "2026-10-09",
                "weight_kg": "5.67",
                "weight_unit": "lb",
                "weight_value": "12.5",
            },
            "12.5 lb = 5.67 kg, 2026-10-09",
        ),
        ({"title": None, "first_name": ""}, ""),
        (None, ""),
    ],
)
def test_a_value_is_shown_as_people_write_it(value: dict[str, Any] | None, shown: str) -> None:
    assert in_words(value) == shown


def test_two_values_that_would_read_alike_are_shown_column_by_column() -> None:
    old = {"first_name": "Ann Marie", "last_name": "Lee"}
    assert both_in_words(old, PARTED) == ("Ann Marie | Lee", "Ann | Marie Lee")
    assert both_in_words(old, dict(old)) == ("Ann Marie Lee", "Ann Marie Lee")
    assert both_in_words(None, PARTED) == ("", "Ann Marie Lee")


def test_the_same_words_in_other_columns_are_shown_with_their_columns() -> None:
    before = {"last_name": "Elm Rescue"}, {"address_line2": "Apt 4", "city": "Troy"}
    after = {"organisation": "Elm Rescue"}, {"unit": "Apt 4", "city": "Troy"}
    assert [both_in_words(*sides) for sides in zip(before, after, strict=True)] == [
        ("last name Elm Rescue", "organisation Elm Rescue"),
        ("address line2 Apt 4 | Troy", "unit Apt 4 | Troy"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("ann@example.com", "\u0430nn@ex\u0430mple.com", r"\u0430nn@ex\u0430mple.com"),
        ("pay@example.com", "\u0440\u0430\u0443@example.com", r"\u0440\u0430\u0443@example.com"),
        ("12 Oak St", "12 Oak \uff33t", r"12 Oak \uff33t"),
        ("Rex", "R\u0435X", r"R\u0435X"),
        ("Jose", "Jos\u00e9", "Jos\u00e9"),
        ("Anna", "\u041d\u0438\u043d\u0430 Lee", "\u041d\u0438\u043d\u0430 Lee"),
        ("\u041d\u0438\u043d\u0430", "\u041d\u0438\u043a\u0430", "\u041d\u0438\u043a\u0430"),
    ],
)
def test_a_letter_of_another_alphabet_is_not_taken_for_ours(old: str, new: str, shown: str) -> None:
    assert both_in_words({"name": old}, {"name": new}) == (old, shown)
    assert both_in_words({"name": new}, {"name": old}) == (shown, old)


def test_whom_the_pims_said_before_is_not_shown_as_the_client_who_has_the_pet() -> None:
    old = {"client_id": 701, "pims_client_id": "C5"}  # C5 was said no to, and feeds client 705
    new = {"client_id": 703, "pims_client_id": "C3"}
    assert both_in_words(old, new) == ("client 701", "client 703, PIMS client C3")
    said = {"pims_client_id": "C5"}, {"pims_client_id": "C3"}  # a plan's
    assert both_in_words(*said) == ("PIMS client C5", "PIMS client C3")


def test_a_list_shows_where_a_name_is_parted_otherwise(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", first_name="Ann Marie", last_name="Lee")])
    load(engine, "oak", 2, [client("1", **PARTED)])
    table = " ".join(command("review", "list", "oak").stdout.split())
    assert "Ann Marie Lee" in table
    assert "Ann Marie | Lee" in table
    assert "Ann | Marie Lee" in table


def test_a_home_delivery_client_was_not_made_by_the_pipeline(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        made = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    said = command("history", "oak", "--client", str(made)).stdout
    assert "created" in said
    assert "pipeline" not in said
