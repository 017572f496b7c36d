"""One form for a value, whether a table, a frame, the web shop or JSON holds it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.records.values import (
    alike,
    all_values,
    as_compared,
    bound,
    canonical,
    digest,
    is_blank,
    same,
    unchanged,
)

NAME, ADDRESS = FIELD["client", "name"], FIELD["client", "address"]
PHONES, EMAIL = FIELD["client", "phones"], FIELD["client", "email"]
PET_NAME, AGE = FIELD["pet", "name"], FIELD["pet", "age"]
BREED, WEIGHT = FIELD["pet", "breed"], FIELD["pet", "weight"]
DECEASED, OWNER = FIELD["pet", "deceased"], FIELD["pet", "owner"]
HOME = {"number": "+12175550142", "extension": None, "kind": "home", "recorded": "217-555-0142"}


@pytest.mark.parametrize("blank", [None, pd.NA, pd.NaT, np.nan, float("nan"), ""])
def test_whatever_stands_for_nothing_is_none_and_a_flag_that_is_never_null_false(
    blank: Any,
) -> None:
    assert canonical(EMAIL, {"email": blank}) == {"email": None}
    assert canonical(AGE, dict.fromkeys(AGE.columns, blank)) == {
        "birth_date": None,
        "birth_date_estimated": None,
    }
    assert canonical(DECEASED, {"deceased": blank}) == {"deceased": False, "deceased_on": None}
    assert canonical(ADDRESS, {"po_box": blank})["po_box"] is False


@pytest.mark.parametrize(
    ("written", "read"),
    [(Decimal("12.5000"), "12.5"), ("120.0", "120"), (12, "12"), (1e-3, "0.001"), ("0E-4", "0")],
)
def test_numbers_are_texts_without_zeros_at_the_end(written: Any, read: str) -> None:
    assert canonical(WEIGHT, {"weight_kg": written})["weight_kg"] == read


@pytest.mark.parametrize(
    "written",
    [
        date(2020, 5, 1),
        datetime(2020, 5, 1, 23, tzinfo=UTC),
        pd.Timestamp(2020, 5, 1),
        "2020-05-01",
    ],
)
def test_days_are_iso_texts(written: Any) -> None:
    assert canonical(AGE, {"birth_date": written, "birth_date_estimated": np.True_}) == {
        "birth_date": "2020-05-01",
        "birth_date_estimated": True,
    }


def test_a_number_in_a_column_of_texts_is_its_digits() -> None:
    assert canonical(ADDRESS, {"postal_code": 62704})["postal_code"] == "62704"


def test_an_owner_is_the_clients_number_here_and_the_key_in_the_pims() -> None:
    row = {"pims_client_id": 7, "client_id": "12", "name": "Rex"}
    assert canonical(OWNER, row) == {"client_id": 12, "pims_client_id": "7"}
    assert canonical(OWNER, {"client_id": None, "pims_client_id": pd.NA}) == {
        "client_id": None,
        "pims_client_id": None,
    }
    pet = all_values("pet", {"name": "Rex", "pims_client_id": "7"})
    assert (pet["name"], pet["pims_client_id"], pet["weight_kg"]) == ("Rex", "7", None)
    assert set(all_values("client", {})) > {"last_name", "city", "phones", "email"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[]", []),
        (None, []),
        ("null", []),
        ([None, HOME], [HOME]),
        ('["555-0142"]', [{"recorded": "555-0142"}]),
        ([{"number": 5550142, "kind": None}], [{"number": "5550142", "kind": None}]),
        ([{"number": "+1", "sms": True}], [{"number": "+1", "sms": True}]),
    ],
)
def test_numbers_are_a_list_however_the_web_shop_has_written_them(written: Any, read: Any) -> None:
    assert canonical(PHONES, {"phones": written}) == {"phones": read}


@pytest.mark.parametrize(
    ("field", "beside"),
    [
        (PET_NAME, {"name_note": "bites"}),
        (AGE, {"birth_date_estimated": True}),
        (WEIGHT, {"weight_unit": "kg", "weighed_on": "2026-01-01"}),
        (OWNER, {"name": "Rex"}),
        (DECEASED, {"deceased": False}),
    ],
)
def test_what_stands_beside_a_value_is_none_of_its_own(field: Any, beside: dict[str, Any]) -> None:
    assert is_blank(field, beside)
    assert not is_blank(OWNER, {"client_id": 1})
    assert not is_blank(BREED, {"breed": "Beagle"})


def test_a_number_typed_otherwise_is_another_to_the_letter_and_the_same_to_a_load() -> None:
    typed = HOME | {"recorded": "(217) 555-0142"}
    one, other = {"phones": [HOME]}, {"phones": [typed]}
    assert not same(PHONES, one, other)
    assert unchanged(PHONES, one, other)
    assert as_compared(PHONES, one) == {"phones": [HOME | {"recorded": None}]}
    unread = {"number": None, "recorded": "at work"}
    assert as_compared(PHONES, {"phones": [unread]}) == {"phones": [unread]}
    assert not unchanged(PHONES, {"phones": [unread]}, {"phones": [unread | {"recorded": "x"}]})


def test_what_the_web_shop_leaves_out_of_a_number_or_adds_is_no_change() -> None:
    ours = {"phones": [HOME | {"kind": "unknown"}]}
    theirs = {"phones": [{"number": HOME["number"], "recorded": HOME["recorded"], "sms": True}]}
    assert unchanged(PHONES, ours, theirs)
    assert not unchanged(PHONES, {"phones": [HOME]}, theirs)
    assert unchanged(EMAIL, {"email": "a@x.org"}, {"email": "a@x.org"})
    assert not unchanged(EMAIL, {"email": "a@x.org"}, {"email": "A@x.org"})


def test_numbers_that_cannot_be_read_are_alike_as_typed_and_an_extension_counts() -> None:
    at_work, at_home = ({"phones": [{"recorded": text}]} for text in ("at work", "at home"))
    assert alike(PHONES, at_work, at_work)
    assert not alike(PHONES, at_work, at_home)
    assert not alike(PHONES, {"phones": [HOME]}, {"phones": [HOME | {"extension": "5"}]})
    assert alike(PHONES, {"phones": [HOME]}, {"phones": [HOME | {"extension": " "}]})


@pytest.mark.parametrize(
    "typed",
    [
        {"address_line1": "12 Elm St", "address_line2": "Apt 4"},
        {"address_line1": "12 Elm St Apt 4"},
        {"address_line1": "12 Elm St, Apt 4"},
    ],
)
def test_in_which_line_of_an_address_a_flat_stands_is_no_change(typed: dict[str, Any]) -> None:
    read = {"address_line1": "12 Elm St", "unit": "Apt 4"}
    assert not same(ADDRESS, typed, read)
    assert unchanged(ADDRESS, typed, read)
    assert alike(ADDRESS, {k: v.upper() for k, v in typed.items()}, read)
    assert not unchanged(ADDRESS, {k: v.upper() for k, v in typed.items()}, read)
    assert not alike(ADDRESS, typed, read | {"unit": "Apt 5"})
    assert not alike(ADDRESS, typed, {"address_line1": "12 Elm St"})


def test_digests_that_are_kept_stay_what_they_are() -> None:
    assert digest({"b": 1, "a": "Zoë"}, None) == digest({"a": "Zoë", "b": 1}, None)
    assert digest({"a": "Zoë", "b": 1}, None) == "7d1c1667076d0ab5"


def test_only_numbers_are_bound_as_json() -> None:
    assert bound("phones", [HOME]).startswith('[{"number": "+12175550142"')
    assert bound("email", "a@x.org") == "a@x.org"
