"""Raw clients to normalized clients."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vet_pipeline.normalize.addresses import AddressReader
from vet_pipeline.normalize.columns import CLIENT_SCHEMA
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.emails import read_email
from vet_pipeline.normalize.names import NameReader
from vet_pipeline.normalize.phones import PhoneReader
from vet_pipeline.normalize.rows import Columns, Normalized, Reading, read_rows
from vet_pipeline.snapshots.contract import CLIENT_KEY, RAW_CLIENT_COLUMNS

_NAME_COLUMNS = (
    "title",
    "first_name",
    "last_name",
    "suffix",
    "partner_first_name",
    "partner_last_name",
    "organisation",
    "name_note",
)


def normalize_clients(raw: pd.DataFrame, conventions: Conventions, *, read_on: date) -> Normalized:
    """Raw clients (RAW_CLIENT_COLUMNS) as CLIENT_SCHEMA, with a reason for all that was not taken.

    `phones` is never NA: no number is `[]`. `field` in `not_taken` is the raw column. `read_on`
    is not needed for clients; both functions are called alike. Row reasons: those of
    `split_keys`, and `text_too_long`, `undecodable_text`, `no_name` (neither a person nor an organisation).
    """
    names, addresses = NameReader(), AddressReader()
    phones = PhoneReader(conventions.phone_region)

    def read(reading: Reading) -> Columns:
        out: Columns = {name: [] for name in CLIENT_SCHEMA.names}
        out["pims_client_id"] = list(reading.keys)
        _add_names(reading, out, names)
        _add_addresses(reading, out, addresses)
        _add_phones(reading, out, phones)
        _add_emails(reading, out)
        return out

    return read_rows(raw, CLIENT_KEY, RAW_CLIENT_COLUMNS, CLIENT_SCHEMA, read)


def _add_names(reading: Reading, out: Columns, reader: NameReader) -> None:
    columns = reading.columns
    recorded = zip(
        columns["title"],
        columns["first_name"],
        columns["last_name"],
        columns["full_name"],
        columns["organisation"],
        strict=True,
    )
    for place, cells in enumerate(recorded):
        name = reader.read(*cells)
        if name.is_blank:
            reading.refuse(place, "no_name")
        for column in _NAME_COLUMNS:
            out[column].append(getattr(name, column))


def _add_addresses(reading: Reading, out: Columns, reader: AddressReader) -> None:
    columns = reading.columns
    recorded = zip(
        columns["address_line1"],
        columns["address_line2"],
        columns["address_line3"],
        columns["city"],
        columns["state"],
        columns["postal_code"],
        strict=True,
    )
    for place, (line1, line2, line3, city, state, code) in enumerate(recorded):
        address = reader.read((line1, line2, line3), city, state, code)
        out["address_line1"].append(address.line1)
        out["address_line2"].append(address.line2)
        out["unit"].append(address.unit)
        out["city"].append(address.city)
        out["state"].append(address.state)
        out["postal_code"].append(address.postal_code)
        out["po_box"].append(address.po_box)
        for column, reason in address.reasons:
            reading.leave_out(place, column, reason)


def _add_phones(reading: Reading, out: Columns, reader: PhoneReader) -> None:
    for place, raw in enumerate(reading.columns["phones"]):
        phones = reader.read(raw)
        out["phones"].append(phones.text)
        if phones.undecodable:
            reading.refuse(place, "undecodable_text")
        for reason in phones.reasons:
            reading.leave_out(place, "phones", reason)


def _add_emails(reading: Reading, out: Columns) -> None:
    for place, raw in enumerate(reading.columns["email"]):
        email = read_email(raw)
        out["email"].append(email.address)
        for reason in email.reasons:
            reading.leave_out(place, "email", reason)
