"""What each suite accepts and refuses, on literal frames; a broken check is not bad data."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest

from expectations import suites
from expectations.checks import check_result
from expectations.gx import Verdict, evaluate
from tests import frames
from vet_pipeline.deltas.delta import CHANGE_COLUMNS

READ_ON = date(2026, 11, 23)


def bad(verdict: Verdict) -> list[tuple[str, str, int | None]]:
    return sorted(
        (f.expectation, f.columns, f.unexpected) for f in verdict.findings if f.state == "bad data"
    )


def client(**values: Any) -> dict[str, Any]:
    return {"pims_client_id": "c1", "last_name": "Garcia", **values}


def pet(**values: Any) -> dict[str, Any]:
    return {"pims_pet_id": "p1", "pims_client_id": "c1", "name": "Rex", **values}


def change(**values: str) -> dict[str, str]:
    line = {
        "record": "pet",
        "pims_id": "p1",
        "field": "weight",
        "old": "{}",
        "new": "{}",
        "action": "apply",
        "reason": "changed",
    }
    return {**line, **values}


def changes(*lines: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(lines), columns=list(CHANGE_COLUMNS)).astype("str")


def test_raw_tables_as_the_contract_says_pass() -> None:
    clients = frames.raw_clients({"client_key": "1", "phones": "[]"}, {"client_key": "2"})
    assert evaluate(clients, suites.raw_table("clients", rows=1000)).passed
    patients = frames.raw_patients({"patient_key": "1", "client_key": "2"})
    assert evaluate(patients, suites.raw_table("patients", rows=1000)).passed


@pytest.mark.parametrize("kind", ["clients", "patients"])
def test_an_empty_raw_table_meets_the_contract_because_the_guards_hold_it(kind: str) -> None:
    empty = frames.raw_clients() if kind == "clients" else frames.raw_patients()
    assert evaluate(empty, suites.raw_table(kind, rows=0)).passed


def unreadable_phones(bad_rows: int, rows: int) -> Verdict:
    cells = ["[" if n < bad_rows else "[]" for n in range(rows)]
    table = frames.raw_clients(
        *({"client_key": str(n), "phones": cell} for n, cell in enumerate(cells))
    )
    return evaluate(table, suites.raw_table("clients", rows=rows))


def test_a_few_cells_of_phones_that_cannot_be_read_are_left_to_the_quarantine() -> None:
    assert unreadable_phones(24, 30).passed
    assert unreadable_phones(30, 600).passed


def test_many_cells_of_phones_that_cannot_be_read_are_a_broken_read() -> None:
    assert bad(unreadable_phones(25, 30)) == [("column_values_to_be_json_parseable", "phones", 25)]
    assert bad(unreadable_phones(31, 600)) == [("column_values_to_be_json_parseable", "phones", 31)]


@pytest.mark.parametrize("cell", ["3125550101", '"312-555-0101"', '["312-555-0101", "Home"]'])
def test_phones_that_are_json_and_no_list_of_pairs_are_a_broken_read(cell: str) -> None:
    table = frames.raw_clients(*({"client_key": str(n), "phones": cell} for n in range(30)))
    verdict = evaluate(table, suites.raw_table("clients", rows=30))
    assert bad(verdict) == [("column_values_to_match_regex", "phones", 30)]


def test_phones_as_the_reader_writes_them_are_read() -> None:
    cells = ['[["312-555-0101","Home"],[null,null]]', ' [ [ null , "Home" ] ] ', "[]", "null", None]
    rows = [{"client_key": str(n), "phones": cell} for n, cell in enumerate(cells * 6)]
    assert evaluate(frames.raw_clients(*rows), suites.raw_table("clients", rows=30)).passed


def test_a_raw_column_that_is_gone_is_bad_data_not_a_broken_check() -> None:
    verdict = evaluate(
        frames.raw_clients({"client_key": "1"}).drop(columns="email"),
        suites.raw_table("clients", rows=1000),
    )
    assert (verdict.passed, verdict.broken) == (False, False)
    assert ("table_columns_to_match_ordered_list", "", None) in bad(verdict)


def test_normalized_clients_pass() -> None:
    table = frames.clients(
        client(email="a@b.example", phones='[{"number": "+12015550123"}]', city="Elm"),
        client(pims_client_id="c2"),
    )
    assert evaluate(table, suites.normalized_clients()).passed


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"email": "two@at@signs"}, ("column_values_to_match_regex", "email", 1)),
        ({"city": " Elm"}, ("column_values_to_match_regex", "city", 1)),
        ({"city": ""}, ("column_values_to_match_regex", "city", 1)),
        ({"city": "El\x07m"}, ("column_values_to_match_regex", "city", 1)),
        ({"phones": "[{"}, ("column_values_to_be_json_parseable", "phones", 1)),
        ({"po_box": None}, ("column_values_to_not_be_null", "po_box", 1)),
    ],
)
def test_a_client_that_normalizing_should_not_have_let_through_is_bad_data(
    values: dict[str, Any], expected: tuple[str, str, int]
) -> None:
    assert bad(evaluate(frames.clients(client(**values)), suites.normalized_clients())) == [
        expected
    ]


def test_normalized_pets_pass() -> None:
    table = frames.pets(
        pet(
            birth_date=date(2020, 2, 29),
            weight_value=Decimal("12.5"),
            weight_unit="lb",
            weight_kg=Decimal("5.6699"),
            weighed_on=READ_ON,
        ),
        pet(pims_pet_id="p2", deceased=True, deceased_on=READ_ON),
        pet(pims_pet_id="p3", weight_value=Decimal(3), weight_unit="unknown"),
    )
    assert evaluate(table, suites.normalized_pets(READ_ON)).passed


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"birth_date": date(2099, 1, 1)}, ("column_values_to_be_between", "birth_date", 1)),
        ({"deceased_on": date(1899, 12, 30)}, ("column_values_to_be_between", "deceased_on", 1)),
        (
            {"weight_value": Decimal(0), "weight_unit": "kg"},
            ("column_values_to_be_between", "weight_value", 1),
        ),
        (
            {"weight_value": Decimal(3), "weight_unit": "stone"},
            ("column_values_to_be_in_set", "weight_unit", 1),
        ),
        ({"weight_unit": "kg"}, ("column_values_to_be_null", "weight_unit", 1)),
    ],
)
def test_a_pet_that_normalizing_should_not_have_let_through_is_bad_data(
    values: dict[str, Any], expected: tuple[str, str, int]
) -> None:
    assert bad(evaluate(frames.pets(pet(**values)), suites.normalized_pets(READ_ON))) == [expected]


@pytest.mark.parametrize("record", ["client", "pet"])
def test_empty_tables_pass_every_suite_after_a_quiet_week(record: str) -> None:
    table = frames.clients() if record == "client" else frames.pets()
    suite = suites.normalized_clients() if record == "client" else suites.normalized_pets(READ_ON)
    assert evaluate(table, suite).passed
    assert evaluate(changes(), suites.change_deltas()).passed


def test_changes_by_the_policy_pass() -> None:
    lines = changes(
        change(),
        change(field="name", action="suggest"),
        change(field="owner", action="keep", reason="became_blank"),
        change(record="client", field="email"),
        change(record="client", field="address", action="suggest"),
    )
    assert evaluate(lines, suites.change_deltas()).passed


def test_a_manual_field_applied_by_itself_is_refused() -> None:
    verdict = evaluate(changes(change(field="name", action="apply")), suites.change_deltas())
    assert bad(verdict) == [("column_values_to_be_in_set", "action", 1)]


def test_a_field_of_the_other_record_is_refused() -> None:
    verdict = evaluate(changes(change(record="client", field="weight")), suites.change_deltas())
    assert bad(verdict) == [("column_values_to_be_in_set", "field", 1)]


def ledger(*lines: tuple[int, int | None, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "snapshot_seq": [line[0] for line in lines],
            "snapshot_hash": [f"h{n}" for n in range(len(lines))],
            "baseline_seq": [line[1] for line in lines],
            "state": [line[2] for line in lines],
            "smallest_count": [0 for _ in lines],
        }
    )


def test_a_ledger_in_order_passes_with_a_late_snapshot_superseded() -> None:
    loads = ledger((1, None, "applied"), (3, 1, "applied"), (2, 1, "superseded"))
    assert evaluate(loads, suites.ledger()).passed


def test_an_older_snapshot_applied_after_a_newer_one_is_refused() -> None:
    loads = ledger((3, None, "applied"), (2, 3, "applied"))
    assert bad(evaluate(loads, suites.ledger())) == [
        ("column_pair_values_a_to_be_greater_than_b", "snapshot_seq baseline_seq", 1),
        ("column_values_to_be_increasing", "snapshot_seq", 1),
    ]


def test_a_check_that_raises_is_a_broken_check_and_not_bad_data() -> None:
    from great_expectations import expectations as gxe

    wrong_bound = [gxe.ExpectColumnValuesToBeBetween(column="birth_date", max_value=1.5)]
    verdict = evaluate(frames.pets(pet(birth_date=date(2020, 1, 1))), wrong_bound)
    assert (verdict.passed, verdict.broken) == (False, True)
    assert verdict.description.startswith("The check itself is broken")
    result = check_result(verdict, {"snapshot": 1})
    assert result.passed is False
    assert result.metadata["broken"].value is True


def test_no_value_of_a_client_gets_into_a_result() -> None:
    canary = "Zebedee.Canary@@private.example"
    verdict = evaluate(
        frames.clients(client(email=canary, city="\tZebedee")), suites.normalized_clients()
    )
    result = check_result(verdict, {"snapshot": 1})
    assert not result.passed
    shown = json.dumps({k: str(v.value) for k, v in result.metadata.items()}) + str(
        result.description
    )
    assert "anary" not in shown
    assert "ebedee" not in shown


def test_a_suite_finds_the_same_whether_its_expectations_tell_once_what_they_are_or_each_time() -> (
    None
):
    table = frames.clients(client(city=" Elm", phones="[{"), client(pims_client_id="c2"))
    found = evaluate(table, suites.normalized_clients())
    nothing = SimpleNamespace(get=lambda: None, set=lambda _: None, reset=lambda _: None)
    with patch("expectations.gx._told", nothing):
        assert evaluate(table, suites.normalized_clients()) == found
    [one, *_] = suites.normalized_clients()
    assert one.configuration is not one.configuration
