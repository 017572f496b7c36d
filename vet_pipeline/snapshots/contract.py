"""The canonical columns every connector delivers: text exactly as the PIMS holds it.

A raw frame has these columns in this order, all of pandas dtype `str` with NA for NULL.
Nothing here is interpreted: dates, flags, weights and phones are text until `normalize/`.
Sex, notes, invoices and medical records are not on the list, so they are never read.
"""

from __future__ import annotations

CLIENT_KEY = "client_key"
PATIENT_KEY = "patient_key"

RAW_CLIENT_COLUMNS: tuple[str, ...] = (
    CLIENT_KEY,
    "title",
    "first_name",
    "last_name",
    "full_name",  # for PIMS with one name field; read only when first and last are blank
    "organisation",
    "address_line1",
    "address_line2",
    "address_line3",
    "city",
    "state",
    "postal_code",
    "email",
    "phones",  # JSON text: [[number, label], ...] in the PIMS's order of preference
)

RAW_PATIENT_COLUMNS: tuple[str, ...] = (
    PATIENT_KEY,
    CLIENT_KEY,  # the current owner
    "name",
    "species",
    "breed",
    "birth_date",
    "birth_date_estimated",
    "weight",
    "weight_unit",
    "weight_date",
    "deceased_flag",
    "deceased_date",
    "status",
)

RAW_COLUMNS: dict[str, tuple[str, ...]] = {
    "clients": RAW_CLIENT_COLUMNS,
    "patients": RAW_PATIENT_COLUMNS,
}


def parted_key(key: str, number: int) -> str:
    """The key in a snapshot of whoever has `key` in the PIMS by now, the `number`th to have it.

    For the pipeline that is another record than the one whose key it was, which is missing since.
    """
    return f"{key}~{number}"
