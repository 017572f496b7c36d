"""Owner keys that differ from the client's key only in case, where the PIMS itself ignores case.

With a case-insensitive collation 'a1' refers to the client 'A1'; Python would lose the pair.
"""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from vet_pipeline.pims.pages import Tables
from vet_pipeline.snapshots.contract import CLIENT_KEY


def align_keys(tables: Tables) -> Tables:
    """Patients' owner keys in the client's own spelling, where exactly one client matches."""
    known = set(tables.clients[CLIENT_KEY].to_pylist())
    owners = tables.patients[CLIENT_KEY].to_pylist()
    strange = {key for key in owners if key is not None and key not in known}
    if not strange:
        return tables
    folded = Counter(key.casefold() for key in known if key is not None)
    spelling = {key.casefold(): key for key in known if key and folded[key.casefold()] == 1}
    aligned = [
        spelling.get(key.casefold(), key) if key in strange and key is not None else key
        for key in owners
    ]
    position = tables.patients.column_names.index(CLIENT_KEY)
    patients = tables.patients.set_column(position, CLIENT_KEY, pa.array(aligned, pa.string()))
    return Tables(tables.clients, patients)
