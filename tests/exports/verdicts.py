"""What came of each value of a rendered practice: right, or why not, beside the truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from tests.exports.truth import TRUTH
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.normalize.rows import Normalized
from vet_pipeline.pims.connector import Connector, load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions, read_snapshot

READ_ON = date(2026, 11, 30)
_KEYS = {"clients": "pims_client_id", "patients": "pims_pet_id"}
# What a raw column's reason is about.
_SAYS = {
    "birth_date": ("birth_date",),
    "weight": ("weight_value", "weight_unit", "weight_kg", "weighed_on"),
    "weight_unit": ("weight_kg",),
    "weight_date": ("weighed_on",),
    "deceased_date": ("deceased_on",),
    "phones": ("phones",),
}


def read(
    folder: Path,
    clients: str | bytes,
    patients: str | bytes,
    *,
    conventions: Mapping[str, Any] = MappingProxyType({}),
    **said: Any,
) -> RawSnapshot:
    """Both exports put into the folder and read; `conventions`: of the connector; `said`: headers."""
    for part, content in (("clients", clients), ("patients", patients)):
        content = content.encode() if isinstance(content, str) else content
        (folder / f"{part}.csv").write_bytes(content)
    options = ReadOptions(limits={"settle_seconds": 0}, **said)
    csv = load_connector("csv")
    file = csv.file.model_copy(update={"conventions": {**csv.file.conventions, **conventions}})
    return read_snapshot(Connector(csv.folder, file), f"FOLDER={folder}", options=options)


def verdicts(got: RawSnapshot) -> dict[str, int]:
    """Counts by what became of rows and values; nothing of those that are right."""
    found: Counter[str] = Counter()
    for part, normalized in (
        ("clients", normalize_clients(got.clients, got.conventions, read_on=READ_ON)),
        ("patients", normalize_pets(got.patients, got.conventions, read_on=READ_ON)),
    ):
        found += _of_part(part, normalized)
    return dict(found)


def _of_part(part: str, normalized: Normalized) -> Counter[str]:
    rows = _rows(normalized.rows, _KEYS[part])
    told = {
        (row["pims_id"], column)
        for row in normalized.not_taken.to_dict("records")
        for column in _SAYS.get(row["field"], ())
    }
    found = Counter(f"{part}: quarantined {why}" for why in normalized.quarantined["reason"])
    found.update(f"{part}: invented" for key in rows if key not in TRUTH[part])
    for key, truth in TRUTH[part].items():
        if key not in rows:
            found[f"{part}: absent"] += 1
            continue
        for column, said in rows[key].items():
            if said == truth.get(column):
                continue
            kind = "wrong" if said is not None else "told" if (key, column) in told else "lost"
            found[f"{part}: {kind} {column}"] += 1
    return found


def _rows(frame: pd.DataFrame, key: str) -> Mapping[str, dict[str, str | None]]:
    found = {}
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        if "phones" in row:
            numbers = [phone["number"] for phone in json.loads(row["phones"])]
            row["phones"] = " ".join(numbers) or None
        found[row[key]] = {
            str(column): None if cell is None else str(cell)
            for column, cell in row.items()
            if column not in (key, "birth_date_estimated")
        }
    return found
