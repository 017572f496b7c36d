"""Raw patients to normalized pets."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date
from functools import partial
from typing import TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.columns import PET_SCHEMA
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.dates import Day, is_soon, is_to_come, read_date
from vet_pipeline.normalize.deceased import (
    is_date_of_death,
    is_deceased,
    may_be_a_flag,
    may_be_an_appointment,
    of_deaths,
    read_flag,
    read_word,
)
from vet_pipeline.normalize.distinct import Found, each, each_row, itself
from vet_pipeline.normalize.keys import broken, trimmed
from vet_pipeline.normalize.name_notes import split_notes
from vet_pipeline.normalize.rows import Columns, Normalized, Reading, read_rows
from vet_pipeline.normalize.species import read_breed, read_species
from vet_pipeline.normalize.text import NULLS, clean, is_filler, remembering
from vet_pipeline.normalize.weights import possible_kg, read_weight
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY, RAW_PATIENT_COLUMNS

# Pets are read by distinct texts, which are remembered in any case: 174,000 in one go take half the
# time of steps of 10,000 and no more memory.
PETS_AT_A_TIME = 200_000

_T = TypeVar("_T")
_Read = Callable[[str | None], _T]
_DECIMAL = PET_SCHEMA.field("weight_value").type
_DATED = ("date_order_unknown", "incomplete_date")
_Word = tuple[bool | None, bool]  # what it says; whether it is a word we know


def normalize_pets(
    raw: pd.DataFrame, conventions: Conventions, *, read_on: date, known: Container[str] = ()
) -> Normalized:
    """Raw patients (RAW_PATIENT_COLUMNS) as PET_SCHEMA, with a reason for all that was not taken.

    A pet without an owner is kept with `pims_client_id` NA; whether the owner exists is not
    looked at. Row reasons: those of `split_keys`, and `text_too_long`, `undecodable_text`,
    `no_name`, `impossible_birth_date`, `impossible_weight_date`, `impossible_deceased_date`.
    `known`: keys of pets that ScriptRight has; their rows are taken without a name, too, since a
    death or a weight must not wait for it.
    """
    read = _PetReader(conventions, read_on).read
    columns = (RAW_PATIENT_COLUMNS, PET_SCHEMA)
    return read_rows(raw, PATIENT_KEY, *columns, read, PETS_AT_A_TIME, known)


def read_pet_name(raw: str | None) -> tuple[str | None, str | None]:
    """(name, note) of a pet; digits are part of a name (R2D2, Pup #1), "(FOSTER)" isn't."""
    text = clean(raw)
    if text is None or is_filler(text) or text.casefold() in NULLS:
        return None, None
    name, notes = split_notes(text, digits_are_notes=False)
    return (None if is_filler(name) else name), "; ".join(notes) or None


class _PetReader:
    """Reads rows of one frame by one set of conventions, each distinct text of a column once."""

    def __init__(self, conventions: Conventions, read_on: date) -> None:
        self._conventions, self._read_on = conventions, read_on
        deaths = of_deaths(conventions)
        # Several rules ask for it.
        self._death: _Read[Day] = remembering(lambda raw: read_date(raw, deaths, read_on))

    def read(self, reading: Reading) -> Columns:
        columns = reading.columns
        for place in broken(columns[CLIENT_KEY]):
            reading.refuse(place, "undecodable_text")
        names = self._names(reading)
        species = each(columns["species"], read_species)
        breeds = each(columns["breed"], read_breed)
        births = self._births(reading)
        return {
            "pims_pet_id": reading.keys,
            "pims_client_id": trimmed(columns[CLIENT_KEY]),
            "name": names.column(lambda name: name[0], pa.string()),
            "name_note": names.column(lambda name: name[1], pa.string()),
            "species": species.column(itself, pa.string()),
            "breed": breeds.column(itself, pa.string()),
            **births,
            **self._weights(reading, species),
            **self._deceased(reading, births["birth_date"]),
        }

    def _names(self, reading: Reading) -> Found[tuple[str | None, str | None]]:
        names = each(reading.columns["name"], read_pet_name)
        for place, _ in names.where(lambda name: name[0] is None):
            reading.refuse_nameless(place, "name")
        return names

    def _births(self, reading: Reading) -> Columns:
        births = self._days(reading, "birth_date", self._date).column(
            lambda day: day.value, pa.date32()
        )
        estimated, _ = self._words(reading, "birth_date_estimated", self._flag)
        return {"birth_date": births, "birth_date_estimated": _beside(estimated, births)}

    def _weights(self, reading: Reading, species: Found[str | None]) -> Columns:
        recorded = [reading.columns["weight"], reading.columns["weight_unit"]]
        weights = each_row(recorded, partial(read_weight, conventions=self._conventions))
        days = self._days(reading, "weight_date", self._date)
        for place, weight in weights.where(lambda weight: weight.reasons):
            for column, reason in weight.reasons:
                reading.leave_out(place, column, reason)
        kilograms = weights.column(lambda weight: weight.kilograms, _DECIMAL)
        lightest = species.column(lambda kind: possible_kg(kind)[0], _DECIMAL)
        heaviest = species.column(lambda kind: possible_kg(kind)[1], _DECIMAL)
        outside = pc.or_(pc.less(kilograms, lightest), pc.greater(kilograms, heaviest))
        is_another = pc.fill_null(outside, False)
        for place in pc.indices_nonzero(is_another).to_pylist():
            reading.leave_out(place, "weight_unit", "implausible_unit")
        values = weights.column(lambda weight: weight.value, _DECIMAL)
        units = weights.column(lambda weight: weight.unit, pa.string())
        return {
            "weight_value": values,
            "weight_unit": pc.if_else(is_another, "unknown", units),
            "weight_kg": pc.if_else(is_another, None, kilograms),
            "weighed_on": _beside(days.column(lambda day: day.value, pa.date32()), values),
        }

    def _deceased(self, reading: Reading, births: pa.Array) -> Columns:
        flags, odd_flags = self._words(reading, "deceased_flag", self._dead)
        statuses, odd_statuses = self._words(reading, "status", self._status)
        days = self._days(reading, "deceased_date", self._death)
        died = days.column(lambda day: day.value, pa.date32())
        before_birth = pc.fill_null(pc.less(died, births), False)
        for place in pc.indices_nonzero(before_birth).to_pylist():
            reading.refuse(place, "impossible_deceased_date")
        # Which day it was may not be told; that it is a date of death is.
        dated = each(reading.columns["deceased_date"], self._is_dated).column(itself, pa.bool_())
        not_dates = days.column(lambda day: day.reason == "not_a_date", pa.bool_())
        unread = pc.or_(pc.or_(odd_flags, odd_statuses), not_dates)
        self._refuse_deaths_to_come(reading, died)
        deceased = each_row([flags, statuses, dated, unread], is_deceased)
        return {"deceased": deceased.column(itself, pa.bool_()), "deceased_on": died}

    def _refuse_deaths_to_come(self, reading: Reading, died: pa.Array) -> None:
        """An appointment, or a slip: read again with each snapshot, as a date of death to come is.

        Beside a date of death another day is of something else: "Deceased, remove 1/1/2027".
        """
        says_dead: dict[str, _Read[bool]] = {
            "deceased_flag": lambda raw: bool(self._dead(raw)[0] or self._death(raw).impossible),
            "status": lambda raw: bool(self._status(raw)[0]),
            "deceased_date": self._is_dated,
        }
        for column, says in says_dead.items():
            texts = each(reading.columns[column], itself)
            for place, raw in texts.where(self._holds_day_to_come):
                if says(raw) and not died[place].is_valid:
                    reading.refuse(place, "impossible_deceased_date")

    def _holds_day_to_come(self, raw: str | None) -> bool:
        if self._death(raw).value is not None:
            return False  # as most are: days that were
        here = raw, self._conventions, self._read_on
        return is_to_come(*here) or (may_be_an_appointment(raw) and is_soon(*here))

    def _date(self, raw: str | None) -> Day:
        return read_date(raw, self._conventions, self._read_on)

    def _flag(self, raw: str | None) -> _Word:
        return read_flag(raw, self._conventions)

    def _status(self, raw: str | None) -> _Word:
        return read_word(raw, self._conventions, flag=False)

    def _dead(self, raw: str | None) -> _Word:
        """What the flag says; it may hold the date, too."""
        word = read_word(raw, self._conventions, flag=True)
        may_be_date = not word[1] and not may_be_a_flag(raw)
        return (True, True) if may_be_date and self._is_dated(raw) else word

    def _is_dated(self, raw: str | None) -> bool:
        """Whether the column for the date of death says dead."""
        day = self._death(raw)
        if day.reason == "not_a_date":
            return is_date_of_death(raw, self._conventions, self._read_on)
        return day.value is not None or day.reason in _DATED

    def _days(self, reading: Reading, column: str, read: _Read[Day]) -> Found[Day]:
        """The dates of a column; impossible ones refuse their row."""
        days = each(reading.columns[column], read)
        for place, day in days.where(lambda day: day.impossible or day.reason):
            if day.impossible:
                reading.refuse(place, f"impossible_{column}")
            else:
                reading.leave_out(place, column, day.reason or "")
        return days

    def _words(
        self, reading: Reading, column: str, read: _Read[_Word]
    ) -> tuple[pa.Array, pa.Array]:
        """What the words of a yes/no column say, and where a word is unknown: it is left out."""
        words = each(reading.columns[column], read)
        for place, _ in words.where(lambda word: not word[1]):
            reading.leave_out(place, column, "unknown_word")
        odd = words.column(lambda word: not word[1], pa.bool_())
        return words.column(lambda word: word[0], pa.bool_()), odd


def _beside(column: pa.Array, other: pa.Array) -> pa.Array:
    """A column where another one has a value: a flag or a date means nothing without it."""
    return pc.if_else(pc.is_valid(other), column, None)
