"""Columns and headers of an export that say more of another column, or of the whole row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.reading import rows
from tests.pims.test_csv_headers import PATIENTS, clients, exports
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions, read_snapshot

REX = {"patient_key": "1", "client_key": "7", "name": "Rex"}


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Weight (kg)", "kg"),
        ("Weight_KG", "KG"),
        ("WeightKg", "kg"),
        ("Patient Weight (lb)", "lb"),
        ("Wt lbs", "lbs"),
        ("Current Weight (lbs.)", "lbs"),
        ("Weight in lbs", "lbs"),
    ],
)
def test_the_unit_that_the_header_of_the_weights_says_is_theirs(
    tmp_path: Path, header: str, unit: str
) -> None:
    content = f"Patient ID,Client ID,Name,{header}\n1,7,Rex,30\n"
    assert rows(exports(tmp_path, patients=content).patients) == [
        REX | {"weight": "30", "weight_unit": unit}
    ]


def test_a_row_s_own_unit_stands_beside_the_header_s_and_normalizing_sees_whether_they_agree(
    tmp_path: Path,
) -> None:
    content = (
        "Patient ID,Client ID,Name,Weight (lb),Unit\n1,7,Rex,30,lbs\n2,7,Max,30,kg\n3,7,Pip,3,\n"
    )
    got = exports(tmp_path, patients=content)
    assert got.patients["weight_unit"].tolist() == ["lbs, lb", "kg, lb", "lb"]


def test_of_one_weight_in_two_units_none_is_taken_and_both_are_told(tmp_path: Path) -> None:
    content = "Patient ID,Client ID,Name,Weight (lb),Weight (kg)\n1,7,Rex,30,13.6\n"
    got = exports(tmp_path, patients=content)
    assert rows(got.patients) == [REX]
    assert any("headed with kg, lb, weight are never read" in note for note in got.notes)


@pytest.mark.parametrize("weight", ["Wt", "Body Weight", "Last Weight"])
def test_a_weight_by_another_name_has_its_unit_by_that_name(tmp_path: Path, weight: str) -> None:
    """30 kg were 30 lb where the practice had set pounds for weights without a unit."""
    content = f"Patient ID,Client ID,Name,{weight},{weight} Unit\n1,7,Rex,30,kg\n"
    assert rows(exports(tmp_path, patients=content).patients) == [
        REX | {"weight": "30", "weight_unit": "kg"}
    ]


def test_a_unit_of_weights_that_is_not_read_is_told(tmp_path: Path) -> None:
    content = "Patient ID,Client ID,Name,Weight,Wt Unit of Measure\n1,7,Rex,30,kg\n"
    got = exports(tmp_path, patients=content)
    assert any("columns headed with unit, wt are never read" in note for note in got.notes)


def test_of_pounds_and_ounces_in_two_columns_neither_is_the_weight(tmp_path: Path) -> None:
    """A kitten of 3 lb 8 oz weighed 3 lb, one of 12 oz nothing."""
    content = "Patient ID,Client ID,Name,Weight Lbs,Weight Oz\n1,7,Rex,3,8\n"
    got = exports(tmp_path, patients=content)
    assert rows(got.patients) == [REX]
    assert any("weight are never read" in note for note in got.notes)


def test_a_suburb_beside_a_city_stands_on_the_parcel_and_alone_it_is_the_city(
    tmp_path: Path,
) -> None:
    """New Zealand's exports have both; each practice of theirs was refused."""
    content = (
        "Client ID,Last Name,Address,Suburb,{}\n7,Lee,12 High St,Mt Eden,Auckland\n"
        "8,Poe,9 Bay Rd,Richmond,\n9,Roe,1 Sea Rd,Nelson,NELSON\n"
    )
    places = [
        (row.get("address_line3"), row.get("city"))
        for row in clients(tmp_path, content.format("City"))
    ]
    assert places == [("Mt Eden", "Auckland"), (None, "Richmond"), (None, "NELSON")]
    alone = clients(tmp_path, content.format("Notes"))
    assert [row["city"] for row in alone] == ["Mt Eden", "Richmond", "Nelson"]


def test_an_extension_in_a_column_of_its_own_stands_behind_its_number(tmp_path: Path) -> None:
    (tmp_path / "phones.csv").write_text("Client ID,Number,Ext\n7,603-555-0100,9\n")
    content = "Client ID,Last Name,Phone,Phone Ext,Work Phone,Work Ext\n7,Lee,603-555-0142,,603-555-0199,12\n"
    [found] = clients(tmp_path, content)
    assert found["phones"] == (
        '[["603-555-0142","Phone"],["603-555-0199 x12","Work Phone"],["603-555-0100 x9",null]]'
    )


def test_in_a_column_of_numbers_an_extension_is_one_and_0_is_none(tmp_path: Path) -> None:
    (tmp_path / "phones.csv").write_text("Client ID,Number,Ext\n8,603-555-0100,0.0\n")
    content = "Client ID,Last Name,Phone,Phone Ext\n7,Lee,603-555-0142,12.0\n8,Ray,603-555-0143,0\n"
    assert [row["phones"] for row in clients(tmp_path, content)] == [
        '[["603-555-0142 x12","Phone"]]',
        '[["603-555-0143","Phone"],["603-555-0100",null]]',
    ]


