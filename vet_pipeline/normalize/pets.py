"""Raw patients to normalized pets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pandas as pd

from vet_pipeline.normalize.columns import PET_SCHEMA
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.dates import Day, read_date
from vet_pipeline.normalize.deceased import is_deceased, read_flag, read_word
from vet_pipeline.normalize.name_notes import split_notes
from vet_pipeline.normalize.rows import Columns, Normalized, Reading, read_rows
from vet_pipeline.normalize.species import read_breed, read_species
from vet_pipeline.normalize.text import clean, is_filler, remembering
from vet_pipeline.normalize.weights import Weight, read_weight
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY, RAW_PATIENT_COLUMNS

_T = TypeVar("_T")
_Read = Callable[[str | None], _T]
_DATED = ("date_order_unknown", "incomplete_date")
_Word = tuple[bool | None, bool]  # what it says; whether it is a word we know


def normalize_pets(raw: pd.DataFrame, conventions: Conventions, *, read_on: date) -> Normalized:
    """Raw patients (RAW_PATIENT_COLUMNS) as PET_SCHEMA, with a reason for all that was not taken.

    A pet without an owner is kept with `pims_client_id` NA; whether the owner exists is not
    looked at. Row reasons: those of `split_keys`, and `text_too_long`, `undecodable_text`,
    `no_name`, `impossible_birth_date`, `impossible_weight_date`, `impossible_deceased_date`.
    """
    reader = _PetReader(conventions, read_on)
    return read_rows(raw, PATIENT_KEY, RAW_PATIENT_COLUMNS, PET_SCHEMA, reader.read)


def read_pet_name(raw: str | None) -> tuple[str | None, str | None]:
    """(name, note) of a pet; digits are part of a pet's name (R2D2), "#1" and "(FOSTER)" are not."""
    text = clean(raw)
    if text is None or is_filler(text) or text.casefold() in ("null", "na"):
        return None, None
    name, notes = split_notes(text, digits_are_notes=False)
    return (None if is_filler(name) else name), "; ".join(notes) or None


class _PetReader:
    """Reads rows of one frame by one set of conventions, remembering every distinct value."""

    def __init__(self, conventions: Conventions, read_on: date) -> None:
        self._name = remembering(read_pet_name)
        self._species = remembering(read_species)
        self._breed = remembering(read_breed)
        self._date: _Read[Day] = remembering(lambda raw: read_date(raw, conventions, read_on))
        self._weight: Callable[[tuple[str | None, str | None]], Weight] = remembering(
            lambda recorded: read_weight(*recorded, conventions)
        )
        self._yes_or_no: _Read[_Word] = remembering(lambda raw: read_flag(raw, conventions))
        self._dead: _Read[_Word] = remembering(lambda raw: read_word(raw, conventions, flag=True))
        self._status: _Read[_Word] = remembering(
            lambda raw: read_word(raw, conventions, flag=False)
        )

    def read(self, reading: Reading) -> Columns:
        columns = reading.columns
        out: Columns = {
            "pims_pet_id": list(reading.keys),
            "pims_client_id": [key.strip() or None if key else None for key in columns[CLIENT_KEY]],
            "species": list(map(self._species, columns["species"])),
            "breed": list(map(self._breed, columns["breed"])),
        }
        self._add_names(reading, out)
        self._add_births(reading, out)
        self._add_weights(reading, out)
        self._add_deceased(reading, out)
        return out

    def _add_names(self, reading: Reading, out: Columns) -> None:
        names = list(map(self._name, reading.columns["name"]))
        for place, (name, _) in enumerate(names):
            if name is None:
                reading.refuse(place, "no_name")
        out["name"] = [name for name, _ in names]
        out["name_note"] = [note for _, note in names]

    def _days(self, reading: Reading, column: str) -> list[Day]:
        """The dates of a column; impossible ones refuse their row."""
        days = list(map(self._date, reading.columns[column]))
        for place, day in enumerate(days):
            if day.impossible:
                reading.refuse(place, f"impossible_{column}")
            elif day.reason:
                reading.leave_out(place, column, day.reason)
        return days

    def _add_births(self, reading: Reading, out: Columns) -> None:
        births = self._days(reading, "birth_date")
        estimated = _words(reading, "birth_date_estimated", self._yes_or_no)
        out["birth_date"] = [day.value for day in births]
        out["birth_date_estimated"] = [
            flag if day.value else None for day, flag in zip(births, estimated, strict=True)
        ]

    def _add_weights(self, reading: Reading, out: Columns) -> None:
        recorded = zip(reading.columns["weight"], reading.columns["weight_unit"], strict=True)
        weights = list(map(self._weight, recorded))
        days = self._days(reading, "weight_date")
        for place, weight in enumerate(weights):
            for column, reason in weight.reasons:
                reading.leave_out(place, column, reason)
        out["weight_value"] = [weight.value for weight in weights]
        out["weight_unit"] = [weight.unit for weight in weights]
        out["weight_kg"] = [weight.kilograms for weight in weights]
        out["weighed_on"] = [
            day.value if weight.value is not None else None
            for weight, day in zip(weights, days, strict=True)
        ]

    def _add_deceased(self, reading: Reading, out: Columns) -> None:
        flags = _words(reading, "deceased_flag", self._dead)
        statuses = _words(reading, "status", self._status)
        days = self._days(reading, "deceased_date")
        for place, (day, born) in enumerate(zip(days, out["birth_date"], strict=True)):
            if day.value and born and day.value < born:
                reading.refuse(place, "impossible_deceased_date")
        out["deceased"] = [
            # Which day it was may not be told; that it is a date of death is.
            is_deceased(flag, status, day.value is not None or day.reason in _DATED)
            for flag, status, day in zip(flags, statuses, days, strict=True)
        ]
        out["deceased_on"] = [day.value for day in days]


def _words(reading: Reading, column: str, read: _Read[_Word]) -> list[bool | None]:
    """What the words of a yes/no column say; words nobody knows are left out."""
    words = list(map(read, reading.columns[column]))
    for place, (_, is_known) in enumerate(words):
        if not is_known:
            reading.leave_out(place, column, "unknown_word")
    return [value for value, _ in words]
