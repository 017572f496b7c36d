"""Address lines as codes of house number and street, worked out per distinct street.

What is compared only: a label has the lines as they were recorded.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.arrays import Codes
from vet_pipeline.matching.cells import bounds, numbered, pieces
from vet_pipeline.matching.keys import Vocabulary, fold_all

_TYPES = frozenset(
    {
        "st", "street", "ave", "avenue", "av", "rd", "road", "dr", "drive", "ln", "lane", "ct",
        "court", "pl", "place", "blvd", "boulevard", "cir", "circle", "trl", "trail", "way",
        "pkwy", "parkway", "hwy", "highway", "ter", "terrace", "sq", "square", "loop", "run",
        "pt", "point", "cv", "cove", "xing", "crossing",
    }
)  # fmt: skip
_DIRECTIONS = frozenset(
    {"n", "s", "e", "w", "north", "south", "east", "west", "ne", "nw", "se", "sw"}
)
_IN_FULL = {
    "mt": "mount", "ft": "fort", "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th",
    "fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th",
    "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip
_SAINT = re.compile(
    rf"^((?:(?:{'|'.join(_DIRECTIONS)}) )?)st (?=[a-z]{{2}})(?!(?:{'|'.join(_TYPES | _DIRECTIONS)})\b)"
)
_ROAD = (
    r"county|cnty|cty|co|c ?r|cth|state|s ?[rh]|us|u s|rural|r ?r|rfd|route|rte?|farm|f ?m|hcr?"
    r"|township|twp|st(?= (?:route|rte?|road|rd|highway|hwy)\b)"
)
# The kinds of numbered roads are told by their first letters: County Road 5, Co Rd 5, CR 5.
_NUMBERED_ROAD = re.compile(
    rf"\b({_ROAD})(?: (?:{_ROAD}|road|rd|highway|hwy|to|market)){{,4}} ?0*(?=\d+\b)"
)
_PO_BOX = re.compile(
    r"^(?:(?:p ?o ?|post(?:al)? (?:office )?)?(?:box|bx)|p ?o ?b) ?([a-z]?\d\w*|[a-z]$)"
)
# 12, 12B; W1234 and N6W23001 are houses in Wisconsin. 5th Ave and 2nd Floor name none.
_ORDINAL = r"\d+(?:st|nd|rd|th)"
_NUMBER_FIRST = re.compile(rf"(?!{_ORDINAL}\b)(\d\w*|(?:[nsew]\d+){{1,2}})(?: (.*))?$")
# Calle Luna 45, Hauptstr. 12, RR 2 Box 15; not Highway 50, Calle 5, Sector 2, nor a ZIP code.
_NUMBER_LAST = re.compile(
    r"((?:calle|c|avenida|camino|paseo) .*[a-z]{2}|.*str(?:asse)?|.+(?= box)) (?:box )?(\d{1,4}[a-z]?)$"
)
_UNIT = (
    "apartment|apt|unit|suite|ste|flat|lot|trailer|trlr|room|rm|building|bldg|floor|fl|space|spc"
    "|number|no"
)
_UNIT_WORD = re.compile(rf"\b(?:{_UNIT})(?:\b|(?=\d))")
_HOUSE = "[0-9]+[A-Za-z]? "  # but 2nd Floor is none


def house_lines(first: pa.StringArray, second: pa.StringArray) -> tuple[pa.Array, pa.Array]:
    """Of each row the line with the house, and the other (c/o, a farm, Apt A)."""
    behind = pc.and_(
        pc.invert(pc.match_substring_regex(first, "[0-9]")),
        pc.match_substring_regex(second, rf"^{_HOUSE}|\bbox #?[0-9]", ignore_case=True),
    )
    lines = pc.if_else(behind, second, first)
    others = pc.if_else(behind, first, second)
    houses = pc.replace_substring_regex(lines, f"^[^0-9,]+, *({_HOUSE})", r"\1")
    alone = pc.and_(pc.equal(others, ""), pc.not_equal(houses, lines))
    return houses, pc.if_else(alone, pc.replace_substring_regex(lines, ",.*", ""), others)


def address_parts(text: str) -> tuple[str, str]:
    """House number and `street_core`; a box is a number, and it may stand behind the street."""
    if box := _PO_BOX.match(text):
        return "box " + box[1], ""
    if found := _NUMBER_FIRST.match(text):
        return found[1], street_core(found[2] or "")
    if found := _NUMBER_LAST.match(text):
        return found[2], street_core(found[1])
    return "", street_core(text)


def street_core(street: str) -> str:
    """A street's words without its type and directions, unless it has no others: N St, E St NW."""
    street = _SAINT.sub(r"\1saint ", _NUMBERED_ROAD.sub(_first_letter, street))
    words = [_IN_FULL.get(word, word) for word in street.split(" ")]
    untyped = [word for word in words if word not in _TYPES]
    return "".join([word for word in untyped if word not in _DIRECTIONS] or untyped or words)


