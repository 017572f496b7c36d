"""What a change in the PIMS does to a record ScriptRight knows: docs/rules.md, 1, 3 and 4."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, edit, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop

OPEN = """
    SELECT record, field, reason, old_value, new_value FROM scriptright.suggestion
    WHERE state = 'open' ORDER BY suggestion_id
"""
CHANGES = """
    SELECT record, field, old_value, new_value, cause, via_pims_id
    FROM scriptright.record_change ORDER BY change_id
"""
WEIGHT = "SELECT weight_value, weight_unit, weight_kg, weighed_on FROM scriptright.pet"


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (10), loaded as snapshot 1."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    return engine


def email(engine: Engine) -> Any:
    return one(engine, "SELECT email FROM scriptright.client")


def states(engine: Engine) -> list[Any]:
    found = rows(engine, "SELECT state FROM scriptright.suggestion ORDER BY suggestion_id")
    return [state for (state,) in found]


def test_a_new_record_is_copied_whole(oak: Engine) -> None:
    [found] = rows(
        oak,
        "SELECT origin, first_name, last_name, address_line1, city, state, postal_code, po_box,"
        " phones, email, version, created_load_id FROM scriptright.client",
    )
    phone = {
        "number": "+12175550142",
        "extension": None,
        "kind": "unknown",
        "recorded": "(217) 555-0142",
    }
    assert found == (
        *("pims", "Ann", "Lee", "12 Elm St", "Springfield", "IL", "62704", False),
        *([phone], "ann@example.com", 1, 1),
    )
    [found] = rows(
        oak,
        "SELECT name, species, breed, birth_date::text, birth_date_estimated, weight_value::text,"
        " weight_unit, weight_kg::text, weighed_on::text, deceased, client_id FROM scriptright.pet",
    )
    assert found == (
        *("Rex", "dog", "Labrador Retriever", "2020-05-01", None),
        *("30.0000", "kg", "30.0000", "2026-02-01", False, 1),
    )
    assert rows(oak, CHANGES) == []


def test_a_changed_email_is_applied_by_itself(oak: Engine) -> None:
    done = load(oak, "oak", 2, [client("1", email="new@example.com")], [pet("10", "1")])
    assert email(oak) == "new@example.com"
    assert done.counts["changes_applied"] == 1
    assert one(oak, "SELECT version FROM scriptright.client") == 2
    old, new = {"email": "ann@example.com"}, {"email": "new@example.com"}
    assert rows(oak, CHANGES) == [("client", "email", old, new, "refresh", "1")]
    assert rows(oak, OPEN) == []


def test_a_blank_email_never_erases_one(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", email=None)], [pet("10", "1")])
    assert email(oak) == "ann@example.com"
    assert rows(oak, OPEN) == [
        ("client", "email", "became_blank", {"email": "ann@example.com"}, {"email": None})
    ]


def test_an_edit_in_the_web_shop_is_not_undone_by_an_unchanged_pims(oak: Engine) -> None:
    edit(oak, "client", email="own@example.com", city="Peoria")
    edit(oak, "pet", name="Rexi", weight_value="33", weight_kg="33", weighed_on="2026-03-01")
    done = load(oak, "oak", 2, [client("1")], [pet("10", "1")])
    assert email(oak) == "own@example.com"
    assert one(oak, "SELECT city FROM scriptright.client") == "Peoria"
    assert one(oak, "SELECT name FROM scriptright.pet") == "Rexi"
    assert (done.counts["changes_applied"], done.counts["suggestions_opened"]) == (0, 0)
    assert done.counts["clients_unchanged"] == done.counts["pets_unchanged"] == 1


def test_a_pims_email_that_scriptright_has_already_changes_nothing(oak: Engine) -> None:
    edit(oak, "client", email="new@example.com")
    done = load(oak, "oak", 2, [client("1", email="new@example.com")], [pet("10", "1")])
    assert done.counts["changes_applied"] == 0
    assert one(oak, "SELECT version FROM scriptright.client") == 2


@pytest.mark.parametrize(
    ("cells", "record", "field"),
    [
        ({"first_name": "Anna"}, "client", "name"),
        ({"address_line1": "99 Pine Rd"}, "client", "address"),
        ({"phones": '[["217-555-0777", null]]'}, "client", "phones"),
        ({"name": "Rexi"}, "pet", "name"),
        ({"birth_date": "2019-05-01"}, "pet", "age"),
        ({"breed": "Poodle"}, "pet", "breed"),
    ],
)
def test_a_manual_field_is_never_changed_by_a_load_only_suggested(
    oak: Engine, cells: dict[str, str], record: str, field: str
) -> None:
    before = rows(oak, f"SELECT * FROM scriptright.{record}")
    changed = [client("1", **(cells if record == "client" else {}))]
    pets = [pet("10", "1", **(cells if record == "pet" else {}))]
    done = load(oak, "oak", 2, changed, pets)
    assert rows(oak, f"SELECT * FROM scriptright.{record}") == before
    assert done.counts["suggestions_opened"] == 1
    assert [row[:3] for row in rows(oak, OPEN)] == [(record, field, "changed")]
    assert rows(oak, CHANGES) == []


def test_the_address_is_one_unit(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", city="Peoria", postal_code="61602")], [pet("10", "1")])
    [(_, field, _, old, new)] = rows(oak, OPEN)
    assert field == "address"
    blank = {"address_line2": None, "unit": None, "po_box": False}
    kept = {"address_line1": "12 Elm St", "state": "IL", **blank}
    assert old == {**kept, "city": "Springfield", "postal_code": "62704"}
    assert new == {**kept, "city": "Peoria", "postal_code": "61602"}


def test_a_suggestion_is_superseded_when_the_pims_changes_again(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", first_name="Anna")], [pet("10", "1")])
    load(oak, "oak", 3, [client("1", first_name="Anne")], [pet("10", "1")])
    assert states(oak) == ["superseded", "open"]
    [(_, _, _, old, new)] = rows(oak, OPEN)
    assert (old["first_name"], new["first_name"]) == ("Ann", "Anne")


def test_a_suggestion_is_superseded_when_the_pims_goes_back(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", first_name="Anna")], [pet("10", "1")])
    done = load(oak, "oak", 3, [client("1")], [pet("10", "1")])
    assert states(oak) == ["superseded"]
    assert done.counts["suggestions_superseded"] == 1
    assert done.counts["suggestions_opened"] == 0


def test_an_open_suggestion_stays_open_while_the_pims_stays(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", first_name="Anna")], [pet("10", "1")])
    load(oak, "oak", 3, [client("1", first_name="Anna", email="n@example.com")], [pet("10", "1")])
    assert states(oak) == ["open"]


def test_a_newer_weighing_is_applied_with_its_unit_as_recorded(oak: Engine) -> None:
    heavier = pet("10", "1", weight="70.5", weight_unit="lb", weight_date="2026-03-02")
    load(oak, "oak", 2, [client("1")], [heavier])
    [(value, unit, kg, on)] = rows(oak, WEIGHT)
    assert (str(value), unit, str(kg), str(on)) == ("70.5000", "lb", "31.9783", "2026-03-02")


def test_an_older_weighing_never_replaces_a_newer_one(oak: Engine) -> None:
    edit(oak, "pet", weight_value="33", weight_kg="33", weighed_on="2026-03-05")
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight="31", weight_date="2026-03-02")])
    assert str(rows(oak, WEIGHT)[0][0]) == "33.0000"
    assert [row[:3] for row in rows(oak, OPEN)] == [("pet", "weight", "older_weighing")]


def test_an_undated_weight_doesnt_replace_one_weighed_since_the_last_snapshot(oak: Engine) -> None:
    edit(oak, "pet", weight_value="33", weight_kg="33", weighed_on="2026-03-02")
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight="31", weight_date=None)])
    assert str(rows(oak, WEIGHT)[0][0]) == "33.0000"
    assert [row[:3] for row in rows(oak, OPEN)] == [("pet", "weight", "undated_weighing")]


def test_an_undated_weight_replaces_one_from_before_the_last_snapshot(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight="31", weight_date=None)])
    [(value, _, _, on)] = rows(oak, WEIGHT)
    assert (str(value), on) == ("31.0000", None)


def test_a_weighing_date_that_became_blank_is_kept(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight_date=None)])
    assert str(rows(oak, WEIGHT)[0][3]) == "2026-02-01"
    assert rows(oak, CHANGES) == []


def test_a_weighing_date_that_became_blank_replaces_no_newer_weighing(oak: Engine) -> None:
    edit(oak, "pet", weight_value="34", weight_kg="34", weighed_on="2026-02-20")
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight_date=None)])
    [(value, _, _, on)] = rows(oak, WEIGHT)
    assert (str(value), str(on)) == ("34.0000", "2026-02-20")
    assert rows(oak, OPEN) == []


@pytest.mark.parametrize(
    ("weight", "on"), [("30", "2026-02-01"), ("9", "2020-08-01")], ids=["voided", "old"]
)
def test_an_older_weighing_never_replaces_an_undated_one_that_came_after(
    oak: Engine, weight: str, on: str
) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight="32", weight_date=None)])
    load(oak, "oak", 3, [client("1")], [pet("10", "1", weight=weight, weight_date=on)])
    assert str(rows(oak, WEIGHT)[0][0]) == "32.0000"
    assert [row[:3] for row in rows(oak, OPEN)] == [("pet", "weight", "older_weighing")]


@pytest.mark.parametrize("weight", ["0", "-4", None])
def test_a_weight_of_nothing_never_erases_one(oak: Engine, weight: str | None) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1", weight=weight)])
    assert str(rows(oak, WEIGHT)[0][0]) == "30.0000"
    assert [row[:3] for row in rows(oak, OPEN)] == [("pet", "weight", "became_blank")]


def test_deceased_is_applied_both_ways(oak: Engine) -> None:
    dead = "SELECT deceased, deceased_on::text FROM scriptright.pet"
    load(oak, "oak", 2, [client("1")], [pet("10", "1", deceased_date="2026-03-01")])
    assert rows(oak, dead) == [(True, "2026-03-01")]
    load(oak, "oak", 3, [client("1")], [pet("10", "1")])
    assert rows(oak, dead) == [(False, None)]
    assert [row[1] for row in rows(oak, CHANGES)] == ["deceased", "deceased"]


def test_a_death_without_a_date_never_erases_a_known_date(oak: Engine) -> None:
    edit(oak, "pet", deceased=True, deceased_on="2026-03-01")
    load(oak, "oak", 2, [client("1")], [pet("10", "1", deceased_flag="1")])
    assert one(oak, "SELECT deceased_on::text FROM scriptright.pet") == "2026-03-01"


def test_a_missing_record_is_neither_deleted_nor_deceased(oak: Engine) -> None:
    before = rows(oak, "SELECT * FROM scriptright.pet, scriptright.client")
    done = load(oak, "oak", 2, [client("2", first_name="Bob")])
    assert done.counts["missing"] == 2
    kept = "SELECT p.*, c.* FROM scriptright.pet p JOIN scriptright.client c USING (client_id)"
    assert len(rows(oak, kept)) == 1
    assert rows(oak, "SELECT * FROM scriptright.pet, scriptright.client LIMIT 1") == before
    since = "SELECT missing_since::text FROM scriptright.pims_pet"
    assert one(oak, since) == "2026-03-03 14:00:00+00"
    load(oak, "oak", 3, [client("2", first_name="Bob")])
    assert one(oak, since) == "2026-03-03 14:00:00+00", "since the first snapshot without it"


def test_a_record_that_comes_back_is_the_same_record(oak: Engine) -> None:
    bob = client("2", first_name="Bob", last_name="Hill", email=None, phones=None)
    load(oak, "oak", 2, [bob])
    back = [client("1", email="new@example.com"), bob]
    done = load(oak, "oak", 3, back, [pet("10", "1")])
    assert (done.counts["returned"], done.counts["clients_new"], done.counts["pets_new"]) == (
        *(2, 0, 0),
    )
    assert rows(oak, "SELECT missing_since FROM scriptright.pims_client") == [(None,), (None,)]
    assert one(oak, "SELECT email FROM scriptright.client WHERE client_id = 1") == "new@example.com"


def test_a_quarantined_row_is_not_missing_and_keeps_its_baseline(oak: Engine) -> None:
    kept = "SELECT to_jsonb(b) - 'seen_at' FROM scriptright.pims_client b"
    before = rows(oak, kept)
    unreadable = client("1", last_name="Le\ufffd")
    done = load(oak, "oak", 2, [unreadable], [pet("10", "1")])
    assert (done.counts["clients_quarantined"], done.counts["missing"]) == (1, 0)
    assert rows(oak, kept) == before


def test_a_new_owner_is_suggested_and_moves_nothing(oak: Engine) -> None:
    bob = client("2", first_name="Bob", email=None)
    load(oak, "oak", 2, [client("1"), bob], [pet("10", "2")])
    assert one(oak, "SELECT client_id FROM scriptright.pet") == 1
    old, new = {"client_id": 1, "pims_client_id": "1"}, {"pims_client_id": "2"}
    assert rows(oak, OPEN) == [("pet", "owner", "changed", old, new)]
    load(oak, "oak", 3, [client("1"), bob], [pet("10", "1")])
    assert states(oak) == ["superseded"], "the PIMS went back"


def test_an_owner_that_leads_to_the_same_client_is_no_question(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"last_name": "Lee"})
    both = ToldMatcher(clients={"1": ("linked", [home]), "2": ("linked", [home])})
    clients = [client("1"), client("2")]
    load(engine, "oak", 1, clients, [pet("10", "1")], matcher=both)
    load(engine, "oak", 2, clients, [pet("10", "2")], matcher=both)
    assert [row for row in rows(engine, OPEN) if row[1] == "owner"] == []


@pytest.mark.parametrize("blank", ["\t", "\r", "\u00a0"])
def test_an_owner_s_key_that_loses_its_blanks_is_no_change(engine: Engine, blank: str) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", f"1{blank}")])
    load(engine, "oak", 2, [client("1")], [pet("10", "1")])
    assert (rows(engine, OPEN), rows(engine, CHANGES)) == ([], [])
    assert one(engine, "SELECT client_key FROM scriptright.pims_pet") == "1"
