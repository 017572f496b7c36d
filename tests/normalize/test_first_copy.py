"""What a first copy couldn't take back is told before it, and honest practices hear nothing."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.scriptright.builders import Cells, client, pet
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions, WeightUnit
from vet_pipeline.normalize.first_copy import oddities_of_clients, oddities_of_weights
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

READ_ON = date(2026, 3, 1)


def _frame(rows: list[Cells], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: [row.get(name) for row in rows] for name in columns}, dtype="str")


def of_clients(rows: list[Cells]) -> list[str]:
    raw = _frame(rows, RAW_CLIENT_COLUMNS)
    return oddities_of_clients(normalize_clients(raw, Conventions(), read_on=READ_ON).rows)


def of_cats(
    weights: list[str], unit: str | None, *, site: WeightUnit | None = None, **cells: str | None
) -> list[str]:
    cats = [
        pet(str(n), "1", species="cat", weight=weight, weight_unit=unit) | cells
        for n, weight in enumerate(weights)
    ]
    raw = _frame(cats, RAW_PATIENT_COLUMNS)
    conventions = Conventions(weight_unit_when_missing=site)
    rows = normalize_pets(raw, conventions, read_on=READ_ON).rows
    return oddities_of_weights(rows, READ_ON)


def test_of_a_vet_whose_own_house_and_email_are_on_all_rows_it_is_told() -> None:
    rows = [client(str(n), email="Me@vet.example" if n % 2 else "me@vet.example") for n in range(6)]
    email, address = of_clients(rows)
    assert email.startswith("6 clients have one and the same email: it would be the login of each")
    assert address.startswith("6 clients have one and the same address: parcels of each would go")


def test_of_a_family_or_a_house_of_many_flats_nothing_is_told() -> None:
    family = [client(str(n)) for n in range(4)]
    house = [client(f"f{n}", unit=f"{n}", email=f"{n}@example.com") for n in range(2)]
    flats = [client(str(n), address_line2=f"Apt {n}", email=f"c{n}@example.com") for n in range(30)]
    nothing = [client(str(n), address_line1=None, email=None) for n in range(30)]
    assert [of_clients(rows) for rows in (family, house, flats, nothing, [])] == [[]] * 5


_CATS_KG = ["3.1", "3.4", "3.6", "4.0", "4.2", "4.5", "4.8", "5.1", "5.6", "7.9"]


@pytest.mark.parametrize(("unit", "than"), [("lb", "less than 2.0 kg"), ("kg", "")])
def test_kilograms_that_are_taken_for_pounds_are_told_by_the_cats(unit: str, than: str) -> None:
    told = of_cats(_CATS_KG, unit)
    assert [than in one for one in told] == ([True] if than else [])


def test_pounds_that_are_taken_for_kilograms_are_told_by_the_cats() -> None:
    [told] = of_cats(["7", "8", "9", "9", "10", "10", "11", "11", "12", "17"], "kg")
    assert told.startswith(
        "half of 10 grown cats whose weights are in kg weigh more than 10.0 kg, where"
    )


def test_pounds_beside_pounds_that_are_written_out_are_told_too() -> None:
    """15 rows say lb and 10 nothing, and the practice was registered with kilograms."""
    written = [f"{pounds} lb" for pounds in (8, 9, 10, 11, 12)] * 3
    [told] = of_cats([*written, *["8", "9", "10", "11", "12"] * 2], None, site="kg")
    assert told.startswith("half of 10 grown cats whose weights are in kg weigh more than 10.0 kg")
    assert of_cats([*written, *["8", "9", "10", "11", "12"] * 2], None, site="lb") == []


def test_of_kittens_and_of_few_cats_nothing_is_told() -> None:
    assert of_cats(["1.1"] * 40, "kg", birth_date="2025-12-01") == []
    assert of_cats(["1.1"] * 40, "kg", birth_date=None) == []
    assert of_cats(["1.1"] * 9, "kg") == []
    assert of_cats(["1.1"] * 10, "kg", weight_date=None) != []


@pytest.mark.parametrize(
    ("weights", "unit", "than"),
    [
        (["950", "1050", "1100", "1150", "1200"] * 2, "kg", "more than 1100.0 kg"),
        (["400", "450", "460", "480", "520"] * 2, "lb", "less than 208.7 kg"),
        (["400", "450", "500", "560", "600"] * 2, "kg", None),
        (["180", "230", "260", "300", "350"] * 2, "kg", None),  # ponies
        (["700", "780", "820", "860", "900"] * 2, "kg", None),  # drafts
        (["150", "160", "170", "180", "190"] * 2, "kg", "less than 170.0 kg"),
    ],
)
def test_where_there_are_no_cats_the_horses_tell(
    weights: list[str], unit: str, than: str | None
) -> None:
    told = of_cats(weights, unit, species="Equine", birth_date="2015-05-01")
    assert [than in one for one in told] == ([True] if than else [])
    assert of_cats(weights, unit, species="Equine", birth_date="2025-05-01") == []
