"""Columns of an export that say more of another one: a middle name, an apartment, an extension.

And headers that do: "Weight (kg)".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from vet_pipeline.normalize.addresses import split_unit
from vet_pipeline.normalize.name_parts import TITLES
from vet_pipeline.normalize.text import as_meant, clean, clean_lines, is_any_filler
from vet_pipeline.normalize.weights import UNIT_WORDS
from vet_pipeline.pims.csv_export import Export
from vet_pipeline.pims.csv_rows import number_meant

# A middle name has no place behind a whole one: "Bell, Robert" or "Robert Bell".
_PARTS_OF_NAMES = (
    ("first_name", "middle_name"),
    ("last_name", "suffix"),
    ("full_name", "suffix"),
)
_BARE = r"[a-z]?-?\d+-?[a-z]?|[a-z]"
_BARE_UNIT = re.compile(_BARE, re.IGNORECASE)
_APARTMENT = re.compile(
    rf"(?:(?:apartment|apt|unit|suite|ste)\b\.?\s*)?#?\s*({_BARE})", re.IGNORECASE
)
_UNIT_OF_HEADER = re.compile(r"([A-Za-z]+)\W*$")
_MORE_OF_NAME = re.compile(r"\s*[,&+]|\s+(?:and\s|w/)|(?<=[a-z]{2})/", re.IGNORECASE)


def joined(clients: Export, *, named_as_pets: bool = False) -> dict[str, list[str | None]]:
    """The columns, with what stands in a column of its own in the one that it belongs to.

    `named_as_pets`: the full names are those of the pets in a list of both, by which no client is called.
    """
    columns = dict(clients.columns)
    if named_as_pets:
        columns["full_name"] = [None] * clients.rows
    _part_whole_names(columns, clients.rows)
    for name, more in _PARTS_OF_NAMES:
        if name in columns and more in columns:
            columns[name] = list(map(_whole_name, columns[name], columns[more]))
    if "unit" in columns and not _are_of_weights(clients.headers["unit"], columns["unit"]):
        none = [None] * clients.rows
        lines = [columns.get(f"address_line{line}") or none for line in (1, 2)]
        columns["address_line2"] = list(map(_with_unit, *lines, columns["unit"]))
    if "suburb" in columns:
        third = columns.get("address_line3") or [None] * clients.rows
        city = columns.get("city") or [None] * clients.rows
        placed = list(map(_with_suburb, third, city, columns["suburb"]))
        columns["address_line3"], columns["city"] = map(list, zip(*placed, strict=True))
    return columns


def _part_whole_names(columns: dict[str, list[str | None]], rows: int) -> None:
    """A name beside the first or the last one alone: the other one, or all of it, which has that, too.

    Whole names are read only where neither of those stands, so the surname would be lost.
    """
    if "full_name" not in columns:
        return
    none: list[str | None] = [None] * rows
    first, last = (list(columns.get(name, none)) for name in ("first_name", "last_name"))
    full = list(columns["full_name"])
    for at, (given, family, name) in enumerate(zip(first, last, full, strict=True)):
        said = [not _says_nothing(text or "") for text in (given, family, name)]
        if not said[2] or said[0] == said[1]:
            continue
        told, more = _words(given if said[0] else family), _words(name)
        if more <= told:
            continue
        if not told.isdisjoint(more):
            first[at] = last[at] = None
        elif said[0]:
            last[at], full[at] = name, None
        else:
            first[at], full[at] = name, None
    columns |= {"first_name": first, "last_name": last, "full_name": full}


def _words(name: str | None) -> set[str]:
    """In letters as they are written without accents and apostrophes: O'Neil, Núñez."""
    plain = re.sub(r"['\u2019\u0300-\u036f]", "", unicodedata.normalize("NFKD", name or ""))
    return set(re.findall(r"[^\W_]+", plain.casefold()))


def with_units(patients: Export) -> dict[str, list[str | None]]:
    """The columns, with the unit that the header of the weights says beside the rows' own.

    Two that differ are none that is known, as normalizing sees.
    """
    columns = dict(patients.columns)
    found = _UNIT_OF_HEADER.search(patients.headers.get("weight", ""))
    unit = found[1] if found and found[1].casefold() in UNIT_WORDS else None
    if unit is not None:
        said = columns.get("weight_unit") or [None] * patients.rows
        columns["weight_unit"] = [
            unit if word is None or _says_nothing(word) else f"{word}, {unit}" for word in said
        ]
    return columns


def _with_suburb(
    line: str | None, city: str | None, suburb: str | None
) -> tuple[str | None, str | None]:
    """Third line and city: the suburb is the one where there is none (Richmond VIC)."""
    if not suburb or _says_nothing(suburb):
        return line, city
    if not city or _says_nothing(city):
        return line, suburb
    if suburb.strip().casefold() == city.strip().casefold():
        return line, city
    return "\n".join(part for part in (line, suburb) if part), city


def _whole_name(name: str | None, more: str | None) -> str | None:
    """The name with what a column of its own says more of it, unless it says so itself.

    That tells father from son, and sisters of one first given name.
    """
    if not name or not more or _says_nothing(name) or _says_nothing(more):
        return name
    name = as_meant(name)  # the & of &#39; joins nobody
    said, told = (" ".join(text.replace(".", "").casefold().split()) for text in (name, more))
    if f" {told} " in f" {said} ":
        return name
    end = _end_of_first(name)
    return f"{name[:end].rstrip()} {more.strip()}{name[end:].rstrip()}"


def _end_of_first(name: str) -> int:
    """Where the first person ends, whose suffix and middle name it is: Bell, Robert & Mary."""
    found = _MORE_OF_NAME.search(name)
    if found is None or all(
        word.rstrip(".") in TITLES for word in name[: found.start()].casefold().split()
    ):
        return len(name)  # "Mr. & Mrs. Robert Bell" is one name
    return found.start()


def _are_of_weights(header: str, units: Sequence[str | None]) -> bool:
    """Whether a column headed "Unit" holds those of pets' weights, in a list of both.

    Most of them: a word for none or a slip among them makes no apartments of the others.
    """
    said = [unit.strip().casefold().rstrip(".") for unit in units if unit and unit.strip(" 0.")]
    words = [word for word in said if not _says_nothing(word)]
    weights = [word for word in words if word in UNIT_WORDS]
    may_be = "".join(filter(str.isalpha, header)).casefold() == "unit"
    # An apartment may be G, and one among others LB.
    return may_be and 2 * len(weights) > len(words) and set(weights) != {"g"}


def _with_unit(street: str | None, second: str | None, unit: str | None) -> str | None:
    """A second line with the apartment of a column of its own: a bare number gets its sign.

    Unless a line says it already: Apt 4, # 4 is another unit than Apt 4 to whoever compares.
    """
    said = number_meant(unit)
    if _says_nothing(said):
        return second
    lines = [line for part in (street, second) if part for line in clean_lines(part)]
    if (number := _apartment(said)) and number in (_apartment(split_unit(x)[1]) for x in lines):
        return second
    sign = "# " if _BARE_UNIT.fullmatch(said) else ""
    return "\n".join(part for part in (second, f"{sign}{said}") if part)


def _apartment(unit: str | None) -> str | None:
    """The number alone; None of a building's, a lot's or a floor's, which is another thing."""
    found = _APARTMENT.fullmatch(unit or "")
    return found[1].casefold() if found else None


def _says_nothing(text: str) -> bool:
    """Blank, or a word that stands for nothing: NULL as a word would end up in the name."""
    said = clean(text)
    return said is None or is_any_filler(said)
