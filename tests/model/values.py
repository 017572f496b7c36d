"""What clients and pets of the model may say, each raw cell beside the value it means.

Written down by hand: the model never asks the normalizer what a cell means.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.scriptright.builders import Cells, phones, read_time

Value = Any  # hashable: text, tuple or None for blank
Said = tuple[Cells, Value]

_ZIP: Cells = {"state": "IL", "postal_code": "62704"}
CLIENT_SAYS: dict[str, list[Said]] = {
    "name": [
        ({"first_name": "Ann", "last_name": "Lee"}, ("Ann", "Lee")),
        ({"first_name": "Ann", "last_name": "Kim"}, ("Ann", "Kim")),
        ({"first_name": "Ann", "last_name": "Webb"}, ("Ann", "Webb")),
        ({"first_name": None, "last_name": None}, None),
    ],
    "address": [
        (
            {"address_line1": "12 Elm St", "city": "Springfield", **_ZIP},
            ("12 Elm St", "Springfield"),
        ),
        (
            {"address_line1": "9 Oak Ave", "city": "Springfield", **_ZIP},
            ("9 Oak Ave", "Springfield"),
        ),
        ({"address_line1": "6 Web St", "city": "Peoria", **_ZIP}, ("6 Web St", "Peoria")),
        (dict.fromkeys(("address_line1", "city", "state", "postal_code")), None),
    ],
    "phones": [
        ({"phones": phones("(217) 555-0142")}, "+12175550142"),
        ({"phones": phones("(217) 555-0188")}, "+12175550188"),
        ({"phones": phones()}, None),
    ],
    "email": [
        ({"email": "ann@example.com"}, "ann@example.com"),
        ({"email": "b@pims.example"}, "b@pims.example"),
        ({"email": "web@web.example"}, "web@web.example"),
        ({"email": None}, None),
        ({"email": "ann@@example.com"}, None),
    ],
}
_NO_WEIGHT: Cells = {"weight": None, "weight_unit": None, "weight_date": None}


def _weighed(value: str, unit: str | None, on: str | None) -> Said:
    kilograms = value if unit == "kg" else None
    cells: Cells = {"weight": value, "weight_unit": unit, "weight_date": on}
    return cells, (value, unit or "unknown", kilograms, on)


def _death(flag: str | None, day: str | None, dead: bool | None, on: str | None) -> Said:
    return {"deceased_flag": flag, "deceased_date": day}, (dead, on)


PET_SAYS: dict[str, list[Said]] = {
    "name": [
        ({"name": "Rex"}, "Rex"),
        ({"name": "Rexo"}, "Rexo"),  # like Rex: the model knows nothing of keys that are handed on
        ({"name": "Rexy"}, "Rexy"),
        ({"name": None}, None),
    ],
    "breed": [  # alike, as the names are
        ({"species": "dog", "breed": "Labrador Retriever"}, ("dog", "Labrador Retriever")),
        ({"species": "dog", "breed": "Golden Retriever"}, ("dog", "Golden Retriever")),
        ({"species": None, "breed": None}, None),
    ],
    "age": [
        ({"birth_date": "2020-05-01"}, "2020-05-01"),
        ({"birth_date": "2020-06-01"}, "2020-06-01"),
        ({"birth_date": None}, None),
        ({"birth_date": "about 2015"}, None),
    ],
    "weight": [
        _weighed("30", "kg", "2026-02-01"),
        _weighed("31", "kg", "2026-03-01"),
        _weighed("28", "kg", "2025-12-01"),
        _weighed("29", "kg", None),
        _weighed("30", "kg", None),
        _weighed("60", None, "2026-02-20"),
        (_NO_WEIGHT, None),
        (_NO_WEIGHT | {"weight": "1,250"}, None),
    ],
    "deceased": [
        _death("0", None, False, None),
        _death("1", None, True, None),
        _death("1", "2026-03-01", True, "2026-03-01"),
        _death(None, None, None, None),
        _death("0", "2019", True, None),  # a year is a date of death, too
    ],
}
SAYS = {"client": CLIENT_SAYS, "pet": PET_SAYS}
# The texts above that nobody can read: column, text, and the field that is blank for it.
_SLIPS = (
    ("email", "ann@@example.com", "email"),
    ("birth_date", "about 2015", "age"),
    ("weight", "1,250", "weight"),
)


def slips_in(cells: Cells) -> frozenset[str]:
    """The fields in which the row says something that nobody can read."""
    return frozenset(field for column, text, field in _SLIPS if cells.get(column) == text)


# What people keep in the web shop, as its columns and as the value of the model.
HOME_CLIENTS: list[dict[str, Value]] = [
    {
        "name": ("Ann", "Webb"),
        "address": ("6 Web St", "Peoria"),
        "phones": None,
        "email": "web@web.example",
    },
    # An initial, so that she is called as the PIMS calls her: keys that are handed on aren't lived here.
    {"name": ("A", "Lee"), "address": None, "phones": None, "email": None},
]
HOME_PETS: list[dict[str, Value]] = [
    {
        "name": "Rexy",
        "breed": ("dog", "Golden Retriever"),
        "age": "2019-06-01",  # near enough for one animal
        "weight": ("20", "kg", "20", "2026-01-01"),
        "deceased": (False, None),
    },
    {"name": "Rexy", "breed": None, "age": None, "weight": None, "deceased": (False, None)},
    {"name": None, "breed": None, "age": None, "weight": None, "deceased": (False, None)},
]
UNDATED = (3, 4)  # of the weights that a PIMS says above
CLIENT_EDITS: list[dict[str, Value]] = [
    {"email": "web@web.example"},
    {"email": "ann@example.com"},
    {"email": None},
    {"name": ("Ann", "Webb")},
    {"name": ("Ann", "Lee")},
    {"address": ("6 Web St", "Peoria")},
    {"address": ("12 Elm St", "Springfield"), "phones": "+12175550142"},
]
_THE_DAY = "the day before the last load"
WEIGHED_YESTERDAY: dict[str, Value] = {"weight": ("22", "kg", "22", _THE_DAY)}
PET_EDITS: list[dict[str, Value]] = [
    {"breed": ("dog", "Golden Retriever")},
    {"breed": ("dog", "Labrador Retriever")},
    {"weight": ("13", "kg", "13", "2026-02-20")},  # half of what the PIMS says
    WEIGHED_YESTERDAY,
    {"deceased": (True, None)},
]
PET_NAMES: list[dict[str, Value]] = [{"name": name} for name in ("Rex", "Rexy", "Max", None)]
PET_EDITS += PET_NAMES

COLUMNS: dict[tuple[str, str], tuple[str, ...]] = {
    ("client", "name"): ("first_name", "last_name"),
    ("client", "address"): ("address_line1", "city"),
    ("client", "phones"): ("phones",),
    ("client", "email"): ("email",),
    ("pet", "name"): ("name",),
    ("pet", "breed"): ("species", "breed"),
    ("pet", "age"): ("birth_date",),
    ("pet", "weight"): ("weight_value", "weight_unit", "weight_kg", "weighed_on"),
    ("pet", "deceased"): ("deceased", "deceased_on"),
}


def columns_of(record: str, field: str, value: Value) -> dict[str, object]:
    """The web shop's columns for a value; an edit fills in the whole field."""
    if field == "phones":
        # As the PIMS wrote it: another spelling of one number would be an edit, which no value tells.
        recorded = value and f"({value[2:5]}) {value[5:8]}-{value[8:]}"
        number = {"number": value, "extension": None, "kind": "unknown", "recorded": recorded}
        return {"phones": [number] if value else []}
    names = COLUMNS[record, field]
    cells = value if isinstance(value, tuple) else (value,) * len(names)
    extra: dict[str, object] = {}
    if field == "address":
        extra = {"state": "IL" if value else None, "postal_code": "62704" if value else None}
        extra |= {"address_line2": None, "unit": None, "po_box": False}
    return dict(zip(names, cells, strict=True)) | extra


def value_of(record: str, field: str, row: dict[str, Any]) -> Value:
    """The model's value in a row or a suggestion of ScriptRight."""
    if field == "phones":
        numbers = tuple(phone["number"] for phone in row["phones"])
        return numbers[0] if numbers else None
    cells = tuple(_plain(row[c]) for c in COLUMNS[record, field])
    if field in ("address", "breed", "weight") and not any(cells):
        return None
    return cells if len(cells) > 1 else cells[0]


def _plain(cell: Any) -> Value:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return format(Decimal(str(cell)).normalize(), "f")  # a number of PostgreSQL's JSON
    return cell


def with_day(edit: dict[str, Value], seq: int) -> dict[str, Value]:
    """The edit; a weighing of no day of its own was on the day before this load."""
    if edit != WEIGHED_YESTERDAY:
        return edit
    day = (read_time(seq) - timedelta(days=1)).date()
    return {"weight": (*edit["weight"][:-1], day.isoformat())}
