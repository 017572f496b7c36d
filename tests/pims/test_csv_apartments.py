"""Apartments in a column of their own: part of the address, unless the column holds something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.reading import rows
from tests.pims.test_csv_headers import clients, exports


@pytest.mark.parametrize(
    ("header", "cell", "line2"),
    [
        ("Apt", "4", "# 4"),
        ("Apt #", "4B", "# 4B"),
        ("Unit", "B-12", "# B-12"),
        ("Apartment", "Apt 4", "Apt 4"),
        ("Suite", "Ste. 4", "Ste. 4"),
        ("Unit No", "#4", "#4"),
        ("Apt", "rear house", "rear house"),
    ],
)
def test_an_apartment_in_a_column_of_its_own_is_part_of_the_address(
    tmp_path: Path, header: str, cell: str, line2: str
) -> None:
    found = clients(tmp_path, f"Client ID,Last Name,Address,{header}\n7,Lee,12 Oak St,{cell}\n")
    assert found == [
        {
            "client_key": "7",
            "last_name": "Lee",
            "address_line1": "12 Oak St",
            "address_line2": line2,
        }
    ]


def test_an_apartment_stands_behind_the_second_line(tmp_path: Path) -> None:
    content = "Client ID,Last Name,Address,Address 2,Apt\n7,Lee,c/o Poe,12 Oak St,4\n8,Poe,,,\n"
    assert clients(tmp_path, content) == [
        {
            "client_key": "7",
            "last_name": "Lee",
            "address_line1": "c/o Poe",
            "address_line2": "12 Oak St\n# 4",
        },
        {"client_key": "8", "last_name": "Poe"},
    ]


@pytest.mark.parametrize("cell", ["0", "0.0", "00", "N/A"])
def test_no_apartment_in_a_column_of_numbers_is_none(tmp_path: Path, cell: str) -> None:
    found = clients(tmp_path, f"Client ID,Last Name,Address,Apt\n7,Lee,12 Oak St,{cell}\n")
    assert found == [{"client_key": "7", "last_name": "Lee", "address_line1": "12 Oak St"}]


def test_an_apartment_that_came_through_a_column_of_numbers_is_whole(tmp_path: Path) -> None:
    [found] = clients(tmp_path, "Client ID,Last Name,Address,Apt\n7,Lee,12 Oak St,4.0\n")
    assert found["address_line2"] == "# 4"


@pytest.mark.parametrize(
    ("line", "cell", "line2"),
    [
        ("12 Oak St Apt 4", "4", None),
        ("12 Oak St #4B", "Apt 4b", None),
        ("12 Oak St Bldg 4", "4", "# 4"),
        ("12 Oak St Apt 4", "5", "# 5"),
        ("12 Oak St 4", "4", "# 4"),
    ],
)
def test_an_apartment_that_the_street_says_is_not_said_twice(
    tmp_path: Path, line: str, cell: str, line2: str | None
) -> None:
    [found] = clients(tmp_path, f"Client ID,Last Name,Address,Apt\n7,Lee,{line},{cell}\n")
    assert found.get("address_line2") == line2


def test_the_unit_of_a_weight_in_a_list_of_both_is_no_apartment(tmp_path: Path) -> None:
    """One list of clients with their pets, put there as both exports, is what many programs have."""
    both = (
        "Client ID,Last Name,Address,City,Patient ID,Patient Name,Weight,Unit\n"
        "7,Lee,12 Oak St,Marlow,1,Rex,30,LB\n"
        "7,Lee,12 Oak St,Marlow,2,Max,30,LB\n"
        "8,Poe,9 Elm St,Marlow,3,Pip,5,kg.\n"
        "9,Roe,3 Ash St,Marlow,4,Tip,,\n"
    )
    got = exports(tmp_path, both, both)
    assert [(row["client_key"], row.get("address_line2")) for row in rows(got.clients)] == [
        ("7", None), ("7", None), ("8", None), ("9", None),
    ]  # fmt: skip
    assert [row.get("weight_unit") for row in rows(got.patients)] == ["LB", "LB", "kg.", None]
    assert not [note for note in got.notes if "headed" in note]
    both = both.replace("Unit", "Weight Unit")
    got = exports(tmp_path, both, both)
    assert [row.get("weight_unit") for row in rows(got.patients)] == ["LB", "LB", "kg.", None]
    assert not [note for note in got.notes if "headed" in note]


@pytest.mark.parametrize("other", ["N/A", "#N/A", "0", "stone"])
def test_what_else_stands_among_units_of_weights_makes_apartments_of_none(
    tmp_path: Path, other: str
) -> None:
    content = (
        f"Client ID,Last Name,Address,Unit\n7,Lee,12 Oak St,LB\n8,Poe,1 Elm,lb\n9,Roe,,{other}\n"
    )
    assert [row.get("address_line2") for row in clients(tmp_path, content)] == [None, None, None]


@pytest.mark.parametrize("units", [("LB", "2", "3"), ("LB", "", "")])
def test_a_lower_basement_among_apartments_is_no_pound(
    tmp_path: Path, units: tuple[str, ...]
) -> None:
    rows_of = "".join(f"{key},Lee,12 Oak St,{unit}\n" for key, unit in enumerate(units))
    got = clients(tmp_path, f"Client ID,Last Name,Address,Apt\n{rows_of}")
    assert got[0]["address_line2"] == "LB"


def test_apartments_are_no_units_of_weights_for_their_letters(tmp_path: Path) -> None:
    content = "Client ID,Last Name,Address,Unit\n7,Lee,12 Oak St,G\n8,Poe,9 Elm St,\n"
    assert clients(tmp_path, content)[0]["address_line2"] == "# G"


def test_an_apartment_that_the_street_says_as_a_web_page_does_is_said_once(tmp_path: Path) -> None:
    content = "Client ID,Last Name,Address,Apt\n7,Lee,12 Oak St Apt&nbsp;4,4\n"
    assert "address_line2" not in clients(tmp_path, content)[0]
