"""Addresses: lines, unit, city, state and ZIP taken apart; nothing is re-spelled.

Street words stay as recorded: standardising them is the carrier's business, comparing them the
matcher's. An address is one unit of change, so every part of it is read here together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from vet_pipeline.normalize.places import STATES, read_postal_code, read_state
from vet_pipeline.normalize.text import clean, clean_lines, is_any_filler, lazily, remembering

WORDS_FOR_NOTHING = frozenset(
    {
        "need address", "needs address", "need new address", "update", "update address", "no address",
        "address unknown", "unknown address", "bad address", "get address", "verify address",
        "same", "same as above", "homeless", "not on file",
    }
)  # fmt: skip

# Said beside a street they are about it: who ships there has to know.
_DOUBTS = frozenset(
    {
        "need address", "needs address", "need new address", "update address", "bad address",
        "get address", "verify address",
    }
)  # fmt: skip

# A longer line is no street line: it is kept whole rather than taken apart.
_LONGEST = 200

_PO = r"\bg?p[\s.,/-]*[o0][\s.,/-]*"  # P.O., P/O, PO-, P .O., P0 with a nought, Puerto Rico's GPO
_PO_BOX = lazily(
    rf"{_PO}(?:box|bx|drawer)\b|{_PO}(?:box|bx)\.?\s*#?\d"
    r"|\bpob(?:ox)?\.?\s*#?\d|\bp\.?\s*o\.?\s*b\.?\s*#?\d"
    r"|\bpost(?:al)?\s+(?:off(?:ice|\.)?|ofc\.?)\s+(?:box|bx|drawer)\b"
    r"|\b(?:post(?:al)?|lock|call(?:er)?)\s*box\s*#?\d|\bapartado\s*#?\d"  # so in Puerto Rico
    # Australia and New Zealand, Germany, Quebec.
    r"|\b(?:locked|private)\s+(?:mail\s*)?bag\s*#?\d|\bpostfach\s*\d|\b(?:case\s+postale|c\.p\.)\s*#?\d"
    # Alone on its line; a box counted along a rural route (RR 2 Box 15) is a place.
    rf"|^(?:box|p\.?\s*box|drawer|{_PO})\s*#?\d+[a-z]?$",
    re.IGNORECASE,
)
MAY_BE_PO_BOX = rf"{_PO}|box|drawer|apartado|bag|postfach|postale|c\.p"
_MAY_BE_PO_BOX = lazily(MAY_BE_PO_BOX, re.IGNORECASE)

# "4", "4B", "B-12", "12-A", "C", "AA", but not the "St" of "Unit St".
_UNIT_ID = (
    r"(?:[a-z]?-?\d+(?:-?[a-z]{1,2})?(?:-\d+)?"
    r"|(?!(?:st|dr|rd|ln|ct|pl|av|wy|pk|hl)\b)[a-z]{1,2}(?:-\d+)?)(?![\w-])"
)
_UNIT_WORD = (
    r"(?:apartment|apt|unit|suite|ste|lot|trailer|trlr|tlr|room|rm|building|bldg|floor|fl"
    r"|space|spc|pmb|slip|dept)"
)
# "Miami FL 33101" is no floor: a number of more than three digits behind FL is Florida's.
_NOT_FLORIDA = r"(?!fl\b[\s.#]*\d{4})"
_ONE_UNIT = (
    rf"(?:{_NOT_FLORIDA}{_UNIT_WORD}\b\.?\s*#?\s*{_UNIT_ID}"
    r"|(?:apartment|apt|unit)\.?\s+(?:front|rear|upper|lower|upstairs|downstairs)"
    rf"|(?:{_UNIT_WORD}\b\.?\s*)?#\s*{_UNIT_ID}"
    r"|(?:apt|unit|ste|lot|trlr|bldg|rm|spc)\d+[a-z]?)"
)
_UNITS = rf"{_ONE_UNIT}(?:[\s,]+{_ONE_UNIT})*"
MAY_HOLD_UNIT = rf"#|\b{_UNIT_WORD}(?:\b|\d)"
_MAY_HOLD_UNIT = lazily(MAY_HOLD_UNIT, re.IGNORECASE)
_ONLY_UNIT = lazily(rf"({_UNITS})[\s,.]*", re.IGNORECASE)
_TRAILING_UNIT = lazily(rf"(.*?[^\s,-])[\s,-]+({_UNITS})[\s,.]*", re.IGNORECASE)
_LEADING_UNIT = lazily(rf"({_UNITS})\s*[,-]\s*(\d.*)", re.IGNORECASE)
# What a number sign belongs to when it is no unit: "PO Box #12", "State Hwy #80", "Rt #3", "Gate
# code #1234".
_NUMBERED = lazily(
    r"\b(?:p\.?\s*o|box|bx|drawer|hwy|highway|route|rte|rt|rr|hc|hcr|cr|sr|no|exit|interstate"
    r"|code|gate|key|pin|buzzer|acct|account|client|customer|id|call|phone|cell"
    r"|us|fm|cth|(?:county|co|cty|state|forest|farm|twp|township)\.?\s+(?:rd|road|route))[.:]?$",
    re.IGNORECASE,
)
# At the begin of a line; N6W23001 is one in Wisconsin, while I-35 is a road.
_HOUSE_NUMBER = lazily(r"(?:[0-9]|[NSEWnsew][0-9]+[NSEWnsew][0-9])")

_ZIP = r"\d{5}(?:-?\d{4})?"
_STATE_AND_ZIP = lazily(rf"([A-Za-z][A-Za-z. ]*?)\.?[,\s]+({_ZIP})")
_CITY_STATE = lazily(r"([^,\d]+?)\s*,\s*([A-Za-z][A-Za-z. ]*)")
# Two words first: of "Charleston West Virginia" the last one is a state. Washington is DC's city.
_CITY_STATE_ZIP = (
    lazily(rf"([^,\d]+?)[,\s]\s*(?!(?i:washington) )([A-Za-z]+ [A-Za-z]+),?\s+({_ZIP})"),
    lazily(rf"([^,\d]+?)[,\s]\s*([A-Za-z.]{{2,}}),?\s+({_ZIP})"),
)
_STREET_CITY_STATE_ZIP = (
    lazily(rf"(.*\d.*),\s*([^,\d]+?)\s*,\s*([A-Za-z][A-Za-z. ]*?),?\s+({_ZIP})"),
    lazily(rf"(.*\d.*),\s*([^,\d]+?)\s+([A-Za-z]{{2}})\s+({_ZIP})"),
)
_UNIT_AND_TOWN = lazily(rf"({_UNITS})?+[\s,]*+(.+)", re.IGNORECASE)  # "Suite B" is no town
_OF_THE_US = lazily(r"[\s,]+(?:usa?|u\.s\.(?:a\.)?|united states(?: of america)?)\Z", re.IGNORECASE)


@dataclass(slots=True)
class Address:
    """One address; `reasons` are (raw column, reason) of what was not taken."""

    line1: str | None = None
    line2: str | None = None
    unit: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    po_box: bool = False
    reasons: list[tuple[str, str]] = field(default_factory=list)


class AddressReader:
    """Reads addresses, remembering distinct cities, states and ZIP codes for its own life."""

    def __init__(self) -> None:
        self._said = remembering(_said)
        self._state = remembering(read_state)
        self._postal_code = remembering(_read_postal_code)

    def read(
        self,
        raw_lines: tuple[str | None, ...],
        raw_city: str | None,
        raw_state: str | None,
        raw_postal_code: str | None,
    ) -> Address:
        """The address of one client. `raw_lines` may hold line breaks and whole addresses."""
        result = Address()
        lines: list[str] = []
        placeholders: dict[str, list[str]] = {}
        for number, raw in enumerate(raw_lines, start=1):
            if raw:
                taken, said = _read_line(raw)
                lines += taken
                if said:
                    placeholders[f"address_line{number}"] = said
        city, state, code = self._place(raw_city, raw_state, raw_postal_code)
        lines, city, state, code = _unpack_last_line(lines, city, state, code)
        result.city = city
        result.po_box = city is not None and is_po_box(city)  # it stands there, too
        result.state = self._state(state)
        result.postal_code, reason = self._postal_code((code, result.state))
        if reason:
            result.reasons.append(("postal_code", reason))
        self._add_streets(lines, result)
        if placeholders:
            _add_doubts(placeholders, result)
        return result

    def place(
        self, raw_city: str | None, raw_state: str | None, raw_postal_code: str | None
    ) -> tuple[str | None, str | None, str | None, bool]:
        """(city, state, ZIP, whether that is all) of three columns; the lines hold none of it."""
        city, state, code = self._place(raw_city, raw_state, raw_postal_code)
        state = self._state(state)
        code, reason = self._postal_code((code, state))
        return city, state, code, reason is None and not (city and is_po_box(city))

    def _place(
        self, raw_city: str | None, raw_state: str | None, raw_postal_code: str | None
    ) -> tuple[str | None, str | None, str | None]:
        city, state = self._said(raw_city), self._said(raw_state)
        code = self._said(raw_postal_code)
        if city is None or state is None or code is None:
            return _unpack_city(city, state, code)
        return city, state, code

    def _add_streets(self, lines: list[str], result: Address) -> None:
        streets: list[str] = []
        units: list[str] = []
        for line in lines:
            result.po_box = result.po_box or is_po_box(line)
            street, unit = split_unit(line)
            if street:
                streets.append(street)
            if unit and unit.casefold() not in map(str.casefold, units):
                units.append(unit)
        result.unit = ", ".join(units) or None
        result.line1 = streets[0] if streets else None
        result.line2 = ", ".join(streets[1:]) or None


def is_po_box(line: str) -> bool:
    """Whether a clean line names a post office box, in any spelling."""
    return _MAY_BE_PO_BOX().search(line) is not None and _PO_BOX().search(line) is not None


def split_unit(line: str) -> tuple[str | None, str | None]:
    """(street, unit) of one clean line; the unit stays as recorded ("Apt 4B", "#12")."""
    if len(line) > _LONGEST or not _MAY_HOLD_UNIT().search(line):
        return line, None
    if found := _ONLY_UNIT().fullmatch(line):
        return None, found[1]
    if found := _LEADING_UNIT().fullmatch(line):
        return found[2], found[1]
    found = _TRAILING_UNIT().fullmatch(line)
    if found is None or found[1].isdigit():
        return line, None
    is_house = _HOUSE_NUMBER().match(found[1]) is not None
    if found[2].startswith("#") and (not is_house or _NUMBERED().search(found[1])):
        return line, None  # without a number in front it is the house's: Calle Luna #45
    return found[1], found[2]


def _read_line(raw: str) -> tuple[list[str], list[str]]:
    """(the lines that say something; those that are placeholders)."""
    taken: list[str] = []
    placeholders: list[str] = []
    for line in clean_lines(raw):
        if not _says_nothing(line):
            taken.append(line)
        elif line.casefold() in WORDS_FOR_NOTHING:
            placeholders.append(line)
    return taken, placeholders


def _add_doubts(placeholders: Mapping[str, list[str]], result: Address) -> None:
    """Take what doubts the street, if there is one; all else is left out, with its reason."""
    said = [line for found in placeholders.values() for line in found]
    doubts = [line for line in said if result.line1 and line.casefold() in _DOUBTS]
    if doubts:
        result.line2 = ", ".join(filter(None, (result.line2, *doubts)))
    result.reasons[:0] = [
        (column, "placeholder")
        for column, found in placeholders.items()
        if set(found) - set(doubts)
    ]


def _read_postal_code(pair: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    return read_postal_code(*pair)


def _said(raw: str | None) -> str | None:
    text = clean(raw)
    return None if text is None or _says_nothing(text) else text


def _says_nothing(text: str) -> bool:
    return is_any_filler(text) or text.casefold() in WORDS_FOR_NOTHING


def _unpack_city(
    city: str | None, state: str | None, code: str | None
) -> tuple[str | None, str | None, str | None]:
    """Take "City, ST 12345" or "ST 12345" apart where the columns meant for them are blank."""
    if state and not code and (found := _STATE_AND_ZIP().fullmatch(state)) and _is_state(found[1]):
        state, code = found[1], found[2]
    if code and not state and (found := _STATE_AND_ZIP().fullmatch(code)) and _is_state(found[1]):
        state, code = found[1], found[2]
    if not city or state:
        return city, state, code
    if not code and (packed := _city_state_zip(city)):
        return packed
    if (found := _CITY_STATE().fullmatch(city)) and _is_state(found[2]):
        return found[1], found[2], code
    return city, state, code


def _unpack_last_line(
    lines: list[str], city: str | None, state: str | None, code: str | None
) -> tuple[list[str], str | None, str | None, str | None]:
    """Take "City, ST 12345" off the last line when the three columns are all blank."""
    if city or state or code or not lines:
        return lines, city, state, code
    if len(lines[-1]) > _LONGEST:
        return lines, city, state, code
    last = _OF_THE_US().sub("", lines[-1])
    for pattern in _STREET_CITY_STATE_ZIP:
        found = pattern().fullmatch(last)
        if found and _is_state(found[3]) and (town := _UNIT_AND_TOWN().fullmatch(found[2])):
            street = ", ".join(filter(None, (found[1], town[1])))
            return [*lines[:-1], street], town[2], found[3], found[4]
    if packed := _city_state_zip(last):
        return [*lines[:-1]], *packed
    return lines, city, state, code


def _city_state_zip(text: str) -> tuple[str, str, str] | None:
    if len(text) > _LONGEST:
        return None
    for pattern in _CITY_STATE_ZIP:
        if (found := pattern().fullmatch(text)) and _is_state(found[2]):
            return found[1], found[2], found[3]
    return None


def _is_state(text: str) -> bool:
    return (read_state(text) or "") in STATES
