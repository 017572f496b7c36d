"""Keys that mean another than their letters say: in another case, or given to another for good.

With a case-insensitive collation 'a1' refers to the client 'A1'; Python would lose the pair. And a
practice that has typed Bob over Ann's row may have no other number for him (`link part`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.policy import Record
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY, parted_key

if TYPE_CHECKING:
    from vet_pipeline.pims.pages import Tables


def align_keys(tables: Tables) -> Tables:
    """Patients' owner keys in the client's own spelling, where exactly one client matches."""
    keys, owners = tables.clients[CLIENT_KEY], tables.patients[CLIENT_KEY]
    recorded = owners.combine_chunks()
    aligned = in_spelling(recorded, keys.combine_chunks())
    if aligned is recorded:
        return tables
    position = tables.patients.column_names.index(CLIENT_KEY)
    patients = tables.patients.set_column(position, CLIENT_KEY, aligned)
    return replace(tables, patients=patients, known_hashes={})


def part_keys(tables: Tables, parted: Mapping[Record, Mapping[str, int]]) -> Tables:
    """The tables with the keys that others have by now as theirs: 7 is 7~2, as the owner, too."""
    clients, pets = parted.get("client", {}), parted.get("pet", {})
    if not clients and not pets:
        return tables
    patients = _parted(_parted(tables.patients, CLIENT_KEY, clients), PATIENT_KEY, pets)
    of_clients = _parted(tables.clients, CLIENT_KEY, clients)
    return replace(tables, clients=of_clients, patients=patients, known_hashes={})


def _parted(table: pa.Table, column: str, parted: Mapping[str, int]) -> pa.Table:
    keys = [
        parted_key(key.strip(), parted[key.strip()]) if key and key.strip() in parted else key
        for key in table[column].to_pylist()
    ]
    position = table.column_names.index(column)
    return table.set_column(position, column, pa.array(keys, pa.large_string()))


def in_spelling(owners: pa.Array, keys: pa.Array) -> pa.Array:
    """`owners` as `keys` spell them, where exactly one matches; others stay as they are."""
    known = pc.is_in(owners, value_set=keys)
    strange = owners.filter(pc.invert(pc.or_(known, pc.is_null(owners)))).unique().to_pylist()
    if not strange:
        return owners
    listed = [key for key in keys.unique().to_pylist() if key is not None]
    folded = Counter(key.casefold() for key in listed)
    spelling = {key.casefold(): key for key in listed if folded[key.casefold()] == 1}
    written = {key: spelling.get(key.casefold(), key) for key in strange}
    return pa.array([written.get(key, key) for key in owners.to_pylist()], pa.large_string())
