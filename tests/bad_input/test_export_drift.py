"""Headers of CSV exports renamed, dropped, added and reordered: refused by name, or no difference."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.test_drift import MUTATIONS, SAME, applied_by_itself
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions, read_snapshot

HEADERS = {
    "clients": ["client id", "title", "first name", "last name", "organisation", "address",
                "city", "state", "zip", "email", "home phone"],
    "patients": ["patient id", "client id", "name", "species", "breed", "dob", "weight",
                 "weight unit", "weight date", "deceased", "deceased date", "status"],
}  # fmt: skip
CELLS = {
    "clients": [
        ["1", "Ms", "Ana", "Bell", "", "1 Elm St", "Salem", "OR", "97301", "a@example.org",
         "503-555-0101"],
        ["2", "Mr", "Bo", "Hart", "Mill", "2 Oak St", "Salem", "OR", "97301", "b@example.org", ""],
    ],
    "patients": [
        ["1", "1", "Rex", "Dog", "Pug", "2019-03-02", "12", "kg", "2026-01-02", "no", "", "active"],
        ["2", "2", "Kit", "Cat", "Manx", "2018-03-02", "4", "kg", "2026-01-02", "no", "", "active"],
    ],
}  # fmt: skip


def _export(folder: Path, kind: str = "", column: str = "", mutation: str = "") -> None:
    for name, headers in HEADERS.items():
        names, rows = list(headers), [list(row) for row in CELLS[name]]
        if name == kind:
            at = names.index(column)
            if mutation in ("null", "retype"):
                for row in rows:
                    row[at] = "" if mutation == "null" else "2020-01-01"
            elif mutation == "rename":
                names[at] = "zzz"
            elif mutation == "add":
                names.insert(at, "zzz")
                rows = [[*row[:at], "x", *row[at:]] for row in rows]
            else:
                for line in (names, *rows):
                    cell = line.pop(at)
                    if mutation == "reorder":
                        line.insert(0 if at else len(line), cell)
        lines = [";".join(line) for line in (names, *rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")


def test_every_header_of_an_export_may_change_without_harm(tmp_path: Path) -> None:
    def read(expected: Any) -> RawSnapshot:
        options = ReadOptions(
            limits={"settle_seconds": 0}, expected_schema=expected, practice_id="oak"
        )
        return read_snapshot(load_connector("csv"), f"FOLDER={tmp_path}", options=options)

    _export(tmp_path)
    before = read({})
    for (kind, headers), mutation in itertools.product(HEADERS.items(), MUTATIONS):
        for column in headers:
            at = f"{kind} {column} {mutation}"
            _export(tmp_path, kind, column, mutation)
            if mutation in ("rename", "drop"):
                with pytest.raises(SnapshotShapeChanged):
                    read(before.source_schema)
                continue
            got = read(before.source_schema)
            if mutation in SAME:
                assert got.clients.equals(before.clients), at
                assert got.patients.equals(before.patients), at
            elif mutation == "null":
                assert applied_by_itself(before, got) == [], at
            else:  # text has no type; what no longer reads as what it was isn't taken
                applied = {field for _, field, _ in applied_by_itself(before, got)}
                assert applied <= {"weight", "deceased"}, at
