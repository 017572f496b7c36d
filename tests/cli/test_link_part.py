"""A number that the PIMS has given to another for good: `link part` makes the newcomer one."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import add_exports, copy
from tests.scriptright.builders import rows

BY = ("--by", "Dana Field")
HEAD = "Client ID,First Name,Last Name,Address,City,State,Zip,Phone,Email\n"
ANN = "1,Ann,Lee,12 Elm St,Springfield,IL,62704,(217) 555-0142,ann@lee.example\n"
ZOE = "2,Zoe,Park,8 Ash Rd,Springfield,IL,62704,(217) 555-0177,zoe@park.example\n"
BOB = "1,Bob,Stone,9 Oak Ave,Dayton,OH,45402,(937) 555-0199,bob@stone.example\n"
PETS = "Patient ID,Client ID,Name,Species,Breed,DOB,Weight\n"
REX = "1,1,Rex,Canine,Boxer,2015-03-01,30 kg\n"
MIA = "2,2,Mia,Feline,Siamese,2019-07-01,4 kg\n"
TOM = "3,1,Tom,Feline,Persian,2021-05-01,5 kg\n"
WHO = """
    SELECT c.first_name, c.email, l.pims_id, b.missing_since IS NOT NULL AS missing
    FROM scriptright.client c LEFT JOIN scriptright.client_link l ON l.record_id = c.client_id
    LEFT JOIN scriptright.pims_client b ON b.pims_id = l.pims_id ORDER BY c.client_id"""
WHOSE = """
    SELECT p.name, p.weight_kg::integer AS kg, c.first_name, l.pims_id FROM scriptright.pet p
    JOIN scriptright.client c USING (client_id)
    JOIN scriptright.pet_link l ON l.record_id = p.pet_id ORDER BY p.pet_id"""


@pytest.fixture
def folder(command: CommandLine) -> Path:
    """The folder of a practice of exports, copied while number 1 was Ann."""
    place = add_exports(command)
    export(command, place, [ANN, ZOE], [REX, MIA], hours_ago=60)
    return place


def export(
    command: CommandLine, place: Path, clients: list[str], pets: list[str], *, hours_ago: int
) -> None:
    written = time.time() - hours_ago * 3600
    for name, content in (("clients", [HEAD, *clients]), ("patients", [PETS, *pets])):
        (place / f"{name}.csv").write_text("".join(content))
        os.utime(place / f"{name}.csv", (written, written))
    assert copy(command).state == "applied"


def test_the_newcomer_of_a_parted_number_is_a_record_and_the_ones_stays_as_it_was(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    export(command, folder, [BOB, ZOE], [REX, MIA, TOM], hours_ago=50)
    assert [row[:2] for row in rows(engine, WHO)] == [
        ("Ann", "ann@lee.example"),
        ("Zoe", "zoe@park.example"),
    ]
    said = command("link", "part", "elm", "client", "1", *BY)
    assert said.exit_code == 0, said.stderr
    assert said.stdout.splitlines() == [
        "from the next run on PIMS client 1 is read as 1~2, a newcomer; client 1 keeps what it has",
        "then reject what is asked of it: vet-pipeline review list elm --record client --id 1 --state open",
        "next: vet-pipeline run elm",
        "were it a slip: vet-pipeline practice set elm parted.client.1= --by NAME;"
        " once it was run: vet-pipeline link explain elm client '1~2' --with 1",
    ]
    export(command, folder, [BOB, ZOE], [REX, MIA, TOM], hours_ago=40)
    assert rows(engine, WHO) == [
        ("Ann", "ann@lee.example", "1", True),
        ("Zoe", "zoe@park.example", "2", False),
        ("Bob", "bob@stone.example", "1~2", False),
    ]
    # Whose Rex is, whom the practice left under the number, a person says.
    assert rows(engine, WHOSE) == [
        ("Rex", 30, "Ann", "1"),
        ("Mia", 4, "Zoe", "2"),
        ("Tom", 5, "Bob", "3"),
    ]
    asked = rows(
        engine, "SELECT record, pims_id, field FROM scriptright.suggestion WHERE state = 'open'"
    )
    assert ("pet", "1", "owner") in asked


def test_a_parted_pet_is_another_and_weighs_on(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    max_ = REX.replace("Rex,Canine,Boxer,2015-03-01,30", "Max,Feline,Manx,2022-02-02,{}")
    export(command, folder, [ANN, ZOE], [max_.format("6"), MIA], hours_ago=50)
    assert command("link", "part", "elm", "pet", "1", *BY).exit_code == 0
    # The next one who looks is told.
    assert "parted: 1~2 from the next run on" in command("link", "list", "elm").stdout
    export(command, folder, [ANN, ZOE], [max_.format("6"), MIA], hours_ago=40)
    export(command, folder, [ANN, ZOE], [max_.format("7"), MIA], hours_ago=30)
    assert rows(engine, WHOSE) == [
        ("Rex", 30, "Ann", "1"),
        ("Mia", 4, "Zoe", "2"),
        ("Max", 7, "Ann", "1~2"),
    ]
    listed = json.loads(command("link", "list", "elm", "--json").stdout)
    assert listed["rows_in_question"] == []


def test_who_comes_again_under_a_new_number_is_decided_after_the_row(
    command: CommandLine, folder: Path
) -> None:
    """Rex is entered anew as 4. Undone, as two of one owner, he would be a copy without his prescriptions."""
    max_ = REX.replace("Rex,Canine,Boxer,2015-03-01,30", "Max,Feline,Manx,2022-02-02,6")
    export(command, folder, [ANN, ZOE], [max_, MIA, REX.replace("1,1", "4,1", 1)], hours_ago=50)
    said = " ".join(command("link", "list", "elm").stdout.split())
    assert "Q1: a row of its record may be another's by now, see above" in said
    assert command("link", "part", "elm", "pet", "1", *BY).exit_code == 0
    export(command, folder, [ANN, ZOE], [max_, MIA, REX.replace("1,1", "4,1", 1)], hours_ago=40)
    assert command("link", "list", "elm").stdout == "elm: no possible match waits for a person\n"


def test_what_is_left_of_the_one_in_a_parted_row_is_told(
    command: CommandLine, folder: Path
) -> None:
    """The desk types Bob in two saves: parted in between, he would log in with Ann's email."""
    half = BOB.replace("bob@stone.example", "ann@lee.example")
    export(command, folder, [half, ZOE], [REX, MIA], hours_ago=50)
    said = command("link", "part", "elm", "client", "1", *BY)
    assert said.stdout.splitlines()[1].startswith(
        "mind: it still says what client 1 has (client email)"
    )


