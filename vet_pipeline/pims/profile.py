"""What a raw snapshot holds, in counts and code words: nothing here names or shows a person.

Used by check.py. Values are shown only of columns that hold code words (flags, units, species,
status), and only when the animals of at least SHOWN_FROM clients share them, so a name that was
typed for one household is never shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.dates import read_date
from vet_pipeline.normalize.deceased import is_counted_day, of_deaths, read_flag, read_word
from vet_pipeline.normalize.first_copy import oddities_of_clients, oddities_of_weights
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.normalize.rows import Normalized
from vet_pipeline.normalize.species import read_species
from vet_pipeline.normalize.weights import read_weight
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY

if TYPE_CHECKING:
    import pandas as pd

SHOWN_FROM = 3
_SHOWN_WORDS = 30
_LONGEST_WORD = 40
# So many rows, and a fifth of a column's, are of one day where it stands for none.
_MANY = 25


# A birth has no hour: at one of these it is midnight further east, written by UTC. Noon is what
# programs take to be safe from that, and before it the day is the same.
_LATE_HOUR = r"\d[T ](1[3-9]|2[0-3]):(00|30)(?::00(?:\.0+)?)?(?!:?\d)"

# What is left of a letter that the writer of a text had none for: Mu?oz, O?Neil.
_LOST = r"[^\W\d_]\?[^\W\d_]"
# What UTF-8 becomes where a PIMS has kept it as something else, and hands it over as letters:
# MuÃ±oz, Oâ€™Neil. No other text has such a sign behind these letters.
_READ_TWICE = r"Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]|â€"
_NAMING = ("first_name", "last_name", "full_name", "organisation", "address_line1", "city")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one column: {word: rows}, and which of them normalizing doesn't know."""

    words: dict[str, int]
    unknown: dict[str, int]
    rare_rows: int  # rows whose word the animals of fewer than SHOWN_FROM clients share; not shown


