"""Middle names and suffixes in columns of their own are part of the name: exports and VetData."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.reading import Rows, insert, read, rows
from tests.pims.test_vetdata import SCHEMA, filled
from vet_pipeline.normalize.names import NameReader


def _exported(folder: Path, clients: str) -> Rows:
    """The clients that an export with this text brings."""
    (folder / "clients.csv").write_text(clients)
    (folder / "patients.csv").write_text("patient id,client id,name\n")
    return rows(read("csv", f"FOLDER={folder}").clients)


def test_an_export_s_father_and_son_and_sisters_of_one_first_name_stay_apart(
    tmp_path: Path,
) -> None:
    got = _exported(
        tmp_path,
        "client id,first name,Middle Initial,last name,Suffix\n"
        "1,Robert,,Bell,Sr\n2,Robert, ,Bell,Jr.\n3,Robert ,A,Bell Jr,JR.\n"
        "4,Maria,Elena,Lopez,\n5,Maria Isabel,Isabel,Lopez,\n6,,A,,Jr\n",
    )
    assert [(row.get("first_name"), row.get("last_name")) for row in got] == [
        ("Robert", "Bell Sr"),
        ("Robert", "Bell Jr."),
        ("Robert A", "Bell Jr"),
        ("Maria Elena", "Lopez"),
        ("Maria Isabel", "Lopez"),
        (None, None),
    ]


def test_an_export_of_whole_names_with_a_column_of_suffixes_keeps_father_and_son_apart(
    tmp_path: Path,
) -> None:
    got = _exported(
        tmp_path,
        'client id,Client Name,Suffix\n1,Robert Bell,Sr\n2,"Bell, Robert",Jr.\n'
        "3,Robert Bell III,III\n4,Ann Bell,\n",
    )
    names = [NameReader().read(None, None, None, row["full_name"], None) for row in got]
    assert [(name.first_name, name.last_name, name.suffix) for name in names] == [
        ("Robert", "Bell", "Sr"),
        ("Robert", "Bell", "Jr."),
        ("Robert", "Bell", "III"),
        ("Ann", "Bell", None),
    ]


def test_the_suffix_of_a_couple_s_export_is_that_of_whom_it_names_first(tmp_path: Path) -> None:
    """Put behind his wife it was a note, and the son was linked to his father's record."""
    got = _exported(
        tmp_path,
        'client id,Client Name,Suffix\n1,"Bell, Robert & Mary",Jr\n2,Robert and Mary Bell,Jr.\n'
        '3,"Bell & Ray, Robert & Mary",Jr\n4,Mr. & Mrs. Robert Bell,Jr\n5,"Bell, Robert",DVM\n',
    )
    names = [NameReader().read(None, None, None, row["full_name"], None) for row in got]
    assert [
        (name.first_name, name.last_name, name.suffix, name.partner_first_name) for name in names
    ] == [
        ("Robert", "Bell", "Jr", "Mary"),
        ("Robert", "Bell", "Jr.", "Mary"),
        ("Robert", "Bell", "Jr", "Mary"),
        ("Robert", "Bell", "Jr", None),
        ("Robert", "Bell", "DVM", None),
    ]
    assert {name.name_note for name in names} == {None}


def test_a_couple_s_middle_name_and_suffix_in_columns_are_the_first_one_s(tmp_path: Path) -> None:
    [row] = _exported(
        tmp_path,
        "client id,first name,middle name,last name,suffix\n1,Robert & Mary,A,Bell & Ray,Jr\n",
    )
    assert (row["first_name"], row["last_name"]) == ("Robert A & Mary", "Bell Jr & Ray")


def test_a_suffix_of_an_export_never_comes_into_the_middle_of_a_name(tmp_path: Path) -> None:
    """The & of &#39; joins no couple: O&#39;Neil became O Jr'Neil."""
    got = _exported(
        tmp_path,
        "client id,first name,middle name,last name,suffix\n1,Jos&eacute;,A,O&#39;Neil,Jr\n"
        "2,Robert &amp; Mary,A,Bell&amp;Ray,Jr\n",
    )
    assert [(row["first_name"], row["last_name"]) for row in got] == [
        ("José A", "O'Neil Jr"),
        ("Robert A & Mary", "Bell Jr&Ray"),
    ]


def test_a_word_for_no_middle_name_in_an_export_is_no_part_of_the_name(
    tmp_path: Path,
) -> None:
    got = _exported(
        tmp_path,
        "client id,first name,middle name,last name,suffix\n1,Robert,NULL,Bell,None\n"
        "2,Robert,n/a ,Bell,.\n3,NULL,Alan,Happy Paws Rescue,NULL\n4,Robert,Unknown,Bell,Jr\n",
    )
    assert [(row.get("first_name"), row.get("last_name")) for row in got] == [
        ("Robert", "Bell"),
        ("Robert", "Bell"),
        ("NULL", "Happy Paws Rescue"),
        ("Robert", "Bell Jr"),
    ]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_father_and_son_and_sisters_of_one_first_name_keep_what_tells_them_apart(
    engine: str, request: pytest.FixtureRequest
) -> None:
    names = [
        ("Robert", "", "Bell", "Sr"),
        ("Robert", " ", "Bell", "Jr."),
        ("Robert", None, "Bell jr", "Jr."),
        ("María", "Elena", "Núñez", None),
        ("María isabel", "Isabel", "Núñez", ""),
        ("Robert", "R", "Bell", "III\\"),
        (None, None, None, "Jr"),
        ("", "Q", "", "II"),
        ("Robert A.", "A", "Bell", None),
        ("Robert A", "A.", "Bell", None),
    ]
    clients = [
        dict(zip(("FirstName", "MiddleName", "LastName", "Suffix"), name, strict=True))
        | {"PmsID": f"A{n}"}
        for n, name in enumerate(names)
    ]
    statements = insert("IClient", *clients)
    if engine == "mariadb":
        statements = [statement.replace("\\", "\\\\") for statement in statements]
    got = read("vetdata", filled(engine, request, *SCHEMA, *statements))
    assert [(row.get("first_name"), row.get("last_name")) for row in rows(got.clients)] == [
        ("Robert", "Bell Sr"),
        ("Robert", "Bell Jr."),
        ("Robert", "Bell jr"),
        ("María Elena", "Núñez"),
        ("María isabel", "Núñez"),
        ("Robert R", "Bell III\\"),
        (None, None),
        ("", ""),
        ("Robert A.", "Bell"),
        ("Robert A", "Bell"),
    ]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_a_word_that_says_that_there_is_no_middle_name_is_no_part_of_the_name(
    engine: str, request: pytest.FixtureRequest
) -> None:
    names = [
        ("Robert", "NULL", "Bell", "None"),
        ("Robert", "n/a ", "Bell", "."),
        ("NULL", "Alan", "Happy Paws Rescue", "N/A"),
        ("Robert", "Unknown", "Bell", "Jr"),
    ]
    clients = [
        dict(zip(("FirstName", "MiddleName", "LastName", "Suffix"), name, strict=True))
        | {"PmsID": f"A{n}"}
        for n, name in enumerate(names)
    ]
    got = read("vetdata", filled(engine, request, *SCHEMA, *insert("IClient", *clients)))
    assert [(row.get("first_name"), row.get("last_name")) for row in rows(got.clients)] == [
        ("Robert", "Bell"),
        ("Robert", "Bell"),
        ("NULL", "Happy Paws Rescue"),
        ("Robert", "Bell Jr"),
    ]
