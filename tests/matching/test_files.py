"""Sides from files, as anybody can match data of their own."""

import gzip

import pytest

from vet_pipeline.errors import UsageError
from vet_pipeline.matching import match
from vet_pipeline.matching.files import read_side

HOME_CLIENTS = """client_id,first_name,last_name,address1,address2,city,state,zip,phone1,phone2,email,created
A1,Nancy,Milliren,7709 Dogwood Rd,,Hatchechubbee,AL,36858,(334) 461-0472,,nancy.milliren@gmail.com,2019-02-11
A2,Irene,Slaugenhaupt,320 Jackson St,,Ft Mitchell,AL,36856,334.629.1139,,irene96@yahoo.com,2017-09-10
"""
HOME_PETS = """pet_id,client_id,name,species,breed,sex,dob,color,deceased
AP1,A1,Theo,Cat,Ragdoll,Male,2018-10-10,Brindle,N
"""
PIMS_CLIENTS = """client_id,first_name,last_name,address1,address2,city,state,zip,phone1,phone2,email,created,practice_id
B1,NANCY,MILLIREN,7709 DOGWOOD RD,,HATCHECHUBBEE,AL,36858,334-461-0472,,NANCY.MILLIREN@GMAIL.COM,2021-01-07,P
B2,WALTER,NAGEL,9 LAKE DR,,OPELIKA,AL,36801,334-347-7987,,,2016-04-15,P
"""
PIMS_PETS = """pet_id,client_id,name,species,breed,sex,dob,color,deceased
BP1,B1,THEO,FELINE,RAGDOLL,MN,2018-10-10,,N
"""


@pytest.fixture
def files(tmp_path):
    """Four files, two of them gzipped."""
    paths = [tmp_path / name for name in ("hc.csv", "hp.csv.gz", "pc.csv.gz", "pp.csv")]
    for path, text in zip(paths, (HOME_CLIENTS, HOME_PETS, PIMS_CLIENTS, PIMS_PETS), strict=True):
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(text.encode()))
        else:
            path.write_text(text)
    return paths


def test_files_are_read_as_sides_that_can_be_matched(files):
    result = match(read_side(*files[:2]).side, read_side(*files[2:]).side)

    shown = ["pims_id", "home_id", "decision"]
    clients, pets = (
        rows[shown].fillna("").to_numpy().tolist() for rows in (result.clients, result.pets)
    )
    assert clients == [["B1", "A1", "linked"], ["B2", "", "new"]]
    assert pets == [["BP1", "AP1", "linked"]]


def test_an_empty_file_is_an_empty_side(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("")

    read = read_side(empty, empty)

    assert (len(read.side.clients), len(read.side.pets), read.left_out) == (0, 0, 0)
    assert len(match(read.side, read.side).clients) == 0


def test_a_missing_file_and_a_missing_id_column_are_named(files, tmp_path):
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("first_name\nNancy\n")

    with pytest.raises(UsageError, match="gone.csv doesn't exist"):
        read_side(tmp_path / "gone.csv", files[1])
    with pytest.raises(UsageError, match="nameless.csv lacks the column client_id, last_name"):
        read_side(nameless, files[1])


@pytest.mark.parametrize("rows", ["B1,Ann,Lee,\n", "B1,Ann,Lee,\nB2,Bo,Roe\n", "B1,Ann,Lee,x,y\n"])
def test_rows_longer_than_the_header_are_refused_not_shifted(tmp_path, rows):
    clients, pets = tmp_path / "clients.csv", tmp_path / "pets.csv"
    clients.write_text("client_id,first_name,last_name\n" + rows)
    pets.write_text("pet_id,client_id\n")

    with pytest.raises(UsageError, match="clients.csv has rows with more cells than its header"):
        read_side(clients, pets)


def test_a_comma_at_the_end_of_the_header_too_is_a_column_without_name(tmp_path):
    clients, pets = tmp_path / "clients.csv", tmp_path / "pets.csv"
    clients.write_text("client_id,first_name,last_name,\nB1,Ann,Lee,\n")
    pets.write_text("pet_id,client_id\n")

    read = read_side(clients, pets).side.clients

    assert read[["client_id", "last_name"]].to_numpy().tolist() == [["B1", "Lee"]]
