"""`match`: the matcher alone, on CSV files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

CLIENTS = """client_id,first_name,last_name,address1,address2,city,state,zip,phone1,phone2,email
{id}1,Ann,Bell,12 Oak St,,Marlow,GA,30004,770-555-2345,,ann.bell@example.com
{id}2,{first},Stone,{street},,Marlow,GA,30004,{phone},,
"""
PETS = """pet_id,client_id,name,species,breed,sex,dob,color,deceased
{id}11,{id}1,Rex,Canine,Boxer,M,2020-05-01,fawn,0
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The four files: Bell is on both sides, the others are strangers."""
    ours = {"id": "a", "first": "Omar", "street": "1 Fox Ct", "phone": "770-555-3456"}
    theirs = {"id": "b", "first": "Grace", "street": "77 Elm Ave", "phone": "770-555-4567"}
    words = []
    for side, values in (("home", ours), ("pims", theirs)):
        for kind, template in (("clients", CLIENTS), ("pets", PETS)):
            path = tmp_path / f"{side}_{kind}.csv.gz"
            path.write_bytes(gzip.compress(template.format(**values).encode()))
            words += [f"--{side}-{kind}", str(path)]
    return words


def test_links_are_written_as_csv(command: CommandLine, files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "links"
    said = command("match", *files, "--out", str(out), "--json")
    assert said.exit_code == 0, said.stderr
    for kind, expected in (("clients", "a1,b1,linked"), ("pets", "a11,b11,linked")):
        head, *rows = (out / f"links_{kind}.csv").read_text().splitlines()
        assert head == "home_id,pims_id,decision,score"
        assert [row.rpartition(",")[0] for row in rows] == [expected]
    counts = {"linked": 1, "possible": 0, "new": 1}
    clients = said.data["clients"]
    assert 0 < clients.pop("false_links_at_most_per_thousand") < 0.5
    assert clients == {"file": str(out / "links_clients.csv"), **counts}
    assert said.data["rows_not_taken"] == 0


def test_the_same_files_give_the_same_bytes(
    command: CommandLine, files: list[str], tmp_path: Path
) -> None:
    for again in ("one", "two"):
        assert command("match", *files, "--out", str(tmp_path / again)).exit_code == 0
    for name in ("links_clients.csv", "links_pets.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_file_without_an_id_column_is_wrong_usage(
    command: CommandLine, files: list[str], tmp_path: Path
) -> None:
    Path(files[1]).write_bytes(gzip.compress(b"name,street\nAnn Bell,12 Oak St\n"))
    said = command("match", *files, "--out", str(tmp_path / "links"))
    assert said.exit_code == 2
    assert "lacks the column client_id" in said.stderr
    assert "Bell" not in said.stderr


def test_a_file_that_is_not_there_is_wrong_usage(
    command: CommandLine, files: list[str], tmp_path: Path
) -> None:
    files[1] = str(tmp_path / "nowhere.csv")
    assert command("match", *files, "--out", str(tmp_path)).exit_code == 2


def test_thresholds_may_be_given_and_the_bound_is_theirs(
    command: CommandLine, files: list[str], tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path))
    strict = command("match", *files, *out, "--link-bits", "40", "--possible-bits", "-6", "--json")
    assert (strict.data["clients"]["linked"], strict.data["clients"]["possible"]) == (0, 1)
    usual = command("match", *files, *out, "--json")
    name = "false_links_at_most_per_thousand"
    assert strict.data["clients"][name] < usual.data["clients"][name]
    assert "false links at this threshold: at most" in command("match", *files, *out).stdout


def test_possible_bits_above_the_link_s_are_wrong_usage(
    command: CommandLine, files: list[str], tmp_path: Path
) -> None:
    said = command("match", *files, "--out", str(tmp_path), "--link-bits", "5", "--possible-bits",
                   "6")  # fmt: skip
    assert said.exit_code == 2
    assert "can't need more bits than a link" in said.stderr


def test_rows_that_cannot_be_taken_are_counted_for_people_too(
    command: CommandLine, files: list[str], tmp_path: Path
) -> None:
    nameless = gzip.decompress(Path(files[1]).read_bytes()) + b"a3,,,9 Oak St,,Marlow,GA,30004,,,\n"
    Path(files[1]).write_bytes(gzip.compress(nameless))
    said = command("match", *files, "--out", str(tmp_path / "links"))
    assert "1 rows couldn't be taken: no id, no name, an id of another row" in said.stdout
