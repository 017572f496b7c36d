"""Plain addresses: a street in the first line, maybe a unit, and a place in its own columns."""

from __future__ import annotations

from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.addresses import (
    HOUSE_NUMBER,
    LONGEST,
    MAY_HOLD_UNIT,
    NUMBERED,
    PO_BOX,
    UNIT_WORD,
    WORDS_FOR_NOTHING,
    AddressReader,
)
from vet_pipeline.normalize.distinct import each_row
from vet_pipeline.normalize.plain import (
    TIDY,
    any_of,
    every,
    fits,
    holds,
    joined,
    one_of,
    without_empty,
)
from vet_pipeline.normalize.rows import Columns
from vet_pipeline.normalize.text import MAY_BE_FILLERS

# What begins otherwise may be a filler.
_BEGIN = r"\A[0-9A-Za-z#]"
_SAY_NOTHING = WORDS_FOR_NOTHING | MAY_BE_FILLERS
# "Apt 4", "12 Oak St Apt. 4B", "12 Oak St, #4"; the shortest street that leaves a unit.
_UNIT = rf"(?:{UNIT_WORD}\.? #? ?|# ?)(?:[0-9]+[a-z]?|[a-z])"
_FLORIDA = r"(?i)\bfl\b[ .#]*[0-9]{4}"  # no floor has such a number: the reader's
_STREET_AND_UNIT = rf"(?i)\A(?:(?P<street>.*?[^ ,-])[ ,-]+)??(?P<unit>{_UNIT})\z"


def plain_addresses(columns: Columns, reader: AddressReader) -> tuple[pa.Array, Columns]:
    """(which rows are plain, what they come to), by the names of addresses.Address."""
    recorded = [columns["city"], columns["state"], columns["postal_code"]]
    places = each_row(recorded, reader.plain_place)
    city, state, code = (places.column(itemgetter(part), pa.string()) for part in range(3))
    first, second = _both_lines(columns["address_line1"], columns["address_line2"])
    street, unit, is_po_box, is_line = first
    no_street, more_unit, _, is_more = second
    # With all three columns blank the last line may hold city, state and ZIP.
    has_place = any_of(pc.is_valid(city), pc.is_valid(state), pc.is_valid(code))
    has_line = any_of(pc.is_valid(street), pc.is_valid(unit), pc.is_valid(more_unit))
    plain = every(
        places.column(itemgetter(3), pa.bool_()),
        is_line,
        is_more,
        pc.is_null(no_street),
        pc.is_null(without_empty(columns["address_line3"])),
        pc.or_(has_place, pc.invert(has_line)),
    )
    return plain, {
        "line1": street,
        "line2": no_street,  # nothing, where a row is plain
        "unit": _once(unit, more_unit),
        "city": city,
        "state": state,
        "postal_code": code,
        "po_box": is_po_box,
    }


def _once(unit: pa.Array, more: pa.Array) -> pa.Array:
    """Both units, or one that both lines name."""
    same = pc.fill_null(pc.equal(pc.utf8_lower(unit), pc.utf8_lower(more)), False)
    return pc.coalesce(pc.if_else(same, unit, joined(unit, ", ", more)), unit, more)


def _both_lines(first: pa.Array, second: pa.Array) -> tuple[list[pa.Array], list[pa.Array]]:
    """`_lines` of two columns; the second is mostly blank, or says the same again ("Apt 4")."""
    repeated = second.dictionary_encode(null_encoding="encode")
    parts = _lines(pa.concat_arrays([first, repeated.dictionary]))
    return (
        [part.slice(0, len(first)) for part in parts],
        [part.slice(len(first)).take(repeated.indices) for part in parts],
    )


def _lines(column: pa.Array) -> tuple[pa.Array, ...]:
    """(street, unit, whether it names a PO box, whether that is all) of each line."""
    column = without_empty(column)
    is_tidy = every(
        fits(column, TIDY),
        holds(column, _BEGIN),
        pc.invert(one_of(column, _SAY_NOTHING)),
    )
    may_hold_unit = holds(column, MAY_HOLD_UNIT)
    is_street = every(is_tidy, pc.invert(may_hold_unit))
    with_unit = every(is_tidy, may_hold_unit)
    street, unit = _parted(column.filter(with_unit))
    blank = pa.nulls(len(column), pa.string())
    unit = pc.replace_with_mask(blank, with_unit, unit)
    return (
        pc.replace_with_mask(pc.if_else(is_street, column, None), with_unit, street),
        unit,
        pc.fill_null(holds(column, PO_BOX), False),
        any_of(pc.is_null(column), is_street, pc.is_valid(unit)),
    )


def _parted(lines: pa.Array) -> tuple[pa.Array, pa.Array]:
    """(street, unit) of lines with a simple unit at their end; nulls where that isn't certain.

    Where no unit can begin within the street, the reader parts the two at the same place.
    """
    if not len(lines):
        return lines, lines
    parts = pc.extract_regex(lines, _STREET_AND_UNIT)
    street = without_empty(pc.struct_field(parts, "street"))
    unit = pc.struct_field(parts, "unit")
    is_other = any_of(
        holds(street, MAY_HOLD_UNIT),
        holds(street, NUMBERED),
        every(holds(unit, r"\A#"), pc.invert(holds(street, HOUSE_NUMBER))),
        holds(unit, _FLORIDA),
        fits(street, "[0-9]+"),
        pc.greater(pc.binary_length(lines), LONGEST),
    )
    return pc.if_else(is_other, None, street), pc.if_else(is_other, None, unit)