def test_once_all_is_rejected_nothing_of_a_parted_number_waits(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    export(command, folder, [BOB, ZOE], [MIA], hours_ago=50)
    command("link", "part", "elm", "client", "1", *BY)
    export(command, folder, [BOB, ZOE], [MIA], hours_ago=40)
    asked = "SELECT suggestion_id FROM scriptright.suggestion WHERE state = 'open' ORDER BY 1"
    numbers = [str(number) for (number,) in rows(engine, asked)]
    assert command("review", "reject", "elm", *numbers, *BY).exit_code == 0
    export(command, folder, [BOB, ZOE], [MIA], hours_ago=30)
    assert rows(engine, asked) == []
    listed = json.loads(command("link", "list", "elm", "--json").stdout)
    assert (listed["rows_in_question"], listed["possible_matches"]) == ([], [])


def test_a_number_that_is_given_away_once_more_is_parted_once_more(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    export(command, folder, [BOB, ZOE], [MIA], hours_ago=50)
    command("link", "part", "elm", "client", "1", *BY)
    export(command, folder, [BOB, ZOE], [MIA], hours_ago=40)
    kim = "1,Kim,Ortiz,77 Bay Rd,Salem,OR,97301,(503) 555-0133,kim@ortiz.example\n"
    export(command, folder, [kim, ZOE], [MIA], hours_ago=30)
    said = command("link", "part", "elm", "client", "1~2", "--json", *BY)
    assert json.loads(said.stdout)["read_as"] == "1~3"
    export(command, folder, [kim, ZOE], [MIA], hours_ago=20)
    assert [row[:3] for row in rows(engine, WHO)] == [
        ("Ann", "ann@lee.example", "1"),
        ("Zoe", "zoe@park.example", "2"),
        ("Bob", "bob@stone.example", "1~2"),
        ("Kim", "kim@ortiz.example", "1~3"),
    ]


def test_a_slip_is_taken_back_by_the_setting(
    command: CommandLine, folder: Path, engine: Engine
) -> None:
    export(command, folder, [BOB, ZOE], [MIA], hours_ago=50)
    command("link", "part", "elm", "client", "1", *BY)
    assert command("practice", "set", "elm", "parted.client.1=", *BY).exit_code == 0
    export(command, folder, [ANN, ZOE], [MIA], hours_ago=40)
    assert rows(engine, WHO) == [
        ("Ann", "ann@lee.example", "1", False),
        ("Zoe", "zoe@park.example", "2", False),
    ]


@pytest.mark.parametrize(
    ("pims_id", "why"),
    [
        ("2", "not parted: the PIMS client isn't in question"),
        ("9", "the PIMS has no such client"),
    ],
)
def test_a_row_that_is_nobody_elses_is_not_parted(
    command: CommandLine, folder: Path, pims_id: str, why: str
) -> None:
    said = command("link", "part", "elm", "client", pims_id, *BY)
    assert said.exit_code == 1
    assert why in said.stderr
