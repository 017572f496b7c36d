"""Columns and types of normalized clients and pets: what later steps may rely on.

Text columns hold NFC text without control characters, trimmed, never empty (NA instead).
Frames made by `frame()` carry pandas' Arrow types; `weight_kg` is a decimal, never a float.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

CLIENT_SCHEMA: pa.Schema = pa.schema(
    [
        ("pims_client_id", pa.string()),
        ("title", pa.string()),
        ("first_name", pa.string()),
        ("last_name", pa.string()),
        ("suffix", pa.string()),
        ("partner_first_name", pa.string()),  # "John & Mary Smith": Mary
        ("partner_last_name", pa.string()),
        ("organisation", pa.string()),
        ("name_note", pa.string()),  # what stood in a name field and is no name
        ("address_line1", pa.string()),
        ("address_line2", pa.string()),
        ("unit", pa.string()),  # "Apt 4B", taken out of the lines
        ("city", pa.string()),
        ("state", pa.string()),  # two-letter code where it is a US state, else as recorded
        ("postal_code", pa.string()),  # 12345 or 12345-6789 where US, else as recorded
        ("po_box", pa.bool_()),  # the carrier ships to street addresses only
        # JSON text, list of {"number": E.164, "extension": str|null,
        # "kind": mobile|home|work|fax|other|unknown, "recorded": str} in order of preference
        ("phones", pa.string()),
        ("email", pa.string()),
    ]
)

PET_SCHEMA: pa.Schema = pa.schema(
    [
        ("pims_pet_id", pa.string()),
        ("pims_client_id", pa.string()),  # current owner; NA when the PIMS names none
        ("name", pa.string()),
        ("name_note", pa.string()),
        ("species", pa.string()),  # canonical lower-case word (dog, cat, ...) or as recorded
        ("breed", pa.string()),  # as recorded, tidied
        ("birth_date", pa.date32()),
        ("birth_date_estimated", pa.bool_()),  # NA when there is no birth date
        ("weight_value", pa.decimal128(12, 4)),  # as recorded; NA when not weighed
        ("weight_unit", pa.string()),  # kg, g, lb, oz, unknown; NA when not weighed
        ("weight_kg", pa.decimal128(12, 4)),  # NA when the unit is unknown
        ("weighed_on", pa.date32()),
        ("deceased", pa.bool_()),  # NA: the PIMS says nothing
        ("deceased_on", pa.date32()),
    ]
)

# Why a whole row was not taken. `row_number` counts from 0 in the raw frame.
QUARANTINE_SCHEMA: pa.Schema = pa.schema(
    [("row_number", pa.int64()), ("pims_id", pa.string()), ("reason", pa.string())]
)

# Why one value of a row that was taken was left out.
NOT_TAKEN_SCHEMA: pa.Schema = pa.schema(
    [("pims_id", pa.string()), ("field", pa.string()), ("reason", pa.string())]
)


def frame(table: pa.Table) -> pd.DataFrame:
    """The table as pandas with Arrow-backed types (dates, decimals and NA survive)."""
    import pandas as pd

    typed: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return typed


def table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """The frame as an Arrow table of exactly `schema`; raises ArrowInvalid if it can't be."""
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
