"""Plain addresses: a street in the first line alone, a place in its own columns."""

from __future__ import annotations

from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.addresses import MAY_BE_PO_BOX, MAY_HOLD_UNIT, AddressReader
from vet_pipeline.normalize.distinct import each_row
from vet_pipeline.normalize.plain import TIDY, any_of, every, fits, holds, without_empty
from vet_pipeline.normalize.rows import Columns

# What begins with a number and goes on is no filler.
_STREET = rf"[0-9]+ {TIDY}"


def plain_addresses(columns: Columns, reader: AddressReader) -> tuple[pa.Array, Columns]:
    """(which rows are plain, what they come to), by the names of addresses.Address."""
    recorded = [columns["city"], columns["state"], columns["postal_code"]]
    places = each_row(recorded, reader.place)
    city, state, code = (places.column(itemgetter(part), pa.string()) for part in range(3))
    line, *others = (without_empty(columns[f"address_line{n}"]) for n in (1, 2, 3))
    is_street = every(
        fits(line, _STREET),
        pc.invert(holds(line, MAY_HOLD_UNIT)),
        pc.invert(holds(line, MAY_BE_PO_BOX)),
        # With all three blank the line may hold city, state and ZIP.
        any_of(*map(pc.is_valid, (city, state, code))),
    )
    plain = every(
        places.column(itemgetter(3), pa.bool_()),
        any_of(pc.is_null(line), is_street),
        *map(pc.is_null, others),
    )
    nothing = pa.nulls(len(line), pa.string())
    return plain, {
        "line1": line,
        "line2": nothing,
        "unit": nothing,
        "city": city,
        "state": state,
        "postal_code": code,
        "po_box": pa.repeat(False, len(line)),
    }
