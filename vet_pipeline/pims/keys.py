"""Owner keys that differ from the client's key only in case, where the PIMS itself ignores case.

With a case-insensitive collation 'a1' refers to the client 'A1'; Python would lose the pair.
"""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.pims.pages import Tables
from vet_pipeline.snapshots.contract import CLIENT_KEY


def align_keys(tables: Tables) -> Tables:
    """Patients' owner keys in the client's own spelling, where exactly one client matches."""
    keys, owners = tables.clients[CLIENT_KEY], tables.patients[CLIENT_KEY]
    known = pc.is_in(owners, value_set=keys.combine_chunks())
    strange = owners.filter(pc.invert(pc.or_(known, pc.is_null(owners)))).unique().to_pylist()
    if not strange:
        return tables
    listed = [key for key in keys.unique().to_pylist() if key is not None]
    folded = Counter(key.casefold() for key in listed)
    spelling = {key.casefold(): key for key in listed if folded[key.casefold()] == 1}
    written = {key: spelling.get(key.casefold(), key) for key in strange}
    aligned = [written.get(key, key) for key in owners.to_pylist()]
    position = tables.patients.column_names.index(CLIENT_KEY)
    column = pa.array(aligned, pa.large_string())
    return Tables(tables.clients, tables.patients.set_column(position, CLIENT_KEY, column))