def test_an_extension_of_nobody_knows_which_number_is_told(tmp_path: Path) -> None:
    got = exports(
        tmp_path, "Client ID,Last Name,Cell,Work,Ext\n7,Lee,603-555-0142,603-555-0199,12\n"
    )
    assert any("columns headed with ext are never read" in note for note in got.notes)
    got = exports(tmp_path, "Client ID,Last Name,Home Phone,Phone Ext\n7,Lee,603-555-0142,12\n")
    assert any("columns headed with ext, phone are never read" in note for note in got.notes)


@pytest.mark.parametrize("header", ["IsDeleted", "Deleted", "Client Deleted"])
def test_a_row_that_is_marked_as_deleted_is_none_and_is_counted(
    tmp_path: Path, header: str
) -> None:
    """Nobody sees it in the PIMS: a merge's loser came back with the old address."""
    got = exports(
        tmp_path, f"Client ID,Last Name,{header}\n7,Lee,0\n8,Lee,True\n9,Poe,\n10,Roe,2024-01-31\n"
    )
    assert rows(got.clients) == [
        {"client_key": "7", "last_name": "Lee"},
        {"client_key": "9", "last_name": "Poe"},
        {"client_key": "10", "last_name": "Roe"},
    ]
    assert got.tables.notes == (
        "clients: 1 row left out, marked as deleted",
        "clients: 1 row taken with a mark of deletion that is neither yes nor no",
    )


def test_of_two_columns_of_marks_of_deletion_none_is_taken_and_that_is_told(tmp_path: Path) -> None:
    """A join of clients with their pets has both, and nobody can say which is whose."""
    both = "Client ID,Last Name,IsDeleted,Patient ID,Name,IsDeleted\n7,Lee,0,1,Rex,1\n"
    got = exports(tmp_path, both, both)
    assert (len(got.clients), len(got.patients)) == (1, 1)
    never = ["columns headed with deleted are never read" in note for note in got.tables.notes]
    assert never == [True, True], got.tables.notes


def test_in_a_list_of_both_a_mark_of_deletion_counts_where_it_says_whose_it_is(
    tmp_path: Path,
) -> None:
    """The owner of a deleted pet was left out with it."""
    both = "Client ID,Last Name,Patient ID,Name,{}\n7,Lee,1,Rex,Yes\n8,Ray,2,Max,No\n"
    got = exports(tmp_path, both.format("Deleted"), both.format("Deleted"))
    assert (len(got.clients), len(got.patients)) == (2, 2)
    never = ["columns headed with deleted are never read" in note for note in got.tables.notes]
    assert never == [True, True], got.tables.notes
    got = exports(tmp_path, both.format("Patient Deleted"), both.format("Patient Deleted"))
    assert [row["client_key"] for row in rows(got.clients)] == ["7", "8"]
    assert [row["name"] for row in rows(got.patients)] == ["Max"]


def test_a_mark_of_deletion_that_is_written_as_a_text_is_one(tmp_path: Path) -> None:
    got = exports(tmp_path, 'Client ID,Last Name,IsDeleted\n="7",="Lee",="1"\n="8",="Ray",="0"\n')
    assert rows(got.clients) == [{"client_key": "8", "last_name": "Ray"}]


def test_a_column_of_marks_of_deletion_may_not_vanish(tmp_path: Path) -> None:
    got = exports(
        tmp_path, patients=PATIENTS.replace("Name", "Name,Deleted").replace("Rex", "Rex,")
    )
    assert got.source_schema["patients.deleted"] == "text"


@pytest.mark.parametrize("header", ["Birthday", "Patient Birthday", "Date Born", "Born"])
def test_a_birthday_is_a_birth_date(tmp_path: Path, header: str) -> None:
    content = f"Patient ID,Client ID,Name,{header}\n1,7,Rex,2019-03-04\n"
    assert rows(exports(tmp_path, patients=content).patients) == [
        REX | {"birth_date": "2019-03-04"}
    ]


def test_a_unit_that_only_the_header_said_may_not_vanish(tmp_path: Path) -> None:
    """30 kg would be 30 lb where pounds are set for weights without a unit, or 30 of nothing."""
    content = "Patient ID,Client ID,Name,{}\n1,7,Rex,30\n"
    before = exports(tmp_path, patients=content.format("Weight (kg)"))
    exports(tmp_path, patients=content.format("Weight"))
    options = ReadOptions({"settle_seconds": 0}, expected_schema=before.source_schema)
    with pytest.raises(SnapshotShapeChanged, match=r"header for patients\.weight_unit is gone"):
        read_snapshot(load_connector("csv"), f"FOLDER={tmp_path}", options=options)
    exports(tmp_path, patients=content.format("Weight,Unit").replace("30", "30,kg"))
    assert rows(
        read_snapshot(load_connector("csv"), f"FOLDER={tmp_path}", options=options).patients
    )
