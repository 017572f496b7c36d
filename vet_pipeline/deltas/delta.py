"""The delta: everything one snapshot would change, before anything has been changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import Record

if TYPE_CHECKING:
    import pandas as pd

CHANGE_COLUMNS: tuple[str, ...] = (
    "record",  # client | pet
    "pims_id",
    "field",  # a field name of policy.FIELDS
    "old",  # JSON text {column: value}: the baseline's value by today's normalizing rules
    "new",  # JSON text {column: value}: the snapshot's
    "action",  # apply | suggest | keep
    "reason",  # changed, became_blank, older_weighing, ...: a word for machines and people
)


@dataclass(frozen=True, slots=True)
class SnapshotIdentity:
    """Which read this is; `content_hash` covers the manifest, so it is unique to the read."""

    practice_id: str
    seq: int
    content_hash: str
    read_at: datetime  # UTC, when the read began


@dataclass(frozen=True, slots=True)
class RecordDelta:
    """What changed among clients, or among pets.

    `rows` holds the normalized columns of the records that are new, changed or waiting (a possible
    match that no person has decided). `kind`, `row_hash` and what `read_raw` brings, the canonical
    text columns, have the same order. Raw rows are brought only when they are wanted: of a large
    practice they take as much memory as all the rest.
    """

    rows: pd.DataFrame
    kind: pd.Series  # new | changed | waiting, same index as rows
    row_hash: pd.Series  # 16 bytes each, same index as rows
    read_raw: Callable[[], pd.DataFrame]
    missing: tuple[str, ...]  # PIMS ids known and not missing before, absent now
    returned: tuple[str, ...]  # PIMS ids that were missing and are here again
    rows_read: int
    unchanged: int
    quarantined: int
    refused: tuple[str, ...]  # PIMS ids of rows that are there and were not taken

    @property
    def is_balanced(self) -> bool:
        """Whether every row read is accounted for: unchanged, normalized or quarantined."""
        return self.rows_read == self.unchanged + len(self.rows) + self.quarantined

    def counts(self) -> dict[str, int]:
        """Rows read and what became of them, records missing and back, by name."""
        kinds = self.kind.value_counts()
        return {
            "read": self.rows_read,
            **{kind: int(kinds.get(kind, 0)) for kind in ("new", "changed", "waiting")},
            "unchanged": self.unchanged,
            "quarantined": self.quarantined,
            "missing": len(self.missing),
            "returned": len(self.returned),
        }

    def waiting(self) -> tuple[list[str], list[bytes]]:
        """PIMS ids and row hashes of the records that wait for a person."""
        waits = self.kind == "waiting"
        ids = self.rows.iloc[:, 0][waits.to_numpy()]  # an id is its schema's first column
        return list(ids), list(self.row_hash[waits])


@dataclass(frozen=True, slots=True)
class Delta:
    """Snapshot minus baseline. Names the baseline, so apply can refuse a stale one."""

    snapshot: SnapshotIdentity
    baseline_seq: int | None  # None: nothing applied yet, this is the first load
    clients: RecordDelta
    pets: RecordDelta
    changes: pd.DataFrame  # CHANGE_COLUMNS; only for records of kind `changed` that are linked
    # columns record (client|pet), scope (row|value), field ('' for rows), reason, rows (int)
    quarantine: pd.DataFrame
    # How the practice's texts are read: for rows of the baseline that a load looks at again.
    conventions: Conventions = field(default_factory=Conventions)
    # Of exports, what the next ones are compared with (pims/csv_before.py); empty where it has
    # none.
    exports: Mapping[str, Any] = field(default_factory=dict)
    shape: Mapping[str, str] = field(default_factory=dict)  # "table.column" -> type family, as read
    # Of which records nothing is automatic (guards.doubted_records). Not stored: settings may change.
    doubted: frozenset[Record] = frozenset()

    def doubting(self, records: frozenset[Record]) -> Delta:
        """The same, and what of these records would change by itself is asked."""
        if not records:
            return self
        is_asked = (self.changes["action"] == "apply") & self.changes["record"].isin(records)
        action = self.changes["action"].mask(is_asked, "suggest")
        return replace(self, changes=self.changes.assign(action=action), doubted=records)

    def counts(self) -> Counter[str]:
        """Those of clients and pets in one, and of the changes how many there are by action."""
        total = Counter(self.clients.counts())
        total.update(self.pets.counts())
        total.update(self.changes["action"])
        return total

    @property
    def is_first_load(self) -> bool:
        """Whether nothing of this practice has been applied yet."""
        return self.baseline_seq is None
