"""Raw clients to normalized clients."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import fields
from datetime import date
from operator import attrgetter, itemgetter

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.addresses import AddressReader
from vet_pipeline.normalize.columns import CLIENT_SCHEMA
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.distinct import each, itself
from vet_pipeline.normalize.emails import read_email
from vet_pipeline.normalize.names import Name, NameReader
from vet_pipeline.normalize.phones import PhoneReader
from vet_pipeline.normalize.plain import Rest
from vet_pipeline.normalize.plain_addresses import plain_addresses
from vet_pipeline.normalize.plain_phones import plain_phones
from vet_pipeline.normalize.rows import Columns, Normalized, Reading, read_rows
from vet_pipeline.snapshots.contract import CLIENT_KEY, RAW_CLIENT_COLUMNS

# Of 100,000 clients 8 MB are Python objects at the same time, and 46 MB if no row is plain. Steps
# of 10,000 would save 2 or 3 MB and take a tenth more time.
CLIENTS_AT_A_TIME = 20_000

_RAW_NAME = ("title", "first_name", "last_name", "full_name", "organisation")
_NAME_PARTS = [part.name for part in fields(Name)]
_RAW_LINES = ("address_line1", "address_line2", "address_line3")
_RAW_PLACE = ("city", "state", "postal_code")
_COLUMN_OF = {"line1": "address_line1", "line2": "address_line2"}


def normalize_clients(
    raw: pd.DataFrame, conventions: Conventions, *, read_on: date, known: Container[str] = ()
) -> Normalized:
    """Raw clients (RAW_CLIENT_COLUMNS) as CLIENT_SCHEMA, with a reason for all that was not taken.

    `phones` is never NA: no number is `[]`. `field` in `not_taken` is the raw column. `read_on` is
    not needed for clients; both functions are called alike. Row reasons: those of `split_keys`, and
    `text_too_long`, `undecodable_text`, `no_name` (neither a person nor an organisation). `known`:
    keys of clients that ScriptRight has; their rows are taken without a name, too.
    """
    names, addresses = NameReader(), AddressReader()
    phones = PhoneReader(conventions.phone_region)

    def read(reading: Reading) -> Columns:
        return {
            "pims_client_id": reading.keys,
            **_names(reading, names),
            **_addresses(reading, addresses),
            "phones": _phones(reading, phones),
            "email": _emails(reading),
        }

    columns = (RAW_CLIENT_COLUMNS, CLIENT_SCHEMA)
    return read_rows(raw, CLIENT_KEY, *columns, read, CLIENTS_AT_A_TIME, known)


def _names(reading: Reading, reader: NameReader) -> Columns:
    """Most rows have a plain first and last name: these aren't read one by one."""
    columns = reading.columns
    first = each(columns["first_name"], reader.first_name)
    last = each(columns["last_name"], reader.last_name)
    said = {
        "first_name": first.column(itemgetter(0), pa.string()),
        "last_name": last.column(itemgetter(0), pa.string()),
    }
    both_alone = pc.and_(*(half.column(itemgetter(1), pa.bool_()) for half in (first, last)))
    rest = Rest(pc.and_(both_alone, pc.or_(*(half.is_valid() for half in said.values()))))
    for beside in ("title", "organisation"):
        said[beside] = each(columns[beside], reader.beside).column(itself, pa.string())
    names = [reader.read(*cells) for cells in reading.cells(_RAW_NAME, rest.places)]
    for place, name in zip(rest.places.to_pylist(), names, strict=True):
        if name.is_blank:
            reading.refuse_nameless(place, "last_name")
    blank = pa.nulls(len(reading.keys), pa.string())
    return {
        part: rest.put(said.get(part, blank), [getattr(name, part) for name in names])
        for part in _NAME_PARTS
    }


def _addresses(reading: Reading, reader: AddressReader) -> Columns:
    plain, columns = plain_addresses(reading.columns, reader)
    rest = Rest(plain)
    recorded = reading.cells(_RAW_LINES + _RAW_PLACE, rest.places)
    addresses = [reader.read(cells[:3], *cells[3:]) for cells in recorded]
    for place, address in zip(rest.places.to_pylist(), addresses, strict=True):
        for column, reason in address.reasons:
            reading.leave_out(place, column, reason)
    return {
        _COLUMN_OF.get(part, part): rest.put(column, [getattr(one, part) for one in addresses])
        for part, column in columns.items()
    }


def _phones(reading: Reading, reader: PhoneReader) -> pa.Array:
    plain, column = plain_phones(reading.columns["phones"], reader)
    rest = Rest(plain)
    fields = [reader.read(raw) for (raw,) in reading.cells(("phones",), rest.places)]
    for place, phones in zip(rest.places.to_pylist(), fields, strict=True):
        if phones.undecodable:
            reading.refuse(place, "undecodable_text")
        for reason in phones.reasons:
            reading.leave_out(place, "phones", reason)
    return rest.put(column, [phones.text for phones in fields])


def _emails(reading: Reading) -> pa.Array:
    emails = each(reading.columns["email"], read_email)
    for place, email in emails.where(attrgetter("reasons")):
        for reason in email.reasons:
            reading.leave_out(place, "email", reason)
    return emails.column(attrgetter("address"), pa.string())