def _first_letter(road: re.Match[str]) -> str:
    return road[1][0]


def unit_number(text: str) -> str:
    """The unit without its words: "apt 12b" is 12b."""
    return (_UNIT_WORD.sub("", text) or text).replace(" ", "")


def unit_of_line(text: str) -> str:
    """The unit that a second line is; '' for a note: c/o Ann Lee, bad address."""
    is_unit = text[:1].isdigit() or " " not in text or _UNIT_WORD.match(text)
    return unit_number(text) if is_unit else ""


def houses_and_streets(lines: pa.StringArray) -> tuple[Codes, Codes, Vocabulary]:
    """`address_parts` of each folded line: codes of house numbers and of streets; 0 is none."""
    rows, heads, rests = _split(lines)
    # A number of plain letters and digits stays one word, so the rest is folded by itself:
    # lines that differ in their number only are read once.
    ordinal = pc.match_substring_regex(heads, f"^{_ORDINAL}$", ignore_case=True)
    plain = pc.and_(pc.ascii_is_alnum(heads), pc.invert(ordinal))
    rows = rows[plain.to_numpy(zero_copy_only=False)]
    rest, rest_words = numbered(rests.filter(plain))
    cores = [street_core(word) for word in fold_all(rest_words.to_pylist())]
    other = np.ones(len(lines), dtype=bool)
    other[rows] = False
    left = np.flatnonzero(other)
    line, line_words = numbered(lines.take(pa.array(left)))
    parts = [address_parts(word) for word in fold_all(line_words.to_pylist())]
    number, street = np.zeros(len(lines), np.int32), np.zeros(len(lines), np.int32)
    of_others = pa.array([one for one, _ in parts], pa.string()).take(pa.array(line))
    code, _ = numbered(pc.ascii_lower(heads.filter(plain)), of_others)
    number[rows], number[left] = code[: len(rows)], code[len(rows) :]
    table = {"": 0}
    for at, place, words in ((rows, rest, cores), (left, line, [two for _, two in parts])):
        new = [table.setdefault(word, len(table)) for word in words]
        street[at] = np.array(new, dtype=np.int32)[place]
    return number, street, Vocabulary(list(table))


def _split(lines: pa.StringArray) -> tuple[Codes, pa.StringArray, pa.StringArray]:
    """Rows of the lines that start with a digit and have a blank; what is before it and after."""
    starts, data = bounds(lines)
    begin, end = starts[:-1], starts[1:]
    blank = pc.find_substring(lines, " ").to_numpy()
    rows = np.flatnonzero(blank > 0).astype(np.int32)
    first = data[begin[rows]]
    rows = rows[(first >= ord("0")) & (first <= ord("9"))]
    begin, end, middle = begin[rows], end[rows], begin[rows] + blank[rows]
    parts = pieces(data, begin, middle), pieces(data, middle + 1, end)
    return rows, *(part.cast(pa.string()) for part in parts)
