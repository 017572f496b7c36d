"""Sides for the matcher from CSV files of clients and pets, as `vet-pipeline match` takes them.

Columns of the clients: client_id, first_name, last_name, address1, address2, city, state, zip,
phone1, phone2, email; of the pets: pet_id, client_id, name, species, breed, dob, deceased. Others
are ignored; a missing one counts as blank, but ids and the clients' names must be there. UTF-8,
plain or .gz.
"""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from vet_pipeline.errors import UsageError
from vet_pipeline.matching.contract import Side
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

_quoted = json.JSONEncoder().encode
_CLIENT_COLUMNS = {
    "client_id": "client_key",
    "first_name": "first_name",
    "last_name": "last_name",
    "address1": "address_line1",
    "address2": "address_line2",
    "city": "city",
    "state": "state",
    "zip": "postal_code",
    "email": "email",
}
_REQUIRED_OF_CLIENTS = ("client_id", "first_name", "last_name")
_REQUIRED_OF_PETS = ("pet_id", "client_id")
_PET_COLUMNS = {
    "pet_id": "patient_key",
    "client_id": "client_key",
    "name": "name",
    "species": "species",
    "breed": "breed",
    "dob": "birth_date",
    "deceased": "deceased_flag",
}


@dataclass(frozen=True)
class ReadSide:
    """A side as read from files; `left_out` rows had no usable id."""

    side: Side
    left_out: int


def read_side(clients: Path, pets: Path) -> ReadSide:
    """Read and normalize the two files of one side, with ages as of today.

    Raises UsageError when a file is missing, is no CSV or lacks a column it must have.
    """
    return side_of(
        _read(clients, _REQUIRED_OF_CLIENTS),
        _read(pets, _REQUIRED_OF_PETS),
        read_on=datetime.now(UTC).date(),
    )


def side_of(clients: pd.DataFrame, pets: pd.DataFrame, *, read_on: date) -> ReadSide:
    """A side from frames with the columns of the files."""
    conventions = Conventions()
    one = normalize_clients(raw_clients(clients), conventions, read_on=read_on)
    two = normalize_pets(raw_pets(pets), conventions, read_on=read_on)
    side = Side(
        one.rows.rename(columns={"pims_client_id": "client_id"}),
        two.rows.rename(columns={"pims_pet_id": "pet_id", "pims_client_id": "client_id"}),
    )
    return ReadSide(side, len(one.quarantined) + len(two.quarantined))


def raw_clients(frame: pd.DataFrame) -> pd.DataFrame:
    """The canonical raw columns of a practice's clients; both phones go into one list."""
    made = {new: frame[old] for old, new in _CLIENT_COLUMNS.items() if old in frame.columns}
    blank = pd.Series("", index=frame.index, dtype="str")
    one, two = (frame.get(name, blank).fillna("") for name in ("phone1", "phone2"))
    lists = [_phones(a, b) for a, b in zip(one.tolist(), two.tolist(), strict=True)]
    made["phones"] = pd.Series(lists, index=frame.index, dtype="str")
    return _canonical(made, RAW_CLIENT_COLUMNS, frame.index)


def raw_pets(frame: pd.DataFrame) -> pd.DataFrame:
    """The canonical raw columns of a practice's patients."""
    made = {new: frame[old] for old, new in _PET_COLUMNS.items() if old in frame.columns}
    return _canonical(made, RAW_PATIENT_COLUMNS, frame.index)


def _canonical(
    made: dict[str, pd.Series], columns: tuple[str, ...], index: pd.Index
) -> pd.DataFrame:
    nothing = pd.Series([math.nan] * len(index), index=index, dtype="str")
    return pd.DataFrame(
        {column: made.get(column, nothing).replace("", None) for column in columns}
    ).astype("str")


def _phones(one: str, two: str) -> str | None:
    if not (one or two):
        return None
    # `_quoted` once per number takes a third of the time of dumping the list.
    return "[" + ", ".join([f"[{_quoted(number)}, null]" for number in (one, two) if number]) + "]"


def _read(path: Path, required: tuple[str, ...]) -> pd.DataFrame:
    if not path.exists():
        raise UsageError(f"{path.name} doesn't exist", next_step="check the path")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            # Without index_col=False a cell too many in the first row shifts all columns by one.
            frame = pd.read_csv(
                path, dtype="str", keep_default_na=False, encoding="utf-8-sig", index_col=False
            )
    except pd.errors.ParserWarning:
        raise UsageError(
            f"{path.name} has rows with more cells than its header",
            next_step="take the comma at the end of the rows away, or name the column",
        ) from None
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame({name: pd.Series(dtype="str") for name in required})
    except (OSError, UnicodeDecodeError, ValueError) as error:
        # The parser's own words quote the line it stumbled over.
        raise UsageError(
            f"{path.name} can't be read as CSV ({type(error).__name__})",
            next_step="give a UTF-8 CSV file with a header line",
        ) from None
    missing = [name for name in required if name not in frame.columns]
    if missing:
        raise UsageError(
            f"{path.name} lacks the column {', '.join(missing)}",
            next_step="see `vet-pipeline match --help` for the columns",
        )
    return frame
