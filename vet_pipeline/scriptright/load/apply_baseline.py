"""The baseline moved to a refresh's snapshot: texts, what is missing, when each was seen.

A row that a snapshot didn't have, or had and didn't take, is kept as it was. What has changed when
it is taken again may have changed any time since, not only since the snapshot before: a weight
without a date is no newer than a weighing of the time between (docs/rules.md section 1,
rivals.settle). New rows come in with their links (apply_records.py).
"""

from __future__ import annotations

from sqlalchemy import text

from vet_pipeline.policy import RECORDS
from vet_pipeline.scriptright.load.apply_staging import RAW_STAGED, LoadInHand
from vet_pipeline.scriptright.postgres.statements import of_each


def move_baseline(load: LoadInHand) -> None:
    """Bring its known rows to the snapshot; tell the load from when on its pets were unseen."""
    baseline = load.delta.baseline_seq
    for record in RECORDS:
        side = load.side(record)
        load.run(_UPDATE[record])
        if side.missing:
            ids, read_at = list(side.missing), load.delta.snapshot.read_at
            load.run(_MISSING[record], ids=ids, read_at=read_at, baseline=baseline)
        if side.returned:
            load.run(_RETURNED[record], ids=list(side.returned))
        load.counts["missing"] += len(side.missing)
        load.counts["returned"] += len(side.returned)
    _tell_unseen(load)
    for record in RECORDS:
        not_taken = sorted({*load.side(record).refused, *load.decided.get(record, ())})
        if not_taken:
            load.run(_NOT_TAKEN[record], ids=not_taken, baseline=baseline)
        load.run(_SEEN_AGAIN[record], not_taken=not_taken)


def _tell_unseen(load: LoadInHand) -> None:
    seen = {row.pims_id: row.seen_at for row in load.fetch(_UNSEEN)}
    load.unseen_from = {i: load.before.first_day_after(at) for i, at in seen.items()}


# Of a row that the snapshot lacks or that isn't taken: when it was last read.
_LAST_SEEN = """
    seen_at = coalesce(seen_at, (SELECT read_at FROM scriptright.load
        WHERE practice_id = :practice_id AND snapshot_seq = :baseline))
"""
_UPDATE = of_each(
    """
    UPDATE scriptright.pims_{record} AS b SET {sets}, load_id = :load_id
    FROM pg_temp.stage_{record} s
    WHERE b.practice_id = :practice_id AND b.pims_id = s.pims_id
      AND b.row_hash <> s.raw_row_hash
    """,
    sets={r: ", ".join(f"{c} = s.raw_{c}" for c in RAW_STAGED[r]) for r in RECORDS},
)
_MISSING = of_each(
    """
    UPDATE scriptright.pims_{record} SET missing_since = :read_at, {last_seen}
    WHERE practice_id = :practice_id AND pims_id = ANY(:ids) AND missing_since IS NULL
    """,
    last_seen=_LAST_SEEN,
)
_RETURNED = of_each("""
    UPDATE scriptright.pims_{record} SET missing_since = NULL
    WHERE practice_id = :practice_id AND pims_id = ANY(:ids)
""")
_UNSEEN = text("""
    SELECT b.pims_id, b.seen_at FROM scriptright.pims_pet b
    JOIN pg_temp.stage_pet s ON s.pims_id = b.pims_id AND s.kind = 'changed'
    WHERE b.practice_id = :practice_id AND b.seen_at IS NOT NULL
""")
_NOT_TAKEN = of_each(
    """
    UPDATE scriptright.pims_{record} SET {last_seen}
    WHERE practice_id = :practice_id AND pims_id = ANY(:ids) AND seen_at IS NULL
    """,
    last_seen=_LAST_SEEN,
)
_SEEN_AGAIN = of_each("""
    UPDATE scriptright.pims_{record} SET seen_at = NULL
    WHERE practice_id = :practice_id AND seen_at IS NOT NULL AND missing_since IS NULL
      AND NOT pims_id = ANY(:not_taken)
""")