@dataclass(frozen=True, slots=True)
class DateRange:
    """Years: a day may point to one animal."""

    earliest_year: int | None
    latest_year: int | None
    not_taken: int  # impossible or unreadable
    on_one_day: int = 0  # rows of the most frequent day, where they are many
    one_day: str | None = None  # and that day, which then points to nobody
    numbers: int = 0  # of those not taken, the days as a spreadsheet counts them


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts over one raw snapshot."""

    clients: int
    patients: int
    filled: dict[str, float]  # "clients.email" -> share of rows with a value, 0 to 1
    vocabularies: dict[str, Vocabulary]
    dates: dict[str, DateRange]
    keys_missing: dict[str, int]  # rows without a key
    keys_repeated: dict[str, int]  # rows that share their key with an earlier one
    patients_without_client: int  # owner named, but not among the clients
    patients_without_owner: int
    quarantined: dict[str, int] = field(default_factory=dict)  # "clients: reason" -> rows
    not_taken: dict[str, int] = field(default_factory=dict)  # "patients.weight: reason" -> values
    weights_without_unit: int = 0  # neither the PIMS nor its connector says one
    deceased: int = 0  # patients that would come as dead
    without_number: int = 0  # clients of whose numbers none is taken, for more than its area code
    born_at: dict[str, int] = field(default_factory=dict)  # such an hour of many births -> rows
    lost_letters: int = 0  # clients and patients with a question mark in a word of name or address
    read_twice: int = 0  # those with MuÃ±oz for Muñoz there
    first_copy: list[str] = field(default_factory=list)  # what it couldn't take back


def profile(
    clients: pd.DataFrame, patients: pd.DataFrame, conventions: Conventions, read_on: date
) -> Profile:
    """Count what the snapshot holds and what normalizing will make of it."""
    keys = clients[CLIENT_KEY]
    owners = patients[CLIENT_KEY]
    people = normalize_clients(clients, conventions, read_on=read_on)
    animals = normalize_pets(patients, conventions, read_on=read_on)
    not_taken = _values_not_taken("clients", people) | _values_not_taken("patients", animals)
    units_unknown = int((animals.rows["weight_unit"] == "unknown").sum())
    return Profile(
        clients=len(clients),
        patients=len(patients),
        filled=_filled("clients", clients) | _filled("patients", patients),
        vocabularies={
            f"patients.{column}": _vocabulary(patients[column], owners, known)
            for column, known in _known_words(conventions).items()
        },
        dates={
            f"patients.{column}": _dates(patients[column], known, read_on)
            for column, known in (
                ("birth_date", conventions),
                ("weight_date", conventions),
                ("deceased_date", of_deaths(conventions)),
            )
        },
        keys_missing={
            "clients": int(_blank(keys).sum()),
            "patients": int(_blank(patients[PATIENT_KEY]).sum()),
        },
        keys_repeated={
            "clients": _repeated(keys),
            "patients": _repeated(patients[PATIENT_KEY]),
        },
        patients_without_client=int((~_blank(owners) & ~owners.isin(keys)).sum()),
        patients_without_owner=int(_blank(owners).sum()),
        quarantined=_rows_quarantined("clients", people) | _rows_quarantined("patients", animals),
        not_taken=not_taken,
        # What names a unit that isn't taken is among those values.
        weights_without_unit=units_unknown
        - sum(rows for why, rows in not_taken.items() if why.startswith("patients.weight_unit: ")),
        deceased=int(animals.rows["deceased"].fillna(False).sum()),
        without_number=_without_number(people),
        born_at=_born_at(patients["birth_date"]),
        lost_letters=_spoilt(clients, patients, _LOST),
        read_twice=_spoilt(clients, patients, _READ_TWICE),
        first_copy=[*oddities_of_clients(people.rows), *oddities_of_weights(animals.rows, read_on)],
    )


def _rows_quarantined(part: str, read: Normalized) -> dict[str, int]:
    reasons = read.quarantined["reason"].value_counts()
    return {f"{part}: {reason}": int(rows) for reason, rows in reasons.items()}


def _values_not_taken(part: str, read: Normalized) -> dict[str, int]:
    why = read.not_taken["field"].astype("str") + ": " + read.not_taken["reason"]
    return {f"{part}.{value}": int(rows) for value, rows in why.value_counts().items()}


def _born_at(births: pd.Series) -> dict[str, int]:
    """The one or two (summer time's) late hours at which many are born, if there are such."""
    hours = births.str.extract(_LATE_HOUR).dropna()
    often = (hours[0] + ":" + hours[1]).value_counts().head(2)
    is_many = often.sum() >= max(_MANY, (~_blank(births)).sum() / 5)
    return {str(hour): int(rows) for hour, rows in sorted(often.items())} if is_many else {}


def _without_number(people: Normalized) -> int:
    left_out = people.not_taken[people.not_taken["field"] == "phones"]
    # Seven digits are a number of any country's.
    odd = left_out.loc[left_out["reason"] != "no_area_code", "pims_id"]
    none = people.rows.loc[people.rows["phones"] == "[]", "pims_client_id"]
    return int(none.isin(odd).sum())


def _blank(column: pd.Series) -> pd.Series:
    return column.isna() | (column.str.strip() == "")


def _spoilt(clients: pd.DataFrame, patients: pd.DataFrame, pattern: str) -> int:
    """How many rows have a name or address that matches."""
    rows = 0
    for frame, columns in ((clients, _NAMING), (patients, ("name", "breed"))):
        found = [
            frame[column].str.contains(pattern, regex=True).fillna(False) for column in columns
        ]
        rows += int(sum(found[1:], start=found[0]).astype("bool").sum())
    return rows


def _repeated(keys: pd.Series) -> int:
    return int(keys[~_blank(keys)].duplicated().sum())


def _filled(part: str, frame: pd.DataFrame) -> dict[str, float]:
    rows = max(len(frame), 1)
    return {
        f"{part}.{column}": round(float((~_blank(frame[column])).sum()) / rows, 4)
        for column in frame.columns
    }


def _known_words(conventions: Conventions) -> dict[str, Callable[[str], bool]]:
    return {
        "deceased_flag": lambda word: read_word(word, conventions, flag=True)[1],
        "birth_date_estimated": lambda word: read_flag(word, conventions)[1],
        "status": lambda word: read_word(word, conventions, flag=False)[1],
        "weight_unit": lambda word: not read_weight("1", word, conventions).reasons,
        "species": lambda word: (read_species(word) or "a").islower(),
    }


def _vocabulary(column: pd.Series, owners: pd.Series, known: Callable[[str], bool]) -> Vocabulary:
    column = column[~_blank(column)]
    counts = column.value_counts()
    owned = ~_blank(owners)
    households = owners.where(owned)[column.index].groupby(column).nunique()
    # Animals of nobody, as a shelter has them, have no household in common.
    strays = (~owned)[column.index].groupby(column).sum()
    shared_by = (households + strays).reindex(counts.index)
    common = counts[shared_by >= SHOWN_FROM].head(_SHOWN_WORDS)
    words = {
        str(word): int(rows) for word, rows in common.items() if len(str(word)) <= _LONGEST_WORD
    }
    unknown = {word: rows for word, rows in words.items() if not known(word)}
    return Vocabulary(words, unknown, rare_rows=int(counts.sum()) - sum(words.values()))


def _dates(column: pd.Series, conventions: Conventions, read_on: date) -> DateRange:
    days: Counter[date] = Counter()
    not_taken = numbers = 0
    for text, rows in column[~_blank(column)].value_counts().items():
        day = read_date(str(text), conventions, read_on)
        if day.value is not None:
            days[day.value] += int(rows)
        elif day.impossible or day.reason:
            not_taken += int(rows)
            numbers += int(rows) if is_counted_day(str(text), read_on) else 0
    years = [day.year for day in days]
    day_of_most, most = next(iter(days.most_common(1)), (None, 0))
    is_many = day_of_most is not None and most >= max(_MANY, days.total() / 5)
    return DateRange(
        min(years, default=None),
        max(years, default=None),
        not_taken,
        on_one_day=most if is_many else 0,
        one_day=str(day_of_most) if is_many else None,
        numbers=numbers,
    )
