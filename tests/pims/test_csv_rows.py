"""Quotation marks in an export: those of real cells are understood, stray ones mix no rows."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from tests.pims.reading import read, rows
from tests.pims.test_csv import folder
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.csv_rows import rows_of_text

PETS = "patient id,client id,name,species,weight\n"


@pytest.mark.parametrize(
    "lines",
    [
        # One mark that never closes.
        ['28,1,Rex,dog,10', '29,1,"Ada,dog,11', '30,1,Bo,dog,12', '31,1,Cy,dog,13'],
        # Two names that begin with one: pet 29 would get the weight of pet 31.
        ['28,1,Rex,dog,10', '29,1,"Ada,dog,11', '30,1,Bo,dog,12', '31,1,"Cy,dog,13'],
        # The second stands where a quoted cell may end.
        ['28,1,Rex,dog,10', '29,1,"Ada,dog,11', '30,1,Bo,dog,12', '31,1,Cy",dog,13'],
        ['28,1,Rex,dog,10', '29,1,"Ada, Jr,dog,11', '31,1,Cy",dog,13', '32,1,Di,dog,14'],
        # In another column: the cells are too many or too few as well.
        ['28,1,Rex,dog,10', '29,1,"Ada,dog,11', '31,1",Cy,dog,13', '32,1,Di,dog,14'],
        ['28,1,Rex,dog,10', '29,1,Ada,dog,"11', '30",1,Bo,dog,12', '31,1,Cy,dog,13'],
        ['28,1,Rex,dog,10', '29,1,"Ada,dog,11', '31,1,Cy,dog",13', '32,1,Di,dog,14'],
        # Where everything is quoted.
        ['"28","1","Rex","dog","10"', '"29","1","Ada,"dog","11"', '"30","1","Bo","dog","12"'],
    ],
)  # fmt: skip
def test_a_stray_quotation_mark_never_swallows_rows_or_mixes_two_animals(
    tmp_path: Path, lines: list[str]
) -> None:
    with pytest.raises(SnapshotShapeChanged) as caught:
        read("csv", folder(tmp_path, patients=PETS + "\n".join(lines) + "\n"))
    assert caught.value.what == (
        "export of patients: the quotation marks of the row that begins in line 3 don't pair up"
    )


def test_marks_that_dont_pair_up_within_a_line_lose_that_row_alone(tmp_path: Path) -> None:
    lines = (
        '1,7,"Rex" the Great,dog,10\n2,7,""Ada,dog,11\n3,7,Bo 5" tail,dog,12\n4,7,"Cy"s,dog,13\n\n'
    )
    got = read("csv", folder(tmp_path, patients=PETS + lines))
    assert rows(got.patients) == [
        {},
        {},
        {
            "patient_key": "3",
            "client_key": "7",
            "name": 'Bo 5" tail',
            "species": "dog",
            "weight": "12",
        },
        {},
    ]
    assert got.notes[1].endswith("3 rows with a wrong number of cells")


def test_addresses_of_several_lines_with_commas_are_taken(tmp_path: Path) -> None:
    head = "client id,last name,address,city,zip\n"
    cells = '7,Bell,"1 A St, Rear\r\nGate, left","Reno, NV",89501\n8,Hart,"2 B St\n\n",Reno,89502\n'
    got = read("csv", folder(tmp_path, head + cells))
    assert rows(got.clients) == [
        {
            "client_key": "7",
            "last_name": "Bell",
            "address_line1": "1 A St, Rear\r\nGate, left",
            "city": "Reno, NV",
            "postal_code": "89501",
        },
        {
            "client_key": "8",
            "last_name": "Hart",
            "address_line1": "2 B St\n\n",
            "city": "Reno",
            "postal_code": "89502",
        },
    ]


def test_the_line_named_is_the_files_own(tmp_path: Path) -> None:
    content = 'sep=;\nclient id;address\n1;"A\nB"\n2;"C\n'
    with pytest.raises(SnapshotShapeChanged, match="row that begins in line 5 "):
        read("csv", folder(tmp_path, content))


def test_marks_anywhere_in_an_export_lose_no_row_in_silence_and_make_no_row_up() -> None:
    chance = random.Random(1)
    refused = taken = 0
    for _ in range(3_000):
        records = [["id", "name", "address", "city", "species", "weight"]]
        for number in range(30):
            name = chance.choice(["Rex", "Bo, Jr", '"Cy"', ""])
            address = chance.choice(["1 A St", "1 A St, Rear\nGate, left\n2nd", "1 A St\nGate", ""])
            records.append([str(number), f"{name}{number}", address, "Reno", "dog", str(number)])
        out = io.StringIO(newline="")
        csv.writer(out, quoting=chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])).writerows(
            records
        )
        text = out.getvalue()
        assert list(rows_of_text("patients", text, ",")) == records
        ends = [at for at in range(text.index("\n") + 1, len(text)) if text[at] in ",\r"]
        for at in sorted(chance.sample(ends, chance.randint(1, 4)), reverse=True):
            at += (
                chance.randint(0, 1) if text[at] == "," else 0
            )  # at the end or beginning of a cell
            text = text[:at] + '"' + text[at:]
        try:
            got = list(rows_of_text("patients", text, ","))
        except SnapshotShapeChanged:
            refused += 1
            continue
        taken += 1
        assert len(got) >= len(records)
        whole = {"|".join(row).replace('"', "") for row in got if row and len(row) == 6}
        assert whole <= {"|".join(record).replace('"', "") for record in records}
    assert min(refused, taken) > 100
