"""The columns of the two tables that the connector `generic` reads."""

from __future__ import annotations

CLIENT_COLUMNS = (
    "client_key", "title", "first_name", "last_name", "full_name", "organisation",
    "address_line1", "address_line2", "address_line3", "city", "state", "postal_code", "email",
    "phone1", "phone1_label", "phone2", "phone2_label", "phone3", "phone3_label", "phone4",
    "phone4_label",
)  # fmt: skip
PATIENT_COLUMNS = (
    "patient_key", "client_key", "name", "species", "breed", "birth_date", "birth_date_estimated",
    "weight", "weight_unit", "weight_date", "deceased_flag", "deceased_date", "status",
)  # fmt: skip
